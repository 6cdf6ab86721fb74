"""Plans and charters that are found: by whom, and only as they stand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.communities import finding_plans
from coppice.communities.actions import charters, plans
from coppice.communities.charter_models import Charter
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.search import indexing
from coppice.search.models import Document
from coppice.search.queries import Wish, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return add_member(make_community(name="Quince growers"), "Rosa Medina", role="leader")


def found(person, words):
    indexing.refresh()
    answer = look(person, Wish(words), now=timezone.now())
    kinds = Document.objects.in_bulk(answer.document_ids)
    return sorted(kinds[pk].kind for pk in answer.document_ids if kinds[pk].kind in {"plan", "charter"})


def adopt(community, mission):
    charters.draft(community, mission=mission, by=None)
    charter = charters.propose(community, closes_on=timezone.localdate() + timedelta(days=9), by=None)
    charter.state, charter.closed_at = Charter.State.ADOPTED, timezone.now()
    charter.save()
    return charter


def test_a_plan_is_found_by_its_answers_and_goals_by_those_who_read_it(leader):
    community = leader.community
    plans.answer(community, question="potential", text="We prune marmalade", by=leader.person)
    plans.add_goal(community, words="Sixty jars", by=leader.person)
    invited = Membership.objects.create(
        community=community,
        person=make_person("Ida Invited"),
        enrollment=add_member(make_community(name="Pears"), "Ida").enrollment,
        state="invited",
    )
    readers = (leader.person, make_staff(community.program), invited.person, make_person("Eve"))

    by_answer = [found(each, "marmalade") for each in readers]
    by_goal = found(leader.person, "jars")
    plans.answer(community, question="potential", text="We prune pears", by=leader.person)

    assert (by_answer, by_goal) == ([["plan"], ["plan"], [], []], ["plan"])
    assert (found(leader.person, "marmalade"), found(leader.person, "pears")) == ([], ["plan"])
    assert list(finding_plans.plans([make_community(name="Empty").pk])) == []
    assert [each in finding_plans.with_plans_for(invited.person) for each in (community,)] == [False]


def test_of_charters_the_one_in_force_is_found(leader):
    community = leader.community
    charters.draft(community, mission="We share saplings", by=None)
    asked = charters.propose(community, closes_on=timezone.localdate() + timedelta(days=9), by=None)
    while_asked = found(leader.person, "saplings")
    asked.state, asked.closed_at = Charter.State.ADOPTED, timezone.now()
    asked.save()
    adopted = found(leader.person, "saplings")

    newer = adopt(community, "We share grafts")

    assert (while_asked, adopted) == ([], ["charter"])
    assert (found(leader.person, "saplings"), found(leader.person, "grafts")) == ([], ["charter"])
    [document] = finding_plans.charters([asked.pk, newer.pk])
    assert (document.title, document.path) == ("Charter of Quince growers", newer.get_absolute_url())
