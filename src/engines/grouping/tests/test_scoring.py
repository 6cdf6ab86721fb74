"""Scores and violations, against the independent scorer."""

import json
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from engines.grouping import (
    Alike,
    AtLeast,
    Balanced,
    CommonNeeds,
    Diverse,
    Group,
    MeetingHours,
    NobodyIsolated,
    Person,
    Problem,
    ProblemError,
    Proportional,
    SizeNear,
    TopicWanted,
    problem_of,
    score,
    solve,
    violations,
)
from engines.grouping.aims import PART
from engines.grouping.tests.cast import (
    DATA,
    groups,
    needs_shared,
    people,
    published,
    read,
    scorer,
    write,
    write_grouping,
)

if DATA.is_dir():
    SCORER = scorer()

COUNTED_BY_AMOUNT = {"too_many"}
NAMES = {
    "unplaced": "unassigned",
    "not_apart": "keep_apart",
    "not_together": "keep_together",
    "not_locked": "locked",
    "not_allowed": "allowed",
    "too_many": "max_same",
    "too_few": "min_count",
}


def judged(directory: Path, assignment: dict[str, str]) -> tuple[float, dict, dict]:
    """The independent total (not rounded), groups' scores, and numbers of violations by type."""
    path = write_grouping(directory / "grouping.csv", assignment)
    result, by_group = SCORER.score(str(directory), str(path))
    sizes = {group: list(assignment.values()).count(group) for group in by_group}
    total = sum(by_group[g] * sizes[g] for g in by_group) / sum(sizes.values())
    return total, dict(by_group), result["violation_types"]


def counted(found) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in found:
        name = NAMES.get(each.code, str(each.code))
        counts[name] = counts.get(name, 0) + (each.amount if each.code in COUNTED_BY_AMOUNT else 1)
    return counts


@needs_shared
@settings(max_examples=60, deadline=None, derandomize=True)
@given(published())
def test_score_and_violations_equal_the_independent_ones(case):
    spec, rows, assignment = case
    spec["criteria"].append(
        {"id": "even", "type": "distribute", "weight": 2, "attr": "area", "value": rows[0]["area"]}
    )
    assignment = assignment or {rows[0]["id"]: spec["groups"][0]["id"]}
    problem = problem_of(spec, rows)

    with tempfile.TemporaryDirectory() as name:
        write(Path(name), spec, rows)
        total, by_group, broken = judged(Path(name), assignment)
    ours = score(problem, assignment)

    assert ours.total == pytest.approx(total, abs=1e-9)
    assert ours.groups == pytest.approx(by_group, abs=1e-9)
    assert counted(violations(problem, assignment)) == broken


@needs_shared
@pytest.mark.parametrize("name", ["planted_n120_s1", "wild_n120_s1", "planted_n480_s1"])
def test_score_of_a_random_grouping_equals_the_independent_one(name, tmp_path):
    problem = read(DATA / "grouping" / name)
    draw = random.Random(3)
    assignment = {person.id: draw.choice(problem.groups).id for person in problem.people}
    for file in (DATA / "grouping" / name).iterdir():
        (tmp_path / file.name).write_text(file.read_text())

    total, by_group, broken = judged(tmp_path, assignment)
    ours = score(problem, assignment)

    assert ours.total == pytest.approx(total, abs=1e-9)
    assert ours.groups == pytest.approx(by_group, abs=1e-9)
    assert counted(violations(problem, assignment)) == broken
    spec = json.loads((tmp_path / "spec.json").read_text())
    assert list(ours.aims) == [criterion["id"] for criterion in spec["criteria"]]


def test_who_has_not_answered_counts_neither_for_nor_against():
    silent = people(2)
    north = (Person("n1", categories={"area": "north"}), Person("n2", categories={"area": "north"}))
    problem = Problem(
        people=silent + north,
        groups=groups(2, 0, 4),
        aims=(
            Alike(name="alike", attribute="area"),
            Diverse(name="diverse", attribute="area"),
            Balanced(name="balanced", attribute="years"),
            Proportional(name="spread", attribute="area", value="north"),
            NobodyIsolated(name="company", attribute="area"),
            TopicWanted(name="topic"),
            CommonNeeds(name="needs"),
        ),
    )

    mixed = score(problem, {"p0": "g0", "n1": "g0", "n2": "g0", "p1": "g1"})

    assert mixed.groups == {"g0": 1.0, "g1": 1.0}
    assert mixed.weakest_group == "g0"


def test_nobody_answered_an_attribute_at_all():
    problem = Problem(
        people(2),
        groups(1, 2, 2),
        aims=(
            Diverse(name="diverse", attribute="area"),
            Proportional(name="spread", attribute="area", value="north"),
        ),
    )

    assert score(problem, {"p0": "g0", "p1": "g0"}).total == 1.0


def test_hours_count_those_who_gave_them():
    free = Person("a", hours=frozenset({0, 1})), Person("b", hours=frozenset({1, 2})), Person("c")
    problem = Problem(free, groups(1, 3, 3), aims=(MeetingHours(name="hours", target=2),), slots=3)

    assert score(problem, {"a": "g0", "b": "g0", "c": "g0"}).total == 0.5


def test_a_score_without_aims_or_people_is_one():
    problem = Problem(people(1), groups(1, 0, 1), aims=(SizeNear(name="size", target=2),))

    assert score(problem, {}).total == 1.0
    assert score(problem, {}).weakest_group is None
    assert score(Problem(people(1), groups(1, 0, 1)), {"p0": "g0"}).total == 1.0


def test_worst_group_first_blends_the_weakest_group_in():
    problem = Problem(
        people(4),
        groups(2, 1, 3),
        aims=(SizeNear(name="size", target=1),),
        worst_group_first=0.25,
    )

    found = score(problem, {"p0": "g0", "p1": "g1", "p2": "g1", "p3": "g1"})

    assert found.total == 0.25
    assert found.objective == pytest.approx(0.75 * 0.25)
    assert found.weakest_group == "g1"


def test_sets_are_alike_by_what_each_pair_shares():
    def wishing(name, *wishes):
        return Person(name, sets={"wishes": frozenset(wishes)})

    one = Person("one", categories={"wishes": "money"})
    cast = (wishing("a", "money", "boards"), wishing("b", "money", "boards"), one, Person("silent"))
    far = (wishing("c", "buses", "roads"), wishing("d", "food", "tools"))
    alone = (wishing("e", "money", "food"), Person("mute"))
    problem = Problem(cast + far + alone, groups(3, 0, 4), aims=(Alike(name="alike", attribute="wishes"),))
    here = {**{each.id: "g0" for each in cast}, "c": "g1", "d": "g1", "e": "g2", "mute": "g2"}

    found = score(problem, here).groups

    assert found == {"g0": pytest.approx((1 + 1 / 2 + 1 / 2) / 3), "g1": 0.0, "g2": 1.0}


def test_a_strict_aim_is_reached_or_missed():
    six = tuple(Person(f"p{k}", categories={"area": "north" if k < 3 else "south"}) for k in range(6))
    two = (Group("g1", 3, 3), Group("g2", 3, 3))
    strict = Alike(name="area", attribute="area", strict=True)
    problem = Problem(six, two, aims=(strict,))
    whole = dict(zip([p.id for p in six], ["g1"] * 3 + ["g2"] * 3, strict=True))
    mixed = {**whole, "p2": "g2", "p3": "g1"}

    assert score(problem, whole).total == 1
    assert score(problem, mixed).total == pytest.approx(PART / 3)


@pytest.mark.parametrize(("tolerance", "expected"), [(0.0, 0.0), (0.4, 0.4), (1.0, 1.0)])
def test_a_balance_within_the_tolerance_is_as_good_as_equal(tolerance, expected):
    pair = tuple(Person(f"p{k}", numbers={"years": float(k)}) for k in range(2))
    two = (Group("g1", 1, 1), Group("g2", 1, 1))
    aim = Balanced(name="years", attribute="years", tolerance=tolerance)

    found = score(Problem(pair, two, aims=(aim,)), {"p0": "g1", "p1": "g2"})

    assert found.total == pytest.approx(expected)


def test_a_tolerance_below_nothing_is_refused():
    with pytest.raises(ProblemError, match="a tolerance of -1"):
        Problem((), (), aims=(Balanced(name="years", attribute="years", tolerance=-1),))


def test_single_values_score_the_same_as_categories_and_as_sets():
    values = ["north", "north", "south", "north", "south"]
    named = tuple(Person(f"p{k}", categories={"area": value}) for k, value in enumerate(values))
    listed = tuple(Person(f"p{k}", sets={"area": frozenset({value})}) for k, value in enumerate(values))
    here = {f"p{k}": "g0" for k in range(5)}
    aims = (Alike(name="alike", attribute="area"),)

    assert [score(Problem(cast, groups(1, 0, 5), aims=aims), here).total for cast in (named, listed)] == [
        pytest.approx(0.4)
    ] * 2


def test_a_set_counts_as_each_of_its_values():
    bilingual = Person("a", sets={"languages": frozenset({"en", "es"})})
    problem = Problem(
        (bilingual, Person("b", sets={"languages": frozenset({"en"})})),
        (Group("g", 1, 2),),
        rules=(AtLeast("languages", "es"),),
        aims=(NobodyIsolated(name="company", attribute="languages"),),
    )

    assert score(problem, {"a": "g", "b": "g"}).total == 0.0
    assert violations(problem, {"a": "g", "b": "g"}) == ()


@needs_shared
@settings(max_examples=40, deadline=None, derandomize=True)
@given(published())
def test_every_proposal_holds_the_rules_and_is_scored_as_independently(case):
    spec, rows, _ = case
    problem = problem_of(spec, rows)

    outcome = solve(problem, seed=5, trials=300)

    if hasattr(outcome, "placements"):
        with tempfile.TemporaryDirectory() as name:
            write(Path(name), spec, rows)
            total, by_group, broken = judged(Path(name), outcome.assignment)
        assert broken == {}
        assert outcome.score.total == pytest.approx(total, abs=1e-9)
        assert {g.group: g.total for g in outcome.groups} == pytest.approx(by_group, abs=1e-9)
