"""What the engine answers: rounds of groups, each with its reasons, and who is left over and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

type Value = str | int | tuple[str, ...] | tuple[int, ...]


class ReasonCode(StrEnum):
    """Why these people sit together, or what speaks against it; parameters in brackets. Stable.

    `people` are always two of the group, except where it is said otherwise.
    """

    FIRST_MEETING = "first_meeting"  # nobody here has met another
    MET_BEFORE = "met_before"  # people, times
    COLLEAGUES = "colleagues"  # people, circles that they share
    NEED_MEETS_OFFER = "need_meets_offer"  # person who needs, helper, topic, weight
    SHARED_HOURS = "shared_hours"  # slots (up to three) in which all who told are free, count of all such
    NO_SHARED_HOURS = "no_shared_hours"  # people
    OTHER_SIZE = "other_size"  # size that was asked for, people: how many are here
    NOBODY_ELSE = "nobody_else"  # left over: alone here
    KEPT_APART = "kept_apart"  # left over: people (any number) here who must not sit with this person
    NO_PLACE = "no_place"  # left over: every group that is left has somebody to be kept from


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code and its parameters, to be put into words by the caller."""

    code: ReasonCode
    parameters: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """People (ids, in alphabetical order) who sit together in one round, and why."""

    people: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Somebody (id) who has nobody to sit with in a round, and why."""

    person: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """What a round costs and brings, most important first. Each two people of a group count once.

    repeats: how often they had met before; colleagues: pairs of colleagues; without_hours: pairs without a
    common hour; needs: the sum of the weights of needs that meet an offer.
    """

    unplaced: int
    repeats: int
    colleagues: int
    without_hours: int
    needs: int


@dataclass(frozen=True, slots=True)
class Round:
    """Everybody once, in a group or among those left over.

    is_best: it is proven that no other round, after the earlier ones, is better by its measures, the first
    that differs deciding; False: not proven.
    """

    groups: tuple[Group, ...]
    unplaced: tuple[Unplaced, ...]
    measures: Measures
    is_best: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All rounds, in order; seed: what to give to get the same again."""

    rounds: tuple[Round, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Repaired:
    """An open round after people came or left.

    kept: how many groups stayed as they were; changed: who (ids) was here before and now sits with somebody
    else, or with fewer; arrived: who is new.
    """

    round: Round
    kept: int
    changed: tuple[str, ...]
    arrived: tuple[str, ...]
