"""A room goes through its steps: moves, clocks and undo."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.communities.tests.factories import make_program, make_staff
from coppice.history.models import Entry
from coppice.live.actions import answers, moves, rooms
from coppice.live.errors import MovedMeanwhile, NoClock, NothingToUndo, RoomHasEnded
from coppice.live.models import Move, Room, Step
from coppice.live.tests.factories import fresh, make_participant, make_room, opened, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    """A talk of three minutes, then a poll without a clock."""
    return make_room(make_program(), steps=[plan("talk", "Talk", minutes=3), plan("choice", "Choose")])


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes only when it is told to."""
    now = [timezone.now().replace(microsecond=0)]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def forward(**by: int) -> None:
        now[0] += timedelta(**by)

    return forward


def standing(room: Room) -> list[tuple[str, bool]]:
    """State of each step, and whether it is on the screens."""
    current = Room.objects.get(pk=room.pk).current_id
    return [(step.state, step.pk == current) for step in room.steps.all()]


def undo(room: Room) -> Move:
    """Undo the last move, as a host who sees it does."""
    last = room.moves.first()
    return moves.undo(room, move_id=last.pk if last else 0, by=None)


def left(step: Step) -> float | None:
    time = fresh(step).left()
    return None if time is None else time.total_seconds()


def test_the_first_step_starts_the_room_and_its_clock(room, clock):
    host = make_staff(room.program)

    step = opened(room, by=host)

    room.refresh_from_db()
    assert (room.state, room.started_at) == (Room.State.RUNNING, timezone.now())
    assert standing(room) == [("open", True), ("planned", False)]
    assert (left(step), step.round, step.rounds_begun) == (180, 1, 1)
    [entry] = Entry.objects.filter(verb="live_room.started")
    assert entry.actor == host


def test_two_hosts_who_press_at_once_move_the_room_once(room):
    first = opened(room)

    moves.open_step(first, by=None)
    moves.close_step(first, by=None)
    moves.close_step(first, by=None)

    assert [move.verb for move in room.moves.all()] == ["closed", "opened"]


def test_opening_the_next_closes_the_one_before(room):
    opened(room, 0)

    opened(room, 1)

    assert standing(room) == [("closed", False), ("open", True)]


def test_a_step_without_minutes_has_no_clock(room):
    step = opened(room, 1)

    assert (left(step), step.has_clock, step.clock_end, step.clock_left) == (None, False, 0, "00:00")


def test_a_paused_clock_stands_still_and_goes_on_with_what_it_had(room, clock):
    step = opened(room)
    clock(seconds=60)

    moves.pause(step, by=None)
    clock(minutes=10)

    assert (left(step), fresh(step).clock_left, fresh(step).is_paused) == (120, "02:00", True)
    moves.resume(step, by=None)
    clock(seconds=20)
    assert (left(step), fresh(step).is_paused) == (100, False)


def test_pausing_and_resuming_twice_is_one_move_each(room):
    step = opened(room)

    for _press in range(2):
        moves.pause(step, by=None)
    for _press in range(2):
        moves.resume(step, by=None)

    assert [move.verb for move in room.moves.all()] == ["resumed", "paused", "opened"]


def test_one_more_minute_is_added_to_what_is_left_running_or_not(room, clock):
    step = opened(room)
    moves.lengthen(step, by=None)
    assert left(step) == 240

    moves.pause(step, by=None)
    moves.lengthen(step, by=None)
    assert left(step) == 300

    moves.resume(step, by=None)
    clock(hours=1)
    moves.lengthen(step, by=None)
    assert left(step) == 60


def test_a_step_without_a_clock_gets_one_of_a_minute(room, clock):
    step = opened(room, 1)

    moves.lengthen(step, by=None)

    assert left(step) == 60


def test_only_an_open_step_has_a_clock_to_turn(room):
    first, second = room.steps.all()

    for turn in (moves.pause, moves.resume, moves.lengthen):
        with pytest.raises(NoClock):
            turn(first, by=None)
    opened(room, 1)
    for turn in (moves.pause, moves.resume):
        with pytest.raises(NoClock):
            turn(second, by=None)


def test_a_step_opened_again_goes_on_with_the_time_it_had_left(room, clock):
    step = opened(room)
    clock(seconds=30)
    moves.close_step(step, by=None)
    clock(minutes=5)

    moves.open_step(step, by=None)

    assert (left(step), fresh(step).round) == (150, 1)


def test_a_step_that_is_done_is_shown_again_as_it_is(room):
    step = opened(room)
    opened(room, 1)

    moves.show_step(step, by=None)

    assert standing(room) == [("closed", True), ("closed", False)]


def test_a_step_to_come_is_not_shown(room):
    step = room.steps.first()

    moves.show_step(step, by=None)
    moves.close_step(step, by=None)
    moves.repeat(step, by=None)

    assert standing(room) == [("planned", False), ("planned", False)]
    assert not room.moves.exists()


def test_a_repetition_is_a_new_round_with_its_whole_time(room, clock):
    step = opened(room)
    clock(seconds=100)

    moves.repeat(step, by=None)

    assert (fresh(step).round, left(step)) == (2, 180)
    assert standing(room) == [("open", True), ("planned", False)]


def test_an_undone_repetition_keeps_its_answers_and_never_mixes_them_with_a_later_one(room):
    step = opened(room, 1)
    femi = make_participant(room)
    answers.give(step, participant=femi, round=1, picks=[0])
    moves.repeat(step, by=None)
    answers.give(fresh(step), participant=femi, round=2, picks=[1])

    undo(room)
    assert fresh(step).round == 1
    moves.repeat(step, by=None)

    assert fresh(step).round == 3
    assert list(step.answers.values_list("round", "picks")) == [(1, [0]), (2, [1])]


def test_undo_takes_back_an_opening_with_the_time_that_the_other_had_left(room, clock):
    first = opened(room)
    clock(seconds=60)
    opened(room, 1)
    clock(seconds=45)

    undone = undo(room)

    assert undone.verb == Move.Verb.OPENED
    assert standing(room) == [("open", True), ("planned", False)]
    assert left(first) == 120


def test_undo_goes_back_to_before_the_first_step(room):
    opened(room)

    undo(room)

    assert standing(room) == [("planned", False), ("planned", False)]
    with pytest.raises(NothingToUndo):
        undo(room)


def test_undo_of_a_pause_lets_the_clock_run_and_of_going_on_stops_it(room, clock):
    step = opened(room)
    moves.pause(step, by=None)
    clock(minutes=2)

    undo(room)
    assert (left(step), fresh(step).is_paused) == (180, False)

    moves.pause(step, by=None)
    moves.resume(step, by=None)
    clock(minutes=1)
    undo(room)
    assert (left(step), fresh(step).is_paused) == (180, True)


def test_undo_of_a_minute_takes_it_off_what_is_left_by_now(room, clock):
    step = opened(room)
    moves.lengthen(step, by=None)
    clock(seconds=30)
    undo(room)
    assert left(step) == 150

    moves.pause(step, by=None)
    moves.lengthen(step, by=None)
    undo(room)
    assert left(step) == 150


def test_undo_of_a_minute_leaves_the_clocks_of_other_steps_alone(room, clock):
    talk = opened(room)
    clock(seconds=30)
    poll = opened(room, 1)
    moves.lengthen(poll, by=None)

    undo(room)

    assert (left(talk), left(poll)) == (150, None)


def test_undo_of_a_first_minute_takes_the_clock_away(room):
    step = opened(room, 1)
    moves.lengthen(step, by=None)

    undo(room)

    assert left(step) is None


def test_two_hosts_who_undo_at_once_undo_one_move_and_never_one_that_they_did_not_see(room):
    opened(room)
    seen = room.moves.first().pk
    moves.lengthen(room.steps.first(), by=None)

    with pytest.raises(MovedMeanwhile):
        moves.undo(room, move_id=seen, by=None)
    last = room.moves.first().pk
    moves.undo(room, move_id=last, by=None)
    with pytest.raises(NothingToUndo):
        moves.undo(room, move_id=last, by=None)

    assert [move.pk for move in room.moves.all()] == [seen]


def test_nothing_moves_after_the_end(room):
    step = opened(room)
    rooms.end(room, by=None)

    for move in (moves.open_step, moves.close_step, moves.show_step, moves.repeat, moves.lengthen):
        with pytest.raises(RoomHasEnded):
            move(step, by=None)
    with pytest.raises(RoomHasEnded):
        undo(room)


def test_hosts_turn_the_wall_and_each_move_begins_at_its_first_page(room):
    step = opened(room)

    moves.turn_wall(room, to=1)
    moves.turn_wall(room, to=1)  # a second host who saw the same page
    room.refresh_from_db()
    assert room.wall_turn == 1

    moves.close_step(step, by=None)
    room.refresh_from_db()
    assert room.wall_turn == 0

    Room.objects.filter(pk=room.pk).update(wall_turn=moves.MOST_TURNS)
    moves.turn_wall(room, to=moves.MOST_TURNS + 1)
    room.refresh_from_db()
    assert room.wall_turn == 0
    rooms.end(room, by=None)
    with pytest.raises(RoomHasEnded):
        moves.turn_wall(room, to=1)
