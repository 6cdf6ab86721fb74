"""Optional groups: the first choice is the best for the topics, and the search changes it where that pays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.grouping import (
    AtLeast,
    AtMost,
    Diverse,
    Group,
    Locked,
    Person,
    Problem,
    Proposal,
    TopicWanted,
    Wishes,
    solve,
)
from engines.grouping.opening import changed_openings, first_openings
from engines.grouping.sheet import Sheet
from engines.grouping.tests.cast import groups, people
from engines.grouping.tests.test_choosing import choices, crowd, topics


def test_topics_are_allotted_as_well_as_any_could_be():
    places = tuple(Group(f"g{k}-{n}", 8, 14, f"t{k}", optional=True) for k in range(8) for n in range(3))
    problem = Problem(crowd(150, 8), places, aims=(Wishes(name="wishes"),))

    proposal = solve(problem, seed=1, trials=30_000, bounded=True)

    assert proposal.shortfall == pytest.approx(0, abs=1e-6)


@settings(max_examples=100)
@given(choices(), st.data())
def test_other_openings_place_only_where_people_may_be_and_groups_are_used(problem, data):
    sheet = Sheet(problem)
    places = [data.draw(st.sampled_from(sorted(allowed) or [0])) for allowed in sheet.unit_allowed]
    is_open = [not group.optional or g in places for g, group in enumerate(sheet.groups)]

    for after, start in changed_openings(sheet, is_open, places, 20):
        assert after != is_open
        assert all(after[sheet.group_at[place]] for place in start.values())
        assert all(used for used, group in zip(after, sheet.groups, strict=True) if not group.optional)


def test_a_start_keeps_its_groups_and_half_a_start_is_filled_up():
    problem = Problem(crowd(20, 4, wishes=2), topics(4, 3, 10), aims=(Wishes(name="wishes"),))
    sheet = Sheet(problem)
    whole = {person.id: "g3" if k < 10 else "g2" for k, person in enumerate(problem.people)}

    [(is_open, then)] = first_openings(sheet, whole)
    [(_, filled)] = first_openings(sheet, {"p0": "g3"})

    assert [group.id for group, used in zip(sheet.groups, is_open, strict=True) if used] == ["g2", "g3"]
    assert then == whole
    assert filled["p0"] == "g3"
    assert filled.keys() == whole.keys()


def test_without_optional_groups_nothing_is_to_be_chosen():
    problem = Problem(people(4), groups(2, 2, 2), aims=(TopicWanted(name="wanted"),))

    assert first_openings(Sheet(problem), {}) == []
    assert list(changed_openings(Sheet(problem), [True, True], [0, 0, 1, 1], 9)) == []


def test_a_start_in_the_wrong_groups_is_not_final():
    """Everybody begins in a topic that nobody wants; the search opens those that are wanted."""
    here = tuple(Person(f"p{i}", wishes=("t1",) if i % 2 else ("t2",)) for i in range(20))
    places = tuple(Group(f"g{k}-{n}", 5, 10, f"t{k}", optional=True) for k in range(3) for n in range(2))
    problem = Problem(here, places, aims=(Wishes(name="wishes"),))
    start = {person.id: f"g0-{k // 10}" for k, person in enumerate(here)}

    proposal = solve(problem, seed=1, trials=20_000, start=start)

    assert proposal.score.total == pytest.approx(1)


def test_groups_are_closed_where_fewer_are_better():
    """Topics say nothing here: only larger groups can be as mixed as they should be."""
    here = tuple(Person(f"p{i}", categories={"role": "abcdef"[i % 6]}, wishes=()) for i in range(36))
    places = tuple(Group(f"g{k}", 4, 12, f"t{k}", optional=True) for k in range(9))
    problem = Problem(here, places, aims=(Diverse(name="mix", attribute="role"), Wishes(name="wishes")))

    proposal = solve(problem, seed=1, trials=40_000)

    assert proposal.score.total == pytest.approx(1)


def test_kinds_that_every_group_needs_limit_how_many_are_used():
    leaders = tuple(Person(f"l{i}", categories={"role": "leader"}, wishes=("t0",)) for i in range(3))
    rules = AtLeast("role", "leader"), AtMost("role", 2, "leader"), Locked("q0", "g4")
    here = (*leaders, *(Person(f"q{i}", wishes=(f"t{i % 5}",)) for i in range(25)))
    problem = Problem(here, topics(5, 4, 14), rules, (Wishes(name="wishes"),))

    proposal = solve(problem, seed=2, trials=20_000)

    assert isinstance(proposal, Proposal)
    assert proposal.trials <= 20_000
    assert len(proposal.groups) <= 3
    assert proposal.score.total > 0.5
