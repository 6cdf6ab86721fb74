"""Working a formation out: everybody gets a place, rules hold or the clash is named, twice does no harm."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from coppice.communities.models import Community
from coppice.communities.tests.factories import enroll, make_program
from coppice.formation import actions, tasks, wording
from coppice.formation.errors import AlreadyPublished
from coppice.formation.models import Formation, Place
from coppice.formation.proposing import WorkedOut, work_out
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import (
    columns_of,
    make_proposal,
    make_roster,
    people_in,
    start_formation,
)
from coppice.formation.ways import ways_out
from coppice.formation.wording import clash_sentence, clash_sentences
from coppice.history.models import Entry
from coppice.programs.models import Affiliation, Organization

ROSTERS = Path(__file__).parents[5] / "shared" / "data" / "rosters"

pytestmark = pytest.mark.django_db
State = Formation.State


def test_everybody_gets_a_place_within_the_sizes():
    formation = make_proposal(people=24, rules=[Rule(Kind.BALANCED, "kind")])

    assert formation.state == State.PROPOSED
    assert {len(people_in(column)) for column in columns_of(formation)} <= {7, 8, 9}
    assert set(formation.places.values_list("enrollment", flat=True)) == set(
        formation.program.enrollments.values_list("pk", flat=True)
    )
    assert [column.name for column in columns_of(formation)] == ["Community 1", "Community 2", "Community 3"]
    assert all(place.reasons for place in formation.places.all())


def test_people_who_answered_nothing_get_a_place_and_are_told_so():
    program = make_program()
    make_roster(program, 13)
    silent = enroll(program, "Silent")

    formation = make_proposal(program, rules=[Rule(Kind.APART, "attribute:Sector"), Rule(Kind.ALIKE, "area")])

    place = formation.places.get(enrollment=silent)
    assert [reason["code"] for reason in place.reasons] == ["placed_by_default"]
    assert formation.places.count() == 14


def test_the_same_organization_is_kept_together_or_apart():
    together = make_proposal(people=24, rules=[Rule(Kind.TOGETHER, "organization")])
    apart = make_proposal(people=16, rules=[Rule(Kind.APART, "attribute:Number")])
    organizations = [
        {each.enrollment.organizations.get().pk for each in people_in(column)}
        for column in columns_of(together)
    ]

    assert sum(len(here) for here in organizations) == len(set().union(*organizations)) == 6
    assert together.outcome["broken"] == apart.outcome["broken"] == []


def test_a_person_in_two_organizations_brings_both_together():
    program = make_program()
    make_roster(program, 18, organizations=6)
    both = enroll(program, "Both")
    for organization in Organization.objects.filter(name__in=["Organization 0", "Organization 1"]):
        Affiliation.objects.create(enrollment=both, organization=organization)

    formation = make_proposal(program, rules=[Rule(Kind.TOGETHER, "organization")], minimum=6, maximum=10)

    here = formation.places.get(enrollment=both).proposed_community
    linked = formation.places.filter(enrollment__organizations__name__in=["Organization 0", "Organization 1"])
    assert {place.proposed_community for place in linked} == {here}


def test_chosen_organizations_share_a_community():
    program = make_program()
    make_roster(program, 24)
    chosen = list(program.organizations.order_by("pk")[:2])
    rule = Rule(Kind.CHOSEN, organizations=tuple(each.pk for each in chosen))

    formation = make_proposal(program, reason=Community.Reason.CHOSEN, rules=[rule])

    places = formation.places.filter(enrollment__organizations__in=chosen)
    assert (places.count(), len({place.proposed_community_id for place in places})) == (8, 1)


def test_communities_of_an_area_are_called_by_it():
    formation = make_proposal(
        people=24, reason=Community.Reason.AREA, rules=[Rule(Kind.ALIKE, "area")], minimum=7, maximum=9
    )

    assert sorted(column.name for column in columns_of(formation)) == ["North", "South", "West"]
    assert formation.outcome["total"] == 1.0


def test_an_area_with_two_communities_numbers_the_second():
    formation = make_proposal(
        people=24, reason=Community.Reason.AREA, rules=[Rule(Kind.ALIKE, "area")], minimum=4, maximum=4
    )

    assert sorted(column.name for column in columns_of(formation)) == [
        "North",
        "North 2",
        "South",
        "South 2",
        "West",
        "West 2",
    ]


def test_the_whole_cohort_is_one_community_of_any_size():
    formation = make_proposal(people=12, reason=Community.Reason.WHOLE_COHORT)

    [column] = columns_of(formation)
    assert (column.name, len(people_in(column))) == (formation.program.name, 12)


def test_sizes_that_nobody_can_make_are_named():
    formation = make_proposal(people=10)

    assert formation.state == State.IMPOSSIBLE
    assert [clash_sentence(formation, clash) for clash in formation.outcome["clashes"]] == [
        "10 people do not divide into communities of 7 to 9. "
        "Choose a smaller smallest size or a larger largest size."
    ]


def test_an_empty_roster_is_named():
    formation = make_proposal(make_program())

    assert [clash_sentence(formation, clash) for clash in formation.outcome["clashes"]] == [
        "There is nobody on the roster yet. Bring your people in first."
    ]


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (
            [Rule(Kind.TOGETHER, "attribute:Wants")],
            "“Same answer together: Wants” puts 12 people of “grants” into one community, which holds at "
            "most 9.",
        ),
        (
            [Rule(Kind.APART, "area")],
            "“Same area apart” cannot hold: “North” has 8 people, and there are only 3 communities to put "
            "them in.",
        ),
    ],
)
def test_rules_that_cannot_hold_are_named_kindly(rules, sentence):
    formation = make_proposal(people=24, rules=rules)

    assert formation.state == State.IMPOSSIBLE
    assert sentence in [clash_sentence(formation, clash) for clash in formation.outcome["clashes"]]
    assert formation.places.count() == 0


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            Rule(Kind.TOGETHER, "attribute:Wants"),
            "“Same answer together: Wants” cannot hold: one community holds at most 10, and there are 14 "
            "people of “grants” and 14 people of “volunteers”.",
        ),
        (
            Rule(Kind.APART, "attribute:Years"),
            "“Same answer apart: Years” cannot hold: there are only 3 communities, and 4 people of “0”, "
            "4 people of “1”, 4 people of “2” and 4 kinds more to put in them.",
        ),
    ],
)
def test_a_rule_that_fails_for_many_kinds_is_told_once(rule, sentence, monkeypatch):
    monkeypatch.setattr(wording, "KINDS_NAMED", 3)
    formation = make_proposal(people=28, minimum=9, maximum=10, rules=[rule])

    assert clash_sentences(formation, formation.outcome["clashes"]) == [sentence]


def test_working_it_out_twice_changes_nothing_the_second_time():
    formation = make_proposal()
    before = list(Place.objects.values_list("pk", "proposed_community", "enrollment"))
    entries = Entry.objects.count()

    tasks.propose.call(formation_id=formation.pk)
    tasks.propose.call(formation_id=0)

    assert list(Place.objects.values_list("pk", "proposed_community", "enrollment")) == before
    assert Entry.objects.count() == entries


def test_an_answer_to_an_older_question_is_not_kept():
    program = make_program()
    make_roster(program)
    formation = start_formation(program)
    worked_out = work_out(formation)
    Formation.objects.update(seed=2)

    assert actions.keep(formation, worked_out=worked_out) is False
    assert Place.objects.count() == 0


def test_an_answer_without_anything_in_it_is_an_error():
    formation = start_formation(make_program())

    with pytest.raises(ValueError, match="neither"):
        actions.keep(formation, worked_out=WorkedOut(people=0))


def test_starting_asks_the_runner_once_committed(django_capture_on_commit_callbacks):
    program = make_program()
    make_roster(program)

    with django_capture_on_commit_callbacks() as callbacks:
        formation = start_formation(program)

    assert (formation.state, len(callbacks)) == (State.PROPOSING, 1)
    assert (
        Entry.objects.filter(scope=program.scope).values_list("verb", flat=True).get() == "formation.started"
    )


def test_the_sweep_drives_only_what_is_stuck():
    program = make_program()
    make_roster(program)
    stuck, fresh = start_formation(program), start_formation(program)
    Formation.objects.filter(pk=stuck.pk).update(asked_at=timezone.now() - timedelta(minutes=3))

    tasks.sweep.call()

    stuck.refresh_from_db()
    fresh.refresh_from_db()
    assert (stuck.state, fresh.state) == (State.PROPOSED, State.PROPOSING)


def test_working_it_out_again_keeps_locked_people_names_and_leaders():
    formation = make_proposal(rules=[Rule(Kind.BALANCED, "attribute:Years")])
    last = columns_of(formation)[2]
    locked, leader = people_in(last)[:2]
    actions.lock(locked, by=None)
    actions.give_lead(leader, by=None)
    actions.rename(last, name="Night shifts", topic=None, by=None)

    actions.propose_again(formation, by=None)
    actions.propose_again(formation, by=None)
    tasks.propose.call(formation_id=formation.pk)

    formation.refresh_from_db()
    again = formation.places.get(enrollment=locked.enrollment)
    assert (formation.state, formation.seed) == (State.PROPOSED, 2)
    assert (again.proposed_community.position, again.is_locked) == (last.position, True)
    assert formation.places.get(enrollment=leader.enrollment).is_leader
    assert [column.name for column in columns_of(formation)] == ["Community 1", "Community 2", "Night shifts"]


def test_working_it_out_again_keeps_people_where_a_hand_has_put_them():
    formation = make_proposal(rules=[Rule(Kind.BALANCED, "attribute:Years")], minimum=5, maximum=10)
    first, _second, last = columns_of(formation)
    moved, back = people_in(first)[:2]
    actions.move(moved, to=last, by=None)
    actions.move(back, to=last, by=None)
    actions.move(formation.places.get(pk=back.pk), to=first, by=None)
    assert formation.places.moved().count() == 1

    for _again in range(2):
        actions.propose_again(formation, by=None)
        tasks.propose.call(formation_id=formation.pk)
        formation.refresh_from_db()

        again = formation.places.get(enrollment=moved.enrollment)
        assert again.proposed_community.position == last.position
        assert (again.is_locked, again.moved_by_hand) == (False, True)
        assert again.reasons[0]["code"] == "moved_by_hand"

    actions.propose_again(formation, by=None, let_go=True)
    assert formation.places.moved().count() == 1
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    assert formation.places.moved().count() == 0
    assert formation.places.get(enrollment=moved.enrollment).reasons[0]["code"] != "moved_by_hand"


def test_letting_go_leaves_those_who_are_locked():
    formation = make_proposal(minimum=5)
    first, *_others, last = columns_of(formation)
    moved = people_in(first)[0]
    actions.move(moved, to=last, by=None)
    actions.lock(formation.places.get(pk=moved.pk), by=None)

    aspects = {"name": "Anew", "reason": "stable_team", "minimum": 5, "maximum": 9, "rules": []}
    actions.revise(formation, by=None, let_go=True, **aspects)
    tasks.propose.call(formation_id=formation.pk)

    formation.refresh_from_db()
    again = formation.places.get(enrollment=moved.enrollment)
    assert again.proposed_community.position == last.position


def test_other_terms_make_another_proposal_and_drop_columns_that_are_not_needed():
    formation = make_proposal(people=24)

    actions.revise(formation, name="Larger", reason="stable_team", minimum=12, maximum=12, rules=[], by=None)
    tasks.propose.call(formation_id=formation.pk)

    formation.refresh_from_db()
    assert [len(people_in(column)) for column in columns_of(formation)] == [12, 12]
    assert (formation.name, formation.seed) == ("Larger", 2)


def test_what_is_published_is_not_worked_out_again():
    formation = make_proposal()
    Formation.objects.update(state=State.PUBLISHED)

    with pytest.raises(AlreadyPublished):
        actions.propose_again(formation, by=None)
    with pytest.raises(AlreadyPublished):
        actions.revise(formation, name="", reason="area", minimum=1, maximum=2, rules=[], by=None)


def test_the_105_people_of_groupeng_are_formed():
    if not ROSTERS.is_dir():
        pytest.skip("the shared rosters lie beside the repository, and are absent here")
    program = make_program()
    with (ROSTERS / "groupeng_sample_class_1.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            name = f"Student {row.pop('ID')}"
            enroll(program, name, attributes={key: value for key, value in row.items() if value})

    formation = make_proposal(
        program,
        minimum=4,
        maximum=5,
        rules=[
            Rule(Kind.ALIKE, "attribute:Project choice"),
            Rule(Kind.ACCOMPANIED, "attribute:Gender"),
            Rule(Kind.BALANCED, "attribute:Major"),
            Rule(Kind.BALANCED, "attribute:GPA"),
        ],
    )

    sizes = [len(people_in(column)) for column in columns_of(formation)]
    assert (formation.state, sum(sizes), set(sizes) <= {4, 5}) == (State.PROPOSED, 105, True)
    assert sorted(formation.outcome["rules"]) == ["0", "1", "2", "3"]
    assert formation.outcome["broken"] == []
    assert formation.outcome["total"] > 0.7


def test_communities_are_of_one_size_where_no_rule_asks_otherwise():
    formation = make_proposal(people=40, minimum=7, maximum=9, rules=[Rule(Kind.BALANCED, "area")])

    assert [column.places.count() for column in columns_of(formation)] == [8] * 5


def told_ways(formation) -> list[str]:
    return [way.sentence for way in ways_out(formation, formation.outcome["clashes"])]


def test_sizes_that_fit_are_named_beside_those_that_do_not():
    formation = make_proposal(people=10)

    assert told_ways(formation) == [
        "Allow up to 10 people in one community.",
        "Allow a smallest size of 5 for the communities.",
    ]


@pytest.mark.parametrize(
    ("rules", "ways"),
    [
        (
            [Rule(Kind.TOGETHER, "attribute:Wants")],
            [
                "Take away “Same answer together: Wants”.",
                "Only aim for it: “Much the same answers in each: Wants” in place of "
                "“Same answer together: Wants”.",
            ],
        ),
        (
            [Rule(Kind.APART, "area")],
            [
                "Choose sizes of 3 to 3, so that there is room for 5 communities more.",
                "Take away “Same area apart”.",
                "Only aim for it: “A good mix by area in each” in place of “Same area apart”.",
            ],
        ),
    ],
)
def test_rules_that_cannot_hold_come_with_ways_out(rules, ways):
    formation = make_proposal(people=24, rules=rules)

    assert set(ways) <= set(told_ways(formation))


def test_two_rules_that_could_hold_one_by_one_are_named_together():
    program = make_program()
    make_roster(program, 20, organizations=7)
    rules = [Rule(Kind.TOGETHER, "organization"), Rule(Kind.APART, "attribute:Years")]
    formation = make_proposal(program, minimum=6, maximum=7, rules=rules)

    assert clash_sentences(formation, formation.outcome["clashes"]) == [
        "These cannot both hold: “Same organization together” and “Same answer apart: Years”. "
        "Take one of them away."
    ]
    assert {
        "Take away “Same organization together”.",
        "Only aim for it: “Much the same organization in each” in place of “Same organization together”.",
        "Take away “Same answer apart: Years”.",
        "Only aim for it: “A good mix of answers in each: Years” in place of “Same answer apart: Years”.",
    } <= set(told_ways(formation))


def test_rules_that_only_an_exhaustive_search_finds_impossible_are_told():
    program = make_program()
    make_roster(program, 20, organizations=5)
    alone = make_proposal(program, minimum=5, maximum=7, rules=[Rule(Kind.TOGETHER, "organization")])
    rules = [Rule(Kind.TOGETHER, "area"), Rule(Kind.TOGETHER, "organization")]

    assert clash_sentences(alone, alone.outcome["clashes"]) == [
        "Within these sizes “Same organization together” cannot hold for everybody."
    ]
    clash = {
        "code": "rules_vs_one_another",
        "rules": [0, 1],
        "rule": 0,
        "value": "",
        "needed": 2,
        "people": [],
    }
    alone.rules = [rule.as_json() for rule in rules]
    assert clash_sentences(alone, [{**clash, "available": 1}]) == [
        "Within these sizes not all of these can hold: “Same area together” and “Same organization together”."
    ]


def test_ways_out_of_several_clashes_suit_them_all_and_are_said_once():
    formation = make_proposal()
    ways = [
        {"code": "lower_minimum", "number": 0},
        {"code": "fewer_groups", "number": 1},
        {"code": "raise_maximum", "number": 12},
        {"code": "raise_maximum", "number": 14},
        {"code": "open_group", "number": 0, "is_about_locks": True},
    ]
    plain = {"rules": [], "is_about_locks": False, "is_proven": False}
    chosen = Rule(Kind.CHOSEN, organizations=(1, 2))
    formation.rules = [chosen.as_json()]
    drop = {**plain, "code": "drop_rule", "number": 0, "rules": [0]}

    told = ways_out(formation, [{"relaxations": [{**plain, **way} for way in ways] + [drop]}, {}])

    assert [way.sentence for way in told] == [
        "Allow a smallest size of 1 for the communities.",
        "Choose sizes of 12 to 14, so that it takes 1 community fewer.",
        "Allow up to 14 people in one community.",
        "Let some people go whom you keep where they are.",
        "Take away “Chosen organizations together”.",
    ]
    [proven] = ways_out(formation, [{"relaxations": [{**drop, "is_proven": True}, {**plain, **ways[0]}]}])
    assert proven.sentence == "Take away “Chosen organizations together”."
