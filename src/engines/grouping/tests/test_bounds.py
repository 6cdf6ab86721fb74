"""Bounds: never below any grouping that holds every rule, never raised by a rule, near where they can be."""

import itertools
import math
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.grouping import (
    Alike,
    AlikeNumbers,
    AllowedGroups,
    AtLeast,
    AtMost,
    Balanced,
    Bound,
    CommonNeeds,
    Coverage,
    Diverse,
    DiverseNumbers,
    EnoughOf,
    Group,
    KeepApart,
    KeepTogether,
    Locked,
    MeetingHours,
    NobodyIsolated,
    Person,
    Problem,
    Proportional,
    Proposal,
    SharedHours,
    SizeNear,
    Stability,
    TopicWanted,
    Wishes,
    bound,
    ceilings,
    relaxation,
    score,
    solve,
    violations,
)
from engines.grouping.program import Program, Solved
from engines.grouping.tests.cast import DATA, groups, needs_shared, people, read

NOISE = 1e-7
TOPICS = ("t0", "t1", "t2")
AREAS = ("north", "north", "south", "south", "east", None)


@st.composite
def small(draw) -> Problem:
    """A problem small enough to try every grouping of it."""
    count = draw(st.integers(1, 6))
    names = [f"p{i}" for i in range(count)]
    some_topics = st.lists(st.sampled_from(TOPICS), unique=True, max_size=3).map(tuple)
    here = []
    for name in names:
        area, years = draw(st.sampled_from(AREAS)), draw(st.sampled_from([0.0, 1.0, 2.0, 9.0, 9.5, None]))
        here.append(
            Person(
                name,
                categories={} if area is None else {"area": area},
                numbers={} if years is None else {"years": years},
                sets=draw(
                    st.sampled_from(
                        [
                            {},
                            {"tongues": frozenset("a")},
                            {"tongues": frozenset("ab")},
                            {"tongues": frozenset("cd")},
                        ]
                    )
                ),
                needs=draw(st.none() | some_topics),
                wishes=draw(st.none() | some_topics),
                expertise=draw(st.dictionaries(st.sampled_from(TOPICS), st.integers(2, 4), max_size=2)),
                hours=draw(st.none() | st.frozensets(st.integers(0, 3))),
                earlier_group=draw(st.sampled_from([None, "g0", "g1", "gone"])),
            )
        )
    least = draw(st.integers(0, 3))
    places = tuple(
        Group(
            f"g{g}",
            minimum := draw(st.integers(least, 3)),
            draw(st.integers(max(1, minimum), 6)),
            draw(st.sampled_from((*TOPICS, None))),
            draw(st.booleans()),
        )
        for g in range(draw(st.integers(1, 3)))
    )
    aims = draw(st.lists(st.sampled_from(AIMS), min_size=1, max_size=5, unique_by=lambda aim: aim.name))
    weighted = tuple(replace(aim, weight=float(draw(st.integers(0, 4)))) for aim in aims)
    first = draw(st.sampled_from([0.0, 0.0, 0.4, 1.0]))
    rules = tuple(draw(rule_of(names, [g.id for g in places])) for _ in range(draw(st.integers(0, 2))))
    return Problem(tuple(here), places, rules, weighted, slots=4, worst_group_first=first)


AIMS = (
    Alike(name="alike", attribute="area"),
    Alike(name="tongues", attribute="tongues"),
    Diverse(name="diverse", attribute="area"),
    AlikeNumbers(name="alike years", attribute="years"),
    DiverseNumbers(name="diverse years", attribute="years"),
    Alike(name="all alike", attribute="area", strict=True),
    EnoughOf(name="just two", attribute="area", value="north", count=2, strict=True),
    Balanced(name="balanced", attribute="years", tolerance=0.3),
    Proportional(name="proportional", attribute="area", value="north"),
    NobodyIsolated(name="isolated", attribute="area"),
    NobodyIsolated(name="isolated three", attribute="area", values=("north", "east"), at_least=3),
    EnoughOf(name="one", attribute="area", value="south"),
    EnoughOf(name="two", attribute="area", value="north", count=2),
    TopicWanted(name="wanted"),
    Wishes(name="wishes"),
    CommonNeeds(name="common"),
    Coverage(name="coverage"),
    MeetingHours(name="hours", target=2),
    MeetingHours(name="most", target=3, quorum=0.6),
    Stability(name="stay"),
    SizeNear(name="size", target=2.5),
)


def rule_of(names: list[str], places: list[str]) -> st.SearchStrategy:
    """Any rule about these people and groups."""
    name, place = st.sampled_from(names), st.sampled_from(places)
    kinds = [
        st.builds(Locked, name, place),
        st.builds(AllowedGroups, name, st.lists(place, min_size=1, unique=True).map(tuple)),
        st.builds(AtMost, st.just("area"), st.integers(0, 3), st.sampled_from([None, "north"])),
        st.builds(AtLeast, st.just("area"), st.sampled_from(["north", "south"]), st.integers(1, 2)),
        st.builds(SharedHours, st.integers(1, 2), st.sampled_from([0.5, 1.0])),
    ]
    if len(names) > 1:
        pair = st.lists(name, min_size=2, max_size=2, unique=True)
        kinds += [pair.map(lambda two: KeepApart(*two)), pair.map(lambda two: KeepTogether(tuple(two)))]
    return st.one_of(kinds)


def best_of_all(problem: Problem) -> float | None:
    """The best objective of all groupings that hold every rule; None if there is none."""
    places = [group.id for group in problem.groups]
    names = [person.id for person in problem.people]
    found = [
        score(problem, assignment).objective
        for chosen in itertools.product(places, repeat=len(names))
        if not violations(problem, assignment := dict(zip(names, chosen, strict=True)))
    ]
    return max(found, default=None)


@settings(max_examples=150)
@given(small())
def test_no_grouping_surpasses_the_bound(problem):
    best = best_of_all(problem)

    found = bound(problem)

    assert 0 <= found.objective <= 1
    if best is not None:
        assert found.is_possible
        assert best <= found.objective + NOISE


@settings(max_examples=150)
@given(small(), st.data())
def test_a_rule_more_never_raises_the_bound(problem, data):
    rule = data.draw(rule_of([p.id for p in problem.people], [g.id for g in problem.groups]))

    stricter = bound(replace(problem, rules=(*problem.rules, rule)))

    assert stricter.objective <= bound(problem).objective + NOISE


@needs_shared
@pytest.mark.parametrize(
    ("name", "reached", "most"),
    [
        ("planted_n120_s1", 0.9568, 0.9702),
        ("planted_n480_s1", 0.9554, 0.9741),
        ("wild_n120_s1", 0.845, 0.9015),
        ("wild_n480_s1", 0.910, 0.9768),
    ],
)
def test_bound_of_published_problem_is_near_what_is_reached(name, reached, most):
    assert reached < bound(read(DATA / "grouping" / name)).objective < most


def test_too_few_for_a_count_are_bounded_exactly():
    here = people(2, categories={"role": "leader"}) + tuple(Person(f"q{i}") for i in range(10))
    problem = Problem(
        here,
        groups(3, 4, 4),
        aims=(EnoughOf(name="leaders", attribute="role", value="leader"),),
    )

    assert bound(problem).objective == pytest.approx(8 / 12)


def test_wishes_that_do_not_fit_in_are_bounded_exactly():
    here = people(6, wishes=("t0", "t1"))
    places = Group("g0", 2, 2, "t0"), Group("g1", 2, 2, "t1"), Group("g2", 2, 2, "t2")
    problem = Problem(here, places, aims=(Wishes(name="wishes", utilities=(1.0, 0.5)),))

    assert bound(problem).objective == pytest.approx(0.5)
    assert bound(replace(problem, worst_group_first=1.0)).objective == pytest.approx(0.0)
    assert bound(replace(problem, worst_group_first=0.5)).objective == pytest.approx(0.25)


def test_who_may_stay_is_limited_by_room():
    problem = Problem(
        people(6, earlier_group="g0"), groups(2, 3, 3), (Locked("p0", "g1"),), (Stability(name="stay"),)
    )

    assert bound(problem).objective == pytest.approx(0.5)


def test_mix_is_bounded_by_what_there_is():
    here = tuple(Person(f"p{i}", categories={"role": role}) for i, role in enumerate("aaaaaabb"))
    problem = Problem(here, groups(2, 4, 4), aims=(Diverse(name="mix", attribute="role"),))

    assert bound(problem).objective == pytest.approx(0.75)


def test_mix_of_very_many_kinds_is_taken_to_be_perfect(monkeypatch):
    here = tuple(Person(f"p{i}", categories={"role": role}) for i, role in enumerate("aaaaaabb"))
    problem = Problem(here, groups(2, 4, 4), aims=(Diverse(name="mix", attribute="role"),))
    monkeypatch.setattr(relaxation, "PARTS", 7)

    assert bound(problem) == Bound(1.0, {"mix": 1.0})


def test_sets_and_hours_of_very_many_kinds_are_taken_to_suit(monkeypatch):
    here = tuple(
        Person(f"p{i}", sets={"tongues": frozenset({str(i)})}, hours=frozenset({i, (i + 1) % 4}))
        for i in range(4)
    )
    alike, hours = Alike(name="tongues", attribute="tongues"), MeetingHours(name="hours", target=2)
    problem = Problem(here, groups(2, 2, 2), aims=(alike, hours), slots=4)
    kept_apart = bound(problem).aims
    monkeypatch.setattr(ceilings, "MANY", 3)

    assert kept_apart == {"tongues": 0.0, "hours": 0.5}
    assert bound(problem).aims == {"tongues": 1.0, "hours": 1.0}


def test_left_over_people_of_a_kind_cannot_be_among_themselves():
    here = tuple(Person(f"p{i}", categories={"tongue": tongue}) for i, tongue in enumerate("eeeeeeff"))
    problem = Problem(here, groups(2, 4, 4), aims=(Alike(name="tongue", attribute="tongue"),))

    assert bound(problem).objective == pytest.approx((4 + 2 * 1 / 3 + 2 * 1 / 3) / 8)


def test_nothing_to_place_or_to_aim_at_is_perfect_and_nowhere_to_be_impossible():
    aims = (SizeNear(name="size", target=3),)

    assert bound(Problem((), groups(2, 1, 2), aims=aims)) == Bound(1.0)
    assert bound(Problem(people(2), groups(2, 1, 2))) == Bound(1.0)
    assert bound(Problem(people(2), (), aims=aims)) == Bound(0.0, is_possible=False)


def test_too_many_people_for_all_seats_are_proven_impossible():
    problem = Problem(people(5), groups(2, 1, 2), aims=(SizeNear(name="size", target=3),))

    assert bound(problem) == Bound(0.0, is_possible=False)


def test_any_prices_give_a_ceiling():
    """Weak duality does not rest on the solver: prices drawn at random bound the program as well."""
    draw = random.Random(1)
    program = Program()
    rows = [program.row(-math.inf, 3.0), program.row(1.0, math.inf), program.row(2.0, 2.0)]
    for _ in range(4):
        program.column(draw.random(), 2.0, [(row, float(draw.randint(0, 2))) for row in rows])
    solved = program.solve()
    best = sum(worth * value for worth, value in zip(program.worth, solved.values, strict=True))

    assert program.ceiling(solved.prices) == pytest.approx(best)
    for _ in range(200):
        assert program.ceiling([draw.uniform(-2, 2) for _ in rows]) >= best


def test_program_without_an_answer_has_no_values():
    program = Program()
    row = program.row(2.0, 2.0)
    program.column(1.0, 1.0, [(row, 1.0)], whole=True)

    assert program.solve() == Solved([], [0.0])


def test_proposal_says_how_near_it_is_to_the_best_possible():
    here = tuple(Person(f"p{i}", categories={"tongue": tongue}) for i, tongue in enumerate("eeeeeeff"))
    problem = Problem(here, groups(2, 4, 4), aims=(Alike(name="tongue", attribute="tongue"),))

    plain = solve(problem, trials=500)
    proposal = solve(problem, trials=500, bounded=True)

    assert isinstance(plain, Proposal)
    assert (plain.bound, plain.shortfall) == (None, None)
    assert proposal.bound == bound(problem).objective
    assert proposal.shortfall == pytest.approx(0, abs=1e-6)


def test_highs_does_not_speak():
    """What a command writes is read by programs: nothing but the answer may be on its way."""
    code = "from engines.grouping.program import Program; p = Program(); p.column(1.0, 1.0); p.solve()"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("", "")


def test_numbers_are_as_near_as_their_neighbours():
    here = tuple(
        Person(f"p{i}", numbers={"years": float(years)}) for i, years in enumerate([0, 4, 5, 6, 10, 20])
    )
    problem = Problem(here, groups(2, 3, 3), aims=(AlikeNumbers(name="years", attribute="years"),))

    best = best_of_all(problem)

    assert best <= bound(problem).objective < best + 0.2


def test_one_far_out_is_wasted_on_variety():
    here = tuple(Person(f"p{i}", numbers={"years": 0.0 if i else 100.0}) for i in range(30))
    problem = Problem(here, groups(10, 3, 3), aims=(DiverseNumbers(name="years", attribute="years"),))

    assert 0.1 < bound(problem).objective < 0.4


def test_numbers_that_are_all_the_same_meet_every_aim_for_them():
    here = people(4, numbers={"years": 3.0})
    aims = (AlikeNumbers(name="alike", attribute="years"), DiverseNumbers(name="diverse", attribute="years"))

    assert bound(Problem(here, groups(2, 2, 2), aims=aims)).aims == {"alike": 1.0, "diverse": 1.0}
