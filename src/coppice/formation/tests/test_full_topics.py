"""A full topic on phones: whom the program knows can wait for it, and a guest is told why not."""

import pytest
from playwright.sync_api import expect

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions
from coppice.formation.agendas import topic_marketplace
from coppice.formation.market_errors import FullForGuests, NoWaitlist
from coppice.formation.room_board import market_in
from coppice.formation.tests.evenings import act, everybody_in, make_program_of, own
from coppice.formation.tests.factories import choose, choosers_of, make_marketplace, make_roster, offer_topics
from coppice.live import links
from coppice.live.actions import claims, moves, people
from coppice.live.kinds import kind_of
from coppice.live.models import Participant
from coppice.live.tests.factories import fresh, make_room

WAIT = "Join the waitlist"
NOT_FOR_GUESTS = "The waitlist is for those whom the program knows."


def full_topic(program, **settings):
    """The choosing step of a room, and its only topic, in which both places are taken."""
    room = make_room(program, steps=topic_marketplace(), by=make_staff(program))
    step = next(each for each in room.steps.all() if each.kind == "market_choice")
    step.settings = {**step.settings, "minimum": 1, "maximum": 2, **settings}
    step.save()
    moves.open_step(step, by=None)
    [grants] = offer_topics(market_in(room).marketplace, "Grants")
    known = everybody_in(room)
    for each in known[:2]:
        actions.choose_in_room(grants.marketplace, each, topic=grants)
    return fresh(step), grants, known


@pytest.mark.django_db
def test_a_board_without_waitlists_offers_none_and_refuses_in_its_own_words(client):
    step, grants, known = full_topic(make_program_of(3), waits=0)
    guest = people.join(step.room, name="Bea", language="en")

    seen = [client.get(links.phone_path(each)).content.decode() for each in (known[2], guest)]

    assert [(WAIT in each, "Waitlist" in each) for each in seen] == [(False, False)] * 2
    said = [act(client, step, each, "choose", topic=grants.pk) for each in (known[2], guest)]
    assert said == ["The last place there was just taken. Choose another topic."] * 2
    assert "As a guest you choose a topic that has room. It becomes your place" in own(client, guest)


@pytest.mark.django_db
def test_who_chooses_online_where_there_are_no_waitlists_reads_of_none():
    program = make_program()
    make_roster(program, 3)
    marketplace = make_marketplace(program, minimum=1, maximum=1, waits=0)
    [grants] = offer_topics(marketplace, "Grants")
    first, second = choosers_of(marketplace)[:2]
    choose(grants, first)

    with pytest.raises(NoWaitlist):
        choose(grants, second)


@pytest.mark.django_db
def test_a_guest_is_refused_at_a_full_topic_that_has_a_waitlist(client):
    step, grants, _known = full_topic(make_program_of(2), waits=1)
    guest = people.join(step.room, name="Bea", language="en")

    said = act(client, step, guest, "choose", topic=grants.pk)

    assert said == str(FullForGuests.sentence)


@pytest.mark.django_db
def test_the_phone_of_a_guest_who_was_named_asks_for_its_part_anew():
    step, _grants, known = full_topic(make_program_of(3), waits=1)
    Participant.objects.filter(pk=known[2].pk).delete()
    guest = people.join(step.room, name="Bea", language="en")
    before = kind_of(step).look(step)["own"].each

    claims.claim(guest, person=known[2].person, by=None)

    after = kind_of(fresh(step)).look(fresh(step))["own"].each
    assert (guest.pk in before, guest.pk in after) == (False, True)


@pytest.mark.django_db
def test_a_phone_reads_what_its_owner_chose_once(client, django_assert_max_num_queries):
    step, _grants, known = full_topic(make_program_of(3), waits=1)
    pages = [links.phone_path(each) for each in (known[0], people.join(step.room, name="Bea", language="en"))]

    for address, most in zip(pages, (17, 12), strict=True):
        with django_assert_max_num_queries(most):
            client.get(address)


@pytest.mark.browser
def test_the_waitlist_is_offered_to_whom_the_program_knows_and_explained_to_a_guest(site, new_page):
    step, _grants, known = full_topic(make_program_of(3), waits=1)
    guest = people.join(step.room, name="Bea", language="en")

    theirs, hers = (new_page(links.phone_path(each), width=320, troubles=False) for each in (known[2], guest))

    expect(theirs.get_by_role("button", name=WAIT)).to_be_visible()
    expect(theirs.get_by_text(NOT_FOR_GUESTS)).to_be_hidden()
    expect(hers.get_by_role("button", name=WAIT)).to_be_hidden()
    expect(hers.get_by_text(NOT_FOR_GUESTS)).to_be_visible()
