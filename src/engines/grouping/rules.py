"""Hard rules: what every grouping must hold, whatever it costs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeepApart:
    """These two people (ids) are never in one group."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class KeepTogether:
    """All these people (ids) are in one group. Sets that overlap become one."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Locked:
    """This person (id) is in this group (id)."""

    person: str
    group: str


@dataclass(frozen=True, slots=True)
class AllowedGroups:
    """This person (id) may only be in one of these groups (ids)."""

    person: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtMost:
    """No group holds more than `maximum` people of one kind.

    The kind is `value` of the attribute (a category or a set); without a value it is each value in turn,
    as in "at most one person of any organization". People without an answer are of no kind.
    """

    attribute: str
    maximum: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Every group that is used holds at least `count` people with this value of the attribute."""

    attribute: str
    value: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class SharedHours:
    """Every group that is used has at least `count` slots in which enough of its people are free.

    Enough is the share `quorum` (above 0, at most 1), rounded up, of those who gave their hours.
    """

    count: int
    quorum: float = 1.0


Rule = KeepApart | KeepTogether | Locked | AllowedGroups | AtMost | AtLeast | SharedHours
