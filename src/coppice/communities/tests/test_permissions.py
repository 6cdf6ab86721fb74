"""Who may do what, asked of every kind of person."""

import pytest
from django.contrib.auth.models import AnonymousUser

from coppice.communities import permissions as may
from coppice.communities.models import Community, InvitationWord, Membership
from coppice.communities.tests.factories import add_member, make_community, make_program, make_staff

pytestmark = pytest.mark.django_db
State = Membership.State


@pytest.fixture
def people():
    community = make_community()
    there = {state: add_member(community, state=state).person for state in State}
    return {
        **{state.value: person for state, person in there.items()},
        "leader": add_member(community, role=Membership.Role.LEADER).person,
        "paused_leader": add_member(community, role=Membership.Role.LEADER, state=State.PAUSED).person,
        "staff": make_staff(community.program),
        "other_staff": make_staff(make_program()),
        "other_member": add_member(make_community(community.program)).person,
        "community": community,
    }


def yes(people, predicate, thing) -> set[str]:
    return {name for name, person in people.items() if name != "community" and predicate(person, thing)}


def test_the_predicates_of_a_community(people):
    community = people["community"]

    answers = {
        predicate.__name__: yes(people, predicate, community)
        for predicate in (may.is_staff_for, may.can_take_part, may.can_lead, may.can_run_community)
    }

    assert answers == {
        "is_staff_for": {"staff"},
        "can_take_part": {"active", "paused", "leader", "paused_leader", "staff"},
        "can_lead": {"leader", "staff"},
        "can_run_community": {"staff"},
    }


def test_the_predicates_of_a_membership_and_a_word(people):
    membership = people["community"].memberships.get(person=people["invited"])
    word = InvitationWord.objects.create(membership=membership, kind="question", text="Why?")

    answers = (
        yes(people, may.can_run_membership, membership),
        yes(people, may.owns_membership, membership),
        yes(people, may.can_answer_word, word),
    )

    assert answers == ({"staff"}, {"invited"}, {"staff"})


def test_what_each_person_may_know_of(people):
    community = people["community"]
    word = InvitationWord.objects.create(
        membership=community.memberships.first(), kind="question", text="Why?"
    )
    know = {
        "communities": lambda person: community in Community.objects.visible_to(person),
        "people": lambda person: (
            community.memberships.get(person=people["leader"]) in Membership.objects.visible_to(person)
        ),
        "words": lambda person: word in InvitationWord.objects.visible_to(person),
    }

    answers = {
        name: {who for who, person in people.items() if who != "community" and knows(person)}
        for name, knows in know.items()
    }

    assert answers == {
        "communities": {"invited", "active", "paused", "leader", "paused_leader", "staff"},
        "people": {"active", "paused", "leader", "paused_leader", "staff"},
        "words": {"staff"},
    }
    assert [knows(AnonymousUser()) for knows in know.values()] == [False, False, False]
