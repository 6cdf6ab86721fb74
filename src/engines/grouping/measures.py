"""The aims as functions: the score from 0 to 1 of people in a group, by the formulas of `score_cop.py`."""

import math
from collections.abc import Callable

from engines.grouping import aims as a
from engines.grouping.sheet import Sheet

type Measure = Callable[[list[int], int], float]


WHOLE = 1 - 1e-9
"""From here on an aim counts as reached wholly."""


def measure_of(aim: a.Aim, sheet: Sheet) -> Measure:
    """The aim as a function of people's numbers (at least one) and the group's number."""
    measure = _measure(aim, sheet)
    if not is_strict(aim):
        return measure

    def strictly(members: list[int], group: int) -> float:
        score = measure(members, group)
        return 1.0 if score >= WHOLE else a.PART * score

    return strictly


def is_strict(aim: a.Aim) -> bool:
    """Whether a group either reaches the aim or misses it."""
    return isinstance(aim, a.Alike | a.Balanced | a.Proportional | a.EnoughOf) and aim.strict


def _measure(aim: a.Aim, sheet: Sheet) -> Measure:
    match aim:
        case a.Alike():
            if any(aim.attribute in person.sets for person in sheet.people):
                return _alike_sets(aim.attribute, sheet)
            return _alike(_categories(aim.attribute, sheet))
        case a.Diverse():
            return _diverse(_categories(aim.attribute, sheet))
        case a.AlikeNumbers() | a.DiverseNumbers() | a.Balanced():
            return _numbers(aim, sheet)
        case a.Proportional():
            return _proportional(aim, sheet)
        case a.NobodyIsolated():
            return _nobody_isolated(aim, sheet)
        case a.EnoughOf():
            return _enough_of(aim, sheet)
        case a.TopicWanted():
            return _by_topic(sheet, lambda i, topic: wants(sheet, i, topic))
        case a.Wishes():
            return _by_topic(sheet, lambda i, topic: contentment(aim, sheet, i, topic))
        case a.CommonNeeds():
            return _common_needs(sheet)
        case a.Coverage():
            return _coverage(sheet)
        case a.MeetingHours():
            lanes = sheet.hour_lanes()
            return lambda members, group: min(1.0, lanes.count(members, aim.quorum) / aim.target)
        case a.Stability():
            return _stability(sheet)
    return lambda members, group: 1 - min(1.0, abs(len(members) - aim.target) / aim.target)


def mean_and_spread(numbers: list[float]) -> tuple[float, float]:
    """Mean and population standard deviation of at least one number."""
    mean = sum(numbers) / len(numbers)
    return mean, math.sqrt(sum((number - mean) ** 2 for number in numbers) / len(numbers))


def _categories(attribute: str, sheet: Sheet) -> list[str | None]:
    return [person.categories.get(attribute) for person in sheet.people]


def _pairs(values: list[str | None], members: list[int]) -> tuple[int, int]:
    """Answered members, and ordered pairs of them with the same value."""
    counts: dict[str, int] = {}
    answered = same = 0
    for i in members:
        value = values[i]
        if value is not None:
            answered += 1
            seen = counts.get(value, 0)
            same += 2 * seen
            counts[value] = seen + 1
    return answered, same


def _alike(values: list[str | None]) -> Measure:
    def measure(members: list[int], group: int) -> float:
        answered, same = _pairs(values, members)
        return 1.0 if answered < 2 else same / (answered * (answered - 1))

    return measure


def _alike_sets(attribute: str, sheet: Sheet) -> Measure:
    """The mean over pairs of |A ∩ B| / |A ∪ B| (Jaccard) of their values; `_alike` for single ones."""
    answers = [person.values_of(attribute) for person in sheet.people]
    bit = {value: 1 << k for k, value in enumerate(sorted(set().union(*answers)))}
    masks = [sum(bit[value] for value in each) for each in answers]

    def measure(members: list[int], group: int) -> float:
        counts: dict[int, int] = {}
        for i in members:
            if masks[i]:
                counts[masks[i]] = counts.get(masks[i], 0) + 1
        answered = sum(counts.values())
        if answered < 2:
            return 1.0
        alike = 0.0
        kinds = list(counts.items())
        for k, (mask, count) in enumerate(kinds):
            alike += count * (count - 1) / 2
            for other, more in kinds[:k]:
                if mask & other:
                    alike += count * more * (mask & other).bit_count() / (mask | other).bit_count()
        return alike / (answered * (answered - 1) / 2)

    return measure


def _diverse(values: list[str | None]) -> Measure:
    kinds = len(set(values) - {None})
    best = [most_unlike(count, kinds) for count in range(len(values) + 1)]

    def measure(members: list[int], group: int) -> float:
        answered, same = _pairs(values, members)
        if best[answered] == 0:
            return 1.0
        return min(1.0, (1 - same / (answered * (answered - 1))) / best[answered])

    return measure


def most_unlike(people: int, kinds: int) -> float:
    """The largest possible share of unlike pairs when so many people are of so many kinds."""
    if people < 2 or kinds == 0:
        return 0.0
    each, more = divmod(people, kinds)
    same = more * (each + 1) * each + (kinds - more) * each * (each - 1)
    return 1 - same / (people * (people - 1))


def _numbers(aim: a.AlikeNumbers | a.DiverseNumbers | a.Balanced, sheet: Sheet) -> Measure:
    numbers = [person.numbers.get(aim.attribute) for person in sheet.people]
    answered = [number for number in numbers if number is not None]
    overall, spread = mean_and_spread(answered) if answered else (0.0, 0.0)

    def measure(members: list[int], group: int) -> float:
        here = [number for i in members if (number := numbers[i]) is not None]
        if not here or spread == 0:
            return 1.0
        mean, deviation = mean_and_spread(here)
        match aim:
            case a.AlikeNumbers():
                return 1 - min(1.0, deviation / spread)
            case a.DiverseNumbers():
                return min(1.0, deviation / spread)
        return 1 - min(1.0, max(0.0, abs(mean - overall) / spread - aim.tolerance))

    return measure


def _proportional(aim: a.Proportional, sheet: Sheet) -> Measure:
    has = sheet.has(aim.attribute, aim.value)
    answered = [bool(values) for values in sheet.answers(aim.attribute)]
    share = sheet.share(aim.attribute, aim.value)

    def measure(members: list[int], group: int) -> float:
        expected = sum([answered[i] for i in members]) * share
        return _share_score(sum([has[i] for i in members]), expected)

    return measure


def shares_together(aims: list[tuple[float, a.Proportional]], sheet: Sheet) -> Measure:
    """Several aims about values of one attribute, each with its weight, as one: their weighted sum.

    What a group is worth without any of the values is known by how many have answered; only the values that
    it has are looked at.
    """
    attribute = aims[0][1].attribute
    answers = sheet.answers(attribute)
    shares = [(weight, aim.value, sheet.share(attribute, aim.value)) for weight, aim in aims]
    watched = {value for _weight, value, _share in shares}
    kept = [tuple(value for value in values if value in watched) for values in answers]
    tables: dict[int, tuple[float, dict[str, list[float]]]] = {}

    def table(answered: int) -> tuple[float, dict[str, list[float]]]:
        """The sum when nobody has a value, and by value what each count of people adds to it."""
        none = 0.0
        more: dict[str, list[float]] = {value: [0.0] * (answered + 1) for value in watched}
        for weight, value, share in shares:
            scores = [_share_score(count, answered * share) for count in range(answered + 1)]
            none += weight * scores[0]
            for count, score in enumerate(scores):
                more[value][count] += weight * (score - scores[0])
        return none, more

    def measure(members: list[int], group: int) -> float:
        counts: dict[str, int] = {}
        answered = 0
        for i in members:
            answered += bool(answers[i])
            for value in kept[i]:
                counts[value] = counts.get(value, 0) + 1
        if answered not in tables:
            tables[answered] = table(answered)
        none, more = tables[answered]
        return none + sum([more[value][count] for value, count in counts.items()])

    return measure


def _share_score(count: int, expected: float) -> float:
    off = max(0, math.floor(expected) - count, count - math.ceil(expected))
    return 1 - min(1.0, off / max(1.0, expected))


def _nobody_isolated(aim: a.NobodyIsolated, sheet: Sheet) -> Measure:
    watched = set(sheet.values(aim.attribute) if aim.values is None else aim.values)
    values = [[v for v in person.values_of(aim.attribute) if v in watched] for person in sheet.people]

    def measure(members: list[int], group: int) -> float:
        counts: dict[str, int] = {}
        for i in members:
            for value in values[i]:
                counts[value] = counts.get(value, 0) + 1
        return 0.0 if counts and min(counts.values()) < aim.at_least else 1.0

    return measure


def _enough_of(aim: a.EnoughOf, sheet: Sheet) -> Measure:
    has = sheet.has(aim.attribute, aim.value)
    return lambda members, group: min(1.0, sum([has[i] for i in members]) / aim.count)


def _by_topic(sheet: Sheet, worth: Callable[[int, str | None], float]) -> Measure:
    """The mean over the members of what the group's topic is worth to each."""
    topics = {group.topic for group in sheet.groups}
    rows = {topic: [worth(i, topic) for i in range(len(sheet.people))] for topic in topics}
    row_of = [rows[group.topic] for group in sheet.groups]

    def measure(members: list[int], group: int) -> float:
        row = row_of[group]
        return sum([row[i] for i in members]) / len(members)

    return measure


def wants(sheet: Sheet, i: int, topic: str | None) -> float:
    needs = sheet.people[i].needs
    return 1.0 if needs is None or topic in needs else 0.0


def contentment(aim: a.Wishes, sheet: Sheet, i: int, topic: str | None) -> float:
    wishes = sheet.people[i].wishes
    if not wishes:
        return 1.0
    if topic not in wishes[: len(aim.utilities)]:
        return 0.0
    return aim.utilities[wishes.index(topic)]


def _common_needs(sheet: Sheet) -> Measure:
    def measure(members: list[int], group: int) -> float:
        counts: dict[str, int] = {}
        answered = 0
        for i in members:
            needs = sheet.people[i].needs
            answered += needs is not None
            for topic in needs or ():
                counts[topic] = counts.get(topic, 0) + 1
        return max(counts.values(), default=0) / answered if answered else 1.0

    return measure


def _coverage(sheet: Sheet) -> Measure:
    topics = sorted({topic for person in sheet.people for topic in person.needs or ()})
    bit = {topic: 1 << position for position, topic in enumerate(topics)}
    needs = [sum(bit[topic] for topic in set(person.needs or ())) for person in sheet.people]
    known = [
        sum(bit[t] for t in topics if person.expertise.get(t, 0) >= sheet.problem.expert_level)
        for person in sheet.people
    ]

    def measure(members: list[int], group: int) -> float:
        once = twice = 0
        for i in members:
            twice |= once & known[i]
            once |= known[i]
        asked = met = 0
        for i in members:
            asked += needs[i].bit_count()
            met += (needs[i] & (twice | (once & ~known[i]))).bit_count()
        return met / asked if asked else 1.0

    return measure


def _stability(sheet: Sheet) -> Measure:
    anywhere = -1
    home = [
        sheet.group_at.get(person.earlier_group, len(sheet.groups)) if person.earlier_group else anywhere
        for person in sheet.people
    ]

    def measure(members: list[int], group: int) -> float:
        return sum([home[i] == group or home[i] == anywhere for i in members]) / len(members)

    return measure
