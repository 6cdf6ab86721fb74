"""Many groups: only some of them change at a time, and the answer is as good and as repeatable."""

import random
from collections.abc import Mapping

import pytest

from engines.grouping import (
    Alike,
    Group,
    KeepApart,
    MeetingHours,
    Person,
    Problem,
    Proposal,
    search,
    solve,
    walk,
)
from engines.grouping import layout as at
from engines.grouping.budget import Budget
from engines.grouping.sheet import Sheet
from engines.grouping.table import memory_of

SECOND = Budget(seconds=1)


def many(number: int) -> Problem:
    """Two people to a group, for each somebody of the same area."""
    crowd = tuple(Person(f"p{i:03}", categories={"area": f"a{i % number:03}"}) for i in range(2 * number))
    sizes = tuple(Group(f"g{g:03}", 2, 2) for g in range(number))
    return Problem(crowd, sizes, (KeepApart("p000", "p001"),), (Alike(name="area", attribute="area"),))


def ground(
    problem: Problem, start: Mapping[str, str] | None = None, budget: Budget = SECOND
) -> "search._Ground":
    sheet = Sheet(problem)
    made = search._Ground(sheet, memory_of(sheet, 1), [True] * len(sheet.groups), budget)
    return search._constructed(made, start or {}, 1)


def test_a_window_lists_the_units_of_so_many_groups_and_afterwards_all_again():
    made = ground(many(20))

    walk.open_window(made.t, 5)
    units = {int(made.t[made.t[at.AT_ACTIVE] + k]) for k in range(made.t[at.ACTIVES])}
    groups = {made.places[unit] for unit in units}
    walk.open_window(made.t, 20)

    assert (len(units), len(groups)) == (10, 5)
    assert made.t[at.ACTIVES] == made.t[at.MOVABLES]


def test_outside_of_the_window_nobody_changes_places():
    made = ground(many(20))
    before = made.places

    walk.open_window(made.t, 5)
    inside = {int(made.t[made.t[at.AT_ACTIVE] + k]) for k in range(made.t[at.ACTIVES])}
    walk.wander(made.t, made.r, 2_000, 5.0)

    changed = {unit for unit, (old, new) in enumerate(zip(before, made.places, strict=True)) if old != new}
    assert changed
    assert changed <= inside


def test_many_groups_are_searched_in_windows_with_the_same_answer_each_time():
    problem = many(search.WIDE)

    one, other = (solve(problem, seed=3, seconds=0.1, reasons=False) for _ in range(2))
    begun = solve(problem, seed=3, trials=1, reasons=False)

    assert ground(problem).is_wide
    assert not ground(many(search.WIDE - 1)).is_wide
    assert isinstance(one, Proposal)
    assert isinstance(begun, Proposal)
    assert one == other
    assert one.score.total > begun.score.total + 0.1


def test_work_in_windows_counts_as_it_goes():
    made = ground(many(search.WIDE))

    made.wander(10**9, 0.1)

    assert made.trials * search.WINDOW_MISSED <= made.spent
    assert made.t[at.ACTIVES] == made.t[at.MOVABLES]


def free_at_times(number: int) -> Problem:
    """Two people to a group; each is free in one of three slots; all of a group have to share one."""
    crowd = tuple(Person(f"p{i:03}", hours=frozenset({i % 3})) for i in range(2 * number))
    sizes = tuple(Group(f"g{g:03}", 2, 2) for g in range(number))
    return Problem(crowd, sizes, aims=(MeetingHours(name="hours", quorum=1.0, target=1),), slots=3)


def free_at(made: "search._Ground", unit: int) -> set[int]:
    return set(made.sheet.people[made.sheet.units[unit][0]].hours or ())


def test_among_many_groups_a_partner_is_found_with_whom_no_shared_hour_is_lost():
    problem = free_at_times(30)
    shared = {p.id: f"g{(i % 3) * 10 + i // 6:03}" for i, p in enumerate(problem.people)}
    made = ground(problem, shared)

    found = [walk.timely_partner(made.t, made.r, 0, unit, made.places[unit]) for unit in range(60)]

    assert {other >= 0 for other in found} == {True}
    assert [free_at(made, other) for other in found] == [free_at(made, unit) for unit in range(60)]


def test_a_partner_is_looked_for_only_so_long():
    problem = free_at_times(3)
    shared = {p.id: f"g{i % 3:03}" for i, p in enumerate(problem.people)}
    made = ground(problem, shared)

    assert walk.timely_partner(made.t, made.r, 0, 0, made.places[0]) == -1
    assert made.t[made.t[at.AT_WHOLE] + at.WORK] >= walk.LOOKED_AT * walk.WORK_OF_LOOK_AT


@pytest.mark.parametrize(("trials", "window"), [(50_000, search.LOOKING_WINDOW), (49_999, search.WINDOW)])
def test_hours_are_looked_for_where_there_is_time(trials, window):
    problem = free_at_times(search.WIDE)

    made = ground(problem, budget=Budget(trials=trials * len(problem.people)))

    assert (made.window, made.t[at.TIMELY] > 0) == (window, window == search.LOOKING_WINDOW)


def test_who_looks_for_suitable_hours_loses_nothing_while_it_is_cold():
    draw = random.Random(4)
    crowd = tuple(Person(f"p{i:02}", hours=frozenset(draw.sample(range(6), 3))) for i in range(24))
    sizes = tuple(Group(f"g{g}", 4, 4) for g in range(6))
    aim = MeetingHours(name="hours", quorum=1.0, target=2)
    made = ground(Problem(crowd, sizes, aims=(aim,), slots=6))
    made.t[at.TIMELY] = 1_000
    before = made.value

    walk.wander(made.t, made.r, 4_000, 0.0)

    assert made.value > before
    assert sorted(made.places) == sorted(4 * [*range(6)])
