"""Topics by how far what people find important is from what they feel able to do, and how sure that is."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from engines.scoring.student import within

SURE = 0.95
FEWEST = 5


@dataclass(frozen=True)
class Opinion:
    """What one person says of one topic: how important it is to them, and how confident they are in it.

    Both are on the same scale (1 to 5 in Coppice); `person` and `topic` are any names.
    """

    person: str
    topic: str
    importance: float
    confidence: float

    @property
    def gap(self) -> float:
        return self.importance - self.confidence


@dataclass(frozen=True)
class Interval:
    """Where a mean lies with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True)
class Gap:
    """One topic: the means of `people` who said both, and the mean of their gaps.

    `interval` is None where everybody has the same gap: then the spread is unknown, not zero. With 95 %
    confidence the topic's place by gap is between `first` and `last`, 1 being the largest gap.
    """

    topic: str
    people: int
    importance: float
    confidence: float
    gap: float
    interval: Interval | None
    first: int
    last: int


def rank_gaps(opinions: Iterable[Opinion], *, fewest: int = FEWEST) -> tuple[Gap, ...]:
    """Return the topics that at least `fewest` people spoke of, the largest gap first, then by importance.

    The gap of a topic is the mean over people of importance minus confidence, the discrepancy of Borich, "A
    needs assessment model for conducting follow-up studies", Journal of Teacher Education 31 (1980). Its
    interval is Student's for a mean: mean ± t · s / √n with n - 1 degrees of freedom ("The probable error of
    a mean", Biometrika 6, 1908), right for groups as small as five, where a normal one is too narrow.

    Places: two topics are told apart when the interval of the difference within the same people leaves out
    zero. With k topics it is taken at 1 - 0.05 / (k - 1) (Bonferroni), so that the place of each topic lies
    from `first` to `last` with at least 95 % confidence (Mogstad, Romano, Shaikh, Wilhelm, "Inference for
    ranks with applications", Review of Economic Studies 91, 2024). Of two opinions of one person on a topic
    the later counts. `fewest` below 2 raises ValueError: one answer has no spread.
    """
    if fewest < 2:
        raise ValueError("at least two answers are needed to say how sure a mean is")
    said: dict[str, dict[str, Opinion]] = defaultdict(dict)
    for opinion in opinions:
        said[opinion.topic][opinion.person] = opinion
    shown = {topic: by_person for topic, by_person in said.items() if len(by_person) >= fewest}
    above, below = _told_apart(shown)
    gaps = (
        _gap(topic, [*each.values()], above[topic], below[topic], len(shown)) for topic, each in shown.items()
    )
    return tuple(sorted(gaps, key=lambda each: (-each.gap, -each.importance, each.topic)))


def _gap(topic: str, opinions: Sequence[Opinion], above: int, below: int, topics: int) -> Gap:
    gaps = [each.gap for each in opinions]
    count = len(opinions)
    return Gap(
        topic=topic,
        people=count,
        importance=math.fsum(each.importance for each in opinions) / count,
        confidence=math.fsum(each.confidence for each in opinions) / count,
        gap=math.fsum(gaps) / count,
        interval=interval_of(gaps),
        first=1 + above,
        last=topics - below,
    )


def interval_of(values: Sequence[float], *, sure: float = SURE) -> Interval | None:
    """Return Student's interval of a mean; None for fewer than two values, or when all are the same."""
    count = len(values)
    if count < 2:
        return None
    mean = math.fsum(values) / count
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1))
    if not spread:
        return None
    reach = within(sure, count - 1) * spread / math.sqrt(count)
    return Interval(mean - reach, mean + reach)


def _told_apart(said: Mapping[str, Mapping[str, Opinion]]) -> tuple[dict[str, int], dict[str, int]]:
    """Return for each topic how many are clearly above it, and how many clearly below."""
    above, below = dict.fromkeys(said, 0), dict.fromkeys(said, 0)
    sure = 1 - (1 - SURE) / max(1, len(said) - 1)
    for one, other in combinations(sorted(said), 2):
        both = said[one].keys() & said[other].keys()
        differences = [said[one][person].gap - said[other][person].gap for person in sorted(both)]
        higher = _which_is_higher(one, other, differences, sure)
        if higher is not None:
            lower = other if higher == one else one
            above[lower] += 1
            below[higher] += 1
    return above, below


def _which_is_higher(one: str, other: str, differences: Sequence[float], sure: float) -> str | None:
    interval = interval_of(differences, sure=sure)
    if interval is None or interval.low <= 0 <= interval.high:
        return None
    return one if interval.low > 0 else other
