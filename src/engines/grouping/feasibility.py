"""The hard rules as a whole-number program for HiGHS: a grouping that holds them, or proof of none.

Only what the rules ask about counts here, so people whom no rule tells apart are one number for each group,
and groups that no rule tells apart are put in an order. Loads `highspy` when it is first asked: 30 MB, 0.3 s.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from engines.grouping import rules as r
from engines.grouping.problem import Problem
from engines.grouping.sheet import Sheet, enough

MOST_NUMBERS = 200_000
"""The most numbers (entries of the matrix) of a program that is tried."""

LAYING, LOOKING, PIVOTING = 12, 1.5, 0.0125
"""Microseconds for each number: to lay a program out and begin; and between two looks whether to go on.

And for each two rows, in the first linear program, which HiGHS does not let be interrupted.
"""

LAST_RESORT = 20.0
"""Seconds after which a program is given up on a machine that is very slow; work usually ends it before."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A grouping that holds every rule (assignment), or the proof that none does, or neither of both."""

    is_possible: bool | None
    assignment: dict[str, str] = field(default_factory=dict)
    work: int = 0


def settle(sheet: Sheet, work: int) -> Settled:
    """Find a grouping that holds all hard rules and sizes, prove that there is none, or give up.

    work: how much may be done, about so many microseconds: counted, not timed.
    """
    program = Program(sheet)
    if program.is_hopeless:
        return Settled(is_possible=False)
    size = len(program.entries) + 1
    begun = int(LAYING * size + PIVOTING * len(program.rows) ** 2)
    if program.is_too_large or work < begun:
        return Settled(is_possible=None, work=LAYING * size)
    status, values, looks = _solved(program, int((work - begun) / (LOOKING * size)))
    spent = begun + int(size * LOOKING * looks)
    if status is True:
        return Settled(True, program.assignment(values), spent)
    return Settled(status, work=spent)


def bare(problem: Problem) -> Problem:
    """The same problem with nothing in it but what a hard rule asks about."""
    counted = [rule.attribute for rule in problem.rules if isinstance(rule, r.AtMost | r.AtLeast)]
    timed = bool(problem.rules_of(r.SharedHours))
    people = tuple(
        replace(
            person,
            categories={name: person.categories[name] for name in counted if name in person.categories},
            sets={name: person.sets[name] for name in counted if name in person.sets},
            numbers={},
            needs=None,
            wishes=None,
            expertise={},
            hours=person.hours if timed else None,
            earlier_group=None,
        )
        for person in problem.people
    )
    return replace(
        problem, people=people, aims=(), groups=tuple(replace(g, topic=None) for g in problem.groups)
    )


@dataclass(frozen=True, slots=True)
class Sort:
    """Units that no rule tells apart: their size, groups, numbers of each kind, and free people by slot.

    foe: the unit itself when it is kept apart from others, for then it is like no other; else -1.
    """

    size: int
    allowed: frozenset[int]
    kinds: tuple[int, ...]
    least: tuple[int, ...]
    free: tuple[int, ...]
    answered: int
    foe: int


class Program:
    """Columns (units of a sort in a group; whether a group is used, and meets in a slot) and rows."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.rows: list[tuple[float, float]] = []
        self.entries: list[tuple[int, int, float]] = []
        self.most = _kinds_that_bind(sheet)
        self.least = sheet.problem.rules_of(r.AtLeast)
        self.hours = [rule for rule in sheet.problem.rules_of(r.SharedHours) if rule.count > 0]
        self.foes = _unit_foes(sheet)
        self.members: dict[Sort, list[int]] = defaultdict(list)
        for unit, sort in enumerate(self._sorts()):
            self.members[sort].append(unit)
        self.sorts = list(self.members)
        self.is_hopeless = any(unit in foes for unit, foes in enumerate(self.foes))
        self.column: dict[tuple[int, int], int] = {}
        self.used: dict[int, int] = {}
        lanes = 1 + sheet.problem.slots * len(self.hours)
        self.is_too_large = len(self.sorts) * len(sheet.groups) * lanes > MOST_NUMBERS
        if not self.is_too_large:
            self._lay_out()

    def assignment(self, values: list[float]) -> dict[str, str]:
        """Person's id -> group's id, from the values of the columns."""
        found: dict[str, str] = {}
        for k, sort in enumerate(self.sorts):
            waiting = iter(self.members[sort])
            for g in sorted(sort.allowed):
                for _ in range(round(values[self.column[k, g]]) if (k, g) in self.column else 0):
                    for i in self.sheet.units[next(waiting)]:
                        found[self.sheet.people[i].id] = self.sheet.groups[g].id
        return found

    def _sorts(self) -> Iterator[Sort]:
        least = [self.sheet.has(rule.attribute, rule.value) for rule in self.least]
        slots = range(self.sheet.problem.slots if self.hours else 0)
        for unit, people in enumerate(self.sheet.units):
            hours = [self.sheet.people[i].hours for i in people]
            given = [each for each in hours if each is not None]
            yield Sort(
                size=len(people),
                allowed=self.sheet.unit_allowed[unit],
                kinds=tuple(sum(has[i] for i in people) for _, has in self.most),
                least=tuple(sum(has[i] for i in people) for has in least),
                free=tuple(sum(slot in each for each in given) for slot in slots),
                answered=len(given) if self.hours else 0,
                foe=unit if self.foes[unit] else -1,
            )

    def _lay_out(self) -> None:
        for k, sort in enumerate(self.sorts):
            count = len(self.members[sort])
            places = {g: min(count, self.sheet.groups[g].maximum // sort.size) for g in sorted(sort.allowed)}
            for g, most in places.items():
                if most:
                    self.column[k, g] = self._new_column(0, most)
            here = [(self.column[k, g], 1.0) for g, most in places.items() if most]
            self.is_hopeless |= not here
            self._row(count, count, here)
        for g in range(len(self.sheet.groups)):
            self._size(g)
            self._kinds(g)
            for rule in self.hours:
                self._shared_hours(g, rule)
        self._apart()
        self._in_order()

    def _new_column(self, lower: float, upper: float) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.upper) - 1

    def _row(self, lower: float, upper: float, entries: list[tuple[int, float]]) -> None:
        self.entries += [(len(self.rows), column, number) for column, number in entries if number]
        self.rows.append((lower, upper))

    def _here(self, g: int) -> list[tuple[Sort, int]]:
        """The sorts that may be in group g, and the columns that say how many of them are."""
        return [(sort, self.column[k, g]) for k, sort in enumerate(self.sorts) if (k, g) in self.column]

    def _size(self, g: int) -> None:
        group, people = self.sheet.groups[g], len(self.sheet.people)
        may_be_empty = group.optional or group.minimum == 0
        self.used[g] = used = self._new_column(0 if may_be_empty else 1, 1)
        sizes = [(column, float(sort.size)) for sort, column in self._here(g)]
        self._row(-people, 0, [*sizes, (used, -float(min(group.maximum, people)))])
        self._row(0, people, [*sizes, (used, -float(max(1, group.minimum)))])

    def _kinds(self, g: int) -> None:
        here = self._here(g)
        for place, (maximum, _) in enumerate(self.most):
            counts = [(column, float(sort.kinds[place])) for sort, column in here]
            self._row(-len(self.sheet.people), 0, [*counts, (self.used[g], -float(maximum))])
        for place, rule in enumerate(self.least):
            counts = [(column, float(sort.least[place])) for sort, column in here]
            self._row(0, len(self.sheet.people), [*counts, (self.used[g], -float(rule.count))])

    def _shared_hours(self, g: int, rule: r.SharedHours) -> None:
        """In enough slots enough are free; where that is everybody, whoever is not rules the slot out."""
        here, size = self._here(g), min(self.sheet.groups[g].maximum, len(self.sheet.people))
        top, bottom = _share(rule.quorum, size)
        slots = [self._new_column(0, 1) for _ in range(self.sheet.problem.slots)]
        self._row(0, len(slots), [*((slot, 1.0) for slot in slots), (self.used[g], -float(rule.count))])
        for number, slot in enumerate(slots):
            if top == bottom:
                for sort, column in here:
                    if sort.free[number] < sort.answered:
                        most = self.upper[column]
                        self._row(0, most, [(column, 1.0), (slot, most)])
            else:
                lacking = [
                    (column, float(top * sort.answered - bottom * sort.free[number])) for sort, column in here
                ]
                most = float(top * size)
                self._row(-most * bottom * size, most, [*lacking, (slot, most)])

    def _apart(self) -> None:
        """Of people who must all be apart, one in a group: whole cliques, which say more than their pairs."""
        sort_of = {sort.foe: k for k, sort in enumerate(self.sorts) if sort.foe >= 0}
        left = {(one, other) for one in sort_of for other in self.foes[one] if one < other}
        while left:
            clique = list(min(left))
            for unit in sorted(self.foes[clique[0]] & self.foes[clique[1]]):
                if all(unit in self.foes[each] for each in clique):
                    clique.append(unit)
            left -= {(one, other) for one in clique for other in clique}
            for g in range(len(self.sheet.groups)):
                here = [self.column[sort_of[u], g] for u in clique if (sort_of[u], g) in self.column]
                if len(here) > 1:
                    self._row(-1, 0, [*((column, 1.0) for column in here), (self.used[g], -1.0)])

    def _in_order(self) -> None:
        """Of groups that no rule tells apart, the first are those where the first units are."""
        alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for g, group in enumerate(self.sheet.groups):
            who = tuple(g in sort.allowed for sort in self.sorts)
            alike[group.minimum, group.maximum, group.optional, who].append(g)
        single = [k for k, sort in enumerate(self.sorts) if len(self.members[sort]) == 1]
        single = self._mutual_first(single)
        for groups in alike.values():
            inside = [k for k in single if groups[0] in self.sorts[k].allowed]
            for place, k in enumerate(inside[: len(groups) - 1]):
                for g in groups[place + 1 :]:
                    if (k, g) in self.column:
                        self.upper[self.column[k, g]] = 0

    def _mutual_first(self, single: list[int]) -> list[int]:
        """The sorts with one unit: first those that are apart from all before them, then the largest."""
        chosen: list[int] = []
        for k in sorted(single, key=lambda k: (-len(self._foes_of(k)), -self.sorts[k].size, k)):
            if all(self.sorts[other].foe in self._foes_of(k) for other in chosen):
                chosen.append(k)
        return [*chosen, *sorted(set(single) - set(chosen), key=lambda k: (-self.sorts[k].size, k))]

    def _foes_of(self, k: int) -> frozenset[int]:
        foe = self.sorts[k].foe
        return self.foes[foe] if foe >= 0 else frozenset()


def _kinds_that_bind(sheet: Sheet) -> list[tuple[int, list[bool]]]:
    """For each kind with more people than one group may hold: how many it may, and who is of the kind."""
    found: dict[tuple[str, str], int] = {}
    for rule in sheet.problem.rules_of(r.AtMost):
        for value, count in sheet.values(rule.attribute).items():
            if rule.value in (None, value) and count > rule.maximum:
                key = rule.attribute, value
                found[key] = min(rule.maximum, found.get(key, rule.maximum))
    return [(maximum, sheet.has(*kind)) for kind, maximum in sorted(found.items())]


def _unit_foes(sheet: Sheet) -> list[frozenset[int]]:
    """For each unit those kept apart from it, perhaps itself."""
    unit_of = {i: unit for unit, people in enumerate(sheet.units) for i in people}
    return [frozenset(unit_of[foe] for i in people for foe in sheet.foes[i]) for people in sheet.units]


def _share(quorum: float, size: int) -> tuple[int, int]:
    """The largest fraction that asks of no number of people up to `size` for more than `enough` does.

    It lies within the same steps, so `bottom` times those free is at least `top` times those who answered
    exactly when enough are free: whole numbers, in which nothing is rounded.
    """
    best = 1, 1
    for people in range(1, size + 1):
        needed = enough(people, quorum)
        if needed * best[1] < best[0] * people:
            best = needed, people
    return best


def _solved(program: Program, looks: int) -> tuple[bool | None, list[float], int]:
    """Whether the program can be fulfilled, the columns then, and how often HiGHS looked whether to go on.

    It looks at the same points of its work on any machine, so counting them ends it at the same place.
    """
    import highspy
    import numpy

    # The public `Highs` greets on standard output, where answers go, before it can be told to be silent.
    from highspy._core import _Highs

    done = 0

    def looked(kind: Any, message: str, told: Any, answer: Any, solver: Any) -> None:
        nonlocal done
        done += 1
        answer.user_interrupt = done > looks

    solver = _Highs()
    for name, value in OPTIONS.items():
        solver.setOptionValue(name, value)
    solver.setCallback(looked, solver)
    solver.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
    solver.passModel(_model(highspy, numpy, program))
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return True, list(solver.getSolution().col_value), done
    is_proven = status in (
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    )
    return False if is_proven else None, [], done


OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 1, "time_limit": LAST_RESORT}


def _model(highspy: Any, numpy: Any, program: Program) -> Any:
    """The program in HiGHS' form, its matrix by rows."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.upper), len(program.rows)
    model.col_cost_ = numpy.zeros(len(program.upper))
    model.col_lower_, model.col_upper_ = numpy.array(program.lower), numpy.array(program.upper, dtype=float)
    model.row_lower_ = numpy.array([lower for lower, _ in program.rows], dtype=float)
    model.row_upper_ = numpy.array([upper for _, upper in program.rows], dtype=float)
    counts = numpy.bincount([row for row, _, _ in program.entries], minlength=len(program.rows))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = numpy.concatenate(([0], numpy.cumsum(counts)))
    model.a_matrix_.index_ = numpy.array([column for _, column, _ in program.entries])
    model.a_matrix_.value_ = numpy.array([number for _, _, number in program.entries], dtype=float)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(program.upper)
    return model
