"""What a line and the head of a column tell, and the page of one community."""

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation.actions import move
from coppice.formation.columns import Mark, mark_of, weakest_of
from coppice.formation.columns import columns_of as shown_columns
from coppice.formation.facts import common_to, facts_of, missing_of, telling_fact
from coppice.formation.models import Formation
from coppice.formation.publishing import ready
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in

RULES = [
    Rule(Kind.APART, "organization"),
    Rule(Kind.BALANCED, "attribute:Years"),
    Rule(Kind.ALIKE, "language"),
]


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_line_tells_two_facts_that_the_rules_are_about():
    answers = {"organization": ["Pantry", "Door"], "attribute:Years": [7.0], "language": ["es"]}

    assert facts_of(answers, RULES) == ["Pantry, Door", "7 years"]
    assert facts_of(answers, RULES[1:]) == ["7 years", "Spanish"]
    assert facts_of({"organization": ["Pantry"], "job_title": ["Cook"]}, RULES[2:]) == ["Pantry", "Cook"]
    assert facts_of({}, RULES) == []


def test_what_all_in_a_column_share_is_told_in_its_head_alone():
    people = [
        {"organization": ["Pantry"], "language": ["es"], "job_title": ["Cook"]},
        {"organization": ["Door"], "language": ["es"], "job_title": ["Cook", "Driver"]},
    ]

    assert common_to(people) == {"language"}
    assert common_to(people[:1]) == set()
    assert facts_of(people[0], RULES, common=common_to(people)) == ["Pantry", "Cook"]


def test_a_line_says_what_the_rules_ask_for_and_nobody_answered():
    assert missing_of({"organization": ["Pantry"]}, RULES) == ["Years", "language"]
    assert missing_of({}, [Rule(Kind.CHOSEN, organizations=(1,))]) == []


@pytest.mark.parametrize(
    ("people", "rules", "told"),
    [
        ([{"attribute:Years": [2.0]}, {"attribute:Years": [9.5]}, {}], RULES, "Years: 2 to 9.5"),
        ([{"language": ["es"]}, {"language": ["es"]}], RULES[2:], "all Spanish"),
        ([{"language": ["es"]}, {}], RULES[2:], "1 of them Spanish"),
        ([{"area": ["North"]}, {"area": ["South"]}], [Rule(Kind.ALIKE, "area")], "2 areas"),
        (
            [{"attribute:Wants": ["a"]}, {"attribute:Wants": ["b"]}],
            [Rule(Kind.ALIKE, "attribute:Wants")],
            "Wants: 2 different answers",
        ),
        ([{"organization": ["Pantry"]}, {"organization": ["Door"]}], [], "2 organizations"),
        ([], RULES, "0 organizations"),
    ],
)
def test_a_column_tells_the_first_thing_that_a_rule_is_about(people, rules, told):
    assert telling_fact(people, rules) == told


def test_the_weakest_point_is_the_lowest_score_in_words():
    assert weakest_of({"1": 0.8, "2": 0.42}, RULES) == "Much the same language in each: 42"
    assert weakest_of({"1": 1.0, "2": 0.999}, RULES) == ""
    assert weakest_of({}, RULES) == ""
    assert weakest_of({"7": 0.1}, RULES) == ""  # a rule that was taken away since


def test_a_score_has_a_word_and_a_colour():
    assert [mark_of(percent) for percent in (None, 100, 80, 79, 60, 59)] == [
        Mark.GOOD,
        Mark.GOOD,
        Mark.GOOD,
        Mark.FAIR,
        Mark.FAIR,
        Mark.WEAK,
    ]


@pytest.fixture
def proposal(db):
    program = make_program()
    for number, enrollment in enumerate(make_roster(program, 24)):
        if number == 5:
            enrollment.attributes = {}
            enrollment.save(update_fields=["attributes"])
    return make_proposal(program, rules=RULES[1:])


@pytest.fixture
def manager(client, proposal):
    client.force_login(make_staff(proposal.program))
    return client


def test_columns_say_who_has_not_answered_and_what_is_weakest(manager, proposal):
    first, *_others = columns_of(proposal)
    proposal.on_table.outcome["communities"][str(first.pk)]["0"] = 0.42
    proposal.on_table.save(update_fields=["outcome"])
    columns = shown_columns(proposal, columns_of(proposal))

    page = text_of(manager.get(proposal.get_absolute_url()))

    rows = [row for column in columns for row in column.rows]
    assert [(row.name, row.missing) for row in rows if row.missing] == [("Person 005", "Years")]
    assert page.count("has not answered: Years") == 1
    weakest = {
        f"Weakest: {column.weakest_field}, {column.weakest_percent}": column.weakest_percent
        for column in columns
        if column.weakest
    }
    assert (min(weakest.values()), max(weakest.values()) >= 80) == (42, True)
    assert {percent for each, percent in weakest.items() if each in page} == {
        percent for percent in weakest.values() if percent < 80
    }
    lowest = min(column.percent for column in columns)
    assert f"Weakest community: {lowest}." in page


def test_how_near_the_best_it_is_is_told_once_the_engine_knows(manager, proposal):
    def told(**bounded):
        proposal.on_table.outcome["bounded"] = bounded and {"objective": 0.9, "locked": 0, **bounded}
        proposal.on_table.save(update_fields=["outcome"])
        page = text_of(manager.get(proposal.get_absolute_url()))
        return page.partition("Within ")[2].partition(".  ")[0].partition(" Weakest")[0]

    proven = proposal.on_table.outcome["bounded"]
    assert proven["objective"] <= proven["bound"]
    assert told(bound=0.904) == "0.5 % of the best possible."  # 0.442 %, rounded up
    assert told(bound=0.9) == told(bound=0.9 - 1e-9) == "0 % of the best possible."
    assert told(bound=0.9, locked=3) == (
        "0 % of the best possible while those who were kept stay where they are."
    )
    assert (told(), told(bound=0.0)) == ("", "")
    proposal.on_table.outcome["broken"] = [
        {"code": "too_small", "rule": -1, "value": "", "people": [], "groups": [], "amount": 1}
    ]
    assert told(bound=0.904) == ""


def test_a_community_has_a_page_of_its_own(manager, proposal):
    column = columns_of(proposal)[0]
    address = reverse("formation:proposed_community", args=[column.pk])
    column.purpose = "Keep volunteers"
    column.save(update_fields=["purpose"])
    proposal.on_table.outcome["broken"] = [
        {"code": "too_small", "rule": -1, "value": "", "people": [], "groups": [str(column.pk)], "amount": 1}
    ]
    proposal.on_table.save(update_fields=["outcome"])

    page = text_of(manager.get(address))

    [shown] = shown_columns(proposal, [column])
    names = [str(place.enrollment) for place in people_in(column)]
    assert [name for name in names if name not in page] == []
    assert f"Weakest point: {shown.weakest} of 100." in page
    assert ("Keep volunteers" in page, f"{column.name} has one person fewer" in page) == (True, True)
    assert "hours of the week" not in page


def test_what_counts_without_a_rule_is_told_of_the_whole_and_of_each(manager, proposal):
    """Even sizes, and people without answers spread over all, are in every score; a move keeps them true."""
    column, target, *_others = columns_of(proposal)
    place = people_in(column)[0]
    proposal.on_table.outcome |= {
        "unnamed": {"even sizes": 0.97, "unanswered": 0.5},
        "unnamed_in": {str(column.pk): {"even sizes": 0.8}},
    }
    proposal.on_table.save(update_fields=["outcome"])

    whole = text_of(manager.get(proposal.get_absolute_url()))
    here = text_of(manager.get(reverse("formation:proposed_community", args=[column.pk])))
    move(place, to=target, by=proposal.created_by)
    proposal.on_table.refresh_from_db()

    assert "Also counts a little: About the same size in all, 97 of 100." in whole
    assert "Also counts a little: People who answered nothing spread over all, 50 of 100." in whole
    assert ("About the same size in all" in here, "97 of 100" in here) == (True, True)
    assert "People who answered nothing" not in here
    assert proposal.on_table.outcome["unnamed"].keys() == {"even sizes"}
    assert proposal.on_table.outcome["unnamed"] != {"even sizes": 0.97}
    assert proposal.on_table.outcome["unnamed_in"].keys() == {str(column.pk), str(target.pk)}


@pytest.mark.parametrize("state", [Formation.State.PROPOSING, Formation.State.IMPOSSIBLE])
def test_a_community_has_no_page_while_it_is_worked_out(manager, proposal, state):
    column = columns_of(proposal)[0]
    proposal.state = state
    proposal.save(update_fields=["state"])

    response = manager.get(reverse("formation:proposed_community", args=[column.pk]))

    assert response.url == proposal.get_absolute_url()


def test_a_published_community_is_shown_without_buttons(manager, proposal):
    proposal.state = Formation.State.PUBLISHED
    proposal.save(update_fields=["state"])

    page = text_of(manager.get(reverse("formation:proposed_community", args=[columns_of(proposal)[0].pk])))

    assert ("Keep as it is" in page, "What is aimed for" in page) == (False, True)


def test_the_invitations_of_a_community_say_its_own_purpose(proposal):
    first, second, *_rest = columns_of(proposal)
    first.purpose = "Keep volunteers"
    first.save(update_fields=["purpose"])
    proposal.frame = {**proposal.begins_with.as_json(), "purpose": "To learn together"}

    founded = ready(proposal)

    assert [founded[each.pk].community.purpose for each in (first, second)] == [
        "Keep volunteers",
        "To learn together",
    ]
