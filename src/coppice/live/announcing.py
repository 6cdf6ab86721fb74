"""Telling whoever listens that a room has changed, once the change has been committed; and who is there.

Actions announce; the hub of this process, when there is one, listens, and so does the relay to other
processes, which brings what they know of who is there. Only ids are told: what a screen shows is read from
the database afterwards, so that a message that is lost or doubled costs nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

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

    def __or__(self, other: "Presence") -> "Presence":
        """Both together: a phone or host in two processes is one, each projector is its own."""
        return Presence(
            self.participants | other.participants,
            self.hosts | other.hosts,
            self.projectors + other.projectors,
        )


NOBODY = Presence()
presence_listeners: list[Listener] = []
"""Who is called with the id of a room when somebody came to this process or left it, in the loop's thread."""
_here: dict[int, Presence] = {}
_elsewhere: dict[int, dict[str, Presence]] = {}


def announce(room_id: int) -> None:
    """Tell the listeners, when the open transaction commits, that a room has changed."""
    transaction.on_commit(lambda: _tell(room_id))


def moment() -> str:
    """Return now in milliseconds, finely: what began to be drawn before a change may not show it."""
    return f"{time.time() * 1000:.3f}"


def presence_in(room_id: int) -> Presence:
    """Return whose screens are connected to a room, in this process and in those that told it."""
    return reduce(or_, dict(_elsewhere.get(room_id, {})).values(), presence_here(room_id))


def presence_here(room_id: int) -> Presence:
    """Return whose screens are connected to a room in this process."""
    return _here.get(room_id, NOBODY)


def rooms_here() -> list[int]:
    """Return the rooms that any screen looks at in this process."""
    return list(_here)


def note_presence(room_id: int, presence: Presence | None) -> None:
    """Keep who is in a room (None: nobody listens any longer); called by the hub alone."""
    if presence is None:
        _here.pop(room_id, None)
    else:
        _here[room_id] = presence
    for listener in presence_listeners:
        listener(room_id)


def note_elsewhere(process: str, room_id: int, presence: Presence) -> bool:
    """Keep who is in a room in another process, and say whether that is news; called by the relay alone."""
    known = _elsewhere.setdefault(room_id, {})
    before = known.get(process, NOBODY)
    if presence == NOBODY:
        known.pop(process, None)
    else:
        known[process] = presence
    return before != presence


def forget_elsewhere(process: str | None = None) -> list[int]:
    """Forget who is in another process, or in all others, and return the rooms where somebody was."""
    lost = []
    for room_id, known in _elsewhere.items():
        gone = [each for each in known if process in {None, each}]
        for each in gone:
            del known[each]
        lost += [room_id] if gone else []
    return lost


def _tell(room_id: int) -> None:
    for listener in list(listeners):
        listener(room_id)
