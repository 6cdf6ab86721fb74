"""Which optional groups are used, and who is in which, when only worth by group counts, by HiGHS.

A whole-number program: so many groups of each class are used, each with its minimum to maximum of people, and
every unit is in one class. Mixes of people are left out of it, but single kinds that rules limit are in it.
The groups used are within a thousandth of the best; who is in which is then the best for them.
"""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from engines.grouping import rules as r
from engines.grouping.program import Program
from engines.grouping.sheet import Sheet

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Allotment:
    """Which groups are used, and the group of each unit."""

    is_open: list[bool]
    places: list[int]


def allot(sheet: Sheet, worths: Sequence[Sequence[float]], draw: random.Random) -> Allotment | None:
    """The allotment worth most, if one was found: worths[u][g] is what group g is worth to unit u.

    Groups of one topic, one minimum and one maximum that the same units may be in have to be worth the same.
    Who is worth the same wherever there is a place is placed by lot.
    """
    classes = _classes(sheet)
    class_of = {g: c for c, groups in enumerate(classes) for g in groups}
    program = Program()
    used = [_used(sheet, program, groups) for groups in classes]
    limits = _Limits(sheet, program, used)
    pool = program.row(0.0, 0.0)
    people = float(len(sheet.people))
    drawn = [program.column(0.0, people, [(pool, -1.0), *_seats(each, 1.0)]) for each in used]
    of_unit: list[dict[int, int]] = []
    pooled: list[int | None] = []
    for unit, allowed in enumerate(sheet.unit_allowed):
        inside = sorted({class_of[g] for g in allowed})
        size = float(len(sheet.units[unit]))
        row = program.row(1.0, 1.0)
        floor = min((worths[unit][classes[c][0]] for c in inside), default=0.0)
        is_plain = size == 1 and not limits.kinds[unit]
        is_free = is_plain and len(inside) == len(classes)
        pooled.append(program.column(floor, 1.0, [(row, 1.0), (pool, 1.0)]) if is_free else None)
        columns = {}
        for c in inside:
            worth = worths[unit][classes[c][0]]
            if not is_free or worth > floor:
                entries = [(row, 1.0), *_seats(used[c], size), *limits.entries(unit, c)]
                columns[c] = program.column(worth, 1.0, entries, whole=not is_plain)
                if sheet.groups[classes[c][0]].optional:
                    tie = program.row(-float(len(classes[c])), 0.0)
                    program.enter(tie, columns[c], 1.0)
                    program.enter(tie, used[c].number, -1.0)
        of_unit.append(columns)
    values = program.solve().values
    if not values:
        return None
    open_now = [round(values[each.number]) for each in used]
    for each, number in zip(used, open_now, strict=True):
        program.enter(program.row(float(number), float(number)), each.number, 1.0)
    values = program.solve().values or values
    free = [round(values[column]) for column in drawn]
    inside_class: list[list[int]] = [[] for _ in classes]
    waiting = []
    for unit, columns in enumerate(of_unit):
        chosen = [c for c, column in columns.items() if values[column] > HALF]
        if chosen:
            inside_class[chosen[0]].append(unit)
        else:
            waiting.append(unit)
    draw.shuffle(waiting)
    for c, units in enumerate(inside_class):
        units.extend(waiting.pop() for _ in range(min(free[c], len(waiting))))
    return _spread(sheet, classes, open_now, inside_class)


@dataclass(frozen=True, slots=True)
class _Used:
    """The column that counts the used groups of a class, and its rows for the least and the most people."""

    number: int
    least: int
    most: int


def _classes(sheet: Sheet) -> list[list[int]]:
    """Groups that are alike in topic and limits, and to everybody's rules."""
    choices = sorted({tuple(sorted(allowed)) for allowed in sheet.unit_allowed})
    found: dict[tuple[object, ...], list[int]] = {}
    for g, group in enumerate(sheet.groups):
        inside = tuple(k for k, groups in enumerate(choices) if g in groups)
        key = group.topic, group.minimum, group.maximum, group.optional, inside
        found.setdefault(key, []).append(g)
    return list(found.values())


def _used(sheet: Sheet, program: Program, groups: list[int]) -> _Used:
    group, count, people = sheet.groups[groups[0]], float(len(groups)), float(len(sheet.people))
    number = program.column(0.0, count, whole=True)
    least, most = program.row(0.0, people), program.row(-people * count, 0.0)
    program.enter(least, number, -float(group.minimum))
    program.enter(most, number, -float(min(group.maximum, len(sheet.people))))
    if not group.optional:
        program.enter(program.row(count, count), number, 1.0)
    return _Used(number, least, most)


def _seats(used: _Used, people: float) -> list[tuple[int, float]]:
    return [(used.least, people), (used.most, people)]


class _Limits:
    """Rows for single kinds of which a group may have only so many, or has to have so many."""

    def __init__(self, sheet: Sheet, program: Program, used: list[_Used]) -> None:
        self.rows: list[list[int]] = []
        self.kinds: list[list[tuple[int, int]]] = [[] for _ in sheet.units]
        for rule in sheet.problem.rules:
            if isinstance(rule, r.AtMost | r.AtLeast) and rule.value is not None:
                has = sheet.has(rule.attribute, rule.value)
                for kinds, unit in zip(self.kinds, sheet.units, strict=True):
                    many = sum(has[i] for i in unit)
                    if many:
                        kinds.append((len(self.rows), many))
                self.rows.append([_limit(program, rule, each.number) for each in used])

    def entries(self, unit: int, c: int) -> list[tuple[int, float]]:
        """What a unit counts for in the rows of a class."""
        return [(self.rows[k][c], float(many)) for k, many in self.kinds[unit]]


def _limit(program: Program, rule: r.AtMost | r.AtLeast, number: int) -> int:
    if isinstance(rule, r.AtMost):
        row, limit = program.row(-math.inf, 0.0), rule.maximum
    else:
        row, limit = program.row(0.0, math.inf), rule.count
    program.enter(row, number, -float(limit))
    return row


def _spread(
    sheet: Sheet, classes: list[list[int]], open_now: list[int], inside: list[list[int]]
) -> Allotment:
    """Share out each class's units evenly over as many of its groups as are used; who can, stays."""
    is_open = [False] * len(sheet.groups)
    places = [-1] * len(sheet.units)
    for groups, number, units in zip(classes, open_now, inside, strict=True):
        homes = Counter(h for unit in units if (h := _home(sheet, unit)) in groups)
        chosen = sorted(groups, key=lambda g: (-homes[g], g))[:number]
        sizes = dict.fromkeys(chosen, 0)
        even = -(-sum(len(sheet.units[unit]) for unit in units) // max(1, number))
        for unit in sorted(units, key=lambda u: (-len(sheet.units[u]), _home(sheet, u) not in sizes)):
            home, people = _home(sheet, unit), len(sheet.units[unit])
            stays = home in sizes and sizes[home] + people <= even
            places[unit] = home if stays else min(chosen, key=lambda g: sizes[g])
            sizes[places[unit]] += people
        for g in chosen:
            is_open[g] = True
    return Allotment(is_open, places)


def _home(sheet: Sheet, unit: int) -> int:
    return sheet.group_at.get(sheet.people[sheet.units[unit][0]].earlier_group or "", -1)
