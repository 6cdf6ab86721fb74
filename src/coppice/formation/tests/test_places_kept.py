"""Places that are kept for guests, and two places of a room that are one person's: what stays of each."""

from datetime import timedelta

import pytest

from coppice.communities.tests.factories import make_staff
from coppice.formation import actions
from coppice.formation.actions.market_choices import fill_free_places, give_wish_up, grant, wish_for
from coppice.formation.actions.taking_up import take_down
from coppice.formation.badges import MOST_ON_A_BADGE
from coppice.formation.market_errors import NoBoard, TopicIsClosed
from coppice.formation.models import Badge, BadgeLine, Choice, GuestWish, Marketplace
from coppice.formation.tests.evenings import board_of, everybody_in, make_program_of
from coppice.formation.tests.factories import (
    choose,
    choosers_of,
    offer_topics,
    start_formation,
    waiting_in,
    who_is_in,
)
from coppice.live.actions import claims, people
from coppice.live.actions.rooms import Plan
from coppice.live.models import Answer, Participant
from coppice.live.tests.factories import make_room, opened

pytestmark = pytest.mark.django_db

BADGES, CHOOSING = range(2)


@pytest.fixture
def program():
    return make_program_of(6)


@pytest.fixture
def staff(program):
    return make_staff(program)


@pytest.fixture
def room(program, staff):
    sizes = {"minimum": 2, "maximum": 3, "waits": 1, "days": 2}
    plans = [
        Plan(kind="badges", title="Your badge"),
        Plan(kind="market_choice", title="Choose your topic", settings=sizes),
    ]
    return make_room(program, title="Launch", by=staff, steps=plans)


@pytest.fixture
def choosing(room):
    return opened(room, CHOOSING)


@pytest.fixture
def bea(room):
    return people.join(room, name="Bea", language="en")


def test_a_guest_keeps_one_place_however_often_they_choose_it(room, choosing, bea):
    board = board_of(room)
    [grants] = offer_topics(board, "Grants")

    first, again = (wish_for(bea, board, topic=grants) for _time in range(2))

    assert first == again == GuestWish.objects.get()


def test_nobody_comes_into_a_topic_that_is_closed_as_a_guest_or_as_whom_the_guest_was(
    room, staff, choosing, bea
):
    board = board_of(room)
    [grants] = offer_topics(board, "Grants")
    wish = wish_for(bea, board, topic=grants)
    cy = people.join(room, name="Cy", language="en")
    actions.close_topic(grants, by=staff)

    with pytest.raises(TopicIsClosed):
        wish_for(cy, board, topic=grants)
    with pytest.raises(TopicIsClosed):
        grant(wish, choosers_of(board)[0], topic=grants, by=staff)

    assert GuestWish.objects.get() == wish
    assert who_is_in(grants) == []


def test_where_the_topic_is_full_by_now_a_guest_who_is_known_waits_and_the_wait_ends_with_that(
    room, staff, choosing, bea
):
    board = board_of(room)
    [grants] = offer_topics(board, "Grants")
    wish_for(bea, board, topic=grants)
    first, second, third = choosers_of(board)[:3]
    choose(grants, first, second)
    Marketplace.objects.filter(pk=board.pk).update(maximum=2)

    claims.claim(bea, person=third.person, by=staff)
    waits = [each.person for each in waiting_in(grants)]
    claims.part(Participant.objects.get(pk=bea.pk), by=staff)

    assert waits == [third.person]
    assert not waiting_in(grants)
    assert not GuestWish.objects.exists()


def test_what_a_guest_gives_up_when_the_time_is_over_goes_to_nobody(room, choosing, bea):
    board = board_of(room)
    [grants] = offer_topics(board, "Grants")
    wish = wish_for(bea, board, topic=grants)
    choose(grants, *choosers_of(board)[:2])
    actions.wait(choosers_of(board)[2], topic=grants, by=None)
    Marketplace.objects.filter(pk=board.pk).update(closes_on=board.today - timedelta(days=1))

    give_wish_up(GuestWish.objects.get(pk=wish.pk))

    assert len(who_is_in(grants)) == 2
    assert not GuestWish.objects.exists()


def test_a_board_that_is_settled_gives_no_place_that_came_free(room, choosing):
    board = board_of(room)
    [grants] = offer_topics(board, "Grants")
    choose(grants, *choosers_of(board)[:3])
    actions.wait(choosers_of(board)[3], topic=grants, by=None)
    Choice.objects.filter(topic=grants, is_waiting=False).first().delete()
    Marketplace.objects.filter(pk=board.pk).update(formation=start_formation(board.program))

    assert fill_free_places(Marketplace.objects.get(pk=board.pk)) == 0
    assert len(who_is_in(grants)) == 2


def test_a_place_that_was_a_guest_s_stays_the_person_s_when_the_time_is_over(room, staff, choosing, bea):
    board = board_of(room)
    [grants] = offer_topics(board, "Grants")
    wish_for(bea, board, topic=grants)
    person = choosers_of(board)[0].person
    claims.claim(bea, person=person, by=staff)
    Marketplace.objects.filter(pk=board.pk).update(closes_on=board.today - timedelta(days=1))

    claims.part(Participant.objects.get(pk=bea.pk), by=staff)

    assert [each.person for each in who_is_in(grants)] == [person]
    assert not GuestWish.objects.exists()


def test_a_full_badge_takes_nothing_of_the_guest_s_and_one_question_of_two_stays(room, staff, choosing, bea):
    known = everybody_in(room)[0]
    own = [f"Topic {number}" for number in range(MOST_ON_A_BADGE)]
    actions.write_badge(known, interests=own, skills=[])
    actions.write_badge(bea, interests=["Something else"], skills=["Driving"])
    BadgeLine.objects.filter(words="Something else").update(is_hidden=True)
    for each in (known, bea):
        Answer.objects.create(participant=each, step=choosing, round=choosing.round)

    claims.claim(bea, person=known.person, by=staff)
    badge = Badge.objects.get(participant__person=known.person)

    assert sorted(each.words for each in badge.lines.filter(kind="interest")) == own
    assert [each.words for each in badge.lines.filter(kind="skill")] == ["Driving"]
    assert Answer.objects.filter(step=choosing).count() == 1
    assert badge.kept_off == ["something else"]


def test_what_a_guest_asked_for_alone_stays_theirs_as_whom_they_are(room, staff, choosing, bea):
    known = everybody_in(room)[0]
    Answer.objects.create(participant=bea, step=choosing, round=choosing.round)

    claims.claim(bea, person=known.person, by=staff)

    assert Answer.objects.get(step=choosing).participant.person == known.person


def test_a_room_without_a_board_has_nothing_to_take_off(room, staff):
    with pytest.raises(NoBoard):
        take_down(room.steps.first(), by=staff)
