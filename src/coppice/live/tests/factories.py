"""Real rows for the tests of live rooms and of the rooms above."""

from collections.abc import Sequence
from typing import Any

from coppice.communities.models import Community
from coppice.live.actions import moves, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.models import Participant, Room, Step
from coppice.programs.models import Program

OPTIONS = ("Rides", "Money", "Volunteers")


def plan(kind: str = "choice", title: str = "Where shall we begin?", **fields: Any) -> Plan:
    """A step of an agenda, with settings that its kind takes."""
    settings: dict[str, Any] = {
        "talk": {},
        "choice": {"options": list(OPTIONS), "several": False, "show_at_once": False},
        "scale": {"steps": 5, "lowest": "hard", "highest": "easy", "show_at_once": False},
        "words": {"show_at_once": False},
        "ranking": {"options": list(OPTIONS), "show_at_once": False},
    }[kind]
    return Plan(kind=kind, title=title, settings={**settings, **fields.pop("settings", {})}, **fields)


def make_room(
    program: Program,
    *,
    community: Community | None = None,
    title: str = "Launch evening",
    by: Any = None,
    steps: Sequence[Plan] = (),
) -> Room:
    """A room that is ready, with one poll in which people choose unless told otherwise."""
    return rooms.create(
        program,
        title=title,
        community=community,
        by=by,
        steps=steps or [plan()],
    )


def opened(room: Room, number: int = 0, *, by: Any = None) -> Step:
    """The step of a room by its place, as it is once it was opened."""
    step = list(room.steps.all())[number]
    moves.open_step(step, by=by)
    return fresh(step)


def fresh(step: Step) -> Step:
    """The step as it stands in the database."""
    return Step.objects.select_related("room").get(pk=step.pk)


def make_participant(room: Room, name: str = "Femi", **fields: Any) -> Participant:
    """Somebody in the room."""
    return Participant.objects.create(room=room, name=name, **fields)
