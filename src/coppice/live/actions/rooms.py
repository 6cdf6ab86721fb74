"""Opening a room, its agenda, and its end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from coppice.communities.models import Community
from coppice.history.actions import record
from coppice.live.announcing import announce
from coppice.live.codes import free_code
from coppice.live.errors import BegunAlready, NoCodeLeft, RoomHasEnded
from coppice.live.kinds import kind_of
from coppice.live.models import Room, Step
from coppice.programs.models import Program

TRIES = 3


@dataclass(frozen=True)
class Plan:
    """One step of an agenda before there is a room for it."""

    kind: str
    title: str
    prompt: str = ""
    script: str = ""
    minutes: int | None = None
    settings: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def create(
    program: Program,
    *,
    title: str,
    by: Any,
    community: Community | None = None,
    language: str = "",
    steps: Iterable[Plan] = (),
) -> Room:
    """Open a room with a code of its own and these steps; nobody is told yet.

    `language` is spoken by the projector, the program's when empty. Raises NoCodeLeft.
    """
    zone = community.time_zone if community else program.time_zone
    room = _with_free_code(
        Room(
            program=program,
            community=community,
            title=title,
            language=language or program.language,
            time_zone=zone,
            created_by=by,
        )
    )
    Step.objects.bulk_create(
        Step(room=room, position=position, **vars(plan)) for position, plan in enumerate(steps)
    )
    record("live_room.created", scope=program.scope, by=by, subject=room)
    return room


@transaction.atomic
def add_step(room: Room, *, plan: Plan, by: Any) -> Step:
    """Add a step at the end of the agenda. Raises RoomHasEnded."""
    room = _going_on(room)
    last = room.steps.aggregate(last=Max("position"))["last"]
    step = Step.objects.create(room=room, position=0 if last is None else last + 1, **vars(plan))
    _note_agenda(room, by=by)
    announce(room.pk)
    return step


@transaction.atomic
def change_step(step: Step, *, by: Any, **said: Any) -> None:
    """Change a step; `said` are its fields, and `settings` only before it was begun.

    Raises RoomHasEnded, BegunAlready.
    """
    room = _going_on(step.room)
    if step.was_begun and said.get("settings", step.settings) != step.settings:
        raise BegunAlready
    for name, value in said.items():
        setattr(step, name, value)
    step.save(update_fields=list(said))
    _note_agenda(room, by=by)
    announce(room.pk)


@transaction.atomic
def remove_step(step: Step, *, by: Any) -> None:
    """Take a step off the agenda that was never begun. Raises RoomHasEnded, BegunAlready."""
    room = _going_on(step.room)
    if step.was_begun:
        raise BegunAlready
    _note_agenda(room, by=by)
    step.delete()
    announce(room.pk)


@transaction.atomic
def place_step(step: Step, *, earlier: bool, by: Any) -> None:
    """Let a step change places with the one before it, or after it; at the edge nothing happens.

    Raises RoomHasEnded.
    """
    room = _going_on(step.room)
    steps = list(room.steps.all())
    place = next(number for number, each in enumerate(steps) if each.pk == step.pk)
    other = place - 1 if earlier else place + 1
    if not 0 <= other < len(steps):
        return
    steps[place], steps[other] = steps[other], steps[place]
    for position, each in enumerate(steps):
        each.position = position
    Step.objects.bulk_update(steps, ["position"])
    _note_agenda(room, by=by)
    announce(room.pk)


@transaction.atomic
def end(room: Room, *, by: Any, late_until: datetime | None = None) -> None:
    """End a room: all screens show what happened, and its code is free again.

    Until `late_until` people can still add answers; None takes none. Raises RoomHasEnded.
    """
    room = _going_on(room)
    for step in room.steps.filter(state=Step.State.OPEN):
        step.stop_clock()
        step.state = Step.State.CLOSED
        step.save()
    for step in room.steps.filter(rounds_begun__gt=0):
        kind_of(step).finish(step)
    room.state, room.ended_at, room.late_until = Room.State.ENDED, timezone.now(), late_until
    room.save(update_fields=["state", "ended_at", "late_until"])
    record("live_room.ended", scope=room.program.scope, by=by, subject=room)
    announce(room.pk)


def _note_agenda(room: Room, *, by: Any) -> None:
    record("live_room.agenda_changed", scope=room.program.scope, by=by, subject=room)


def _going_on(room: Room) -> Room:
    held = Room.objects.select_for_update().get(pk=room.pk)
    if held.is_ended:
        raise RoomHasEnded
    return held


def _with_free_code(room: Room) -> Room:
    # Another process may take the same code between our look and our write.
    for _try in range(TRIES):
        code = free_code()
        if code is None:
            break
        room.code = code
        try:
            with transaction.atomic():
                room.save()
        except IntegrityError:
            continue
        return room
    raise NoCodeLeft
