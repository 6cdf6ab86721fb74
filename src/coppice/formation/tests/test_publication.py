"""Publishing founds everything at once, once."""

from datetime import date
from decimal import Decimal

import pytest

from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions
from coppice.formation.errors import NobodyPlaced, NotProposed
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, people_in, start_formation
from coppice.history.models import Entry

pytestmark = pytest.mark.django_db

FRAME = {
    "starts_on": date(2026, 12, 1),
    "ends_on": date(2027, 6, 1),
    "hours_per_month": Decimal("3.5"),
    "asked": "One meeting a month",
    "purpose": "Keep volunteers",
    "benefit": Community.Benefit.PEER_LEARNING,
}


def test_every_proposed_community_is_founded_with_its_people():
    formation = make_proposal(people=16, rules=[Rule(Kind.ALIKE, "area")])
    by = make_staff(formation.program)
    leader = people_in(columns_of(formation)[0])[0]
    actions.give_lead(leader, by=by)

    founded = actions.publish(formation, by=by, **FRAME)

    formation.refresh_from_db()
    first = founded[0]
    assert (formation.state, len(founded)) == (Formation.State.PUBLISHED, 2)
    assert [column.community for column in columns_of(formation)] == founded
    assert {name: getattr(first, name) for name in FRAME} == FRAME
    assert (first.reason, first.time_zone) == (Community.Reason.STABLE_TEAM, formation.program.time_zone)
    leading = Membership.objects.get(enrollment=leader.enrollment)
    assert (leading.role, leading.community, leading.reasons) == (
        Membership.Role.LEADER,
        first,
        leader.reasons,
    )
    assert Membership.objects.filter(community__in=founded, state=Membership.State.INVITED).count() == 16
    assert Entry.objects.get(verb="formation.published").detail == {"communities": 2, "people": 16}


def test_publishing_twice_does_nothing_more():
    formation = make_proposal(people=8)
    first = actions.publish(formation, by=None, **FRAME)

    again = actions.publish(formation, by=None, **FRAME)

    assert again == first
    assert (Community.objects.count(), Membership.objects.count()) == (1, 8)
    assert Entry.objects.filter(verb="formation.published").count() == 1


def test_whoever_left_the_roster_meanwhile_is_not_invited():
    formation = make_proposal(people=8)
    gone = people_in(columns_of(formation)[0])[0].enrollment
    gone.ended_at = formation.created_at
    gone.save()

    [community] = actions.publish(formation, by=None, **FRAME)

    assert community.memberships.count() == 7
    assert not community.memberships.filter(enrollment=gone).exists()


def test_communities_that_nobody_is_in_are_not_founded():
    formation = make_proposal(people=16)
    empty, full = columns_of(formation)
    empty.places.all().delete()

    [community] = actions.publish(formation, by=None, **FRAME)

    full.refresh_from_db()
    assert full.community == community


def test_there_is_nothing_to_publish_before_a_proposal_or_without_people():
    waiting = start_formation(make_program())
    empty = make_proposal(people=8)
    empty.places.all().delete()

    with pytest.raises(NotProposed):
        actions.publish(waiting, by=None, **FRAME)
    with pytest.raises(NobodyPlaced):
        actions.publish(empty, by=None, **FRAME)
