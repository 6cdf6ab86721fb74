"""How people on a roster answered their invitations: the room above that knows registers a teller."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from coppice.programs.models import Enrollment


@dataclass(frozen=True)
class Answer:
    """What somebody answered, in words, and which community it is about."""

    words: str
    tone: str
    community: str
    url: str


@dataclass(frozen=True)
class Teller:
    """What a room above knows: its answers to choose from, whom each concerns, and those of some people."""

    choices: Callable[[], Sequence[tuple[str, str]]]
    narrow: Callable[[QuerySet[Enrollment], str], QuerySet[Enrollment]]
    of: Callable[[Sequence[Enrollment]], Mapping[int, Sequence[Answer]]]


_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Show `teller`'s answers in the list of people; called from the room's AppConfig.ready()."""
    if teller not in _tellers:
        _tellers.append(teller)


def choices() -> list[tuple[str, str]]:
    """Return the answers that the list can be narrowed to: a key, and words."""
    return [choice for teller in _tellers for choice in teller.choices()]


def narrow(people: QuerySet[Enrollment], key: str) -> QuerySet[Enrollment]:
    """Return those who gave this answer; everybody for a key that nobody knows."""
    for teller in _tellers:
        if key in dict(teller.choices()):
            return teller.narrow(people, key)
    return people


def answers_of(people: Sequence[Enrollment]) -> dict[int, list[Answer]]:
    """Return the answers of these people by enrollment, in one query for each room that knows."""
    found: dict[int, list[Answer]] = {}
    for teller in _tellers:
        for pk, answers in teller.of(people).items():
            found.setdefault(pk, []).extend(answers)
    return found
