"""What some people are worth as a group, and how far they break hard rules, for any people at any time."""

from engines.grouping import aims as a
from engines.grouping import rules as r
from engines.grouping.measures import Measure, measure_of, shares_together
from engines.grouping.sheet import Sheet


class Judge:
    """Says of some people in a group what they are worth and how far they break hard rules."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        weight = sum(aim.weight for aim in sheet.aims)
        shares: dict[str, list[tuple[float, a.Proportional]]] = {}
        self.measures: list[tuple[float, Measure]] = []
        for aim in sheet.aims:
            if aim.weight > 0 and isinstance(aim, a.Proportional) and not aim.strict:
                shares.setdefault(aim.attribute, []).append((aim.weight / weight, aim))
            elif aim.weight > 0:
                self.measures.append((aim.weight / weight, measure_of(aim, sheet)))
        self.measures.extend((1.0, shares_together(each, sheet)) for each in shares.values())
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

    def breach(self, members: list[int], g: int) -> int:
        """How many people (or slots) too many or too few, as a group that is used."""
        group, size = self.sheet.groups[g], len(members)
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
