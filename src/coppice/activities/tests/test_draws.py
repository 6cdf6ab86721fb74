"""Who meets whom: drawn at the opening, mended when people come and go, never lost."""

import pytest

from coppice.activities import queries
from coppice.activities.actions import draws
from coppice.activities.errors import TableChanged
from coppice.activities.models import Absence, Draw, Seat
from coppice.activities.tests.factories import gathered, pairs, seated
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.history.models import Entry
from coppice.live.actions import moves, people
from coppice.live.models import Room
from coppice.live.tests.factories import fresh, make_participant, make_room, opened
from coppice.programs.models import Affiliation, Organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return make_room(make_program(), steps=[pairs("First"), pairs("Second"), pairs("Third")])


def test_opening_a_step_gives_everybody_a_partner_and_an_odd_one_comes_as_third(room):
    gathered(room, "Ana", "Bo", "Cy", "Di", "Ed")

    step = opened(room)

    assert sorted(len(table) for table in seated(step)) == [2, 3]
    assert set().union(*seated(step)) == {"Ana", "Bo", "Cy", "Di", "Ed"}


def test_nobody_meets_the_same_person_again_while_there_are_others(room):
    gathered(room, "Ana", "Bo", "Cy", "Di")

    met = [frozenset(table) for number in range(3) for table in seated(opened(room, number))]

    assert len(set(met)) == 6


def test_colleagues_are_not_paired(room):
    food = Organization.objects.create(program=room.program, name="Food bank")
    for name in ("Ana", "Bo"):
        enrollment = enroll(room.program, name)
        Affiliation.objects.create(enrollment=enrollment, organization=food)
        make_participant(room, name, person=enrollment.person)
    gathered(room, "Cy", "Di")

    for number in range(2):
        assert {"Ana", "Bo"} not in seated(opened(room, number))


def test_a_draw_outlives_closing_undo_and_reload_and_a_repetition_draws_anew(room):
    gathered(room, "Ana", "Bo", "Cy", "Di")
    step = opened(room)
    first = seated(step)

    moves.undo(room, move_id=room.moves.first().pk, by=None)
    assert seated(opened(room)) == first
    moves.close_step(step, by=None)
    assert seated(opened(room)) == first
    moves.repeat(step, by=None)
    second = seated(fresh(step))
    moves.undo(room, move_id=room.moves.first().pk, by=None)

    assert not {frozenset(each) for each in first} & {frozenset(each) for each in second}
    assert seated(fresh(step)) == first


def test_a_latecomer_joins_a_pair_and_the_next_one_makes_a_pair_of_it(room):
    _ana, _bo = gathered(room, "Ana", "Bo")
    step = opened(room)

    people.join(room, name="Cy", language="en")
    assert seated(step) == [{"Ana", "Bo", "Cy"}]
    people.write_in(room, names=["Di"], by=make_staff(room.program))

    assert sorted(len(table) for table in seated(step)) == [2, 2]
    assert [seat.turn for seat in Seat.objects.filter(table=1)] == [0, 1]


def test_tables_that_do_not_change_keep_their_number_turns_and_mark(room):
    gathered(room, "Ana", "Bo", "Cy", "Di")
    step = opened(room)
    before = {seat.participant_id: (seat.table, seat.turn) for seat in Seat.objects.all()}

    people.join(room, name="Ed", language="en")

    drawn = queries.drawn(step)
    after = {seat.participant_id: (seat.table, seat.turn) for seat in Seat.objects.all()}
    assert {one: after[one] for one in before} == before
    assert sorted(drawn.changed.values()) == [1, 1, 1]


def test_the_first_alone_waits_and_meets_the_second(room):
    step = opened(room)
    assert seated(step) == []

    people.join(room, name="Ana", language="en")
    assert [each.name for each in queries.drawn(step).waiting] == ["Ana"]
    people.join(room, name="Bo", language="en")

    assert seated(step) == [{"Ana", "Bo"}]
    assert queries.drawn(step).waiting == []


def test_whoever_is_not_there_is_left_out_and_their_partner_gets_another(room):
    ana, _bo, _cy, _di = gathered(room, "Ana", "Bo", "Cy", "Di")
    step = opened(room)
    [at] = [table for table in seated(step) if "Ana" in table]
    [missing] = room.participants.filter(name__in=at - {"Ana"})

    draws.miss(step, participant=ana, round=1, other_id=missing.pk)

    assert seated(step) == [{"Ana", "Bo", "Cy", "Di"} - {missing.name}]
    assert [each.participant.name for each in queries.marked_in(room)] == [missing.name]
    assert missing.name not in set().union(*seated(opened(room, 1)))

    draws.bring_back(missing, step=opened(room, 2))
    draws.bring_back(missing, step=opened(room, 2))
    assert missing.name in set().union(*seated(opened(room, 2)))


def test_one_can_miss_only_who_sits_at_the_own_table_of_the_round_that_is_on(room):
    ana, bo = gathered(room, "Ana", "Bo")
    step = opened(room)

    for participant, round_number, other in ((ana, 2, bo), (ana, 1, ana)):
        with pytest.raises(TableChanged):
            draws.miss(step, participant=participant, round=round_number, other_id=other.pk)
    moves.close_step(step, by=None)
    with pytest.raises(TableChanged):
        draws.miss(fresh(step), participant=ana, round=1, other_id=bo.pk)

    assert not Absence.objects.exists()


def test_leaving_after_the_round_was_closed_keeps_whom_one_met(room):
    ana, bo = gathered(room, "Ana", "Bo")
    step = opened(room)
    moves.close_step(step, by=None)

    draws.leave_out(bo, step=fresh(step))
    draws.leave_out(bo, step=fresh(step))

    assert queries.met_by(ana) == [bo]


def test_what_hosts_do_is_in_the_history_and_what_participants_do_is_not(room):
    staff = make_staff(room.program)
    ana, bo, _cy = gathered(room, "Ana", "Bo", "Cy")
    step = opened(room)

    draws.leave_out(ana, step=step)
    draws.leave_out(bo, step=step, by=staff)
    draws.bring_back(bo, step=step, by=staff)

    told = Entry.objects.filter(verb__in=["live_room.left_out", "live_room.taken_in"]).order_by("pk")
    assert [entry.verb for entry in told] == ["live_room.left_out", "live_room.taken_in"]


def test_who_is_taken_out_of_the_room_leaves_nobody_alone(room):
    gathered(room, "Ana", "Bo", "Cy", "Di", "Ed")
    step = opened(room)
    [pair] = [table for table in seated(step) if len(table) == 2]

    people.take_out(room.participants.get(name=min(pair)), by=make_staff(room.program))

    assert sorted(len(table) for table in seated(step)) == [2, 2]


def test_a_round_whose_beginning_was_taken_back_counts_for_nobody(room):
    ana, _bo, _cy, _di = gathered(room, "Ana", "Bo", "Cy", "Di")
    step = opened(room)
    moves.repeat(step, by=None)
    moves.undo(room, move_id=room.moves.first().pk, by=None)

    assert len(queries.met_by(ana)) == 1
    assert Draw.objects.count() == 2
    moves.undo(room, move_id=room.moves.first().pk, by=None)
    assert queries.met_by(ana) == []


def test_whoever_began_last_time_listens_first_this_time(room):
    gathered(room, "Ana", "Bo")
    opened(room)
    first = Seat.objects.get(draw__step__title="First", turn=0).participant

    opened(room, 1)

    assert Seat.objects.get(draw__step__title="Second", turn=0).participant != first
