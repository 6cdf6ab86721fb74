"""What the engine answers: times, for whom each is hard and why, and how much better any choice could be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """What makes a time hard for somebody."""

    BUSY = "busy"
    NOT_USUAL = "not_usual"
    NIGHT = "night"
    EARLY = "early"
    LATE = "late"
    REST_DAY = "rest_day"
    IF_NEED_BE = "if_need_be"


@dataclass(frozen=True, slots=True)
class Hard:
    """For whom a start is hard: the burden, the reasons, and the start on that person's own clock."""

    person: str
    burden: int
    reasons: tuple[Why, ...]
    local: datetime

    @property
    def is_away(self) -> bool:
        """Whether this person cannot come at all."""
        return Why.BUSY in self.reasons


@dataclass(frozen=True, slots=True)
class Meeting:
    """One start of a chosen time, and everybody for whom it is hard, the hardest first."""

    start: datetime
    hard: tuple[Hard, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: its times (each with all its meetings), its score, and what everybody bears in all.

    score: the sum over people of the square of what each bears, what was `carried` before included; least is
        best. Squares, so that two who bear 4 count less than one who bears 8.
    burdens: everybody's burden in these meetings, without what was carried
    """

    times: tuple[tuple[Meeting, ...], ...]
    score: int
    burdens: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """The best choice first, then others that are not near it; no choice at all scores less than `bound`.

    is_best: whether it is proven that the first has the least score there is
    """

    options: tuple[Option, ...]
    bound: int
    is_best: bool


@dataclass(frozen=True, slots=True)
class NoTime:
    """At no candidate all can come who must; how many candidates each of them rules out."""

    ruled_out: Mapping[str, int]
