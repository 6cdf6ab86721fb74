"""After publication scores and people are of one moment, and what has changed since is counted."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities import actions as communities
from coppice.communities.models import Membership
from coppice.communities.tests.factories import enroll, make_program
from coppice.formation import actions
from coppice.formation.afterwards import circle_of
from coppice.formation.explaining import explanation_of
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.since import Changes, changes_of
from coppice.formation.tests.factories import ask, columns_of, founded, make_published, make_roster, members
from engines import grouping

pytestmark = pytest.mark.django_db
AREA, KINDS = Rule(Kind.ALIKE, "area"), Rule(Kind.BALANCED, "kind")


@pytest.fixture
def formation():
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    return make_published(program, rules=[AREA, KINDS], minimum=6, maximum=10)


def get(formation, name):
    client = Client()
    client.force_login(formation.created_by)
    return client.get(reverse(f"formation:{name}", args=[formation.pk]))


def text_of(response):
    return " ".join(response.content.decode().split())


def sheets(formation):
    book = openpyxl.load_workbook(io.BytesIO(get(formation, "workbook").content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


def swap(formation, one, other):
    mine, theirs = ask(one, other.community), ask(other, one.community)
    return actions.decide(
        formation, request_id=mine.pk, other_id=theirs.pk, target=None, by=None, despite_rules=True
    )


def change(formation):
    """Two change places and two did and went back, one leaves, one says no, one comes."""
    first, second, third = founded(formation)
    [ana, cy, *_], [bo, di, *_], [eve, fay, *_] = members(first), members(second), members(third)
    swap(formation, ana, bo)
    actions.undo(swap(formation, cy, di), by=None)
    communities.leave(eve, by=eve.person)
    communities.decline(fay, by=fay.person)
    lou = enroll(formation.program, "Late Lou")
    actions.place_late(formation, places={lou.pk: first.pk}, by=None)
    return Formation.objects.get(pk=formation.pk)


def test_nothing_has_changed_at_first(formation):
    assert changes_of(formation) == Changes(
        asked=24, placed=24, moved=0, came=0, left=0, present=24, communities=3
    )
    assert "Changed since publication" not in text_of(get(formation, "publication"))
    assert explanation_of(formation, hides_few=False).since == [
        "Nobody has changed to another group, come or left."
    ]


def test_a_swap_somebody_late_and_whoever_left_are_counted(formation):
    formation = change(formation)

    assert changes_of(formation) == Changes(
        asked=25, placed=24, moved=2, came=1, left=2, present=23, communities=3
    )
    told = (
        "Changed since publication: 2 people have changed to another group. One person has come. "
        "2 people have left or said no."
    )
    assert told in text_of(get(formation, "publication"))


def test_who_was_off_the_roster_when_it_was_published_was_not_placed_and_comes_later(formation):
    gone = formation.places.order_by("pk")[0]
    Membership.objects.filter(enrollment=gone.enrollment).delete()
    before = changes_of(formation)
    other = next(each for each in founded(formation) if each != gone.proposed_community.community)

    actions.place_late(formation, places={gone.enrollment_id: other.pk}, by=None, despite_rules=True)

    after = changes_of(formation)
    assert (before.placed, before.counts) == (23, (0, 0, 0))
    assert (after.placed, after.counts) == (23, (0, 1, 0))


def test_the_explanation_is_as_published_and_tells_what_has_changed_since(formation):
    before = explanation_of(formation, hides_few=False)

    formation = change(formation)
    told = explanation_of(formation, hides_few=False)

    assert (told.people, told.total, told.weakest, told.aims, told.rules, told.by_hand) == (
        "24 people in 3 communities.",
        before.total,
        before.weakest,
        before.aims,
        before.rules,
        ["Nobody was moved by hand."],
    )
    assert told.since[-1] == "By now 23 people are in 3 communities."
    page = text_of(get(formation, "explanation"))
    assert "People and scores on this page are as published on" in page
    assert "Changed since publication" in page
    assert "One person has come." in page


def test_a_funder_reads_no_change_of_fewer_than_five_people(formation):
    formation = change(formation)
    few = explanation_of(formation, hides_few=True).since
    for member in [each for community in founded(formation) for each in members(community)][:6]:
        communities.leave(member, by=member.person)

    assert few == ["Fewer than five people have changed to another group, come or left."]
    assert explanation_of(formation, hides_few=True).since == ["8 people have left or said no."]


def test_the_workbook_is_as_it_is_now_people_and_scores(formation):
    published = sheets(formation)
    formation = change(formation)

    now = sheets(formation)

    circle = circle_of(formation)
    score = grouping.score(circle.draft.problem, circle.assignment)
    columns = {each.name: str(each.community_id) for each in columns_of(formation)}
    rows = {row[0]: row for row in now["Communities"][1:]}
    assert {name: (row[2], row[6]) for name, row in rows.items()} == {
        name: (circle.sizes[key], round(100 * score.groups[key], 1)) for name, key in columns.items()
    }
    assert [row[6] for row in now["Communities"]] != [row[6] for row in published["Communities"]]
    rules = {row[0]: row[1:] for row in now["Rules"]}
    assert rules["All aims together"][2] == round(100 * score.total, 1)
    assert rules["All aims together, as published"][2] == round(100 * formation.outcome["total"], 1)
    assert [
        rules[name][1]
        for name in (
            "People placed, as published",
            "Changed to another group since",
            "Came since",
            "Left or said no since",
        )
    ] == [24, 2, 1, 2]
    assert rules["6 to 10 people each"][1] == "holds"
    assert rules["Published on"][1].date() == formation.published_at.date()
    assert len(now["People"]) == 24
    assert [row[0] for row in published["Rules"]][-2:] == ["Worked out on", "Seed"]


def test_a_community_that_has_become_too_small_is_said_in_the_workbook(formation):
    for member in members(founded(formation)[0])[:4]:
        communities.leave(member, by=member.person)

    assert ["6 to 10 people each", "must hold", "broken, times: 1", None] in sheets(formation)["Rules"]


def test_where_everybody_has_left_there_is_no_score(formation):
    for community in founded(formation):
        for member in members(community):
            communities.leave(member, by=member.person)

    book = sheets(formation)

    assert [row[2] for row in book["Communities"][1:]] == [0, 0, 0]
    assert [row[3] for row in book["Rules"] if row[0] == "All aims together"] == [None]
    told = explanation_of(formation, hides_few=False)
    assert (told.people, told.since) == (
        "24 people in 3 communities.",
        ["24 people have left or said no.", "By now 0 people are in 0 communities."],
    )
