"""What is left of finished changes: gaps, ways back, a second yes; and what is told in small groups."""

import pytest
from django.urls import reverse

from coppice.communities import actions as communities
from coppice.communities.links import token_of
from coppice.communities.models import Membership
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.communities.wording import follows_from_others, why
from coppice.formation import actions
from coppice.formation.afterwards import circle_of
from coppice.formation.errors import NoWayBack
from coppice.formation.gaps import gone_from
from coppice.formation.models import Swap
from coppice.formation.publishing import sample
from coppice.formation.queries import beside
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import ask, founded, make_proposal, make_published, members
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


def exchanged(formation):
    """Ana of the first community and Bo of the second have changed places; the swap, Ana and Bo."""
    first, second = founded(formation)[:2]
    ana, bo = members(first)[0], members(second)[0]
    one, other = ask(ana, second), ask(bo, first)
    actions.accept(one, other=other, by=ana.person)
    return actions.accept(other, other=one, by=bo.person), ana, bo


def seat_now(membership, community):
    return community.memberships.known_to_members().get(person=membership.person)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_an_exchange_leaves_no_gap_however_it_ends():
    formation = make_published()
    first, second = founded(formation)[:2]
    swap, ana, _bo = exchanged(formation)

    assert gone_from(formation) == {}
    communities.leave(seat_now(ana, second), by=ana.person)
    assert gone_from(formation) == {second.pk: 1}
    communities.decline(members(first)[1], by=None)
    assert gone_from(formation) == {first.pk: 1, second.pk: 1}
    actions.undo(swap, by=None)
    assert gone_from(formation) == {first.pk: 1, second.pk: 1}


def test_who_went_back_has_left_no_gap_and_who_took_a_free_place_has():
    formation = make_published()
    first, second = founded(formation)[:2]
    swap, _ana, _bo = exchanged(formation)
    actions.undo(swap, by=None)
    assert gone_from(formation) == {}

    wish = ask(members(first)[1], second)
    free = actions.decide(
        formation, request_id=wish.pk, other_id=None, target=second, by=None, despite_rules=True
    )
    assert gone_from(formation) == {first.pk: 1}
    actions.undo(free, by=None)
    assert gone_from(formation) == {}


def test_nobody_goes_back_into_a_place_that_was_taken_since(client):
    formation = make_published()
    first, second = founded(formation)[:2]
    wish = ask(members(first)[0], second)
    swap = actions.decide(
        formation, request_id=wish.pk, other_id=None, target=second, by=None, despite_rules=True
    )
    for number in range(circle_of(formation).room_in(first.pk)):
        late = enroll(formation.program, f"Late {number}")
        actions.place_late(formation, places={late.pk: first.pk}, by=None, despite_rules=True)
    client.force_login(make_staff(formation.program))

    answer = text_of(client.post(reverse("formation:exchange_end", args=[swap.pk]), follow=True))

    swap.refresh_from_db()
    circle = circle_of(formation)
    assert "They cannot go back: their place has been taken since" in answer
    assert swap.state == Swap.State.DONE
    assert circle.sizes[str(first.pk)] == circle.proposed[str(first.pk)].maximum
    with pytest.raises(NoWayBack):
        actions.undo(swap, by=None)


def test_full_communities_change_back_as_they_are():
    formation = make_published(minimum=8, maximum=8)
    swap, _ana, _bo = exchanged(formation)

    assert actions.undo(swap, by=None).state == Swap.State.UNDONE
    assert set(circle_of(formation).sizes.values()) == {8}


def test_invited_people_who_go_back_get_a_mail_each_time_whose_link_holds(client):
    formation = make_published()
    first, second = founded(formation)[:2]
    ana, bo = members(first, joined=False)[0], members(second, joined=False)[0]
    staff = make_staff(formation.program)
    client.force_login(staff)

    for _times in (1, 2):
        one, other = ask(ana, second), ask(bo, first)
        swap = actions.decide(
            formation, request_id=one.pk, other_id=other.pk, target=None, by=staff, despite_rules=True
        )
        answer = client.post(reverse("formation:exchange_end", args=[swap.pk]), follow=True)
        actions.undo(swap, by=staff)

        assert "They are where they were. A mail tells them." in text_of(answer)
        for membership in (ana, bo):
            mails = Message.objects.filter(
                recipient=membership.person, occasion__startswith="invitation:"
            ).order_by("pk")
            # What asked them into the other place, and had not left yet, is gone with their place there.
            newest = mails.get()
            assert newest.occasion == f"invitation:{membership.pk}"
            path = reverse("communities:invitation", args=[token_of(membership)])
            assert path in newest.text
            assert "no longer open" not in text_of(client.get(path))
            membership.refresh_from_db()
            assert membership.is_open


def test_a_second_yes_says_that_it_is_done(client):
    formation = make_published()
    formation.program.enrollments.update(language="en")
    swap, ana, bo = exchanged(formation)
    done = "It is done already: you have changed places."

    for mine, other in ((ana, swap.other), (bo, swap.request)):
        address = reverse("formation:own_swap_acceptance", args=[token_of(mine)])
        assert done in text_of(client.post(address, {"other": other.pk}, follow=True))
    actions.undo(swap, by=None)
    again = client.post(address, {"other": swap.request_id}, follow=True)
    assert "no longer possible" in text_of(again)


@pytest.mark.parametrize(("people", "is_told"), [(2, False), (4, False), (6, True)])
def test_a_small_group_is_told_nothing_that_only_others_answers_can_say(people, is_told):
    program = make_program()
    for number in range(2 * people):
        need = "Debt" if number < people else "Burnout"
        enroll(program, f"Person {number}", attributes={"What do you want help with?": need})
    terms = {"rules": [Rule(Kind.COMMON_NEEDS)], "minimum": people, "maximum": people}

    formation = make_published(program, **terms)

    community = founded(formation)[0]
    mine = members(community)[0]
    assert any("You are not the only one here" in told for told in why(mine)) is is_told
    circle = circle_of(formation)
    offered = why(
        Membership(community=community, reasons=circle.told_reasons(mine.enrollment_id, to=community.pk))
    )
    assert any("You are not the only one here" in told for told in offered) is is_told
    staff_read = [reason["code"] for place in formation.places.all() for reason in place.reasons]
    assert "shares_need" in staff_read
    place = formation.places.first()
    shown = why(sample(place, others=beside(place)).membership)
    assert any("You are not the only one here" in told for told in shown) is is_told


def test_open_answers_are_told_in_pairs_as_well():
    program = make_program()
    for number in range(4):
        enroll(program, f"Person {number}", language="en" if number < 2 else "es")

    formation = make_proposal(program, rules=[Rule(Kind.ALIKE, "language")], minimum=2, maximum=2)

    place = formation.places.first()
    assert "One other person here speaks your language." in why(
        sample(place, others=beside(place)).membership
    )


def test_what_follows_from_the_answers_of_others():
    reasons = [
        {"code": "shares_need", "parameters": {"topic": "Debt"}},
        {"code": "shares_hours", "parameters": {}},
        {"code": "shares_value", "parameters": {"attribute": "attribute:Wage"}},
        {"code": "shares_value", "parameters": {"attribute": "area"}},
        {"code": "has_wish", "parameters": {"topic": "Debt"}},
        {"code": "locked"},
    ]

    assert [follows_from_others(each) for each in reasons] == [True, True, True, False, False, False]
