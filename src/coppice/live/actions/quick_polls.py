"""A quick poll in the middle of another step."""

from typing import Any

from django.db import transaction

from coppice.history.actions import record
from coppice.live.actions import moves
from coppice.live.actions.rooms import Plan
from coppice.live.errors import NotGoingOn, RoomHasEnded
from coppice.live.models import Room, Step


@transaction.atomic
def ask(step: Step, *, plan: Plan, by: Any) -> Step:
    """Ask a poll within the step that is on, and put it on all screens at once; return its step.

    The other step stands still with the time that its clock had left; opened again, it goes on. Undo leads
    back to it as well. Raises RoomHasEnded, and NotGoingOn when another step is on by now.
    """
    room = Room.objects.select_for_update().get(pk=step.room_id)
    if room.is_ended:
        raise RoomHasEnded
    around = room.steps.get(pk=step.pk)
    if not around.is_open or room.current_id != around.pk or around.within_id:
        raise NotGoingOn
    poll = Step.objects.create(room=room, position=around.position, within=around, **vars(plan))
    record("live_room.agenda_changed", scope=room.program.scope, by=by, subject=room)
    moves.open_step(poll, by=by)
    return poll
