"""Telling whoever listens that a room has changed, once the change has been committed; and who is there.

Actions announce; the hub of this process, when there is one, listens. Only ids are told: what a screen shows
is read from the database afterwards, so that a message that is lost or doubled costs nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

type Listener = Callable[[int], None]

listeners: list[Listener] = []
"""Who is called with the id of a room that has changed, from whatever thread changed it."""


@dataclass(frozen=True)
class Presence:
    """Whose screens are connected to a room: ids of participants and of people hosting; projectors."""

    participants: frozenset[int] = field(default_factory=frozenset)
    hosts: frozenset[int] = field(default_factory=frozenset)
    projectors: int = 0


_present: dict[int, Presence] = {}


def announce(room_id: int) -> None:
    """Tell the listeners, when the open transaction commits, that a room has changed."""
    transaction.on_commit(lambda: _tell(room_id))


def presence_in(room_id: int) -> Presence:
    """Return whose screens are connected to a room, as far as this process knows."""
    return _present.get(room_id, Presence())


def note_presence(room_id: int, presence: Presence | None) -> None:
    """Keep who is in a room (None: nobody listens any longer); called by the hub alone."""
    if presence is None:
        _present.pop(room_id, None)
    else:
        _present[room_id] = presence


def _tell(room_id: int) -> None:
    for listener in list(listeners):
        listener(room_id)
