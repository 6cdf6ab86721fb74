"""Two proposals side by side: what got better or worse, which community is which, who moved."""

import csv
import io

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation.comparing import compared
from coppice.formation.figures import change_of, finding_of, happened, name_of, place_name, rows_of
from coppice.formation.models import Formation, Place, Proposal, ProposedCommunity
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import make_proposal_of
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db
YEARS = Rule(Kind.BALANCED, "attribute:Years")
AREA = Rule(Kind.ALIKE, "area")
HOUSE = Rule(Kind.APART, "organization")


@pytest.fixture
def formation():
    """A formation of no engine's, in which proposals are laid out by hand."""
    program = make_program(name="Healthy Start")
    return Formation.objects.create(
        program=program,
        name="Round 1",
        reason="stable_team",
        minimum=2,
        maximum=3,
        state=Formation.State.PROPOSED,
        rules=[YEARS.as_json(), HOUSE.as_json()],
    )


def lay_out(formation: Formation, number: int, groups: list[list[Enrollment]], **outcome: object) -> Proposal:
    """A proposal with these people in communities named by its number."""
    told = {"total": 0.8, "rules": {"0": 0.7}, "broken": [], "without_answers": 0, **outcome}
    scores = told.pop("scores", [0.5 + place / 10 for place in range(len(groups))])
    proposal = make_proposal_of(formation, number=number, outcome=told)
    for place, group in enumerate(groups):
        column = ProposedCommunity.objects.create(
            proposal=proposal,
            name=f"Circle {number}{place}",
            position=place,
            minimum=2,
            maximum=3,
            score=scores[place],
        )
        Place.objects.bulk_create(
            Place(proposal=proposal, proposed_community=column, enrollment=each) for each in group
        )
    return proposal


@pytest.fixture
def people(formation):
    return [enroll(formation.program, f"Person {letter}") for letter in "ABCDEFG"]


def test_another_order_of_communities_moves_nobody(formation, people):
    a, b, c, d, e, f, _g = people
    first = lay_out(formation, 1, [[a, b, c], [d, e, f]])
    second = lay_out(formation, 2, [[d, e, f], [a, b, c]])

    found = compared(first, second)

    assert (found.moved, found.changed, found.in_both_count) == ([], [], 6)
    assert [(str(pair.origin), str(pair.target), pair.in_common) for pair in found.pairs] == [
        ("Circle 11", "Circle 20", 3),
        ("Circle 10", "Circle 21", 3),
    ]


def test_who_moved_came_and_went_is_told_by_name(formation, people):
    a, b, c, d, e, f, g = people
    first = lay_out(formation, 1, [[a, b, c], [d, e], [f]])
    second = lay_out(formation, 2, [[d, e, c], [a, b, g]])

    found = compared(first, second)

    assert [(name_of(each), str(each.origin), str(each.target), happened(each)) for each in found.moves] == [
        ("Person A", "Circle 10", "Circle 21", "stays"),
        ("Person B", "Circle 10", "Circle 21", "stays"),
        ("Person C", "Circle 10", "Circle 20", "moved"),
        ("Person D", "Circle 11", "Circle 20", "stays"),
        ("Person E", "Circle 11", "Circle 20", "stays"),
        ("Person F", "Circle 12", "None", "is no longer there"),
        ("Person G", "None", "Circle 21", "has come"),
    ]
    assert [name_of(each) for each in found.changed] == ["Person C", "Person F", "Person G"]
    assert (found.in_both_count, found.only_first_count, found.only_second_count) == (5, 1, 1)
    assert [(pair.people_before, pair.people_after, pair.in_common) for pair in found.pairs] == [
        (2, 3, 2),
        (3, 3, 2),
        (1, 0, 0),
    ]


def test_a_community_that_was_kept_as_it_is_goes_on_as_itself(formation, people):
    a, b, c, d, e, f, _g = people
    first = lay_out(formation, 1, [[a, b], [c, d, e], [f]])
    first.places.filter(enrollment__in=[a, b]).update(is_locked=True)
    second = lay_out(formation, 2, [[a, b, c, d, e], [f]])

    found = compared(first, second)

    assert [name_of(each) for each in found.moved] == ["Person C", "Person D", "Person E"]
    assert [(str(pair.origin), str(pair.target), pair.in_common) for pair in found.pairs] == [
        ("Circle 10", "Circle 20", 2),
        ("Circle 12", "Circle 21", 1),
        ("Circle 11", "None", 0),
    ]


def test_who_was_kept_and_left_the_roster_does_not_count(formation, people):
    a, b, c, d, e, _f, _g = people
    first = lay_out(formation, 1, [[a, b], [c, d, e]])
    first.places.filter(enrollment__in=[a, b]).update(is_locked=True)
    second = lay_out(formation, 2, [[a, c, d, e]])

    assert [name_of(each) for each in compared(first, second).moved] == ["Person C", "Person D", "Person E"]


def test_communities_that_have_one_name_by_hand_are_one(formation, people):
    a, b, c, d, e, _f, _g = people
    first = lay_out(formation, 1, [[a, b], [c, d, e]])
    second = lay_out(formation, 2, [[c, d, e, a], [b]])
    ProposedCommunity.objects.filter(name__in=["Circle 10", "Circle 20"]).update(
        name="First grants", named_by_hand=True
    )

    assert [name_of(each) for each in compared(first, second).moved] == [
        "Person B",
        "Person C",
        "Person D",
        "Person E",
    ]


def test_a_community_without_anybody_from_before_is_new(formation, people):
    a, b, c, d, *_others = people
    first = lay_out(formation, 1, [[a, b]])
    second = lay_out(formation, 2, [[a, b], [c, d]])

    [_same, new] = compared(first, second).pairs

    assert (new.origin, str(new.target), new.people_before, new.people_after) == (None, "Circle 21", 0, 2)


def test_each_rule_is_told_with_what_became_of_it(formation, people):
    a, b, c, d, *_others = people
    groups = [[a, b], [c, d]]
    apart = {"code": "too_many", "rule": 1, "people": [], "groups": [], "amount": 1, "value": ""}
    small = {"code": "too_small", "rule": -1, "people": [], "groups": [], "amount": 1, "value": ""}
    first = lay_out(formation, 1, groups, broken=[apart, apart, small])
    second = lay_out(formation, 2, groups, total=0.83, rules={"0": 0.6}, scores=[0.7, 0.5])

    rows = [
        (row.label, row.before, row.after, row.change, row.tone) for row in rows_of(compared(first, second))
    ]

    assert rows == [
        ("In all, of 100", "80", "83", "3 better", "leaf"),
        ("Weakest community", "50, Circle 10", "50, Circle 21", "the same", ""),
        ("2 to 3 people each", "broken once", "holds", "1 better", "leaf"),
        ("Same organization apart", "broken 2 times", "holds", "2 better", "leaf"),
        ("A good mix of answers in each: Years", "70 of 100", "60 of 100", "10 worse", "foxglove"),
    ]


def test_other_sizes_and_rules_are_said_to_be_others(formation, people):
    a, b, c, d, *_others = people
    first = lay_out(formation, 1, [[a, b], [c, d]], scores=[None, None])
    formation.maximum, formation.rules = 4, [AREA.as_json()]
    second = lay_out(formation, 2, [[a, b], [c, d]], rules={"0": 0.9})

    found = compared(first, second)

    rows = [(row.label, row.before, row.after, row.change) for row in rows_of(found)]
    assert finding_of(found) == (
        "Proposal 2 and Proposal 1 were asked for different sizes or rules: read them rule by rule."
    )
    assert rows[1:] == [
        ("Weakest community", "", "50, Circle 20", ""),
        ("Sizes", "2 to 3 people each: holds", "2 to 4 people each: holds", "the same"),
        ("Same organization apart", "holds", "", "asked only in Proposal 1"),
        ("A good mix of answers in each: Years", "70 of 100", "", "asked only in Proposal 1"),
        ("Much the same area in each", "", "90 of 100", "asked only in Proposal 2"),
    ]


@pytest.mark.parametrize(
    ("total", "sentence"),
    [
        (0.8, "Proposal 2 scores the same as Proposal 1."),
        (0.81, "Proposal 2 scores one point more than Proposal 1."),
        (0.85, "Proposal 2 scores 5 points more than Proposal 1."),
        (0.78, "Proposal 2 scores 2 points less than Proposal 1."),
    ],
)
def test_the_finding_is_one_sentence(formation, people, total, sentence):
    first = lay_out(formation, 1, [people])
    second = lay_out(formation, 2, [people], total=total)

    assert finding_of(compared(first, second)) == sentence
    assert change_of(None, 3) == ("", "")


def test_the_page_compares_what_is_on_the_table_with_the_newest_other(formation, people, client):
    client.force_login(make_staff(formation.program))
    address = reverse("formation:comparison", args=[formation.pk])
    a, b, c, d, *_others = people

    alone = client.get(address).text
    lay_out(formation, 1, [[a, b], [c, d]])
    lay_out(formation, 2, [[a, d, c], [b]])
    lay_out(formation, 3, [[a, b], [c, d]])
    usual = client.get(address)
    asked = client.get(address, {"first": "3", "second": "1"})
    unknown = client.get(address, {"first": "77", "second": "x"})

    assert "There is nothing to compare before there are two proposals." in alone
    numbers = [
        (each.context["first"].number, each.context["second"].number) for each in (usual, asked, unknown)
    ]
    assert numbers == [(2, 3), (3, 1), (2, 3)]
    assert "Nobody has another place." in asked.text
    assert " ".join(usual.context["finding"].split()) == "Proposal 3 scores the same as Proposal 2."
    assert "It moves 1 of 4 people." in usual.text


def test_names_come_in_pages_and_everybody_in_the_file(formation, client, monkeypatch):
    monkeypatch.setattr("coppice.formation.views.comparisons.A_PAGE", 2)
    client.force_login(make_staff(formation.program))
    people = [enroll(formation.program, f"Person {number:02}") for number in range(8)]
    lay_out(formation, 1, [people[:4], people[4:]])
    lay_out(formation, 2, [people[::2], people[1::2]])

    page = client.get(reverse("formation:comparison", args=[formation.pk]), {"page": "2"})
    file = client.get(reverse("formation:comparison_file", args=[formation.pk]))

    assert (len(page.context["people"]), page.context["page"].paginator.count) == (2, 4)
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[0] == ["Name", "Proposal 1", "Proposal 2", "What happened"]
    assert (len(rows), rows[1][0], {row[3] for row in rows[1:]}) == (9, "Person 00", {"stays", "moved"})


def test_the_file_of_nothing_to_compare_has_its_head_alone(formation, client):
    client.force_login(make_staff(formation.program))

    file = client.get(reverse("formation:comparison_file", args=[formation.pk]))

    assert file.content.decode("utf-8-sig").split() == ["Name,What", "happened"]


def test_one_name_of_two_communities_is_told_with_what_it_was(formation, people, client):
    a, b, c, d, e, f, g = people
    first = lay_out(formation, 1, [[a, b, c], [d, e, f]])
    second = lay_out(formation, 2, [[d, e, a], [b, c], [f, g]], scores=[0.5, 0.6, 0.7])
    for proposal in (first, second):
        for column in proposal.proposed_communities.all():
            ProposedCommunity.objects.filter(pk=column.pk).update(name=f"Circle {column.position + 1}")
    ProposedCommunity.objects.filter(proposal=second, position=2).update(name="Circle 3")
    client.force_login(make_staff(formation.program))

    page = client.get(reverse("formation:comparison", args=[formation.pk]) + "?first=1&second=2")
    file = client.get(reverse("formation:comparison_file", args=[formation.pk]) + "?first=1&second=2")

    told = " ".join(page.content.decode().split())
    cells = ["Circle 1", "Circle 1 (Circle 2 in Proposal 1)"]
    assert " ".join(f'<td data-label="Proposal {n}">{cell}</td>' for n, cell in enumerate(cells, 1)) in told
    assert "50, Circle 1 (Circle 2 in Proposal 1)" in told
    rows = list(csv.reader(io.StringIO(file.content.decode().lstrip("﻿"))))
    assert rows[1:] == [
        ["Person A", "Circle 1", "Circle 1 (Circle 2 in Proposal 1)", "moved"],
        ["Person B", "Circle 1", "Circle 2 (Circle 1 in Proposal 1)", "stays"],
        ["Person C", "Circle 1", "Circle 2 (Circle 1 in Proposal 1)", "stays"],
        ["Person D", "Circle 2", "Circle 1 (Circle 2 in Proposal 1)", "stays"],
        ["Person E", "Circle 2", "Circle 1 (Circle 2 in Proposal 1)", "stays"],
        ["Person F", "Circle 2", "Circle 3", "moved"],
        ["Person G", "", "Circle 3", "has come"],
    ]


def test_a_new_community_by_a_name_that_was_there_is_said_to_be_new(formation, people):
    a, b, c, d, e, f, _g = people
    first = lay_out(formation, 1, [[a, b, c]])
    second = lay_out(formation, 2, [[a, b, c], [d, e, f]])
    ProposedCommunity.objects.filter(proposal=second, position=1).update(name="Circle 10")

    found = compared(first, second)

    targets = [place_name(found, move.target) for move in found.moves]
    assert targets == ["Circle 20"] * 3 + ["Circle 10 (a new one)"] * 3
