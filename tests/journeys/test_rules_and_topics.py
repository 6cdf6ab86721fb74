"""The four reasons with real rosters, 600 people formed by topic, and rules that cannot hold, explained."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coppice import cli
from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import make_program, make_staff
from coppice.demo import seeding
from coppice.formation import tasks
from coppice.formation.afterwards import circle_of
from coppice.formation.models import Formation
from coppice.formation.outcomes import rule_scores
from coppice.formation.queries import mark_on_table
from coppice.formation.rules import Kind, rules_of
from coppice.programs import actions
from coppice.programs.models import Program
from engines import grouping

pytestmark = pytest.mark.django_db

ROSTERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "rosters"
REAL = ("groupeng_sample_class_1.csv", "gruepr_testdata.csv", "gruepr_testdata_duplicates.csv")
FRAME = {
    "starts_on": "2026-12-01",
    "ends_on": "2027-06-01",
    "hours_per_month": "3",
    "benefit": "peer_learning",
}


def bring_in(program: Program, content: bytes, filename: str) -> None:
    made = actions.begin_import(program, content=content, filename=filename, by=None)
    actions.read_import(made.pk)
    actions.match_columns(made, chosen={}, by=None, day_first=False)
    actions.compare_import(made.pk)
    made.refresh_from_db()
    actions.start_applying(made, by=None)
    actions.apply_import(made.pk)


@pytest.fixture
def manager(client: Client) -> tuple[Client, Program]:
    program = make_program(name="Healthy Start")
    client.force_login(make_staff(program))
    return client, program


def page_of(client: Client, name: str, pk: int) -> str:
    return " ".join(client.get(reverse(f"formation:{name}", args=[pk])).content.decode().split())


def sent_by_a_browser(client: Client, program: Program) -> dict[str, Any]:
    """What the form sends when nothing in it is touched."""
    form = client.get(reverse("formation:formations", args=[program.pk])).context["form"]
    return {
        name: "on" if field.value() is True else field.value()
        for name, field in ((name, form[name]) for name in form.fields)
        if field.value() not in (None, False, [])
    }


def work_out(client: Client, program: Program, **changes: object) -> Formation:
    answer = client.post(
        reverse("formation:formations", args=[program.pk]), {**sent_by_a_browser(client, program), **changes}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    formation = Formation.objects.latest("pk")
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    return formation


def roster(name: str) -> bytes:
    if name == "made up":
        return seeding.roster(60, seed=4, topics=6)
    if not ROSTERS.is_dir():
        pytest.skip("the shared rosters lie beside the repository, and are absent here")
    return (ROSTERS / name).read_bytes()


@pytest.mark.parametrize("reason", [each for each in Community.Reason if each != Community.Reason.OWN_CHOICE])
@pytest.mark.parametrize("name", [*REAL, "made up"])
def test_each_reason_is_set_up_worked_out_and_shown(manager, name, reason):
    client, program = manager
    bring_in(program, roster(name), f"{name}.csv")
    people = program.enrollments.count()
    houses = list(program.organizations.values_list("pk", flat=True)[:2])
    if reason == Community.Reason.CHOSEN and len(houses) < 2:
        houses = [program.organizations.create(name=each).pk for each in ("North", "South")]

    largest = 20 if reason == Community.Reason.CHOSEN else 9  # two organizations are to fit into one
    formation = work_out(
        client, program, reason=reason, minimum=4, maximum=largest, about="nothing", organizations=houses
    )

    page = page_of(client, "formation", formation.pk)
    assert formation.state == Formation.State.PROPOSED
    assert formation.places.count() == people
    assert formation.outcome["broken"] == []
    assert f"{people} people" in page
    sizes = {each.places.count() for each in formation.proposed_communities.all()}
    is_whole = reason == Community.Reason.WHOLE_COHORT
    assert sizes <= ({people} if is_whole else set(range(4, largest + 1)))


def test_a_google_form_with_ranked_wishes_and_busy_hours_is_formed_by_topic(manager):
    client, program = manager
    bring_in(program, roster("gruepr_testdata.csv"), "form.csv")

    formation = work_out(client, program, minimum=3, maximum=5, about="open")

    kinds = [rule.kind for rule in rules_of(formation)]
    topics = {each.topic.name for each in formation.proposed_communities.select_related("topic")}
    wishes = {row["attributes"]["wishes"][0] for row in program.enrollments.values("attributes")}
    assert kinds == [Kind.WISHES, Kind.MEETING_HOURS]
    assert topics & wishes
    assert formation.outcome["rules"]["0"] > 0.6
    assert "Topics that people wished for" in page_of(client, "formation", formation.pk)


def test_600_people_with_12_topics_are_formed_published_and_invited(
    manager, tmp_path, django_capture_on_commit_callbacks
):
    client, program = manager
    file = tmp_path / "roster.csv"
    assert cli.main(["make-roster", str(file), "--people", "600", "--seed", "3", "--topics", "12"]) == 0
    bring_in(program, file.read_bytes(), file.name)
    rules = {
        "kind_0": "at_most",
        "field_0": "organization",
        "amount_0": 2,
        "kind_1": "size",
        "amount_1": 10,
    }

    formation = work_out(client, program, minimum=8, maximum=12, about="open", **rules)
    client.post(
        reverse("formation:publication", args=[formation.pk]), {**FRAME, "seen": mark_on_table(formation)}
    )
    tasks.publish.call(formation_id=formation.pk)

    formation.refresh_from_db()
    communities = list(Community.objects.filter(program=program).select_related("topic"))
    sizes = [each.memberships.count() for each in communities]
    assert formation.state == Formation.State.PUBLISHED
    assert (formation.outcome["broken"], sum(sizes)) == ([], 600)
    assert set(sizes) <= set(range(8, 13))
    assert all(re.sub(r" \d+$", "", each.name) == each.topic.name for each in communities)
    assert formation.outcome["rules"][_place_of(formation, Kind.WISHES)] > 0.8
    chosen = Membership.objects.filter(community__program=program)
    told = [reason["code"] for member in chosen for reason in member.reasons]
    assert told.count("has_wish") > 400
    assert 20 < formation.outcome["without_answers"] < 80
    assert _scores_by_now(formation) == pytest.approx(formation.outcome["rules"])


def _scores_by_now(formation: Formation) -> dict[str, float]:
    """What late people and swaps are weighed by, as the published communities stand."""
    circle = circle_of(formation)
    return rule_scores(circle.draft, grouping.score(circle.draft.problem, circle.assignment))


def _place_of(formation: Formation, kind: Kind) -> str:
    return str([rule.kind for rule in rules_of(formation)].index(kind))


def test_rules_that_cannot_hold_are_explained_relaxed_and_then_worked_out(manager):
    client, program = manager
    bring_in(program, seeding.roster(60, seed=4, topics=6), "roster.csv")
    asked = {
        "minimum": 6,
        "maximum": 8,
        "about": "nothing",
        "kind_0": "at_most",
        "field_0": "organization",
        "amount_0": 1,
        "kind_1": "shared_hours",
        "amount_1": 30,
        "share_1": 100,
    }
    before = client.post(
        reverse("formation:program_trial", args=[program.pk]), {**sent_by_a_browser(client, program), **asked}
    ).content.decode()

    formation = work_out(client, program, **asked)
    why = page_of(client, "formation", formation.pk)
    form = client.get(reverse("formation:settings", args=[formation.pk])).context["form"]
    again = {
        name: "on" if form[name].value() is True else form[name].value()
        for name in form.fields
        if form[name].value() not in (None, False, [])
    }
    client.post(
        reverse("formation:settings", args=[formation.pk]),
        {**again, "kind_1": "meeting_hours", "amount_1": 2, "share_1": 67},
    )
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()

    sentence = "people are not free for so long. Ask for fewer hours, or for fewer people to be free."
    assert "These rules cannot all hold" in before
    assert (sentence in before, sentence in why) == (True, True)
    assert formation.state == Formation.State.PROPOSED
    assert formation.outcome["broken"] == []
