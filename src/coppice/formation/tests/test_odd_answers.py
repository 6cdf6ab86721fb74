"""Answers as people write them: topics over two lines, codes that look like huge numbers, long numbers."""

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation.aspects import About, Aspects, Offer, Says
from coppice.formation.facts import telling_fact
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule, is_too_large, number, text
from coppice.formation.tests.factories import make_proposal, make_roster

pytestmark = pytest.mark.django_db

State = Formation.State
ODD_TOPICS = ["Food  banks", "Food\nbanks", "Food\u202ebanks"]


def with_answers(column: str, answers: list[object], *, people: int = 24):
    program = make_program()
    for index, each in enumerate(make_roster(program, people)):
        each.attributes = {column: answers[index % len(answers)]}
        each.save()
    return program


@pytest.mark.parametrize("odd", ODD_TOPICS)
def test_a_topic_stands_on_one_line_however_it_was_written(odd):
    program = with_answers("First choice", [odd, "Grants"])
    offers = (Offer(odd), Offer("Grants"))
    aspects = Aspects(columns={"First choice": Says.WISH}, about=About.OPEN, offers=offers)

    formation = make_proposal(program, rules=[Rule(Kind.WISHED_ONLY)], aspects=aspects, minimum=4)

    topics = {str(each.topic) for each in formation.proposed_communities.all()}
    assert (formation.state, topics) == (State.PROPOSED, {"Food banks", "Grants"})
    assert set(program.topics.values_list("name", flat=True)) == {"Food banks", "Grants"}


@pytest.mark.parametrize("odd", ODD_TOPICS)
def test_the_form_offers_an_odd_topic_under_its_plain_name(client, odd):
    program = with_answers("First choice", [odd, "Grants"])
    client.force_login(make_staff(program))
    sent = {"name": "R", "reason": "stable_team", "minimum": 7, "maximum": 9, "about": "open", "fairness": 0}

    assert client.post(reverse("formation:formations", args=[program.pk]), sent).status_code == 302

    offers = program.formations.get().aspects["offers"]
    assert {each["topic"] for each in offers} == {"Food banks", "Grants"}


@pytest.mark.parametrize("kind", [Kind.BALANCED, Kind.ALIKE, Kind.DIVERSE])
def test_codes_that_read_as_huge_numbers_count_as_words(kind):
    program = with_answers("Lot", [f"{index + 1}E{100 + index * 5}" for index in range(24)])

    formation = make_proposal(program, rules=[Rule(kind, "attribute:Lot")])

    assert (formation.state, formation.places.count()) == (State.PROPOSED, 24)


def test_a_number_is_finite_and_of_a_size_to_reckon_with():
    assert [number(each) for each in ("3.5", 1e15, "1E16", "-1e100", "inf", "nan", "x")] == [
        3.5,
        1e15,
        *[None] * 5,
    ]
    assert [is_too_large(each) for each in ("3.5", "1E16", -1e100, "inf", "nan", "x")] == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]


def test_the_trial_says_which_number_is_too_large(client):
    program = with_answers("Years", [3, 5, "1E100"])
    client.force_login(make_staff(program))
    sent = {"name": "R", "reason": "stable_team", "minimum": 7, "maximum": 9, "kind_0": "balanced"}
    address = reverse("formation:program_trial", args=[program.pk])

    told = client.post(address, {**sent, "field_0": "attribute:Years"}).content.decode()
    program.enrollments.filter(attributes__Years=3).update(attributes={"Years": "some"})
    mixed = client.post(address, {**sent, "field_0": "attribute:Years"}).content.decode()

    sentence = "1E100 is too large to reckon with, so this column counts as words, not as numbers."
    assert (sentence in told, sentence in mixed) == (True, False)


def test_long_numbers_that_differ_in_their_last_digit_are_two_answers():
    program = with_answers("Grant", [1234560 + index for index in range(6)])

    formation = make_proposal(program, rules=[Rule(Kind.TOGETHER, "attribute:Grant")])

    assert formation.state == State.PROPOSED


def test_numbers_are_written_in_full():
    written = [text(each) for each in (3.0, "3", 1234567.0, 0.1 + 0.2, 2.5, 1e100)]

    assert written == ["3", "3", "1234567", "0.3", "2.5", "1e+100"]
    people = [{"attribute:Grant": [1234567.0]}, {"attribute:Grant": [7654321.0]}]
    assert telling_fact(people, [Rule(Kind.ALIKE, "attribute:Grant")]) == "Grant: 1234567 to 7654321"
