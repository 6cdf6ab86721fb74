"""A grouping in the making: who is where, and what each group is worth, kept up to date change by change."""

from dataclasses import dataclass

from engines.grouping import rules as r
from engines.grouping.measures import measure_of
from engines.grouping.sheet import Sheet


class Judge:
    """Says of some people in a group what they are worth and how far they break hard rules."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        weight = sum(aim.weight for aim in sheet.aims)
        self.measures = [
            (aim.weight / weight, measure_of(aim, sheet)) for aim in sheet.aims if aim.weight > 0
        ]
        self.foes = sheet.foes
        self.with_foes = frozenset(i for i, foes in enumerate(sheet.foes) if foes)
        self.least = [
            (rule.count, sheet.has(rule.attribute, rule.value)) for rule in sheet.problem.rules_of(r.AtLeast)
        ]
        self.most = [(rule.maximum, _kinds(rule, sheet)) for rule in sheet.problem.rules_of(r.AtMost)]
        self.hours = sheet.problem.rules_of(r.SharedHours)
        self.lanes = sheet.hour_lanes()

    def worth(self, members: list[int], g: int) -> float:
        """The weighted mean of the aims, times the number of members."""
        if not members:
            return 0.0
        if not self.measures:
            return float(len(members))
        return len(members) * sum([share * measure(members, g) for share, measure in self.measures])

    def breach(self, members: list[int], g: int, *, is_open: bool) -> int:
        """How many people (or slots) too many or too few; an optional group that is not open stays empty."""
        group, size = self.sheet.groups[g], len(members)
        if not is_open:
            return size
        total = max(0, group.minimum - size, size - group.maximum)
        for maximum, kinds in self.most:
            total += _excess(members, kinds, maximum)
        if size or not group.optional:
            for count, has in self.least:
                total += max(0, count - sum([has[i] for i in members]))
        if not self.with_foes.isdisjoint(members):
            total += sum(len(self.foes[i].intersection(members)) for i in members) // 2
        if size:
            for rule in self.hours:
                total += max(0, rule.count - self.lanes.count(members, rule.quorum))
        return total


def _kinds(rule: r.AtMost, sheet: Sheet) -> list[tuple[str, ...]]:
    return [
        tuple(value for value in person.values_of(rule.attribute) if rule.value in (None, value))
        for person in sheet.people
    ]


def _excess(members: list[int], kinds: list[tuple[str, ...]], maximum: int) -> int:
    counts: dict[str, int] = {}
    excess = 0
    for i in members:
        for kind in kinds[i]:
            seen = counts.get(kind, 0)
            excess += seen >= maximum
            counts[kind] = seen + 1
    return excess


@dataclass(frozen=True, slots=True)
class Change:
    """What two groups would become: new members, worth and breach, and the difference to the whole."""

    groups: tuple[int, int]
    units: tuple[tuple[int, int], ...]
    members: tuple[list[int], list[int]]
    breaches: tuple[int, int]
    worths: tuple[float, float]
    breach_difference: int
    gain: float


class Board:
    """Units of people in groups. `breach` is 0 when every hard rule holds; `value` is what is maximised."""

    def __init__(self, judge: Judge, is_open: list[bool]) -> None:
        self.judge = judge
        self.sheet = judge.sheet
        self.is_open = is_open
        self.place = [-1] * len(self.sheet.units)
        self.unit_of = {i: u for u, unit in enumerate(self.sheet.units) for i in unit}
        self.members: list[list[int]] = [[] for _ in self.sheet.groups]
        self.worths = [0.0] * len(self.sheet.groups)
        self.breaches = [judge.breach([], g, is_open=is_open[g]) for g in range(len(self.sheet.groups))]
        self.breach = sum(self.breaches)
        self.share = self.sheet.problem.worst_group_first

    @property
    def value(self) -> float:
        """The objective (0 to 1) times the number of people; the weakest group counts as the problem asks."""
        people = sum(len(here) for here in self.members)
        return (1 - self.share) * sum(self.worths) + self.share * people * self._lowest((), ())

    def put(self, unit: int, g: int) -> None:
        """Place a unit that is nowhere yet."""
        self.place[unit] = g
        self.members[g].extend(self.sheet.units[unit])
        self.worths[g] = self.judge.worth(self.members[g], g)
        self.breach -= self.breaches[g]
        self.breaches[g] = self.judge.breach(self.members[g], g, is_open=self.is_open[g])
        self.breach += self.breaches[g]

    def move(self, unit: int, g: int, *, for_unit: int | None = None, most_breach: int) -> Change | None:
        """The change when a unit goes to group g, perhaps in exchange for a unit there.

        None when it would break more hard rules than now by more than `most_breach`.
        """
        home = self.place[unit]
        leaving = self.sheet.units[unit]
        coming = () if for_unit is None else self.sheet.units[for_unit]
        here = _exchanged(self.members[home], leaving, coming)
        there = _exchanged(self.members[g], coming, leaving)
        before = self.breaches[home] + self.breaches[g]
        breach_here = self.judge.breach(here, home, is_open=self.is_open[home])
        if breach_here - before > most_breach:
            return None
        breach_there = self.judge.breach(there, g, is_open=self.is_open[g])
        difference = breach_here + breach_there - before
        if difference > most_breach:
            return None
        worths = self.judge.worth(here, home), self.judge.worth(there, g)
        moved = ((unit, g),) if for_unit is None else ((unit, g), (for_unit, home))
        return Change(
            groups=(home, g),
            units=moved,
            members=(here, there),
            breaches=(breach_here, breach_there),
            worths=worths,
            breach_difference=difference,
            gain=self._gain((home, g), (here, there), worths),
        )

    def make(self, change: Change) -> None:
        """Carry out a change that `move` found."""
        for unit, g in change.units:
            self.place[unit] = g
        for k, g in enumerate(change.groups):
            self.members[g] = change.members[k]
            self.breaches[g] = change.breaches[k]
            self.worths[g] = change.worths[k]
        self.breach += change.breach_difference

    def _gain(
        self, groups: tuple[int, int], members: tuple[list[int], list[int]], worths: tuple[float, float]
    ) -> float:
        gain = worths[0] + worths[1] - self.worths[groups[0]] - self.worths[groups[1]]
        if not self.share:
            return gain
        people = sum(len(here) for here in self.members)
        scores = tuple(worth / len(here) for worth, here in zip(worths, members, strict=True) if here)
        lowest = self._lowest(groups, scores) - self._lowest((), ())
        return (1 - self.share) * gain + self.share * people * lowest

    def _lowest(self, without: tuple[int, ...], scores: tuple[float, ...]) -> float:
        """The lowest score of a group that is used, with some groups' scores replaced."""
        others = [
            worth / len(here)
            for g, (worth, here) in enumerate(zip(self.worths, self.members, strict=True))
            if here and g not in without
        ]
        return min([*others, *scores], default=1.0)


def _exchanged(members: list[int], leaving: tuple[int, ...], coming: tuple[int, ...]) -> list[int]:
    changed = members.copy()
    for i in leaving:
        changed.remove(i)
    changed.extend(coming)
    return changed
