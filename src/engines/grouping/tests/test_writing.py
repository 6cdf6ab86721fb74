"""The public format as it is written: the same problem comes of it, or what is lost is said."""

import csv
import json
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engines.grouping import (
    Alike,
    AlikeNumbers,
    AllowedGroups,
    AtLeast,
    AtMost,
    Balanced,
    CommonNeeds,
    Coverage,
    Diverse,
    EnoughOf,
    KeepApart,
    KeepTogether,
    Locked,
    MeetingHours,
    NobodyIsolated,
    Person,
    Problem,
    Proportional,
    SharedHours,
    SizeNear,
    Stability,
    TopicWanted,
    Unsaid,
    UnsaidCode,
    Wishes,
    problem_of,
    score,
    violations,
    written,
)
from engines.grouping.tests.cast import DATA, groups, needs_shared, people, published, read, scorer, write
from engines.grouping.tests.test_solve import varied

HARMLESS = {UnsaidCode.OURS, UnsaidCode.EMPTY_NUMBER}
"""What others do not read; here the same comes of it."""

TOPICS = st.sampled_from(["t0", "t1", "t2"])
KINDS = st.sampled_from(["north", "south", "3", "3.0", "", "a;b"])


def reread(problem: Problem) -> Problem:
    put = written(problem)
    return problem_of(json.loads(json.dumps(put.spec)), put.rows)


def maybe(strategy):
    return st.none() | strategy


@st.composite
def anyone(draw, name: str) -> Person:
    """Somebody who has answered anything, or nothing, in one way or another."""
    categories = {key: draw(KINDS) for key in ("area", "years", "needs") if draw(st.booleans())}
    sets = {"area": draw(st.frozensets(KINDS, max_size=2))} if draw(st.booleans()) else {}
    numbers = {"years": draw(st.floats(-1e9, 1e9))} if draw(st.booleans()) else {}
    return Person(
        name,
        categories=categories,
        sets=sets,
        numbers=numbers,
        needs=draw(maybe(st.lists(TOPICS, unique=True).map(tuple))),
        wishes=draw(maybe(st.lists(TOPICS, unique=True).map(tuple))),
        expertise=draw(st.dictionaries(TOPICS, st.integers(0, 4))),
        hours=draw(maybe(st.frozensets(st.integers(0, 3)))),
        earlier_group=draw(maybe(st.sampled_from(["g0", "gone"]))),
    )


AIMS = [
    Alike(name="alike", attribute="area"),
    Alike(name="alike strictly", attribute="area", strict=True),
    Diverse(name="diverse", attribute="area"),
    AlikeNumbers(name="near", attribute="years"),
    Balanced(name="mean", attribute="years", tolerance=0.2),
    Alike(name="years as kinds", attribute="years"),
    Proportional(name="spread", attribute="area", value="north"),
    NobodyIsolated(name="all", attribute="area"),
    NobodyIsolated(name="some", attribute="area", values=("north",), at_least=3),
    EnoughOf(name="least", attribute="area", value="south"),
    EnoughOf(name="a name of the format's", attribute="needs", value="north"),
    TopicWanted(name="topic"),
    CommonNeeds(name="common"),
    Coverage(name="known"),
    MeetingHours(name="hours", target=2, quorum=0.5),
    Wishes(name="wishes"),
    Stability(name="stay"),
    SizeNear(name="size", target=3.5, weight=0.25),
]
RULES = [
    KeepApart("p0", "p1"),
    KeepTogether(("p1", "p2")),
    Locked("p0", "g0"),
    AllowedGroups("p1", ("g0", "g1")),
    AllowedGroups("p1", ("g1",)),
    AtMost("area", 1),
    AtMost("area", 1, "north"),
    AtLeast("area", "north"),
    SharedHours(1, 0.5),
]


@st.composite
def anything(draw) -> tuple[Problem, dict[str, str]]:
    """Any problem of the engine, and any grouping of its people."""
    crowd = tuple(draw(anyone(f"p{number}")) for number in range(draw(st.integers(3, 7))))
    problem = Problem(
        crowd,
        groups(3, 1, 4, topic="t0"),
        rules=tuple(draw(st.lists(st.sampled_from(RULES), max_size=3))),
        aims=tuple(draw(st.lists(st.sampled_from(AIMS), max_size=3, unique=True))),
        slots=4,
        worst_group_first=draw(st.sampled_from([0.0, 0.0, 0.0, 0.5])),
    )
    return problem, {each.id: draw(st.sampled_from(["g0", "g1", "g2"])) for each in crowd}


@settings(max_examples=150, deadline=None)
@given(published())
def test_a_problem_of_the_public_format_comes_back_whole(case):
    spec, rows, _assignment = case
    problem = problem_of(spec, rows)

    assert written(problem).unsaid == ()
    assert reread(problem) == problem


AN_EMPTY_KIND = Problem(
    (Person("p0", categories={"area": "north"}), Person("p1", categories={"area": ""}), Person("p2")),
    groups(3, 1, 4, topic="t0"),
    aims=(NobodyIsolated(name="all", attribute="area"),),
)


@settings(max_examples=400, deadline=None)
@example((AN_EMPTY_KIND, {"p0": "g0", "p1": "g0", "p2": "g0"}))
@example((replace(AN_EMPTY_KIND, people=AN_EMPTY_KIND.people[:2]), {"p0": "g0", "p1": "g0"}))
@given(anything())
def test_with_nothing_unsaid_every_grouping_scores_and_breaks_the_same(case):
    problem, assignment = case
    again = reread(problem)
    if {each.code for each in written(problem).unsaid} <= HARMLESS:
        before, after = (score(each, assignment) for each in (problem, again))
        assert after.total == pytest.approx(before.total, abs=1e-12)
        assert {name: aim.mean for name, aim in after.aims.items()} == pytest.approx(
            {name: aim.mean for name, aim in before.aims.items()}, abs=1e-12
        )
        told = [_told(each, assignment) for each in (problem, again)]
        assert told[0] == told[1] or _allows_one_twice(problem)
    assert reread(again) == again


def _told(problem: Problem, assignment: dict[str, str]) -> list[tuple]:
    found = violations(problem, assignment)
    return sorted((each.code, each.people, each.groups, each.amount) for each in found)


def _allows_one_twice(problem: Problem) -> bool:
    """Two rules on where somebody may be are one in the format: broken once, where it was twice."""
    allowed = [rule.person for rule in problem.rules_of(AllowedGroups)]
    return len(set(allowed)) < len(allowed)


def test_what_the_format_cannot_say_is_named():
    ana, bo, cy = "ana", "bo", "cy"
    problem = Problem(
        (
            Person(ana, categories={"area": "north"}, numbers={"years": 2.0}, needs=("t0",)),
            Person(bo, sets={"area": frozenset({"north", "south"})}, categories={"years": "many"}),
            Person(cy, hours=frozenset({1})),
        ),
        groups(1, 1, 3),
        rules=(AtMost("area", 1, "north"), SharedHours(1), AtMost("exp_t0", 1)),
        aims=(
            Alike(name="alike", attribute="area", strict=True),
            Balanced(name="mean", attribute="years"),
            EnoughOf(name="expert", attribute="exp_t0", value="4"),
            CommonNeeds(name="common"),
        ),
        slots=2,
        worst_group_first=0.5,
    )

    put = written(problem)

    assert put.unsaid == (
        Unsaid(UnsaidCode.RULE, "at_most"),
        Unsaid(UnsaidCode.RULE, "shared_hours"),
        Unsaid(UnsaidCode.RULE, "at_most"),
        Unsaid(UnsaidCode.AIM, "expert"),
        Unsaid(UnsaidCode.WORST_GROUP_FIRST),
        Unsaid(UnsaidCode.SEVERAL_ANSWERS, "area", 1),
        Unsaid(UnsaidCode.NOT_ANSWERED, "area", 1),
        Unsaid(UnsaidCode.EMPTY_NUMBER, "years", 2),
        Unsaid(UnsaidCode.NOT_ANSWERED, "needs", 2),
        Unsaid(UnsaidCode.OURS, "alike"),
    )
    assert [row["area"] for row in put.rows] == ["north", "north;south", ""]
    assert [row["avail"] for row in put.rows] == ["", "", "01"]


def test_a_number_is_written_so_that_the_same_is_read():
    exact = 1_234_567.0
    near = Problem(
        (Person("ana", categories={"grant": f"{exact:g}"}, numbers={"grant": exact}),),
        groups(1, 1, 1),
        aims=(AlikeNumbers(name="near", attribute="grant"),),
    )
    both = Problem(
        near.people, near.groups, aims=(*near.aims, Alike(name="kinds", attribute="grant", weight=2))
    )

    assert (written(near).rows[0]["grant"], written(near).unsaid) == ("1234567.0", ())
    assert written(both).unsaid == (Unsaid(UnsaidCode.OTHERWISE, "grant", 1),)


def test_readers_find_every_column_that_a_rule_or_an_aim_is_about():
    problem = Problem(
        people(2, needs=("t1",)),
        groups(1, 1, 2),
        aims=(Coverage(name="known"), Diverse(name="mix", attribute="area")),
    )

    [row, _other] = written(problem).rows

    assert row == {
        "id": "p0",
        "area": "",
        "needs": "t1",
        "prefs": "",
        "avail": "",
        "prev_group": "",
        "exp_t1": "0",
    }


def test_the_same_comes_of_a_problem_with_every_kind_of_rule_but_shared_hours():
    problem = varied()

    assert [each.code for each in written(problem).unsaid] == ["rule", "worst_group_first"]
    assert reread(problem).rules == problem.rules[2:4] + problem.rules[:2] + problem.rules[4:8]


@needs_shared
@pytest.mark.parametrize("name", ["planted_n120_s1", "wild_n120_s1"])
def test_a_published_problem_is_scored_the_same_by_the_independent_scorer(tmp_path, name):
    directory = DATA / "grouping" / name
    put = written(read(directory))
    write(tmp_path, put.spec, put.rows)
    grouping = tmp_path / "grouping.csv"
    ids = [each["id"] for each in put.spec["groups"]]
    placed = [f"{row['id']},{ids[number % len(ids)]}" for number, row in enumerate(put.rows)]
    grouping.write_text("\n".join(["id,group", *placed]) + "\n")

    ours, _groups = scorer().score(str(tmp_path), str(grouping))
    theirs, _groups = scorer().score(str(directory), str(grouping))

    assert put.unsaid == ()
    assert {**ours, "instance": ""} == {**theirs, "instance": ""}
    with (directory / "participants.csv").open(newline="") as lines:
        assert [set(row) for row in csv.DictReader(lines)] == [set(row) for row in put.rows]
