"""The search: place the hardest people first, then repair and improve, from one seed and a trial budget."""

import random
from collections.abc import Callable, Mapping
from functools import partial

from engines.grouping.board import Board, Change, Judge
from engines.grouping.sheet import Sheet

OPEN_CHOICES = 6
CANDIDATES = 40
REPORTS = 100
WARMTH = 0.2
COOL_FROM = 0.8
NOISE = 1e-9

type Report = Callable[[int, list[int], int, float], bool]


def search(
    sheet: Sheet, *, seed: int, trials: int, start: Mapping[str, str], report: Report
) -> tuple[list[int], int]:
    """The best place found for each unit, and the trials done.

    Best is: fewest broken hard rules, then the highest value. `report` is told about a hundred times the
    trials done, the best places so far, how far they break hard rules, and their value; it stops the search
    by returning True.
    """
    draw = random.Random(seed)  # noqa: S311
    judge = Judge(sheet)
    boards = [_constructed(judge, is_open, start, draw) for is_open in open_choices(sheet, start)]
    board = max(boards, key=lambda each: (-each.breach, each.value))
    return _improved(board, draw, trials, report)


def open_choices(sheet: Sheet, start: Mapping[str, str]) -> list[list[bool]]:
    """Which optional groups to use: a few numbers of them, the most wanted first.

    Groups that are locked, or used by the start, come before all others.
    """
    asked = [0.0] * len(sheet.groups)
    bound = {min(groups) for groups in sheet.unit_allowed if len(groups) == 1}
    used = {sheet.group_at[name] for name in start.values() if name in sheet.group_at}
    for person in sheet.people:
        topics = {*(person.needs or ()), *(person.wishes or ())}
        for g, group in enumerate(sheet.groups):
            asked[g] += group.topic in topics
    ranked = sorted(
        (g for g, group in enumerate(sheet.groups) if group.optional),
        key=lambda g: (g not in bound, g not in used, -asked[g], g),
    )
    prefixes = [ranked[:number] for number in range(len(ranked) + 1)]
    choices = [each for each in map(partial(_opened, sheet), prefixes) if _fits(sheet, each)]
    if not choices:
        sums = [_opened(sheet, each) for each in _adding_up(sheet, ranked)]
        choices = [each for each in sums if _fits(sheet, each)]
    step = max(1, -(-len(choices) // OPEN_CHOICES))
    return choices[::step] or [[True] * len(sheet.groups)]


def _adding_up(sheet: Sheet, ranked: list[int]) -> list[list[int]]:
    """For each sum of minimums the optional groups with the most seats, earlier ranked ones first."""
    best: dict[int, tuple[int, list[int]]] = {0: (0, [])}
    for g in ranked:
        group = sheet.groups[g]
        for least, (seats, chosen) in list(best.items()):
            key, more = least + group.minimum, seats + group.maximum
            if key <= len(sheet.people) and more > best.get(key, (0, []))[0]:
                best[key] = more, [*chosen, g]
    return [chosen for _, chosen in best.values()]


def _opened(sheet: Sheet, optional: list[int]) -> list[bool]:
    return [not group.optional or g in optional for g, group in enumerate(sheet.groups)]


def _fits(sheet: Sheet, is_open: list[bool]) -> bool:
    """Whether the open groups have room for everybody, and everybody may be in one of them."""
    open_now = {g for g, is_used in enumerate(is_open) if is_used}
    least = sum(sheet.groups[g].minimum for g in open_now)
    most = sum(sheet.groups[g].maximum for g in open_now)
    return least <= len(sheet.people) <= most and all(open_now & groups for groups in set(sheet.unit_allowed))


def _constructed(judge: Judge, is_open: list[bool], start: Mapping[str, str], draw: random.Random) -> Board:
    """Everybody placed: those of the start where they were, then the hardest first where it is best."""
    board = Board(judge, is_open)
    sheet = board.sheet
    waiting = []
    for unit, people in enumerate(sheet.units):
        name = start.get(sheet.people[people[0]].id, "")
        g = sheet.group_at.get(name)
        if g is not None and g in sheet.unit_allowed[unit] and is_open[g]:
            board.put(unit, g)
        else:
            waiting.append(unit)
    ease = {unit: draw.random() for unit in waiting}
    for unit in sorted(waiting, key=lambda each: (_ease(board, each), ease[each])):
        board.put(unit, _best_group(board, unit, draw))
    return board


def _ease(board: Board, unit: int) -> tuple[int, int, int]:
    """What makes a unit easy to place: many groups allowed, of no rare kind, few people and foes."""
    people = board.sheet.units[unit]
    rare = sum(has[i] for _, has in board.judge.least for i in people)
    foes = sum(len(board.sheet.foes[i]) for i in people)
    return len(board.sheet.unit_allowed[unit]), -rare, -len(people) - foes


def _best_group(board: Board, unit: int, draw: random.Random) -> int:
    """The group that breaks fewest rules with the unit in it and gains most by it."""
    allowed = sorted(board.sheet.unit_allowed[unit])
    candidates = [g for g in allowed if board.is_open[g]]
    people = list(board.sheet.units[unit])
    found: list[tuple[int, int]] = []
    for g in candidates:
        breach = board.judge.breach(board.members[g] + people, g, is_open=board.is_open[g])
        found.append((breach - board.breaches[g], g))
    fewest = min(found)[0]
    ties = [g for difference, g in found if difference == fewest]
    while len(ties) > CANDIDATES:
        ties.pop(below(len(ties), draw))
    return max(ties, key=lambda g: (board.judge.worth(board.members[g] + people, g) - board.worths[g], -g))


def _improved(board: Board, draw: random.Random, trials: int, report: Report) -> tuple[list[int], int]:
    """Moves and exchanges at random; worse ones are accepted less and less (threshold accepting).

    Dueck and Scheuer, "Threshold accepting", Journal of Computational Physics 90 (1990). A random share of
    the threshold takes the place of an exponential, which computers round differently.
    """
    steps = _Steps(board, draw)
    best, breach, value = board.place.copy(), board.breach, board.value
    best_value = value
    every = max(1, trials // REPORTS)
    perfect = len(board.sheet.people) - NOISE
    for done in range(trials if steps.movable else 0):
        if not breach and best_value >= perfect:
            return best, done
        if done % every == 0 and report(done, best, breach, best_value):
            return best, done
        change = steps.repair() if board.breach else steps.wander()
        if change is None:
            continue
        threshold = WARMTH * max(0.0, 1 - done / (COOL_FROM * trials)) * draw.random() ** 2
        if change.breach_difference < 0 or change.gain >= -threshold or board.breach:
            board.make(change)
            value += change.gain
            if board.breach < breach or (board.breach == breach and value > best_value + NOISE):
                best, breach, best_value = board.place.copy(), board.breach, value
    return best, trials if steps.movable else 0


class _Steps:
    """Draws the next change to a board; None when the draw leads nowhere."""

    def __init__(self, board: Board, draw: random.Random) -> None:
        self.board = board
        self.draw = draw
        choices: dict[frozenset[int], list[int]] = {}
        for groups in board.sheet.unit_allowed:
            choices[groups] = sorted(g for g in groups if board.is_open[g])
        self.targets = [choices[groups] for groups in board.sheet.unit_allowed]
        self.movable = [unit for unit, targets in enumerate(self.targets) if len(targets) > 1]

    def wander(self) -> Change | None:
        """A random unit goes to a random group, or changes places with a unit there; no rule is broken."""
        unit = self._one_of(self.movable)
        return self._to(unit, self._one_of(self.targets[unit]), move_share=0.3, most_breach=0)

    def repair(self) -> Change | None:
        """Somebody leaves or enters a group in which a rule is broken; rarely that may break one more."""
        broken = self._one_of([g for g, breach in enumerate(self.board.breaches) if breach])
        here = self.board.members[broken]
        most_breach = 1 if self.draw.random() < 0.03 else 0
        if here and self.draw.random() < 0.5:
            unit = self.board.unit_of[self._one_of(here)]
            target = self._one_of(self.targets[unit])
        else:
            unit, target = self._one_of(self.movable), broken
        return self._to(unit, target, move_share=0.5, most_breach=most_breach)

    def _to(self, unit: int, target: int, *, move_share: float, most_breach: int) -> Change | None:
        home = self.board.place[unit]
        if target == home or target not in self.targets[unit]:
            return None
        there = self.board.members[target]
        if not there or self.draw.random() < move_share:
            return self.board.move(unit, target, most_breach=most_breach)
        other = self.board.unit_of[self._one_of(there)]
        if home not in self.targets[other]:
            return None
        return self.board.move(unit, target, for_unit=other, most_breach=most_breach)

    def _one_of(self, choices: list[int]) -> int:
        return choices[below(len(choices), self.draw)]


def below(limit: int, draw: random.Random) -> int:
    """A random whole number from 0 to limit - 1, drawn by the one method whose sequence Python promises."""
    return int(draw.random() * limit)
