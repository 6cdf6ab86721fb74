"""Many proposals in one formation: each is kept as it was, with what the engine was asked and answered."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from coppice.accounts import actions as accounts
from coppice.communities.models import Community
from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions, inputs, solving, tasks
from coppice.formation.errors import OtherFormation
from coppice.formation.models import Formation, Place, Proposal
from coppice.formation.rules import Kind, Rule
from coppice.formation.solving import Step
from coppice.formation.tests.factories import (
    columns_of,
    make_proposal,
    make_roster,
    people_in,
    start_formation,
)
from coppice.history.models import Entry

pytestmark = pytest.mark.django_db
State = Formation.State
YEARS = Rule(Kind.BALANCED, "attribute:Years")


def again(formation: Formation, **more: bool) -> Formation:
    actions.propose_again(formation, by=formation.created_by, **more)
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    return formation


def rows_of(proposal: Proposal) -> list[tuple[object, ...]]:
    columns = ("pk", "proposed_community__name", "enrollment", "is_locked", "moved_by_hand")
    return list(proposal.places.order_by("pk").values_list(*columns))


def test_working_it_out_again_makes_one_more_and_overwrites_nothing():
    formation = make_proposal(rules=[YEARS])
    first = formation.on_table
    before = rows_of(first)

    again(formation)

    assert [(each.number, each.seed, str(each)) for each in formation.proposals.all()] == [
        (1, 1, "Proposal 1"),
        (2, 2, "Proposal 2"),
    ]
    assert formation.on_table.number == 2
    assert rows_of(first) == before
    assert formation.places.count() == first.places.count() == 24
    assert formation.on_table.made_by == formation.created_by
    entry = Entry.objects.filter(verb="formation.proposed").first()
    assert entry.detail == {"people": 24, "seed": 2, "proposal": 2}


def test_letting_people_go_leaves_the_proposal_that_they_were_moved_in():
    formation = make_proposal(rules=[YEARS], minimum=5)
    first, *_others, last = columns_of(formation)
    actions.move(people_in(first)[0], to=last, by=None)
    before = rows_of(formation.on_table)

    again(formation, let_go=True)

    assert (formation.places.moved().count(), rows_of(formation.proposals.first())) == (0, before)


def test_what_was_asked_and_answered_is_kept_and_gives_the_same_again():
    formation = make_proposal(rules=[YEARS, Rule(Kind.TOGETHER, "organization"), Rule(Kind.ALIKE, "area")])
    locked = people_in(columns_of(formation)[1])[0]
    actions.lock(locked, by=None)
    again(formation)
    proposal = formation.on_table
    places = list(proposal.places.all())
    changed = people_in(columns_of(formation)[0])[0]
    actions.give_lead(changed, by=None)
    formation.program.enrollments.update(attributes={})

    problem = inputs.problem_of(proposal, places)
    answer = solving.solve(problem, inputs.search_of(proposal))

    assert proposal.terms == formation.terms
    assert inputs.search_of(proposal).seed == proposal.seed == 2
    assert answer.assignment == inputs.worked_out(proposal, places)
    assert (answer.score.total, answer.trials) == (proposal.objective, proposal.trials)


def test_a_stopped_search_is_kept_with_where_it_was_stopped(monkeypatch):
    """The job looks at each step whether it is wanted still: asked to stop, it keeps the best so far."""
    program = make_program()
    make_roster(program, 40)
    formation = start_formation(program, rules=[YEARS, Rule(Kind.ALIKE, "area")])
    steps = []

    def report(*_key, done, **_more):
        steps.append(done)
        if len(steps) == 4:
            Formation.objects.update(stop_asked=True)

    monkeypatch.setattr(tasks, "report", report)
    tasks.propose.call(formation_id=formation.pk)

    proposal = Proposal.objects.get()
    search = inputs.search_of(proposal)
    answer = solving.solve(inputs.problem_of(proposal, proposal.places.all()), search)
    assert (proposal.trials, search.until) == (steps[3], steps[3])
    assert search.trials == solving.usual_trials(40) > proposal.trials
    assert answer.assignment == inputs.worked_out(proposal, proposal.places.all())
    assert proposal.curve[-1] == [round(steps[3] / search.trials, 4), round(proposal.objective, 5)]


def test_a_search_that_nobody_waits_for_any_more_ends(monkeypatch):
    program = make_program()
    make_roster(program, 24)
    formation = start_formation(program, rules=[YEARS])
    steps = []

    def report(*_key, done, **_more):
        steps.append(done)
        Formation.objects.update(seed=2)

    monkeypatch.setattr(tasks, "report", report)
    tasks.propose.call(formation_id=formation.pk)

    assert (steps, Proposal.objects.count()) == ([0], 0)


def test_the_curve_rises_to_the_score_that_was_reached():
    proposal = make_proposal(people=60, rules=[YEARS, Rule(Kind.ALIKE, "area")]).on_table

    shares, scores = zip(*proposal.curve, strict=True)
    assert 2 <= len(proposal.curve) <= 101
    assert (list(shares), list(scores)) == (sorted(shares), sorted(scores))
    assert (shares[0], shares[-1], scores[-1]) == (0, 1, round(proposal.objective, 5))


def test_many_points_are_thinned_and_broken_ones_left_out():
    from coppice.formation.climbing import Climb, thinned

    rising = [(number / 400, number / 400) for number in range(401)]
    climb = Climb()
    climb(Step("searching", 1, 10, broken=2, objective=0.9))
    climb(Step("preparing"))

    assert len(thinned(rising)) <= 101
    assert (thinned(rising)[0], thinned(rising)[-1]) == ((0, 0), (1, 1))
    assert (thinned([]), climb.points) == ((), [])


def test_a_clash_is_a_proposal_without_places_and_leaves_the_one_before_on_the_table():
    formation = make_proposal(rules=[YEARS])
    first = formation.on_table

    terms = {"name": "Round", "reason": "stable_team", "minimum": 7, "maximum": 9}
    actions.revise(formation, by=None, rules=[Rule(Kind.APART, "area")], **terms)
    tasks.propose.call(formation_id=formation.pk)

    formation.refresh_from_db()
    clash = formation.proposals.last()
    assert (formation.state, formation.on_table, clash.number) == (State.IMPOSSIBLE, first, 2)
    assert (clash.is_impossible, clash.places.count(), clash.objective) == (True, 0, None)
    assert formation.outcome == clash.outcome
    assert clash.terms["rules"] == [Rule(Kind.APART, "area").as_json()]
    assert first.terms["rules"] == [YEARS.as_json()]
    assert inputs.problem_of(clash, []) is None


def test_a_proposal_is_seen_with_the_terms_that_it_was_made_with():
    formation = make_proposal(rules=[YEARS])
    first = formation.on_table
    actions.revise(formation, by=None, name="Other", reason="area", minimum=6, maximum=12, rules=[])
    tasks.propose.call(formation_id=formation.pk)
    first = Proposal.objects.get(pk=first.pk)

    then = first.formation_then()

    assert (then.minimum, then.maximum, then.reason, then.on_table) == (7, 9, "stable_team", first)
    assert (first.formation.minimum, first.formation.on_table.number) == (6, 2)


@pytest.mark.parametrize("change", [actions.lock, actions.unlock, actions.give_lead])
def test_what_is_not_on_the_table_is_not_changed(change):
    formation = make_proposal()
    column = columns_of(formation)[0]
    place = people_in(column)[0]
    again(formation)
    there = columns_of(formation)[0]

    with pytest.raises(OtherFormation):
        change(Place.objects.get(pk=place.pk), by=None)
    with pytest.raises(OtherFormation):
        actions.move(Place.objects.get(pk=place.pk), to=there, by=None)
    with pytest.raises(OtherFormation):
        actions.rename(column, name="Other", topic=None, by=None)


def test_what_the_engine_was_told_is_erased_with_the_person():
    formation = make_proposal(rules=[YEARS])
    again(formation)
    place = formation.places.order_by("pk").first()
    told = Place.objects.filter(enrollment=place.enrollment).values_list("answers", flat=True)
    assert list(told) == [place.answers, place.answers]
    assert place.answers == {"categories": {"attribute:Years": "0"}, "numbers": {"attribute:Years": 0.0}}

    accounts.erase(place.enrollment.person, by=place.enrollment.person)

    assert list(told.all()) == [{}, {}]
    assert [inputs.problem_of(each, each.places.all()) for each in formation.proposals.all()] == [None, None]


@pytest.mark.django_db(transaction=True)
def test_a_formation_of_before_keeps_what_it_has_as_its_first_proposal():
    program = make_program()
    [enrollment] = make_roster(program, 1)
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes("formation")
    executor.migrate([("formation", "0003_where_it_was_worked_out")])
    old = executor.loader.project_state([("formation", "0003_where_it_was_worked_out")]).apps
    asked = timezone.now() - timedelta(days=3)
    scores = {"total": 0.8, "rules": {}, "broken": [], "trials": 70, "seed": 4}
    made = {}
    for name, outcome in {"good": scores, "clash": {"clashes": []}, "new": {}}.items():
        made[name] = old.get_model("formation", "Formation").objects.create(
            program_id=program.pk,
            name=name,
            reason=Community.Reason.AREA,
            seed=5,
            outcome=outcome,
            asked_at=asked,
            created_by_id=make_staff(program).pk,
        )
    for name, score in {"good": 0.8, "clash": 0.6}.items():
        column = old.get_model("formation", "ProposedCommunity").objects.create(
            formation=made[name], name="North", position=0, minimum=1, maximum=9, score=score
        )
        old.get_model("formation", "Place").objects.create(
            formation=made[name], proposed_community=column, enrollment_id=enrollment.pk
        )

    MigrationExecutor(connection).migrate(newest)

    kept = {
        each.name: [
            (one.number, one.seed, one.trials, one.objective, one.places.count(), one.is_impossible)
            for one in each.proposals.all()
        ]
        for each in Formation.objects.all()
    }
    assert kept == {
        "good": [(1, 4, 70, 0.8, 1, False)],
        "clash": [(1, 5, 0, 0.6, 1, False), (2, 5, 0, None, 0, True)],
        "new": [],
    }
    good = Formation.objects.get(name="good")
    assert (good.places.count(), good.on_table.made_at, good.on_table.made_by) == (1, asked, good.created_by)
    assert good.on_table.terms == good.terms
    assert inputs.problem_of(good.on_table, good.places) is None
