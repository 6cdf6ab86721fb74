"""Worked out again, by whatever seed and with whoever is locked, nothing comes out below what was there."""

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions, inputs, tasks
from coppice.formation.models import Formation, Place
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import make_proposal, make_roster
from engines import grouping

pytestmark = pytest.mark.django_db
RULES = [Rule(Kind.ALIKE, "area"), Rule(Kind.DIVERSE, "organization"), Rule(Kind.BALANCED, "attribute:Years")]


@pytest.fixture
def program():
    program = make_program()
    make_roster(program, 40, organizations=9)
    return program


@pytest.fixture
def staff(program, client):
    person = make_staff(program)
    client.force_login(person)
    return person


@pytest.fixture
def searching(monkeypatch):
    """Chooses how long is looked."""

    def so_many(trials: int) -> None:
        monkeypatch.setattr("coppice.formation.proposing.usual_trials", lambda people: trials)

    return so_many


@pytest.fixture
def formation(program, staff, searching):
    """A proposal that took long to find; from here on there is little time."""
    searching(20_000)
    formation = make_proposal(program, by=staff, minimum=6, maximum=9, rules=RULES)
    searching(50)
    return formation


def again(formation: Formation, client, **chosen) -> Formation:
    client.post(reverse("formation:proposal", args=[formation.pk]), chosen)
    return worked_out(formation)


def worked_out(formation: Formation) -> Formation:
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    return formation


def where(proposal) -> dict[int, int]:
    places = proposal.places.current()
    return dict(places.values_list("enrollment_id", "proposed_community__position"))


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_rest_worked_out_again_never_scores_less_than_what_was_on_the_table(formation, client):
    before, first = formation.outcome["total"], where(formation.on_table)
    some = formation.places.order_by("pk")[:6]
    Place.objects.filter(pk__in=[each.pk for each in some]).update(is_locked=True)

    totals = [again(formation, client).outcome["total"] for _ in range(3)]

    assert min(totals) >= before - 1e-9
    assert where(formation.on_table) == first
    page = client.get(formation.get_absolute_url())
    assert "Nothing better than proposal 3 was found, so everybody is where they were." in text_of(page)
    assert "What changed" not in page.text


def test_something_better_is_found_with_more_time_and_then_nothing_is_said(formation, client, searching):
    searching(1)
    worse = make_proposal(formation.program, by=formation.created_by, minimum=6, maximum=9, rules=RULES)
    searching(20_000)

    better = again(worse, client)

    assert better.outcome["total"] > better.proposals.get(number=1).outcome["total"]
    assert "as_before" not in better.outcome


def test_whoever_was_moved_by_hand_and_let_go_does_not_lower_it_either(formation, client):
    place, other = formation.places.order_by("pk")[0], formation.proposed_communities.last()
    actions.move(place, to=other, by=formation.created_by, despite_rules=True)
    formation.refresh_from_db()
    before = formation.outcome["total"]

    formation = again(formation, client, let_go="1")

    assert formation.outcome["total"] >= before - 1e-9


def test_with_other_rules_it_does_not_score_less_by_them_than_what_was_there(formation):
    other = [Rule(Kind.ALIKE, "language"), *RULES]
    terms = {"name": formation.name, "reason": formation.reason, "minimum": 6, "maximum": 9}
    stays = where(formation.on_table)

    actions.revise(formation, rules=other, by=formation.created_by, **terms)
    formation = worked_out(formation)

    problem = inputs.problem_of(formation.on_table, list(formation.on_table.places.asked()))
    before = grouping.score(problem, {str(person): str(where_to) for person, where_to in stays.items()})
    assert formation.outcome["total"] >= before.total - 1e-9


def test_with_other_sizes_it_begins_from_nothing(formation):
    terms = {"name": formation.name, "reason": formation.reason, "minimum": 9, "maximum": 12}

    actions.revise(formation, rules=RULES, by=formation.created_by, **terms)
    formation = worked_out(formation)

    search = inputs.search_of(formation.on_table)
    assert (dict(search.start), search.anew) == ({}, False)
    assert formation.proposed_communities.count() == 4


def test_the_same_comes_of_it_again_years_later(formation, client):
    proposal = again(formation, client).on_table

    actions.ask_to_repeat(proposal, by=None)
    tasks.repeat.call(proposal_id=proposal.pk)

    proposal.refresh_from_db()
    assert inputs.search_of(proposal).anew
    assert proposal.repeat_moved == 0
