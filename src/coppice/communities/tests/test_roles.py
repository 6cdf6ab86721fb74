"""Roles: open ones offered and given, terms and backups, whose turn it is, hand-over notes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.actions import roles
from coppice.communities.errors import NotAMember, RoleIsHeld, RoleIsThere, TermEndsEarly
from coppice.communities.models import Membership
from coppice.communities.permissions import can_hand_over, can_offer, can_set_role
from coppice.communities.role_board import carried_by, roles_of
from coppice.communities.role_models import Role, RoleTerm
from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.history.models import Entry

pytestmark = pytest.mark.django_db

Kind = Role.Kind


@pytest.fixture
def community():
    return make_community(time_zone="UTC")


@pytest.fixture
def leader(community):
    return add_member(community, "Rosa Medina", role="leader")


@pytest.fixture
def tom(community):
    return add_member(community, "Tom Whitehorse")


@pytest.fixture
def role(community):
    return roles.add_role(community, kind=Kind.AGENDA, minutes_a_month=60, by=None)


def at(name, thing):
    return reverse(f"communities:{name}", args=[thing.pk])


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_usual_role_is_there_once_and_own_ones_as_often_as_wished(community, role):
    with pytest.raises(RoleIsThere):
        roles.add_role(community, kind=Kind.AGENDA, by=None)

    for name in ("Cook", "Driver"):
        roles.add_role(community, kind=Kind.OWN, name=name, by=None)
    assert [str(each) for each in community.roles.all()] == ["Agenda setter", "Cook", "Driver"]


def test_a_member_offers_and_the_leader_says_yes(client, community, leader, tom, role):
    client.force_login(tom.person)
    client.post(at("role_offer", role))
    client.post(at("role_offer", role))
    assert "You would take it." in client.get(at("roles", community)).text

    client.force_login(leader.person)
    page = client.get(at("roles", community)).text
    assert "Tom Whitehorse would take it." in page
    holder = f"{at('role_holder', role)}?holder={tom.pk}"
    assert f'<option value="{tom.pk}" selected>' in client.get(holder).text
    until = timezone.localdate() + timedelta(days=100)
    client.post(
        at("role_holder", role),
        {"holder": tom.pk, "backup": leader.pk, "starts_on": timezone.localdate(), "until": until},
    )

    term = roles.held_by(role)
    assert (term.holder, term.backup, term.until) == (tom, leader, until)
    assert (role.offers.count(), verbs()) == (0, ["role.added", "role.offered", "role.given"])
    client.force_login(tom.person)
    assert "Rosa Medina steps in" in client.get(at("roles", community)).text


def test_an_offer_is_taken_back(client, tom, role):
    client.force_login(tom.person)
    client.post(at("role_offer", role))
    client.post(at("role_offer_end", role))
    client.post(at("role_offer_end", role))

    assert role.offers.count() == 0
    assert verbs() == ["role.added", "role.offered", "role.offer_withdrawn"]


def test_only_an_open_role_is_offered_and_only_by_active_members(client, community, leader, tom, role):
    away = add_member(community, "Una", state=Membership.State.PAUSED)
    with pytest.raises(NotAMember):
        roles.offer(role, membership=away, by=away.person)
    with pytest.raises(NotAMember):
        roles.offer(role, membership=add_member(make_community(), "Ada"), by=None)
    roles.give(role, holder=leader, by=None)

    with pytest.raises(RoleIsHeld):
        roles.offer(role, membership=tom, by=tom.person)
    client.force_login(tom.person)
    assert "This role is not open now" in client.post(at("role_offer", role), follow=True).text


def test_a_role_passes_from_one_to_the_next(leader, tom, role):
    first = roles.give(role, holder=leader, by=None)
    second = roles.give(role, holder=tom, by=None)

    first.refresh_from_db()
    assert (first.ended_on, roles.held_by(role)) == (timezone.localdate(), second)
    assert verbs() == ["role.added", "role.given", "role.term_ended", "role.given"]


def test_given_to_whoever_has_it_changes_the_term(leader, tom, role):
    first = roles.give(role, holder=tom, by=None)
    same = roles.give(role, holder=tom, backup=leader, by=None)
    roles.give(role, holder=tom, backup=leader, by=None)

    assert (same, same.backup) == (first, leader)
    assert verbs() == ["role.added", "role.given", "role.term_changed"]


def test_terms_are_of_members_and_end_after_they_begin(community, tom, role):
    gone = add_member(community, "Una", state=Membership.State.LEFT)
    today = timezone.localdate()

    with pytest.raises(NotAMember):
        roles.give(role, holder=gone, by=None)
    with pytest.raises(NotAMember):
        roles.give(role, holder=tom, backup=add_member(make_community(), "Ada"), by=None)
    with pytest.raises(TermEndsEarly):
        roles.give(role, holder=tom, starts_on=today, until=today - timedelta(days=1), by=None)


def test_the_form_of_a_term_says_what_does_not_fit(client, leader, tom, role):
    client.force_login(leader.person)
    refused = client.post(
        at("role_holder", role),
        {"holder": tom.pk, "backup": tom.pk, "starts_on": "2027-02-01", "until": "2027-01-01"},
    )

    assert refused.status_code == 422
    assert "Choose somebody else to step in" in refused.text
    assert "The last day comes after the first" in refused.text


def test_a_role_that_went_meanwhile_is_said_in_the_form(client, leader, tom, role, monkeypatch):
    client.force_login(leader.person)
    monkeypatch.setattr(
        "coppice.communities.views.roles.actions.give", lambda *_a, **_k: (_ for _ in ()).throw(RoleIsHeld())
    )

    refused = client.post(at("role_holder", role), {"holder": tom.pk, "starts_on": "2027-02-01"})

    assert (refused.status_code, "not open now" in refused.text) == (422, True)


def test_a_held_role_stays_on_the_list_and_an_open_one_is_taken_off(client, leader, tom, role):
    client.force_login(leader.person)
    term = roles.give(role, holder=tom, by=None)
    assert "Somebody has this role" in client.post(at("role_end", role), follow=True).text

    roles.end_term(term, by=None)
    roles.end_term(term, by=None)
    assert "You need it no longer?" in client.get(at("role", role)).text
    client.post(at("role_end", role))

    role.refresh_from_db()
    assert role.ended_at is not None
    assert roles.end_role(role, by=None).ended_at == role.ended_at
    assert client.get(at("role", role)).status_code == 404
    with pytest.raises(RoleIsHeld):
        roles.give(role, holder=tom, by=None)
    with pytest.raises(RoleIsHeld):
        roles.offer(role, membership=tom, by=None)


def test_a_leader_adds_a_role_and_changes_it(client, community, leader):
    client.force_login(leader.person)
    new = at("new_role", community)
    assert client.get(new).status_code == 200
    assert "Give a role of your own a name" in client.post(new, {"kind": "own"}).text
    client.post(new, {"kind": "reporter", "minutes_a_month": "30"})
    assert "on the list already" in client.post(new, {"kind": "reporter"}).text
    role = community.roles.get()

    for _twice in range(2):
        client.post(at("role", role), {"name": "Scribe", "what": "Write", "minutes_a_month": "45"})

    role.refresh_from_db()
    assert (str(role), role.what, role.minutes_a_month) == ("Scribe", "Write", 45)
    assert verbs() == ["role.added", "role.changed"]


def test_the_holder_writes_what_comes_next_and_gives_the_role_back(client, leader, tom, role):
    client.force_login(tom.person)
    assert client.get(at("role_hand_over", role)).status_code == 403
    roles.give(role, holder=tom, by=None)

    client.post(at("role_hand_over", role), {"text": "The folder is blue"})
    client.post(at("role_term_end", role))

    client.force_login(leader.person)
    client.post(at("role_term_end", role))
    page = client.get(at("roles", role.community)).text
    assert "What Tom Whitehorse hands over" in page
    assert "The folder is blue" in page
    assert "End the term" not in client.get(at("role_hand_over", role)).text
    assert verbs() == ["role.added", "role.given", "role.term_changed", "role.term_ended"]


def test_a_role_that_nobody_ever_had_has_no_note(client, leader, role):
    client.force_login(leader.person)

    assert client.get(at("role_hand_over", role)).status_code == 404


def test_whose_turn_it_is_goes_to_who_has_carried_least(client, community, leader, tom, role):
    una = add_member(community, "Una Diaz")
    today = timezone.localdate()
    for holder, days in ((leader, 90), (tom, 30)):
        RoleTerm.objects.create(
            role=role, holder=holder, starts_on=today - timedelta(days=days), ended_on=today
        )

    [line] = roles_of(community)

    assert [(each.membership, each.carried) for each in line.candidates] == [
        (una, 0),
        (tom, 59),
        (leader, 178),
    ]
    client.force_login(leader.person)
    assert "Una Diaz (0 minutes)" in client.get(at("roles", community)).text


def test_a_term_that_ends_soon_proposes_others(community, leader, tom, role):
    today = timezone.localdate()
    term = roles.give(role, holder=tom, until=today + timedelta(days=10), by=None)

    [soon] = roles_of(community)
    [over] = roles_of(community, on=today + timedelta(days=11))
    RoleTerm.objects.filter(pk=term.pk).update(until=today + timedelta(days=90))
    [far] = roles_of(community)

    assert (soon.ends_soon, soon.is_over, [each.membership for each in soon.candidates]) == (
        True,
        False,
        [leader],
    )
    assert (over.is_over, far.ends_soon, list(far.candidates)) == (True, False, [])
    assert not soon.is_offered_by(None)


def test_whoever_leads_is_proposed_after_all_others(community, leader, tom, role):
    [line] = roles_of(community)

    assert [each.membership for each in line.candidates] == [tom, leader]


def test_a_role_without_minutes_carries_none(tom):
    term = RoleTerm(role=Role(), holder=tom, starts_on=timezone.localdate() - timedelta(days=50))

    assert carried_by([term], on=timezone.localdate()) == {tom.pk: 0}


def test_who_may_set_offer_and_hand_over(community, leader, tom, role):
    staff, outsider = make_staff(community.program), make_person()
    people = (leader.person, tom.person, staff, outsider)

    assert [can_set_role(each, role) for each in people] == [True, False, True, False]
    assert [can_offer(each, role) for each in people] == [True, True, False, False]
    assert [can_hand_over(each, role) for each in people] == [True, False, True, False]
    roles.give(role, holder=tom, by=None)
    assert can_hand_over(tom.person, role)
    Membership.objects.filter(pk=tom.pk).update(state=Membership.State.LEFT)
    assert not can_hand_over(tom.person, role)
