"""What somebody said in vain is told to the staff, and only where others here share more."""

import pytest
from django.test import Client

from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, people_in
from coppice.formation.unmet import unmet_sentences

TOPIC = "attribute:First choice"
ALIKE = [Rule(Kind.ALIKE, TOPIC)]


def said(*choices: str) -> list[dict[str, list[str | float]]]:
    return [{TOPIC: [choice]} for choice in choices]


def test_who_asked_for_another_topic_than_most_here_did_not_get_it():
    here = said("Walks", "Walks", "Guards", "Guards", "Guards")

    assert unmet_sentences(here[0], here, ALIKE) == [
        "Answered “Walks” (First choice) and did not get it: here 3 of 5 people answered “Guards”."
    ]


@pytest.mark.parametrize(
    ("own", "rules"),
    [
        ({TOPIC: ["Guards"]}, ALIKE),
        ({}, ALIKE),
        ({TOPIC: ["Walks"]}, [Rule(Kind.BALANCED, TOPIC)]),
        ({TOPIC: ["Walks", "Guards"]}, ALIKE),
    ],
    ids=["as most", "no answer", "meant to differ", "one of several"],
)
def test_nothing_is_said_where_nothing_was_said_in_vain(own, rules):
    assert unmet_sentences(own, [own, *said("Guards", "Guards")], rules) == []


@pytest.mark.django_db
@pytest.mark.parametrize("is_published", [False, True])
def test_the_panel_says_it_first(is_published):
    formation = make_proposal(people=12, minimum=12, maximum=12, rules=[Rule(Kind.ALIKE, "attribute:Wants")])
    place = people_in(columns_of(formation)[0])[0]
    answers = place.enrollment.attributes
    place.enrollment.attributes = {**answers, "Wants": "boards"}
    place.enrollment.save()
    if is_published:
        type(formation).objects.filter(pk=formation.pk).update(state="published")
    client = Client()
    client.force_login(formation.created_by)

    reasons = client.get(f"/places/{place.pk}/").context["reasons"]

    assert reasons[0].startswith("Answered “boards” (Wants) and did not get it: here ")
    assert len(reasons) > 1
