"""Changes by hand: moving within the sizes, what a move breaks, locks, leaders, names."""

import pytest

from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions, tasks
from coppice.formation.errors import BreaksRules, Full, NotProposed, OtherFormation
from coppice.formation.models import Formation
from coppice.formation.proposing import standing
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, people_in
from coppice.formation.wording import broken_sentence, reason_sentences
from coppice.history.models import Entry
from coppice.programs.models import Topic

pytestmark = pytest.mark.django_db


def roomy(**terms):
    """Three communities of eight that could hold twelve."""
    return make_proposal(people=24, **{"minimum": 7, "maximum": 9, **terms})


def score_of(formation):
    """The proposal scored from scratch."""
    return standing(formation, communities=columns_of(formation)).score()


def with_room(formation):
    """A place, and another community that has room for it."""
    columns = sorted(columns_of(formation), key=lambda column: len(people_in(column)))
    return people_in(columns[-1])[0], columns[0]


def test_a_move_changes_place_scores_and_reasons_and_is_remembered():
    formation = roomy(rules=[Rule(Kind.ALIKE, "area")])
    place, to = with_room(formation)
    by = make_staff(formation.program)

    moved = actions.move(place, to=to, by=by)

    place.refresh_from_db()
    formation.refresh_from_db()
    to.refresh_from_db()
    assert (place.proposed_community, place.moved_by_hand, place.reasons[0]["code"]) == (
        to,
        True,
        "moved_by_hand",
    )
    assert moved.after < moved.before
    assert formation.outcome["total"] == moved.after == score_of(formation).total
    assert [each.score for each in columns_of(formation)] == [
        score_of(formation).groups[str(each.pk)] for each in columns_of(formation)
    ]
    entry = Entry.objects.get(verb="formation.person_moved")
    assert (entry.actor, entry.about, entry.detail) == (
        by,
        place.enrollment.person,
        {"from": moved.origin.name, "to": to.name},
    )


def test_moving_back_restores_the_score():
    formation = roomy(rules=[Rule(Kind.ALIKE, "area")])
    place, to = with_room(formation)
    before = formation.outcome["total"]
    moved = actions.move(place, to=to, by=None)

    actions.move(place, to=moved.origin, by=None)

    formation.refresh_from_db()
    assert formation.outcome["total"] == pytest.approx(before)


def test_moving_to_where_somebody_is_does_nothing():
    formation = roomy()
    place = people_in(columns_of(formation)[0])[0]

    moved = actions.move(place, to=place.proposed_community, by=None)

    assert (moved.before, moved.broken) == (moved.after, ())
    assert not Entry.objects.filter(verb="formation.person_moved").exists()


def test_no_community_grows_over_its_largest_size():
    formation = roomy(minimum=8, maximum=8)
    first, second, _third = columns_of(formation)

    with pytest.raises(Full):
        actions.move(people_in(first)[0], to=second, by=None)

    assert len(people_in(second)) == 8


def test_other_broken_rules_are_told_by_name():
    formation = roomy(minimum=8, maximum=9, rules=[Rule(Kind.TOGETHER, "organization")])
    first, second, _third = columns_of(formation)
    place = people_in(first)[0]

    with pytest.raises(BreaksRules) as refused:
        actions.move(place, to=second, by=None)
    moved = actions.move(place, to=second, by=None, despite_rules=True)

    assert refused.value.broken == moved.broken
    names = {str(each.enrollment_id): str(each.enrollment) for each in formation.places.all()}
    groups = {str(column.pk): column.name for column in columns_of(formation)}
    value = place.enrollment.organizations.get().name
    told = [broken_sentence(formation, each, names=names, groups=groups) for each in moved.broken]
    assert told == [
        f"{first.name} has one person fewer than its smallest size.",
        f"People of “{value}” were to be together, and are in {first.name} and {second.name}.",
    ]


def test_people_to_be_apart_are_named_when_they_meet():
    program = make_program()
    for number in range(8):
        enroll(program, f"Ana {number}", job_title=f"Role {number // 2}")
    formation = make_proposal(program, minimum=3, maximum=5, rules=[Rule(Kind.APART, "job_title")])
    first, second = columns_of(formation)
    place = people_in(first)[0]

    moved = actions.move(place, to=second, by=None, despite_rules=True)

    names = {str(each.enrollment_id): str(each.enrollment) for each in formation.places.all()}
    pair = program.enrollments.filter(job_title=place.enrollment.job_title).order_by("pk")
    told = [
        broken_sentence(formation, each, names=names, groups={str(second.pk): "Second"})
        for each in moved.broken
    ]
    assert told == [f"{pair[0]} and {pair[1]} were to be apart by job title, and are together in Second."]


def test_places_of_another_proposal_are_refused():
    formation, other = roomy(), roomy()

    with pytest.raises(OtherFormation):
        actions.move(people_in(columns_of(formation)[0])[0], to=columns_of(other)[0], by=None)


def test_locks_and_leaders_are_set_once_and_taken_back():
    formation = roomy()
    place = people_in(columns_of(formation)[0])[0]

    actions.lock(place, by=None)
    actions.lock(place, by=None)
    actions.give_lead(place, by=None)
    place.refresh_from_db()
    was = (place.is_locked, place.is_leader)
    actions.unlock(place, by=None)
    actions.take_lead(place, by=None)

    place.refresh_from_db()
    assert (was, (place.is_locked, place.is_leader)) == ((True, True), (False, False))
    verbs = [entry.verb for entry in Entry.objects.filter(about=place.enrollment.person).order_by("pk")]
    assert verbs == [
        "formation.person_locked",
        "formation.leader_chosen",
        "formation.person_unlocked",
        "formation.leader_unchosen",
    ]


def test_a_leader_who_is_moved_leads_no_more():
    formation = roomy()
    place, to = with_room(formation)
    actions.give_lead(place, by=None)

    actions.move(place, to=to, by=None)

    place.refresh_from_db()
    assert not place.is_leader


def test_a_community_gets_a_name_and_a_topic():
    formation = roomy()
    topic = Topic.objects.create(program=formation.program, name="Grants")
    column = columns_of(formation)[0]

    actions.rename(column, name="First grants", topic=topic, by=None)

    column.refresh_from_db()
    assert (column.name, column.topic, column.named_by_hand) == ("First grants", topic, True)


def test_nothing_changes_by_hand_while_no_proposal_is_open():
    formation = roomy()
    column, other, _third = columns_of(formation)
    place = people_in(column)[0]
    Formation.objects.update(state=Formation.State.PUBLISHED)

    for change in (
        lambda: actions.move(place, to=other, by=None),
        lambda: actions.lock(place, by=None),
        lambda: actions.rename(column, name="x", topic=None, by=None),
    ):
        with pytest.raises(NotProposed):
            change()


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ({"code": "moved_by_hand"}, "Moved here by hand."),
        ({"code": "locked", "parameters": {}}, "Kept here by hand."),
        (
            {"code": "kept_together", "parameters": {"people": ["1", "2", "9"]}},
            "Is meant to be with Ana and Bo.",
        ),
        (
            {"code": "shares_value", "parameters": {"attribute": "area", "value": "North", "count": 3}},
            "Shares “North” (area) with 3 other people here.",
        ),
        (
            {"code": "shares_value", "parameters": {"attribute": "language", "value": "es", "count": 1}},
            "Shares “Spanish” (language) with one other person here.",
        ),
        (
            {"code": "adds_value", "parameters": {"attribute": "language", "value": "Tlingit"}},
            "Brings “Tlingit” (language) into the group.",
        ),
        (
            {"code": "adds_value", "parameters": {"attribute": "attribute:Skill", "value": "y"}},
            "Brings “y” (Skill) into the group.",
        ),
        (
            {
                "code": "similar_number",
                "parameters": {"attribute": "attribute:GPA", "value": 3.0, "mean": 3.25},
            },
            "Has 3 (GPA); the others have 3.2 on average.",
        ),
        (
            {"code": "counts_towards", "parameters": {"attribute": "kind", "value": "Clinic"}},
            "“Clinic” (type of organization) is shared out evenly, and there was room for it here.",
        ),
        (
            {"code": "placed_by_default", "parameters": {"missing": ["area", "attribute:Why?"]}},
            "The roster says nothing about area and “Why?”, so they were put where there was room.",
        ),
        ({"code": "kept_apart", "parameters": {}}, "The sizes asked for make room for them here."),
    ],
)
def test_every_reason_is_a_sentence(reason, sentence):
    assert reason_sentences([reason], names={"1": "Ana", "2": "Bo"}) == [sentence]


def bounded(formation):
    formation.refresh_from_db()
    return formation.outcome["bounded"]


def test_a_move_leaves_what_is_proven_of_the_best_possible():
    formation = roomy(rules=[Rule(Kind.ALIKE, "area")])
    proven = bounded(formation)
    place, to = with_room(formation)

    actions.move(place, to=to, by=make_staff(formation.program))

    assert bounded(formation) == {**proven, "objective": score_of(formation).objective}
    assert bounded(formation)["objective"] < proven["objective"] <= proven["bound"]


def test_nothing_is_proven_of_another_roster():
    formation = roomy(rules=[Rule(Kind.ALIKE, "area")])
    place, to = with_room(formation)
    somebody = people_in(to)[0].enrollment
    somebody.attributes["Years"] = 40
    somebody.save(update_fields=["attributes"])

    actions.move(place, to=to, by=make_staff(formation.program))

    assert bounded(formation) is None


def test_who_was_locked_may_be_moved_out_of_what_is_proven():
    formation = roomy(rules=[Rule(Kind.ALIKE, "area")])
    place, to = with_room(formation)
    by = make_staff(formation.program)
    actions.lock(place, by=by)
    actions.propose_again(formation, by=by)
    tasks.propose.call(formation_id=formation.pk)
    proven = bounded(formation)
    place, to = with_room(formation)

    actions.move(place, to=to, by=by, despite_lock=True)

    assert (proven["locked"], bounded(formation)) == (1, None)
