"""What of a plan, a charter and one's own word waits for somebody, as a community's first page tells it."""

from datetime import date, timedelta

import pytest

from coppice.communities.actions import charters, commitments, plans, roles
from coppice.communities.agreement import agreement_of, waiting_steps
from coppice.communities.plan_board import plan_of
from coppice.communities.tests.factories import add_member, make_community

pytestmark = pytest.mark.django_db

DAY = date(2099, 6, 30)


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
def planned(community):
    """A community with one answer, so that there is something to agree to."""
    plans.answer(community, question="potential", text="We have tried everything once.", by=None)
    return community


def answered(community, person_id=None):
    return agreement_of(community, person_id).answered


def told(community, member, *, leads=False):
    steps = waiting_steps(agreement_of(community, member.person_id), community, leads=leads, takes_part=True)
    return [str(step.sentence) for step in steps]


def test_a_new_community_has_answered_nothing(community):
    found = agreement_of(community, None)

    assert found.answered == frozenset()
    assert (found.next, found.is_to_plan, found.is_to_charter) == ("potential", True, False)


def test_it_counts_as_the_plan_itself_does(community, tom):
    plans.answer(community, question="potential", text="We have tried everything once.", by=None)
    plans.answer(community, question="format", text="", typed={"formats": ["check_in"]}, by=None)
    plans.answer(community, question="rhythm", text="", typed={"rhythm": "monthly"}, by=None)
    plans.answer(community, question="dates", text="", typed={"weekday": 1}, by=None)
    plans.add_goal(
        community, words="Half of them stay", indicator="People", baseline=0, target=9, due_on=None, by=None
    )
    commitments.make(tom, what="Ask five people", due_on=DAY, by=None)
    roles.add_role(community, kind="reporter", name="", what="", minutes_a_month=None, by=None)

    plan = plan_of(community)

    assert answered(community) == {each.asked.question for each in plan.answers if each.is_answered}
    assert len(answered(community)) == plan.count == 8
    assert agreement_of(community, None).next == "meeting"


def test_a_member_is_asked_about_the_charter_until_they_have_answered(planned, leader, tom):
    charter = charters.propose(planned, closes_on=DAY, by=None)
    before = told(planned, tom)

    charters.consent(charter, membership=tom, answer="agree", words="", proposal="", by=tom.person)

    assert before == ["The charter is ready to be agreed to, until 30 June 2099."]
    assert told(planned, tom) == []
    assert agreement_of(planned, None).is_to_plan is False


def test_whoever_leads_hears_of_an_objection_until_it_is_answered(planned, leader, tom):
    charter = charters.propose(planned, closes_on=DAY, by=None)
    charters.consent(charter, membership=leader, answer="agree", words="", proposal="", by=None)
    objection = charters.consent(
        charter, membership=tom, answer="object", words="Too often", proposal="", by=tom.person
    )
    before = told(planned, leader, leads=True)

    charters.work_through(objection, way="change", reply="Once a month then", by=None)

    assert before == ["Somebody objects to the charter, and waits for an answer."]
    assert told(planned, leader, leads=True) == []


def test_ones_own_word_waits_until_it_is_settled(community, tom, leader):
    commitments.make(tom, what="Ask five people", due_on=DAY, by=None)
    first = commitments.make(tom, what="Call the county", due_on=DAY - timedelta(days=1), by=None)
    before = told(community, tom)

    commitments.tell(first, state="done", outcome="", by=None)

    assert before == ["2 things that you said you would do wait. The first is for 29 June 2099."]
    assert told(community, tom) == [
        "1 thing that you said you would do waits. The first is for 30 June 2099."
    ]
    assert told(community, leader) == []


def test_a_whole_plan_leads_to_the_charter(community):
    for question in ("potential", "goals", "signs", "format", "rhythm", "dates", "meeting", "commitments"):
        plans.answer(community, question=question, text="Said", by=None)
    plans.answer(community, question="roles", text="Said", by=None)
    plans.answer(community, question="sharing", text="Said", by=None)

    assert agreement_of(community, None).is_to_charter
