"""What topics, wishes, staying, sizes, mixes and counts can reach together, as one linear program.

Groups of the same topic and limits are one *class*. Units of people are shared out among classes in
fractions, and so are the groups of a class among the sizes that they may have; a *shape* is all classes of
the same limits. Every grouping that holds all rules is among the answers, so the program's ceiling bounds
them all. A rule adds rows or takes columns away, so it never raises that ceiling. Who cannot be placed, and
seats that nobody can take, are let off at a price beyond any worth: a ceiling below nothing proves that no
grouping holds every rule.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engines.grouping import aims as a
from engines.grouping import rules as r
from engines.grouping.measures import contentment, most_unlike, wants
from engines.grouping.program import Program
from engines.grouping.sheet import Sheet

LINEAR = a.TopicWanted, a.Wishes, a.Stability
SIZED = a.SizeNear, a.EnoughOf, a.Diverse

PARTS = 6_000
"""A mix that would take more columns than this is left to be perfect."""


@dataclass(frozen=True, slots=True)
class Class:
    """Groups (their numbers) of one topic, minimum and maximum, all of them optional or none."""

    topic: str | None
    minimum: int
    maximum: int
    optional: bool
    groups: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """Units that are alike in all that the program looks at.

    worths: for each class what all aims for topics are worth to the unit, None where it may not be;
    homes: group -> how many of the unit stay there; most, least: rule's number and value -> how many of it.
    """

    people: int
    worths: tuple[float | None, ...]
    homes: tuple[tuple[int, int], ...]
    most: tuple[tuple[tuple[int, str], int], ...]
    least: tuple[tuple[int, int], ...]


def classes_of(sheet: Sheet) -> list[Class]:
    """The groups by topic and limits, in the sheet's order."""
    found: dict[tuple[str | None, int, int, bool], Class] = {}
    for g, group in enumerate(sheet.groups):
        key = group.topic, group.minimum, group.maximum, group.optional
        found.setdefault(key, Class(*key)).groups.append(g)
    return list(found.values())


class Relaxation:
    """The program of a problem; `shares` gives each aim's weight out of 1."""

    def __init__(self, sheet: Sheet, shares: dict[str, float]) -> None:
        self.sheet = sheet
        self.shares = shares
        self.program = Program()
        self.people = len(sheet.people)
        self.price = -float(self.people)
        self.classes = classes_of(sheet)
        self.class_of = {g: c for c, each in enumerate(self.classes) for g in each.groups}
        self.used: list[dict[int, int]] = []
        self.filled: list[int] = []
        self.taken = {aim.name for aim in sheet.aims if isinstance(aim, LINEAR)}
        self._sizes()
        self._people()
        self._aims()

    def _sizes(self) -> None:
        """How many groups of each class have each size."""
        for each in self.classes:
            count = float(len(each.groups))
            number, filled = self.program.row(count, count), self.program.row(0.0, 0.0)
            most = max(each.minimum, min(each.maximum, self.people))
            entry = number, 1.0
            self.used.append(
                {
                    size: self.program.column(0.0, count, [entry, (filled, -float(size))])
                    for size in range(max(1, each.minimum), most + 1)
                }
            )
            self.filled.append(filled)
            if each.optional or each.minimum == 0:
                self.program.column(0.0, count, [entry])
            self.program.column(self.price, each.minimum * count, [(filled, 1.0)])

    def _people(self) -> None:
        kinds = Counter(self._kinds())
        most = self._most_rows(kinds)
        least = self._least_rows()
        homes: dict[int, int] = {}
        pool = self.program.row(0.0, 0.0)
        for filled in self.filled:
            self.program.column(0.0, float(self.people), [(pool, -1.0), (filled, 1.0)])
        for kind, units in kinds.items():
            row, size = self.program.row(units, units), float(kind.people)
            self.program.column(self.price * size, units, [(row, 1.0)])
            floor = self._floor(kind)
            if floor is not None:
                self.program.column(floor, units, [(row, 1.0), (pool, size)])
            for c, worth in enumerate(kind.worths):
                if worth is None:
                    continue
                entries = [(row, 1.0), (self.filled[c], size)]
                entries += [(most[key, c], float(many)) for key, many in kind.most if (key, c) in most]
                entries += [(least[rule][c], float(many)) for rule, many in kind.least]
                if worth != floor:
                    self.program.column(worth, units, entries)
                self._stay(kind, c, units, worth, entries, homes)

    def _stay(
        self,
        kind: Kind,
        c: int,
        units: int,
        worth: float,
        entries: list[tuple[int, float]],
        homes: dict[int, int],
    ) -> None:
        """The same with a bonus for those who stay, as far as their group has room."""
        for g, staying in kind.homes:
            if self.class_of[g] == c:
                if g not in homes:
                    homes[g] = self.program.row(0.0, float(self.classes[c].maximum))
                bonus = staying * self._staying
                self.program.column(worth + bonus, units, [*entries, (homes[g], float(kind.people))])

    def _floor(self, kind: Kind) -> float | None:
        """What a unit without limits gets in every class that is nothing special to it."""
        if kind.most or kind.least or None in kind.worths:
            return None
        return min(worth for worth in kind.worths if worth is not None)

    @property
    def _staying(self) -> float:
        aims = self.sheet.aims
        return sum(self.shares[aim.name] for aim in aims if isinstance(aim, a.Stability))

    def _kinds(self) -> Iterator[Kind]:
        sheet, stay = self.sheet, self._staying
        worths = [self._worths(i) for i in range(self.people)]
        most = self._watched()
        leasts = [sheet.has(rule.attribute, rule.value) for rule in sheet.problem.rules_of(r.AtLeast)]
        for unit, allowed in zip(sheet.units, sheet.unit_allowed, strict=True):
            inside = {self.class_of[g] for g in allowed}
            homes: Counter[int] = Counter()
            base = 0.0
            for i in unit:
                home = sheet.people[i].earlier_group
                base += stay if not home else 0.0
                if home in sheet.group_at and sheet.group_at[home] in allowed and stay:
                    homes[sheet.group_at[home]] += 1
            yield Kind(
                people=len(unit),
                worths=tuple(
                    base + sum(worths[i][c] for i in unit) if c in inside else None
                    for c in range(len(self.classes))
                ),
                homes=tuple(sorted(homes.items())),
                most=tuple(sorted(Counter(key for i in unit for key in most[i]).items())),
                least=tuple(
                    (rule, many) for rule, has in enumerate(leasts) if (many := sum(has[i] for i in unit))
                ),
            )

    def _worths(self, i: int) -> list[float]:
        """What each class is worth to a person by its topic."""
        by_topic: dict[str | None, float] = {}
        for each in self.classes:
            if each.topic not in by_topic:
                by_topic[each.topic] = sum(
                    self.shares[aim.name] * worth_of(aim, self.sheet, i, each.topic)
                    for aim in self.sheet.aims
                    if isinstance(aim, a.TopicWanted | a.Wishes)
                )
        return [by_topic[each.topic] for each in self.classes]

    def _watched(self) -> list[list[tuple[int, str]]]:
        """For each person the rules (by number) and values of which a class could come to hold too many."""
        sheet = self.sheet
        rules = sheet.problem.rules_of(r.AtMost)
        fewest = min(len(each.groups) for each in self.classes)
        found: list[list[tuple[int, str]]] = [[] for _ in sheet.people]
        for k, rule in enumerate(rules):
            counts = sheet.values(rule.attribute)
            for i, person in enumerate(sheet.people):
                for value in person.values_of(rule.attribute):
                    if rule.value in (None, value) and counts[value] > rule.maximum * fewest:
                        found[i].append((k, value))
        return found

    def _most_rows(self, kinds: Counter[Kind]) -> dict[tuple[tuple[int, str], int], int]:
        """A row for each class that could come to hold too many of a value."""
        rules = self.sheet.problem.rules_of(r.AtMost)
        counts: Counter[tuple[tuple[int, str], int]] = Counter()
        for kind, units in kinds.items():
            for key, many in kind.most:
                for c, worth in enumerate(kind.worths):
                    counts[key, c] += units * many if worth is not None else 0
        rows = {}
        for (key, c), count in counts.items():
            limit = float(rules[key[0]].maximum)
            if count > limit * len(self.classes[c].groups):
                rows[key, c] = self.program.row(-math.inf, 0.0)
                for column in self.used[c].values():
                    self.program.enter(rows[key, c], column, -limit)
        return rows

    def _least_rows(self) -> list[list[int]]:
        """For each rule a row for each class; what lacks is let off at the price."""
        rows = []
        for rule in self.sheet.problem.rules_of(r.AtLeast):
            here = []
            for each, used in zip(self.classes, self.used, strict=True):
                needed = float(rule.count * len(each.groups))
                row = self.program.row(0.0 if each.optional else needed, math.inf)
                if each.optional:
                    for column in used.values():
                        self.program.enter(row, column, -float(rule.count))
                self.program.column(self.price, needed, [(row, 1.0)])
                here.append(row)
            rows.append(here)
        return rows

    def _aims(self) -> None:
        for aim in self.sheet.aims:
            share = self.shares[aim.name]
            match aim:
                case a.SizeNear():
                    for used in self.used:
                        for size, column in used.items():
                            off = min(1.0, abs(size - aim.target) / aim.target)
                            self.program.worth[column] += share * size * (1 - off)
                    self.taken.add(aim.name)
                case a.EnoughOf():
                    self._enough_of(aim, share)
                    self.taken.add(aim.name)
                case a.Diverse():
                    if self._diverse(aim, share):
                        self.taken.add(aim.name)

    def _numbers_of_groups(self) -> list[tuple[int, int]]:
        """Sizes, each with a column that counts the groups of that size, shape by shape."""
        shapes: dict[tuple[int, int, bool, int], int] = {}
        for each, used in zip(self.classes, self.used, strict=True):
            for size, column in used.items():
                key = each.minimum, each.maximum, each.optional, size
                if key not in shapes:
                    shapes[key] = self.program.row(0.0, 0.0)
                self.program.enter(shapes[key], column, 1.0)
        groups = float(len(self.sheet.groups))
        return [(key[-1], self.program.column(0.0, groups, [(row, -1.0)])) for key, row in shapes.items()]

    def _enough_of(self, aim: a.EnoughOf, share: float) -> None:
        """Groups of a size count in full as far as they have enough; all have no more than there are."""
        has = float(sum(self.sheet.has(aim.attribute, aim.value)))
        all_there = self.program.row(0.0, has)
        for size, groups in self._numbers_of_groups():
            in_all, by_count = self.program.row(-math.inf, 0.0), self.program.row(-math.inf, 0.0)
            self.program.enter(in_all, groups, -float(size))
            self.program.column(share, float(self.people), [(in_all, 1.0), (by_count, 1.0)])
            self.program.column(0.0, has, [(all_there, 1.0), (by_count, -size / aim.count)])

    def _diverse(self, aim: a.Diverse, share: float) -> bool:
        """People of each value are shared out among groups of each size: the more of one, the less unlike.

        The k-th of a value in a group has k - 1 people alike, so there are no more such than groups. Of n
        people 1 - alike / (n (n - 1)) of the pairs are unlike, out of `most_unlike`. Who has not answered
        counts in full beside those who have.
        """
        values = [person.categories.get(aim.attribute) for person in self.sheet.people]
        counts = Counter(value for value in values if value is not None)
        untold = len(values) - counts.total()
        numbers = self._told_numbers(untold) if untold else self._numbers_of_groups()
        if len(counts) * sum(size for size, _ in numbers) > PARTS:
            return False
        there = {value: self.program.row(0.0, count) for value, count in counts.items()}
        for size, groups in numbers:
            best = most_unlike(size, len(counts))
            seats, in_all = self.program.row(0.0, 0.0), self.program.row(-math.inf, 0.0)
            self.program.enter(seats, groups, -float(size))
            self.program.enter(in_all, groups, -float(size))
            entries = [(in_all, 1.0)]
            by_mix = None
            if best > 0:
                by_mix = self.program.row(-math.inf, 0.0)
                self.program.enter(by_mix, groups, -size / best)
                entries.append((by_mix, 1.0))
            self.program.column(share, float(self.people), entries)
            self.program.column(self.price, float(size * len(self.sheet.groups)), [(seats, 1.0)])
            for value, count in counts.items():
                for alike in range(min(size, count)):
                    tier = self.program.row(-math.inf, 0.0)
                    self.program.enter(tier, groups, -1.0)
                    entries = [(there[value], 1.0), (seats, 1.0), (tier, 1.0)]
                    if by_mix is not None:
                        entries.append((by_mix, 2 * alike / ((size - 1) * best)))
                    self.program.column(0.0, float(count), entries)
        self.program.column(share * untold, 1.0)
        return True

    def _told_numbers(self, untold: int) -> list[tuple[int, int]]:
        """The same for those alone who have answered: sizes from which any who have not are missing."""
        least = max(1, min(each.minimum for each in self.classes) - untold)
        most = min(self.people, max(each.maximum for each in self.classes))
        groups = float(len(self.sheet.groups))
        number = self.program.row(0.0, groups)
        return [(size, self.program.column(0.0, groups, [(number, 1.0)])) for size in range(least, most + 1)]


def worth_of(aim: a.TopicWanted | a.Wishes, sheet: Sheet, i: int, topic: str | None) -> float:
    """What a topic is worth to a person by an aim, 0 to 1."""
    if isinstance(aim, a.TopicWanted):
        return wants(sheet, i, topic)
    return contentment(aim, sheet, i, topic)
