"""A community that is kept as it is keeps what it is called when the rest is worked out again."""

import pytest

from coppice.communities.models import Community
from coppice.communities.tests.factories import make_program
from coppice.formation import actions, tasks
from coppice.formation.models import Formation, ProposedCommunity
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in

pytestmark = pytest.mark.django_db


def again(formation: Formation, **terms: object) -> list[tuple[int, str]]:
    """Positions and names of the communities after it was worked out once more with other terms."""
    now = {"name": "Round 1", "reason": formation.reason, "minimum": 6, "maximum": 9, "rules": [], **terms}
    actions.revise(formation, by=None, **now)
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    return [(each.position, each.name) for each in columns_of(formation)]


@pytest.fixture
def formation():
    return make_proposal(people=24, minimum=5, maximum=6)


def test_it_keeps_its_people_its_number_and_its_name(formation):
    *_others, last = columns_of(formation)
    people = {place.enrollment_id for place in people_in(last)}
    actions.lock_community(last, by=None)

    named = again(formation)

    assert (last.name, named) == ("Community 4", [(0, "Community 1"), (1, "Community 2"), (3, "Community 4")])
    assert people <= {place.enrollment_id for place in people_in(columns_of(formation)[-1])}


def test_no_other_takes_its_name_nor_one_given_by_hand(formation):
    first, second, _third, last = columns_of(formation)
    ProposedCommunity.objects.filter(pk=last.pk).update(name="Community 1")
    ProposedCommunity.objects.filter(pk=second.pk).update(name="Community 3", named_by_hand=True)
    actions.lock_community(last, by=None)

    named = again(formation)

    assert first.name == "Community 1"
    assert named == [(0, "Community 3"), (1, "Community 2"), (3, "Community 1")]


def test_let_go_it_is_named_as_the_others_are(formation):
    *_others, last = columns_of(formation)
    actions.lock_community(last, by=None)
    actions.unlock(people_in(last)[0], by=None)

    assert [name for _position, name in again(formation)] == ["Community 1", "Community 2", "Community 3"]


def test_it_keeps_the_name_of_its_area(db):
    program = make_program()
    make_roster(program, 24)
    formation = make_proposal(
        program,
        reason=Community.Reason.AREA,
        minimum=4,
        maximum=4,
        rules=[Rule(Kind.ALIKE, "area")],
    )
    kept = next(each for each in columns_of(formation) if each.name.endswith(" 2"))
    actions.lock_community(kept, by=None)

    named = again(formation, minimum=4, maximum=4, rules=[Rule(Kind.ALIKE, "area")])

    names = [name for _position, name in named]
    assert dict(named)[kept.position] == kept.name
    assert len(set(names)) == len(names) == 6


def test_the_whole_cohort_is_called_as_its_program(formation):
    assert again(formation, reason=Community.Reason.WHOLE_COHORT) == [(0, formation.program.name)]
