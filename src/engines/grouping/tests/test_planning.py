"""How many groups of which sizes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.grouping import GroupPlan, plan_groups


@pytest.mark.parametrize(
    ("people", "limits", "sizes"),
    [
        (84, {"minimum": 11, "maximum": 13}, (12,) * 7),
        (10, {"minimum": 3, "maximum": 5}, (4, 3, 3)),
        (11, {"minimum": 3, "maximum": 5}, (4, 4, 3)),
        (30, {"minimum": 3, "maximum": 10, "target": 4}, (4, 4, 4, 4, 4, 4, 3, 3)),
        (12, {"minimum": 4, "maximum": 6}, (6, 6)),
        (5, {"minimum": 1, "maximum": 5}, (3, 2)),
    ],
)
def test_sizes_are_even_and_near_the_target(people, limits, sizes):
    assert plan_groups(people, **limits).sizes == sizes


def test_plan_tells_how_many_groups_would_fit():
    assert plan_groups(12, minimum=3, maximum=6) == GroupPlan(sizes=(4, 4, 4), fewest=2, most=4)


def test_plan_that_cannot_be_tells_how_many_people_lack_or_are_over():
    plan = plan_groups(7, minimum=4, maximum=5)

    assert plan == GroupPlan(sizes=(), fewest=0, most=0, people_missing=1, people_over=2)
    assert not plan.is_possible
    assert plan_groups(0, minimum=4, maximum=5).people_missing == 4


@pytest.mark.parametrize("wrong", [(5, 0, 3), (5, 4, 3), (-1, 1, 3)])
def test_limits_without_sense_are_refused(wrong):
    people, minimum, maximum = wrong

    with pytest.raises(ValueError, match="people in groups of"):
        plan_groups(people, minimum=minimum, maximum=maximum)


@given(st.integers(1, 500), st.integers(1, 20), st.integers(0, 10))
def test_every_plan_places_everybody_within_the_limits(people, minimum, more):
    plan = plan_groups(people, minimum=minimum, maximum=minimum + more)

    feasible = any(n * minimum <= people <= n * (minimum + more) for n in range(1, people + 1))
    assert plan.is_possible == feasible
    if feasible:
        assert sum(plan.sizes) == people
        assert set(plan.sizes) <= set(range(minimum, minimum + more + 1))
        assert max(plan.sizes) - min(plan.sizes) <= 1
