"""Aims: what a grouping should come near to, each scored from 0 to 1 in every group and weighted.

The formulas are those of the public scorer of communities of practice (`score_cop.py`), whose names stand
in brackets. Who has not answered counts neither for nor against. A grouping's score for an aim is the mean
over its groups, weighted by their people.

A `strict` aim is one that a group either reaches or misses, as class-forming tools count rules: what is not
reached wholly counts only for the share PART of its score, enough to show the search a way.
"""

from dataclasses import dataclass

PART = 0.3
"""What a strict aim that is not reached wholly counts of its score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Pairs in a group share the category [similar_cat].

    Where somebody has a set of values, a pair counts by what it shares: the number of common values over the
    number of values that either has (Jaccard), so that two people with one value each count as before.
    """

    name: str
    attribute: str
    weight: float = 1.0
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diverse:
    """Pairs in a group differ in the category, out of what is possible [diverse_cat]."""

    name: str
    attribute: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeNumbers:
    """The number varies less in a group than among all people [similar_num]."""

    name: str
    attribute: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DiverseNumbers:
    """The number varies in a group as much as among all people [diverse_num]."""

    name: str
    attribute: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    """The group's mean of the number is near the mean of all people [balance_num].

    Up to `tolerance` standard deviations of all people away is as good as equal.
    """

    name: str
    attribute: str
    weight: float = 1.0
    tolerance: float = 0.0
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportional:
    """People with this value are spread over the groups in proportion [distribute]."""

    name: str
    attribute: str
    value: str
    weight: float = 1.0
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyIsolated:
    """Who has one of these values has at least `at_least` - 1 others of it in the group [no_isolate].

    Without values it holds for every value of the attribute.
    """

    name: str
    attribute: str
    values: tuple[str, ...] | None = None
    at_least: int = 2
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EnoughOf:
    """At least `count` people in the group have this value [min_count]."""

    name: str
    attribute: str
    value: str
    count: int = 1
    weight: float = 1.0
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicWanted:
    """The group's topic is among its people's needs [topic_need]."""

    name: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonNeeds:
    """The need shared by most people of the group is shared by all [common_need]."""

    name: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """For each person's need somebody else in the group is an expert [coverage].

    An expert's level is at least the problem's `expert_level`.
    """

    name: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHours:
    """At least `target` slots in which the share `quorum` of the group is free [availability]."""

    name: str
    target: int
    quorum: float = 1.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """People get the topic that they ranked high [preference].

    `utilities` says from 0 to 1 what the first, second … wish is worth; who wished nothing is content.
    """

    name: str
    utilities: tuple[float, ...] = (1.0, 0.75, 0.5)
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """People stay in their earlier group; newcomers count as staying [stability]."""

    name: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeNear:
    """The group has about `target` people [size]."""

    name: str
    target: float
    weight: float = 1.0


Aim = (
    Alike
    | Diverse
    | AlikeNumbers
    | DiverseNumbers
    | Balanced
    | Proportional
    | NobodyIsolated
    | EnoughOf
    | TopicWanted
    | CommonNeeds
    | Coverage
    | MeetingHours
    | Wishes
    | Stability
    | SizeNear
)
