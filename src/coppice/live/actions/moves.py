"""Taking a room through its steps: each move can be undone, and two hosts who press at once move it once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.history.actions import record
from coppice.live.announcing import announce
from coppice.live.errors import MovedMeanwhile, NoClock, NothingToUndo, RoomHasEnded
from coppice.live.kinds import kind_of
from coppice.live.models import Move, Room, Step

A_MINUTE = 60.0  # seconds
MOST_TURNS = 9_999

type Turn = Callable[[Room, Step], bool]


def _move(verb: str) -> Callable[[Turn], Callable[..., None]]:
    """Make an action of a turn: hold the room, do it, and keep how things stood unless nothing changed."""

    def made(turn: Turn) -> Callable[..., None]:
        @wraps(turn)
        def action(step: Step, *, by: Any) -> None:
            with transaction.atomic():
                room = _held(step.room_id)
                before, was_ready = _standing(room), room.state == Room.State.READY
                if turn(room, room.steps.get(pk=step.pk)):
                    if was_ready:
                        record("live_room.started", scope=room.program.scope, by=by, subject=room)
                    Move.objects.create(room=room, verb=verb, by=by, before=before)
                    _turn_to(room, 0)
                    announce(room.pk)

        return action

    return made


@_move(Move.Verb.OPENED)
def open_step(room: Room, step: Step) -> bool:
    """Put a step on all screens and let people answer; the first one starts the room.

    A step that was on before goes on with the time that it had left; one whose clock stood still when a quick
    poll was asked within it stands still yet. Raises RoomHasEnded.
    """
    if step.is_open and room.current_id == step.pk:
        return False
    stood_still = _stood_still(room, step)
    _leave(room, step)
    if not step.was_begun:
        step.rounds_begun, step.round = 1, 1
        step.seconds_left = _whole_time(step)
    step.state = Step.State.OPEN
    step.set_clock(step.seconds_left, runs=not stood_still)
    step.save()
    _go_to(room, step)
    kind_of(step).begin(step)
    kind_of(step).gather(step)
    return True


@_move(Move.Verb.OPENED)
def show_step(room: Room, step: Step) -> bool:
    """Put a step that is done on all screens as it is, with what came of it. Raises RoomHasEnded."""
    if not step.is_closed:
        return False
    _leave(room, step)
    _go_to(room, step)
    return True


@_move(Move.Verb.CLOSED)
def close_step(room: Room, step: Step) -> bool:
    """End the answering and show what came of it. Raises RoomHasEnded."""
    if not step.is_open:
        return False
    _close(step)
    return True


@_move(Move.Verb.PAUSED)
def pause(room: Room, step: Step) -> bool:
    """Let the clock of an open step stand still. Raises NoClock, RoomHasEnded."""
    if not step.is_open or not step.has_clock:
        raise NoClock
    if step.is_paused:
        return False
    step.stop_clock()
    step.save()
    return True


@_move(Move.Verb.RESUMED)
def resume(room: Room, step: Step) -> bool:
    """Let the clock of an open step run on. Raises NoClock, RoomHasEnded."""
    if not step.is_open or not step.has_clock:
        raise NoClock
    if not step.is_paused:
        return False
    step.set_clock(step.seconds_left)
    step.save()
    return True


@_move(Move.Verb.LENGTHENED)
def lengthen(room: Room, step: Step) -> bool:
    """Add a minute to the clock, from now when it has run out; a step without one gets it. Raises NoClock,
    RoomHasEnded."""
    if not step.is_open:
        raise NoClock
    step.set_clock(_left(step) + A_MINUTE, runs=not step.is_paused)
    step.save()
    return True


@_move(Move.Verb.REPEATED)
def repeat(room: Room, step: Step) -> bool:
    """Begin a step afresh, with its whole time; earlier rounds keep their answers. Raises RoomHasEnded."""
    if not step.was_begun:
        return False
    _leave(room, step)
    step.rounds_begun += 1
    step.round = step.rounds_begun
    step.state = Step.State.OPEN
    step.set_clock(_whole_time(step))
    step.save()
    _go_to(room, step)
    kind_of(step).begin(step)
    kind_of(step).gather(step)
    return True


@transaction.atomic
def undo(room: Room, *, move_id: int, by: Any) -> Move:
    """Take back the last move and return it. Answers stay; clocks have what they had left at that moment.

    An added minute is taken off what is left by now; a quick poll that nobody answered is gone. `move_id` is
    the move that the host saw: two who undo at once undo one. Raises NothingToUndo when it is undone,
    MovedMeanwhile when another came after it, and RoomHasEnded.
    """
    room = _held(room.pk)
    move = room.moves.first()
    if move is None or move.pk < move_id:
        raise NothingToUndo
    if move.pk != move_id:
        raise MovedMeanwhile
    stood = move.before["steps"]
    for step in room.steps.filter(pk__in=stood):
        if move.verb == Move.Verb.LENGTHENED:
            _take_a_minute_off(step, stood[str(step.pk)])
        else:
            _put_back(step, stood[str(step.pk)])
        step.save()
    room.current, room.wall_turn = room.steps.filter(pk=move.before["current"]).first(), 0
    room.save(update_fields=["current", "wall_turn"])
    asked = room.steps.filter(within__isnull=False, state=Step.State.PLANNED)
    asked.filter(answers=None).delete()
    asked.update(state=Step.State.CLOSED)
    move.delete()
    announce(room.pk)
    return move


@transaction.atomic
def turn_wall(room: Room, *, to: int) -> None:
    """Show the next page of what does not fit on the wall; after the last comes the first.

    How many pages there are only the wall knows. `to` is one more than the turn that the host saw: two who
    press at once turn it once. Raises RoomHasEnded.
    """
    room = _held(room.pk)
    if to == room.wall_turn + 1:
        _turn_to(room, to if to <= MOST_TURNS else 0)
        announce(room.pk)


def _turn_to(room: Room, turn: int) -> None:
    room.wall_turn = turn
    room.save(update_fields=["wall_turn"])


def _held(room_id: int) -> Room:
    room = Room.objects.select_for_update().get(pk=room_id)
    if room.is_ended:
        raise RoomHasEnded
    return room


def _standing(room: Room) -> dict[str, Any]:
    return {
        "current": room.current_id,
        "steps": {
            str(step.pk): {
                "state": step.state,
                "round": step.round,
                "left": None if (left := step.left()) is None else left.total_seconds(),
                "is_paused": step.is_paused,
            }
            for step in room.steps.all()
        },
    }


def _put_back(step: Step, stood: dict[str, Any]) -> None:
    step.state, step.round = stood["state"], stood["round"]
    step.set_clock(stood["left"], runs=step.is_open and not stood["is_paused"])


def _take_a_minute_off(step: Step, stood: dict[str, Any]) -> None:
    if stood["left"] is None:
        step.set_clock(None)
    elif step.is_open:
        step.set_clock(max(_left(step) - A_MINUTE, 0.0), runs=not step.is_paused)


def _stood_still(room: Room, step: Step) -> bool:
    """Say whether the room comes back from a quick poll within a step whose clock stood still before it."""
    if room.current is None or room.current.within_id != step.pk:
        return False
    was = (move.before["steps"].get(str(step.pk), {}) for move in room.moves.iterator())
    left: dict[str, Any] = next((stood for stood in was if stood.get("state") == Step.State.OPEN), {})
    return bool(left.get("is_paused"))


def _leave(room: Room, arriving: Step) -> None:
    """Close whatever else is open: one task at a time."""
    for step in room.steps.filter(state=Step.State.OPEN).exclude(pk=arriving.pk):
        _close(step)


def _close(step: Step) -> None:
    step.stop_clock()
    step.state = Step.State.CLOSED
    step.save()


def _go_to(room: Room, step: Step) -> None:
    room.current = step
    if room.state == Room.State.READY:
        room.state, room.started_at = Room.State.RUNNING, timezone.now()
    room.save(update_fields=["current", "state", "started_at"])


def _whole_time(step: Step) -> float | None:
    return step.minutes * A_MINUTE if step.minutes else None


def _left(step: Step) -> float:
    left = step.left()
    return left.total_seconds() if left else 0.0
