"""What nobody has answered counts for nothing; who has not answered is marked, whatever is asked."""

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation.aspects import About, Aspects, Offer, Says
from coppice.formation.comparing import measures_of
from coppice.formation.figures import figure_of
from coppice.formation.proposing import drawn_up
from coppice.formation.queries import facts_of, roster_of
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import make_proposal, make_roster, start_formation
from coppice.formation.trying import trial

pytestmark = pytest.mark.django_db
NEAR = Rule(Kind.ALIKE, "area")
SILENT = [
    Rule(Kind.WISHES),
    Rule(Kind.TOPIC_WANTED),
    Rule(Kind.COMMON_NEEDS),
    Rule(Kind.KNOWN_HERE),
    Rule(Kind.MEETING_HOURS),
    Rule(Kind.STAY),
    Rule(Kind.ALIKE, "attribute:Gone"),
    Rule(Kind.SPREAD, "area", value="Nowhere"),
    Rule(Kind.ACCOMPANIED, "area", value="Nowhere"),
]


@pytest.fixture
def program(client):
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    client.force_login(make_staff(program))
    return program


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("rule", SILENT, ids=lambda rule: rule.kind)
def test_an_aim_about_nobody_does_not_count(program, rule):
    formation = make_proposal(program, rules=[rule, NEAR])
    alone = make_proposal(program, rules=[NEAR])

    _plan, drawn = drawn_up(formation, roster=roster_of(program.pk), locks={}, facts=facts_of(formation))

    assert [aim.name for aim in drawn.problem.aims] == ["1", "even sizes"]
    assert set(formation.outcome["rules"]) == {"1"}
    assert formation.outcome["total"] == pytest.approx(alone.outcome["total"])


def test_what_would_be_enough_of_somebody_who_is_not_there_counts(program):
    formation = make_proposal(program, rules=[Rule(Kind.ENOUGH, "area", value="Nowhere")])

    assert formation.outcome["rules"] == {"0": 0.0}


def test_the_pages_say_that_nobody_has_answered(program, client):
    formation = make_proposal(program, rules=[Rule(Kind.KNOWN_HERE), NEAR])
    alone = make_proposal(program, rules=[Rule(Kind.STAY)])

    studio, only = (text_of(client.get(each.get_absolute_url())) for each in (formation, alone))
    kept = text_of(client.get(formation.on_table.get_absolute_url()))

    assert studio.count("nobody has answered this, so it does not count.") == 1
    assert "has not answered: needs" not in studio
    assert " of 100 in all." in studio
    assert only.count("nobody has answered this, so it does not count.") == 1
    assert " of 100 in all." not in only
    assert "nobody has answered this" in kept
    told = [figure_of(each) for each in measures_of(formation.on_table).values()]
    assert told == [
        "holds",
        "nobody has answered this",
        f"{round(100 * formation.outcome['rules']['1'])} of 100",
    ]


def test_before_anything_is_run_each_rule_says_who_has_answered(program):
    enroll(program, "Noor New", language="en")
    rules = [NEAR, Rule(Kind.BALANCED, "language"), Rule(Kind.KNOWN_HERE), Rule(Kind.SIZE, amount=8)]
    formation = start_formation(program, rules=rules)

    tried = trial(formation, roster=roster_of(program.pk), locks={})

    assert [(rule.people, rule.unanswered, rule.is_silent) for rule in tried.rules] == [
        (24, 1, False),
        (25, 0, False),
        (0, 25, True),
        (25, None, False),
    ]


def test_where_everybody_has_answered_that_is_said(program, client):
    url = reverse("formation:program_trial", args=[program.pk])
    terms = {"name": "First", "reason": "stable_team", "minimum": 7, "maximum": 9}

    all_told = text_of(client.post(url, {**terms, "kind_0": "balanced", "field_0": "area"}))
    silent = text_of(client.post(url, {**terms, "kind_0": "known_here"}))
    unasked = text_of(client.post(url, {**terms, "kind_0": "size", "amount_0": "8"}))
    enroll(program, "Noor New")
    one_open = text_of(client.post(url, {**terms, "kind_0": "balanced", "field_0": "area"}))

    assert "All have answered." in all_told
    assert "Everybody answered something of this." in all_told
    assert "nobody has answered this, so it does not count." in silent
    assert ("answered" in unasked.split('id="trial"')[1]) is False
    assert "One has not answered" in one_open
    assert "One person answered none of this." in one_open


ASKED = [
    (Rule(Kind.WISHES), "wishes"),
    (Rule(Kind.TOPIC_WANTED), "needs"),
    (Rule(Kind.MEETING_HOURS), "free hours"),
]


@pytest.mark.parametrize(("rule", "word"), ASKED, ids=["wishes", "needs", "hours"])
def test_who_gave_no_wishes_needs_or_hours_is_marked_though_no_value_is_asked_for(
    program, client, rule, word
):
    told = {"wishes": ["Grants"], "needs": ["Vans"], "free_hours": ["mon-09"]}
    for number, each in enumerate(program.enrollments.order_by("pk")):
        each.attributes = told if number else {}
        each.save()
    columns = {"wishes": Says.WISH, "needs": Says.NEED, "free_hours": Says.FREE}
    aspects = Aspects(columns=columns, about=About.OFFERED, offers=(Offer("Grants"), Offer("Vans")))
    formation = make_proposal(program, rules=[rule], aspects=aspects, maximum=24)
    silent = formation.places.get(enrollment__name="Person 000")

    page = text_of(client.get(formation.get_absolute_url()))
    panel = client.get(reverse("formation:place", args=[silent.pk])).context

    assert page.count(f"has not answered: {word}") == 1
    assert panel["missing"] == word
