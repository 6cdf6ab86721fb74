"""The search: place the hardest people first, repair, then anneal; from one seed and a budget of trials."""

import random
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from engines.grouping import layout as at
from engines.grouping import walk
from engines.grouping.aims import MeetingHours, Stability
from engines.grouping.budget import Budget
from engines.grouping.compiled import real, whole
from engines.grouping.kernel import NEARLY_ALL
from engines.grouping.limits import Limit
from engines.grouping.opening import changed_openings, first_openings
from engines.grouping.rules import AtLeast
from engines.grouping.sheet import Sheet
from engines.grouping.table import Memory, memory_of
from engines.grouping.windows import Windows

OPEN_CHOICES = 6
LOOKS = 24
REPORTS = 100
NOISE = 1e-9

COLD = 0.01
"""The share of the trials that goes into what annealing has to surpass: only changes for the better."""

PROBE, PROBES, HOTTEST, STEP = 0.03, 30, 2.0, 0.85
"""A quick cooling to see what is warm here: the share of the trials, the most temperatures, the first of
them, and what each is of the one before."""

LIVELY, MANY, CALM, CALM_FALL = 0.03, 2_000, 0.015, 0.948
"""The share of trials accepted where it ends. With fewer trials for a unit than this: the first temperature
of annealing, and what each is of the one before."""

LEVELS, AGAIN_LEVELS, AGAIN_FALL, AGAIN_TRIALS = 40, 20, 0.93, 8_000
"""The temperatures of annealing all groups; those of annealing some again, what each of these is of the one
before, and the trials for each unit in them. A last temperature is 0."""

WEAK, NEAR = 2, 3
"""How many weak groups are annealed again together, and with each so many that are near to it."""

TRYING = 0.05
"""The share of the trials with which several first choices of optional groups are compared."""

REOPENING, OPENINGS = 0.06, 12
"""The share of the trials, before and after annealing, that goes into other optional groups, and how many."""

LIMITED_LEVELS, LIMITED_ROUNDS = 30, (1.0, 1.0, 0.03, 1.0)
"""While moves are limited: the temperatures of each round of annealing, and where each round begins."""

COOLEST = 0.0025
"""What they fall to."""

SOFTNESS, HARDER = 0.8, 1.5
"""How much hours that are nearly shared count where annealing begins; how many times as fast as it cools that
falls to nothing."""

USUAL = 120
"""Nanoseconds that a trial usually takes, where a budget is in seconds."""

MISSED, FLAT, FLATTER = 1_600, 45, 8_000
"""For so many numbers in the arrays a trial takes a nanosecond more: fewer of them are near at hand. In long
arrays it takes so many more, and one for each of so many numbers."""

WIDE, WINDOW, LOOKING_WINDOW = 400, (300, 60), (400, 30)
"""Of so many groups and more only some change at a time, whose people are near at hand then: how many, and
the trials for each of their units before others do; wider and sooner where people look for hours."""

FEW_MISSED, FEW_FAR = 66, 34_000
"""The nanoseconds more that a trial takes where a few of so many groups are annealed again, and as MISSED
there."""

WINDOW_MISSED, WINDOW_FAR = 62, 150_000
"""The nanoseconds more that a trial takes in a window, and one for each of so many numbers in the arrays."""

LOOKED, TIMELY, TIME_TO_LOOK = 100, 150, 10_000
"""Among so many groups, where hours have to suit nearly all, chance meets hardly anybody who does: so many of
1,000 trials look for them, if there are so many trials for each unit that it pays."""


@dataclass(frozen=True)
class _Pace:
    """How to anneal: how much warmer to begin than where the quick cooling ended, what each temperature is of
    the one before, what share of all trials anneals some groups again, and how much warmer that begins."""

    warmer: float
    fall: float
    again: float
    again_warmer: float


GRADUAL = _Pace(1.0, 0.96, 0.02, 0.9)

SUDDEN = _Pace(1.9, 0.97, 0.15, 1.5)
"""Hours that nearly all have to share fall into order all at once, and late when it cools quickly."""

type Report = Callable[[int, list[int], int, float], bool]


def search(
    sheet: Sheet,
    *,
    seed: int,
    budget: Budget,
    start: Mapping[str, str],
    report: Report,
    limit: Limit | None = None,
    anew: bool = False,
) -> tuple[list[int], int]:
    """The best place found for each unit, and the trials done.

    Best is: fewest broken hard rules, then the highest value. `report` is told about a hundred times how much
    of the budget is spent, the best places so far, how far they break hard rules, and their value; it stops
    the search by returning True. With a `limit` people too many away count as broken rules do. `anew` looks
    as if there were no start, which is one more grouping to begin with: nothing below it is the best.
    """
    if not sheet.people:
        return [], 0
    memory = memory_of(sheet, seed)
    is_anew = anew and limit is None
    openings = _openings(sheet, memory, {} if is_anew else start, limit)
    knows_one = is_anew and bool(start) and _fits(sheet, _used(sheet, start))
    if knows_one:
        openings.append((_used(sheet, start), start))  # the last, so that one as good as it goes before it
    grounds = [
        _constructed(_Ground(sheet, memory, is_open, budget), then, seed) for is_open, then in openings
    ]
    if knows_one:
        grounds[-1].is_begun = False
    del memory  # 50 MB with 100,000 people
    ground = _likeliest(grounds, int(budget.amount * TRYING))
    best = _Best(ground)
    told, every = 0, max(1, budget.amount // REPORTS)
    if best.is_perfect or report(0, best.places, best.breach, best.value):
        return best.places, 0
    for _ in _steps(ground, budget.amount, seed):
        ground.looked(best)
        if best.is_perfect:
            break
        if ground.spent >= told + every:
            told = ground.spent
            if report(told, best.places, best.breach, best.value):
                break
    return best.places, ground.trials


def _openings(
    sheet: Sheet, memory: Memory, start: Mapping[str, str], limit: Limit | None
) -> list[tuple[list[bool], Mapping[str, str]]]:
    """Which groups are open in each grouping to begin with, and from where it is made."""
    start = start or _earlier(sheet)
    choices = open_choices(sheet, start)
    if limit is None:
        return [*((choice, start) for choice in choices), *first_openings(sheet, start)]
    limit.lay_down(memory, sheet)
    return [(choice, start) for choice in limit.open_choices(sheet, choices)]


def _earlier(sheet: Sheet) -> Mapping[str, str]:
    """Everybody's earlier group, where it is an aim to stay in it."""
    if not any(isinstance(aim, Stability) and aim.weight > 0 for aim in sheet.aims):
        return {}
    return {person.id: person.earlier_group for person in sheet.people if person.earlier_group}


def _used(sheet: Sheet, start: Mapping[str, str]) -> list[bool]:
    """The groups that a grouping uses, and those that have to be."""
    names = set(start.values())
    return [not group.optional or group.id in names for group in sheet.groups]


def open_choices(sheet: Sheet, start: Mapping[str, str]) -> list[list[bool]]:
    """Which optional groups to use: a few numbers of them, the most wanted first.

    Groups that are locked, or used by the start, come before all others.
    """
    bound = {min(groups) for groups in sheet.unit_allowed if len(groups) == 1}
    used = {sheet.group_at[name] for name in start.values() if name in sheet.group_at}
    wanted = Counter(topic for p in sheet.people for topic in {*(p.needs or ()), *(p.wishes or ())})
    asked = [wanted[group.topic] if group.topic is not None else 0 for group in sheet.groups]
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


class _Ground:
    """A grouping in the making: the arrays that the loops work on, and what is asked of them here."""

    def __init__(self, sheet: Sheet, memory: Memory, is_open: list[bool], budget: Budget) -> None:
        self.sheet = sheet
        self.budget = budget
        self.is_open = is_open
        self.trials = 0
        self.missed = 0
        self.is_part = False
        self.is_wide = (
            len(sheet.groups) >= WIDE and not memory.whole[at.LIMITED] and not sheet.problem.worst_group_first
        )
        self.is_begun = False
        self.is_soft = any(isinstance(aim, MeetingHours) and aim.quorum > NEARLY_ALL for aim in sheet.aims)
        self.price = self.least_price = 1.0
        self.is_timed = budget.seconds is not None
        self.part = max(1, budget.amount // REPORTS // (USUAL if self.is_timed else 1))
        self.t = whole(memory.whole)
        self.r = real(memory.real)
        first = self.t[at.AT_IS_OPEN]
        for g, is_used in enumerate(is_open):
            self.t[first + g] = int(is_used)
        size = len(self.t)
        near = min(size // MISSED, FLAT + size // FLATTER)
        self.far = FEW_MISSED + size // FEW_FAR if self.is_wide else near
        self.window_far = WINDOW_MISSED + size // WINDOW_FAR
        trials = budget.amount // (USUAL if self.is_timed else 1)
        looks = len(sheet.groups) >= LOOKED and self.is_soft and trials >= TIME_TO_LOOK * len(sheet.units)
        self.t[at.TIMELY] = TIMELY if looks else 0
        self.window = LOOKING_WINDOW if looks else WINDOW
        self.windows = Windows(memory, self.window[0]) if self.is_wide else None
        walk.begin(self.t, self.r)

    @property
    def spent(self) -> int:
        """How much of the budget is spent."""
        if not self.is_timed:
            return self.trials
        return int(self.t[self.t[at.AT_WHOLE] + at.WORK]) + self.missed

    def wander(self, left: int, warmth: float) -> int:
        """Spend a part of what is left by annealing; returns how many trials were accepted."""
        tried = min(self.part, left // USUAL + 1 if self.is_timed else left)
        before = self.spent
        windows = None if self.is_part or self.breach else self.windows
        if windows is None:
            accepted = self._wander(tried, warmth)
        else:
            accepted = self._wander_in(windows, tried, warmth)
        self.price = (self.spent - before) / tried
        if warmth == 0:
            self.least_price = self.price
        return accepted

    def _wander(self, tried: int, warmth: float) -> int:
        self.trials += tried
        self.missed += tried * self.far
        return int(walk.wander(self.t, self.r, tried, warmth))

    def _wander_in(self, windows: Windows, tried: int, warmth: float) -> int:
        """Exchange people of some groups only for a while, then of others."""
        accepted = 0
        while tried > 0:
            done, made = windows.wander(self.t, self.r, each=self.window[1], most=tried, warmth=warmth)
            self.trials += done
            self.missed += done * self.window_far
            tried -= done
            accepted += made
        return accepted

    def share_of_next(self, levels: int) -> float:
        """The share of what is left for the next of so many temperatures, if each gets as many trials.

        A trial costs more while many are accepted; from the price now to that at 0 it falls faster at first.
        """
        return min(1.0, self.price / (levels * (self.price + 2 * self.least_price) / 3))

    def looked(self, best: "_Best") -> None:
        """Keep the places if they are the best as they count."""
        softness = float(self.r[at.SOFT])
        if softness:
            walk.soften(self.t, self.r, 0.0)
        best.look(self)
        if softness:
            walk.soften(self.t, self.r, softness)

    def repair(self, left: int) -> None:
        """Spend a part of what is left to break fewer rules."""
        most = min(self.part, left // USUAL + 1 if self.is_timed else left)
        done = max(1, int(walk.repair(self.t, self.r, most)))
        self.trials += done
        self.missed += done * (len(self.t) // MISSED)

    @property
    def breach(self) -> int:
        """How many people or slots too many or too few there are by the hard rules."""
        return int(self.t[self.t[at.AT_WHOLE]])

    @property
    def excess(self) -> int:
        """How many people too many are elsewhere than where they stood, while that is limited."""
        is_limited, away = self.t[at.LIMITED], self.t[self.t[at.AT_WHOLE] + at.AWAY]
        return max(0, int(away - self.t[at.LIMIT])) if is_limited else 0

    @property
    def value(self) -> float:
        """The objective, times the number of people."""
        return float(walk.value(self.t, self.r))

    @property
    def places(self) -> list[int]:
        """The group of each unit."""
        first = self.t[at.AT_AT]
        return [int(g) for g in self.t[first : first + self.t[at.U]]]

    @property
    def is_lively(self) -> bool:
        """Whether anybody can be anywhere else."""
        open_now = {g for g, is_used in enumerate(self.is_open) if is_used}
        return any(len(open_now & groups) > 1 for groups in set(self.sheet.unit_allowed))

    def copy(self) -> tuple[Any, Any]:
        """The grouping as it stands, to go `back` to."""
        return self.t[:], self.r[:]

    def back(self, copy: tuple[Any, Any]) -> None:
        """Go back to a copy; chance, and the count of work, go on from here."""
        first = self.t[at.AT_WHOLE]
        going_on = {k: self.t[first + k] for k in (at.CHANCE, at.CHANCE + 1, at.WORK)}
        self.t, self.r = copy
        for k, number in going_on.items():
            self.t[first + k] = number

    def activate(self) -> int:
        """Let only some weak groups and those near them change; returns how many units that concerns."""
        self.is_part = True
        walk.activate(self.t, self.r, WEAK, NEAR)
        return int(self.t[at.ACTIVES])


def _constructed(ground: _Ground, start: Mapping[str, str], seed: int) -> _Ground:
    """Everybody placed: those of the start where they were, then the hardest first where it is best."""
    sheet, is_open = ground.sheet, ground.is_open
    kept: list[int] = []
    homes: list[int] = []
    waiting: list[int] = []
    room = [int(ground.t[at.ROOM])] * len(sheet.groups)
    for unit, people in enumerate(sheet.units):
        g = _begins_at(sheet, start, people)
        if g is not None and g in sheet.unit_allowed[unit] and is_open[g] and room[g] >= len(people):
            room[g] -= len(people)
            kept.append(unit)
            homes.append(g)
        else:
            waiting.append(unit)
    ground.is_begun = len(kept) > len(waiting)
    draw = random.Random(seed)  # noqa: S311
    ease = {unit: draw.random() for unit in waiting}
    least = [sheet.has(rule.attribute, rule.value) for rule in sheet.problem.rules_of(AtLeast)]
    waiting.sort(key=lambda unit: (_ease(sheet, least, unit), ease[unit]))
    walk.place(ground.t, ground.r, whole(kept), whole(homes), len(kept))
    order, seats = whole(waiting), whole(_seats(sheet, is_open))
    walk.construct(ground.t, ground.r, order, len(waiting), seats, LOOKS)
    return ground


def _begins_at(sheet: Sheet, start: Mapping[str, str], people: tuple[int, ...]) -> int | None:
    """The group in which most of a unit are at the start, the first of such; None if nobody is in any."""
    names = [start.get(sheet.people[i].id, "") for i in people]
    groups = Counter(sheet.group_at[name] for name in names if name in sheet.group_at)
    return max(groups, key=lambda g: (groups[g], -g)) if groups else None


def _ease(sheet: Sheet, least: list[list[bool]], unit: int) -> tuple[int, int, int]:
    """What makes a unit easy to place: many groups allowed, of no rare kind, few people and foes."""
    people = sheet.units[unit]
    rare = sum(has[i] for has in least for i in people)
    foes = sum(len(sheet.foes[i]) for i in people)
    return len(sheet.unit_allowed[unit]), -rare, -len(people) - foes


def _seats(sheet: Sheet, is_open: list[bool]) -> list[int]:
    """How many people each group would have if they were spread evenly over the groups that are open."""
    open_now = [g for g, is_used in enumerate(is_open) if is_used]
    seats = [group.minimum if is_used else 0 for group, is_used in zip(sheet.groups, is_open, strict=True)]
    left = len(sheet.people) - sum(seats)
    while left > 0 and open_now:
        open_now = [g for g in open_now if seats[g] < sheet.groups[g].maximum]
        for g in open_now[:left]:
            seats[g] += 1
        left -= len(open_now)
    return seats


def _likeliest(grounds: list[_Ground], amount: int) -> _Ground:
    """The best of several grounds, once each has spent its part of so much; what all have spent counts."""
    if len(grounds) > 1:
        for ground in grounds:
            for _ in _settling(ground, amount // len(grounds)):
                pass
    best = max(grounds, key=lambda each: (-each.breach - each.excess, each.value))
    for ground in grounds:
        if ground is not best:
            best.trials += ground.trials
            best.missed += ground.missed
            best.t[best.t[at.AT_WHOLE] + at.WORK] += ground.t[ground.t[at.AT_WHOLE] + at.WORK]
    return best


def _settling(ground: _Ground, amount: int) -> Iterator[None]:
    """Repair, then change for the better only, until so much is spent."""
    end = ground.spent + amount
    while ground.is_lively and ground.breach and ground.spent < end:
        ground.repair(end - ground.spent)
        yield
    if ground.is_lively:
        yield from _until(ground, end, 0.0)


def _steps(ground: _Ground, amount: int, seed: int) -> Iterator[None]:
    """Spend so much of the budget on the ground, part by part."""
    if not ground.is_lively:
        return
    while ground.breach and ground.spent < amount:
        ground.repair(amount - ground.spent)
        yield
    if ground.t[at.LIMITED]:
        yield from _near(ground, amount)
        return
    usual = USUAL if ground.is_timed else 1
    left = amount - ground.spent
    is_long = left >= MANY * usual * len(ground.sheet.units) or ground.sheet.problem.worst_group_first > 0
    spare = int(left * REOPENING) if any(group.optional for group in ground.sheet.groups) else 0
    pace = SUDDEN if ground.is_soft else GRADUAL
    has_again = is_long and (ground.is_begun or not ground.is_wide)
    annealed = amount - spare - (int(left * pace.again) if has_again else 0)
    yield from _until(ground, ground.spent + int(left * COLD), 0.0)
    yield from _reopened(ground, spare, seed)
    kept, value = ground.copy(), ground.value
    warmth = (yield from _probed(ground, int(left * PROBE / PROBES))) if is_long else CALM
    if not (is_long and ground.is_begun):
        warmer, fall = (pace.warmer, pace.fall) if is_long else (1.0, CALM_FALL)
        yield from _cooling(ground, annealed, warmth * warmer, LEVELS, fall)
    if ground.value < value:
        ground.back(kept)
    yield from _reopened(ground, min(spare, amount - ground.spent), seed)
    if ground.is_wide and not has_again:
        yield from _until(ground, amount, 0.0)
    while ground.spent < amount:
        end = ground.spent + max(1, ground.activate()) * AGAIN_TRIALS * usual
        before = ground.value
        yield from _cooling(ground, min(amount, end), warmth * pace.again_warmer, AGAIN_LEVELS, AGAIN_FALL)
        if ground.value < before:
            walk.take_back(ground.t, ground.r)


def _near(ground: _Ground, amount: int) -> Iterator[None]:
    """Anneal several times from the best so far, with few people away from where they stood."""
    yield from _until(ground, ground.spent + int((amount - ground.spent) * COLD), 0.0)
    for number, warmth in enumerate(LIMITED_ROUNDS):
        kept, before = ground.copy(), (-ground.excess, ground.value)
        end = ground.spent + (amount - ground.spent) // (len(LIMITED_ROUNDS) - number)
        fall = (COOLEST / warmth) ** (1 / LIMITED_LEVELS)
        yield from _cooling(ground, end, warmth, LIMITED_LEVELS, fall)
        if (-ground.excess, ground.value) < before:
            ground.back(kept)


def _reopened(ground: _Ground, amount: int, seed: int) -> Iterator[None]:
    """Open and close optional groups: what promises most is tried for a while, and kept if it is better."""
    if amount < OPENINGS:
        return
    others = list(changed_openings(ground.sheet, ground.is_open, ground.places, OPENINGS))
    memory = memory_of(ground.sheet, seed) if others else Memory()
    for is_open, start in others:
        before, kept, value = ground.is_open, ground.copy(), (-ground.breach, ground.value + NOISE)
        fresh = _constructed(_Ground(ground.sheet, memory, is_open, ground.budget), start, seed)
        ground.back((fresh.t, fresh.r))
        ground.is_open = is_open
        yield from _settling(ground, amount // OPENINGS)
        if (-ground.breach, ground.value) <= value:
            ground.back(kept)
            ground.is_open = before


def _probed(ground: _Ground, each: int) -> Generator[None, None, float]:
    """Cool quickly and return the temperature at which only so few trials are still accepted."""
    warmth = HOTTEST
    for _ in range(PROBES):
        end, tried, accepted = ground.spent + each, ground.trials, 0
        while ground.spent < end:
            accepted += ground.wander(end - ground.spent, warmth)
            yield
        if accepted < LIVELY * (ground.trials - tried):
            break
        warmth *= STEP
    return warmth


def _cooling(ground: _Ground, end: int, warmth: float, levels: int, fall: float) -> Iterator[None]:
    """Anneal until so much is spent, about as many trials at each temperature, the last of which is 0."""
    for level in range(levels):
        share = ground.share_of_next(levels + 1 - level)
        _softer(ground, SOFTNESS * max(0.0, 1 - HARDER * level / levels))
        yield from _until(ground, ground.spent + int((end - ground.spent) * share), warmth)
        warmth *= fall
    _softer(ground, 0.0)
    yield from _until(ground, end, 0.0)


def _softer(ground: _Ground, share: float) -> None:
    """From here on let hours that are nearly shared count so much, where one person alone can block them."""
    if ground.is_soft:
        walk.soften(ground.t, ground.r, share)


def _until(ground: _Ground, end: int, warmth: float) -> Iterator[None]:
    while ground.spent < end:
        ground.wander(end - ground.spent, warmth)
        yield


class _Best:
    """The best places seen."""

    def __init__(self, ground: _Ground) -> None:
        self.people = len(ground.sheet.people)
        self.places, self.breach, self.value = ground.places, ground.breach, ground.value
        self.excess = ground.excess

    def look(self, ground: _Ground) -> None:
        """Keep the places of the ground if they are better."""
        breach, excess, value = ground.breach, ground.excess, ground.value
        harm, before = breach + excess, self.breach + self.excess
        if harm < before or (harm == before and value > self.value + NOISE):
            self.places, self.breach, self.excess, self.value = ground.places, breach, excess, value

    @property
    def is_perfect(self) -> bool:
        """Whether nothing can be better."""
        return not self.breach + self.excess and self.value >= self.people - NOISE
