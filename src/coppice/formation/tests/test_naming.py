"""Communities are named anew after what their people answered; a name by hand goes with its people."""

from collections import Counter

import pytest

from coppice.communities.tests.factories import make_program
from coppice.formation import actions, tasks
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in
from coppice.programs.models import Topic

pytestmark = pytest.mark.django_db

ALIKE = Rule(Kind.ALIKE, "attribute:Wants", is_told=True)


def common_answers(formation: Formation) -> list[str]:
    """What most people of each community want, in its order."""
    return [
        Counter(place.enrollment.attributes["Wants"] for place in people_in(column)).most_common(1)[0][0]
        for column in columns_of(formation)
    ]


def worked_out_again(formation: Formation) -> Formation:
    actions.propose_again(formation, by=None)
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    return formation


def test_a_community_is_called_after_what_most_of_its_people_answered():
    formation = make_proposal(people=24, rules=[ALIKE], minimum=12, maximum=12)

    assert [each.name for each in columns_of(formation)] == common_answers(formation)
    assert sorted(common_answers(formation)) == ["grants", "volunteers"]


def test_two_of_one_answer_are_told_apart():
    formation = make_proposal(people=24, rules=[ALIKE], minimum=6, maximum=6)

    names = sorted(each.name for each in columns_of(formation))

    assert names == ["grants", "grants 2", "volunteers", "volunteers 2"]


def test_it_is_about_the_topic_of_that_name():
    program = make_program()
    make_roster(program, 24)
    grants = Topic.objects.create(program=program, name="Grants", position=1)

    formation = make_proposal(program, rules=[ALIKE], minimum=12, maximum=12)

    assert {each.name: each.topic for each in columns_of(formation)} == {"grants": grants, "volunteers": None}


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Kind.ALIKE, "attribute:Wants"),
        Rule(Kind.BALANCED, "attribute:Wants", is_told=True),
        Rule(Kind.ALIKE, "attribute:Years", is_told=True),
    ],
    ids=["kept from members", "not what they share", "a number"],
)
def test_what_they_do_not_share_or_may_not_read_makes_no_name(rule):
    formation = make_proposal(people=24, rules=[rule], minimum=12, maximum=12)

    assert [each.name for each in columns_of(formation)] == ["Community 1", "Community 2"]


def test_where_nobody_answered_there_is_no_word_for_a_name():
    rule = Rule(Kind.ALIKE, "attribute:Nobody said this", is_told=True)

    formation = make_proposal(people=24, rules=[rule], minimum=12, maximum=12)

    assert [each.name for each in columns_of(formation)] == ["Community 1", "Community 2"]


def test_what_fewer_than_five_answered_makes_no_name():
    formation = make_proposal(people=16, rules=[ALIKE], minimum=4, maximum=4)

    assert [each.name for each in columns_of(formation)] == [f"Community {number}" for number in range(1, 5)]


def test_another_proposal_names_its_communities_by_who_is_in_them_now():
    formation = make_proposal(people=24, rules=[ALIKE], minimum=12, maximum=12)
    for place in formation.places.select_related("enrollment"):
        answers = place.enrollment.attributes
        answers["Wants"] = "grants" if answers["Wants"] == "volunteers" else "volunteers"
        place.enrollment.save()

    again = worked_out_again(formation)

    assert [each.name for each in columns_of(again)] == common_answers(again)


def test_a_name_by_hand_goes_where_most_of_its_people_are():
    formation = make_proposal(people=24, rules=[ALIKE], minimum=6, maximum=6)
    chosen = columns_of(formation)[1]
    actions.rename(chosen, name="Night shifts", topic=None, purpose="To sleep by day.", by=None)
    was = {place.enrollment_id for place in people_in(chosen)}

    terms = {"name": "Round", "reason": formation.reason, "minimum": 8, "maximum": 8, "rules": []}
    actions.revise(formation, by=None, **terms)
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()

    shared = {
        each.name: len(was & {place.enrollment_id for place in people_in(each)})
        for each in columns_of(formation)
    }
    [named] = [each for each in columns_of(formation) if each.named_by_hand]
    assert (named.name, named.purpose) == ("Night shifts", "To sleep by day.")
    assert shared["Night shifts"] == max(shared.values())
