"""Few moves: at most so many people of the start come elsewhere, and no other so few do better."""

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.grouping import (
    Alike,
    Balanced,
    Clash,
    Diverse,
    Group,
    KeepApart,
    KeepTogether,
    Locked,
    NotFound,
    Person,
    Problem,
    Proposal,
    SizeNear,
    TopicWanted,
    score,
    solve,
    table,
    violations,
    walk,
)
from engines.grouping import layout as at
from engines.grouping.compiled import real, whole
from engines.grouping.limits import Limit
from engines.grouping.sheet import Sheet
from engines.grouping.tests.cast import groups, people

AREA = Alike(name="area", attribute="area")
EIGHT = 8


def eight(seed: int) -> tuple[Problem, dict[str, str]]:
    """Eight people, two or three groups, sometimes two to be kept apart, and a start without up to two."""
    draw = random.Random(seed)
    count = draw.choice([2, 3])
    problem = Problem(
        people=tuple(
            Person(
                f"p{i}",
                categories={"area": draw.choice("xyz"), "role": draw.choice("uvw")},
                numbers={"years": draw.random()},
            )
            for i in range(EIGHT)
        ),
        groups=groups(count, EIGHT // count - 1, -(-EIGHT // count) + 1),
        aims=(
            Alike(name="area", attribute="area", weight=3),
            Diverse(name="role", attribute="role", weight=2),
            Balanced(name="years", attribute="years", weight=1),
        ),
        rules=(KeepApart("p0", "p1"),) if draw.random() < 0.5 else (),
    )
    order = draw.sample(range(EIGHT), EIGHT)
    start = {f"p{i}": f"g{place % count}" for place, i in enumerate(order)}
    for i in range(draw.choice([0, 1, 2])):
        del start[f"p{i + 2}"]
    return problem, start


def away(start: dict[str, str], assignment: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name, group in assignment.items() if start.get(name, group) != group)


def best_by_moves(problem: Problem, start: dict[str, str]) -> dict[int, float]:
    """For each number of moves the best objective of all groupings with just so many."""
    best: dict[int, float] = {}
    for places in itertools.product([group.id for group in problem.groups], repeat=len(problem.people)):
        grouping = dict(zip((person.id for person in problem.people), places, strict=True))
        if not violations(problem, grouping):
            moves = len(away(start, grouping))
            best[moves] = max(best.get(moves, 0.0), score(problem, grouping).objective)
    return best


@pytest.mark.parametrize("seed", range(5))
def test_no_choice_of_so_few_moves_is_better(seed):
    problem, start = eight(seed)
    best = best_by_moves(problem, start)
    reached = 0.0

    for most in range(4):
        found = solve(problem, start=start, most_moves=most, trials=16_000, seed=seed)

        possible = [value for moves, value in best.items() if moves <= most]
        if not possible:
            assert isinstance(found, NotFound)
            continue
        assert isinstance(found, Proposal)
        assert found.moved == away(start, found.assignment)
        assert len(found.moved) <= most
        assert found.score.objective >= 0.99 * max(possible)
        assert found.score.objective >= reached - 1e-9
        reached = found.score.objective


def test_the_same_comes_of_it_again_in_whatever_order_it_is_listed():
    problem, start = eight(11)
    listed = replace(problem, people=problem.people[::-1], groups=problem.groups[::-1])

    one = solve(problem, start=start, most_moves=2, trials=3_000, seed=4)
    other = solve(listed, start=dict(reversed(start.items())), most_moves=2, trials=3_000, seed=4)

    assert one.assignment == other.assignment
    assert set(one.moved) == set(other.moved)


def areas(*names: str) -> tuple[Person, ...]:
    return tuple(Person(f"p{i}", categories={"area": area}) for i, area in enumerate(names))


def test_without_moves_only_who_is_new_or_whose_group_is_gone_is_placed():
    problem = Problem(
        people=areas("north", "south", "south", "north", "north", "south"),
        groups=groups(2, 2, 4),
        aims=(AREA,),
    )
    start = {"p0": "g0", "p1": "g0", "p2": "g1", "p3": "g1", "p4": "gone", "left": "g1"}

    found = solve(problem, start=start, most_moves=0, trials=2_000)

    assert isinstance(found, Proposal)
    assert found.moved == ()
    assert {name: found.assignment[name] for name in ("p0", "p1", "p2", "p3")} == {
        name: start[name] for name in ("p0", "p1", "p2", "p3")
    }


def test_nobody_moves_who_gains_nothing():
    problem = Problem(people=areas("north", "north", "south", "south"), groups=groups(2, 2, 2), aims=(AREA,))
    start = {"p0": "g1", "p1": "g1", "p2": "g0", "p3": "g0"}

    found = solve(problem, start=start, most_moves=4, trials=2_000)

    assert (found.score.total, found.moved) == (1.0, ())


def test_who_is_locked_elsewhere_has_moved_and_too_few_moves_are_said():
    problem = Problem(people=people(4), groups=groups(2, 1, 3), rules=(Locked("p0", "g1"),))
    start = {"p0": "g0", "p1": "g0", "p2": "g1", "p3": "g1"}

    assert solve(problem, start=start, most_moves=1, trials=1_000).moved == ("p0",)
    found = solve(problem, start=start, most_moves=0, trials=1_000)
    assert isinstance(found, NotFound)
    assert (found.nearest.violations, found.nearest.moved) == ((), ("p0",))


def test_broken_rules_are_repaired_by_few_moves():
    problem = Problem(
        people=people(12), groups=groups(3, 3, 5), rules=(KeepApart("p0", "p1"), KeepApart("p4", "p5"))
    )
    start = {f"p{i}": f"g{i // 4}" for i in range(12)}

    found = solve(problem, start=start, most_moves=2, trials=5_000)

    assert isinstance(found, Proposal)
    assert len(found.moved) == 2


def test_when_too_few_moves_repair_nothing_the_nearest_holds_the_rules_with_few_more():
    problem = Problem(people=people(6), groups=groups(2, 3, 3), rules=(KeepApart("p0", "p1"),))
    start = {f"p{i}": f"g{i // 3}" for i in range(6)}

    found = solve(problem, start=start, most_moves=1, trials=60_000)

    assert isinstance(found, NotFound)
    assert found.nearest.violations == ()
    assert len(found.nearest.moved) == 2


def test_rules_that_cannot_hold_clash_whatever_may_move():
    problem = Problem(people=people(2), groups=groups(1, 1, 2), rules=(KeepApart("p0", "p1"),))

    assert isinstance(solve(problem, start={"p0": "g0"}, most_moves=0, trials=100), Clash)


def test_whoever_is_kept_together_with_somebody_new_stays_and_so_do_most_of_them():
    problem = Problem(
        people=people(7),
        groups=groups(2, 1, 6),
        rules=(KeepTogether(("p0", "p1")), KeepTogether(("p2", "p3", "p4"))),
    )
    start = {"p1": "g1", "p2": "g0", "p3": "g1", "p4": "g1", "p5": "g0", "p6": "g0"}

    found = solve(problem, start=start, most_moves=1, trials=1_000)

    assert (found.assignment["p0"], found.moved) == ("g1", ("p2",))


def test_a_small_optional_group_may_be_closed_by_few_moves_and_else_stays():
    problem = Problem(
        people=people(9, needs=("t0",)),
        groups=(Group("g0", 2, 9, topic="t0"), Group("g1", 2, 9, topic="t1", optional=True)),
        aims=(TopicWanted(name="topic"),),
    )
    start = {f"p{i}": "g1" if i < 2 else "g0" for i in range(9)}

    closed = solve(problem, start=start, most_moves=2, trials=4_000)
    kept = solve(problem, start=start, most_moves=1, trials=4_000)

    assert closed.moved == ("p0", "p1")
    assert kept.moved == ()


def test_the_start_is_everybodys_earlier_group_when_none_is_given():
    problem = Problem(
        people=(Person("p0", earlier_group="g1"), Person("p1", earlier_group="g1"), Person("p2")),
        groups=groups(2, 1, 2),
        aims=(SizeNear(name="size", target=2),),
    )

    found = solve(problem, most_moves=0, trials=500)

    assert found.assignment == {"p0": "g1", "p1": "g1", "p2": "g0"}


def test_fewer_than_no_moves_are_refused():
    with pytest.raises(ValueError, match="fewer than 0"):
        solve(Problem(people=people(1), groups=groups(1, 1, 1)), most_moves=-1)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_the_loops_keep_count_of_who_is_away(seed):
    problem, start = eight(seed)
    sheet = Sheet(problem)
    memory = table.memory_of(sheet, seed)
    Limit(3, start).lay_down(memory, sheet)
    t, r = whole(memory.whole), real(memory.real)
    walk.begin(t, r)
    homes = [sheet.group_at[start.get(person.id, "g0")] for person in sheet.people]
    walk.place(t, r, whole(list(range(EIGHT))), whole(homes), EIGHT)

    for warmth in (2.0, 0.3, 0.0):
        walk.repair(t, r, 200)
        walk.wander(t, r, 300, warmth)

        assert_counted(sheet, t, start)


def assert_counted(sheet: Sheet, t, start: dict[str, str]) -> None:
    """Whoever is away is counted, and who is loose is listed once."""
    places = t[t[at.AT_AT] : t[at.AT_AT] + t[at.U]]
    names = {person.id: sheet.groups[g].id for person, g in zip(sheet.people, places, strict=True)}
    counts = t[at.AT_WHOLE]
    loose = sorted(t[t[at.AT_LOOSE] : t[at.AT_LOOSE] + t[counts + at.LOOSE]])
    assert t[counts + at.AWAY] == len(away(start, names)) <= 3
    assert loose == [
        unit for unit, person in enumerate(sheet.people) if start.get(person.id) != names[person.id]
    ]


def test_people_of_two_groups_change_topics_as_a_whole():
    problem = Problem(
        people=tuple(Person(f"p{i}", needs=("late" if i < 6 else "early",)) for i in range(12)),
        groups=(Group("g0", 6, 6, topic="early"), Group("g1", 6, 6, topic="late")),
        rules=(KeepTogether(tuple(f"p{i}" for i in range(6))),),
        aims=(TopicWanted(name="topic"),),
    )
    start = {f"p{i}": f"g{i // 6}" for i in range(12)}

    found = solve(problem, start=start, most_moves=12, trials=4_000)
    kept = solve(problem, start=start, most_moves=11, trials=4_000)

    assert (len(found.moved), found.score.objective) == (12, pytest.approx(1))
    assert (kept.moved, kept.score.objective) == ((), pytest.approx(0))
