"""Who hears at once, who in a digest and who not at all: asked for many people in the same few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coppice.notifications.models import Line, Message, Mute, Pace, Rhythm


@dataclass(frozen=True)
class Reach:
    """How something new from a list reaches some people, in the order in which they were given.

    `later` pairs each person with the rhythm of the digest that will tell them. Whoever left the list, or was
    told the same occasion before, stands in `not_told`.
    """

    at_once: list[Any]
    later: list[tuple[Any, Pace]]
    not_told: list[Any]


def reach(people: Iterable[Any], *, list_key: str, occasion: str = "", period: str = "") -> Reach:
    """Return who of these people gets a mail at once, who a line in a digest, who nothing.

    Two queries for however many people; two more when an `occasion` is given, whose former mails and lines
    count as told. People without an address are not sorted out here: `compose` and `compose_line` return
    None for them.
    """
    people = list(people)
    paces = paces_of([person.pk for person in people], list_key=list_key)
    told = _told([person.pk for person in people], occasion, period) if occasion else set()
    found = Reach(at_once=[], later=[], not_told=[])
    for person in people:
        pace = paces[person.pk]
        if pace == Pace.NONE or person.pk in told:
            found.not_told.append(person)
        elif pace == Pace.INSTANT:
            found.at_once.append(person)
        else:
            found.later.append((person, pace))
    return found


def paces_of(person_ids: Iterable[int], *, list_key: str, at: datetime | None = None) -> dict[int, Pace]:
    """Return for each of these people how often they hear from the list now; in two queries."""
    ids = list(person_ids)
    chosen = dict(Rhythm.objects.filter(list_key=list_key, person__in=ids).values_list("person_id", "rhythm"))
    left = set(
        Mute.objects.current(at).filter(list_key=list_key, person__in=ids).values_list("person_id", flat=True)
    )
    return {pk: Pace.NONE if pk in left else Pace(chosen.get(pk, Pace.INSTANT)) for pk in ids}


def _told(person_ids: list[int], occasion: str, period: str) -> set[int]:
    known = {"occasion": occasion, "period": period}
    return {
        *Message.objects.filter(recipient__in=person_ids, **known).values_list("recipient_id", flat=True),
        *Line.objects.filter(person__in=person_ids, **known).values_list("person_id", flat=True),
    }
