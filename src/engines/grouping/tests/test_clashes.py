"""Verdicts against brute force: no false alarm, no clash missed, no rule named that could be spared."""

import itertools
import json
import random
import subprocess
import sys
import time

import pytest

from engines.grouping import (
    AllowedGroups,
    AtLeast,
    AtMost,
    Clash,
    Conflict,
    ConflictCode,
    Group,
    KeepApart,
    KeepTogether,
    Locked,
    NotFound,
    Person,
    Possible,
    Problem,
    Proposal,
    Relaxation,
    RelaxationCode,
    Rule,
    SharedHours,
    SizeNear,
    clashes,
    conflicts,
    diagnose,
    engine,
    feasibility,
    from_plain,
    proofs,
    relaxed,
    solve,
    telling,
    to_plain,
    violations,
)
from engines.grouping.__main__ import main
from engines.grouping.tests.cast import SHARED, groups, needs_shared, people, shared_tool, write

SLOTS = 4


def holds(problem: Problem, rules: tuple[Rule, ...] | None = None) -> bool:
    """Whether any grouping at all holds the rules (None: all), by trying every one of them."""
    tried = Problem(problem.people, problem.groups, problem.rules if rules is None else rules, slots=SLOTS)
    ids, names = [person.id for person in problem.people], [group.id for group in problem.groups]
    return any(
        not violations(tried, dict(zip(ids, places, strict=True)))
        for places in itertools.product(names, repeat=len(ids))
    )


def tight(seed: int) -> Problem:
    """A few people in groups of nearly their sizes, with rules of all sorts: about half cannot hold."""
    draw = random.Random(seed)
    count, number = draw.randint(3, 7), draw.randint(2, 3)
    each = count // number
    places = [
        Group(
            f"g{g}",
            max(0, each - draw.randint(0, 2)),
            each + draw.randint(1, 2),
            optional=draw.random() < 0.25,
        )
        for g in range(number)
    ]
    crowd = [
        Person(
            f"p{i}",
            categories={"area": draw.choice(["north", "north", "south", "east"])},
            sets={"roles": frozenset(role for role in ("lead", "host") if draw.random() < 0.5)},
            hours=frozenset(s for s in range(SLOTS) if draw.random() < 0.75)
            if draw.random() < 0.85
            else None,
        )
        for i in range(count)
    ]
    ids, names = [person.id for person in crowd], [group.id for group in places]
    makers = {
        "apart": lambda: KeepApart(*draw.sample(ids, 2)),
        "together": lambda: KeepTogether(tuple(draw.sample(ids, 2))),
        "allowed": lambda: AllowedGroups(
            draw.choice(ids), tuple(draw.sample(names, draw.randint(1, number - 1)))
        ),
        "locked": lambda: Locked(draw.choice(ids), draw.choice(names)),
        "most": lambda: AtMost(
            *draw.choice([("area", 2, "north"), ("area", 2), ("roles", 1, "lead"), ("roles", 2)])
        ),
        "least": lambda: AtLeast(*draw.choice([("area", "north"), ("area", "south"), ("roles", "host", 2)])),
        "hours": lambda: SharedHours(draw.randint(1, 2), draw.choice([1.0, 0.5, 0.7, 2 / 3])),
    }
    kinds = draw.choices(list(makers), [4, 2, 3, 1, 1, 1, 1], k=draw.randint(2, 9))
    return Problem(tuple(crowd), tuple(places), tuple(dict.fromkeys(makers[k]() for k in kinds)), slots=SLOTS)


@pytest.mark.parametrize("seed", range(120))
def test_verdict_is_that_of_brute_force_and_no_named_rule_can_be_spared(seed):
    problem = tight(seed)

    outcome = diagnose(problem)

    assert isinstance(outcome, Possible if holds(problem) else Clash)
    if isinstance(outcome, Possible):
        assert violations(problem, outcome.assignment) == ()
    else:
        for conflict in outcome.conflicts:
            _assert_smallest(problem, conflict)
            _assert_relaxations_help(problem, conflict)
        assert from_plain(Clash, json.loads(json.dumps(to_plain(outcome)))) == outcome


def _assert_smallest(problem: Problem, conflict: Conflict) -> None:
    assert not holds(problem, conflict.rules)
    if holds(problem, ()):
        for rule in conflict.rules:
            assert holds(problem, tuple(other for other in conflict.rules if other != rule))


def _assert_relaxations_help(problem: Problem, conflict: Conflict) -> None:
    own = Problem(problem.people, problem.groups, conflict.rules, slots=SLOTS)
    for relaxation in conflict.relaxations:
        if relaxation.code != RelaxationCode.DROP_RULE or holds(problem, ()):
            assert holds(relaxed(own, relaxation))
        if relaxation.is_proven:
            assert holds(relaxed(problem, relaxation))


@pytest.mark.parametrize("seed", [1, 2, 7, 15, 30])
def test_solve_finds_a_clash_exactly_where_there_is_one(seed):
    problem = tight(seed)

    outcome = solve(problem, trials=400)

    assert isinstance(outcome, Proposal if holds(problem) else Clash)


def bins(count: int = 3) -> Problem:
    """Sets kept together of which only one fits into each of two groups."""
    together = tuple(KeepTogether((f"p{2 * k}", f"p{2 * k + 1}")) for k in range(count))
    return Problem(people(2 * count), groups(2, 0, 3), together)


def test_clash_that_no_count_shows_is_named_with_its_people_groups_and_ways_out():
    problem = bins()

    assert conflicts(problem) == ()
    assert diagnose(problem) == Clash(
        (
            Conflict(
                ConflictCode.RULES_VS_ONE_ANOTHER,
                tuple(f"p{i}" for i in range(6)),
                ("g0", "g1"),
                problem.rules,
                needed=3,
                available=2,
                relaxations=(
                    Relaxation(RelaxationCode.RAISE_MAXIMUM, groups=("g0", "g1"), number=4, is_proven=True),
                    Relaxation(RelaxationCode.MORE_GROUPS, number=1, is_proven=True),
                    Relaxation(RelaxationCode.DROP_RULE, rules=problem.rules, is_proven=True),
                ),
            ),
        )
    )


def test_the_smallest_of_several_sets_is_named():
    triangle = tuple(KeepApart(*pair) for pair in itertools.combinations(["p0", "p1", "p2"], 2))
    limits = tuple(AllowedGroups(name, ("g0", "g1")) for name in ("p0", "p1", "p2"))
    cycle = [KeepApart(f"p{3 + k}", f"p{3 + (k + 1) % 5}") for k in range(5)]
    bound = [AllowedGroups(f"p{3 + k}", ("g0", "g1")) for k in range(5)]
    problem = Problem(people(8), groups(3, 0, 8), (*cycle, *bound, *triangle, *limits))
    oracle = proofs.Oracle(problem)

    core = clashes.smallest(oracle.is_possible, problem.rules)

    assert len(core) in (6, 10)
    assert set(clashes._smaller(oracle, (*cycle, *bound), problem.rules)) == {*triangle, *limits}


def test_rules_that_share_nothing_are_named_apart():
    odd = Group("odd", 3, 3), Group("small", 1, 1)
    pairs = KeepTogether(("p0", "p1")), KeepTogether(("p2", "p3"))
    outcome = diagnose(Problem(people(4), odd, pairs))

    assert isinstance(outcome, Clash)
    assert [set(conflict.rules) for conflict in outcome.conflicts] == [set(pairs)]


def test_one_rule_that_no_sizes_suit():
    crowd = (*people(6, categories={"area": "north"}), Person("other", categories={"area": "south"}))
    rule = AtMost("area", 2)
    perhaps = tuple(Group(f"of {size}", size, size, optional=True) for size in (1, 3, 4))
    problem = Problem(crowd, (*groups(1, 3, 3), *perhaps), (rule,))

    outcome = diagnose(problem)

    assert isinstance(outcome, Clash)
    (conflict,) = outcome.conflicts
    assert (conflict.code, conflict.rules, conflict.value) == ("rule_vs_sizes", (rule,), "north")
    assert (conflict.needed, conflict.available) == (1, 0)
    assert [(each.code, each.number) for each in conflict.relaxations] == [
        ("lower_minimum", 2),
        ("allow_more_of_kind", 3),
        ("more_groups", 1),
        ("drop_rule", 0),
    ]


def crossed(count: int) -> Problem:
    """A chain of people kept together, among whom many must be apart."""
    draw = random.Random(3)
    crowd = people(count)
    ids = [person.id for person in crowd]
    chain = tuple(KeepTogether(pair) for pair in itertools.pairwise(ids[: count - 20]))
    apart = tuple(KeepApart(*draw.sample(ids, 2)) for _ in range(10 * count))
    return Problem(crowd, groups(count // 10, 9, 11), (*chain, *apart))


def test_of_many_conflicts_the_first_of_each_sort_are_explained_and_all_within_the_work():
    problem = crossed(120)
    oracle = proofs.Oracle(problem)

    began = time.process_time()
    found = clashes.explained(oracle)
    spent = time.process_time() - began

    assert [conflict.code for conflict in found[:3]] == [
        "together_too_big",
        "together_vs_apart",
        "together_vs_apart",
    ]
    explained = [conflict for conflict in found if conflict.relaxations]
    assert explained == list(found[: len(explained)])
    assert 2 <= len(explained) <= clashes.EXPLAINED
    assert len(found) > 10
    assert len(found[0].rules) == 11
    assert spent < 2


def test_without_work_a_conflict_is_named_with_the_rules_that_the_count_gave():
    problem = crossed(120)
    oracle = proofs.Oracle(problem)
    counted = conflicts(problem)[0]

    oracle.work = 0

    assert clashes._shrunk(oracle, counted) == counted


def test_hours_that_no_division_shares_name_those_whose_hours_it_takes():
    free = [{0}, {0}, {1}, {1}, {2}, {0, 1, 2}]
    crowd = tuple(Person(f"p{i}", hours=frozenset(slots)) for i, slots in enumerate(free))
    rule = SharedHours(1)
    problem = Problem(crowd, groups(2, 0, 6), (rule,), slots=3)

    outcome = diagnose(problem)

    assert isinstance(outcome, Clash)
    (conflict,) = outcome.conflicts
    assert (conflict.code, conflict.people, conflict.groups) == ("rule_vs_sizes", ("p1", "p3", "p4"), ())
    assert [(each.code, each.number) for each in conflict.relaxations] == [
        ("more_groups", 1),
        ("drop_rule", 0),
    ]


def test_hours_of_a_share_of_the_people_name_all_who_gave_theirs():
    crowd = tuple(Person(f"p{i}", hours=frozenset({i} if i < 3 else ())) for i in range(4))
    problem = Problem((*crowd, Person("silent")), groups(2, 2, 3), (SharedHours(2, 0.5),), slots=3)

    outcome = diagnose(problem)

    assert isinstance(outcome, Clash)
    (conflict,) = outcome.conflicts
    assert conflict.people == ("p0", "p1", "p2", "p3")
    assert [(each.code, each.number) for each in conflict.relaxations] == [
        ("ask_fewer_hours", 1),
        ("drop_rule", 0),
    ]


def test_too_much_work_is_left_open_and_never_guessed(tmp_path, capsys, monkeypatch):
    problem = bins()

    outcome = diagnose(problem, work=1)

    assert isinstance(outcome, NotFound)
    assert outcome.nearest.violations != ()

    rows = [{"id": person.id} for person in problem.people]
    sizes = [{"id": group.id, "min": group.minimum, "max": group.maximum} for group in problem.groups]
    hard = {"keep_together": [list(rule.people) for rule in problem.rules]}
    write(tmp_path, {"groups": sizes, "hard": hard}, rows)
    code = main(["diagnose", str(tmp_path), "--seconds", "0.000001"])
    said = json.loads(capsys.readouterr().out)
    assert (code, said["feasible"], said["reasons"]) == (3, None, [])
    assert said["violations"] != []


def test_a_program_too_large_to_try_is_left_open_and_the_search_goes_on(monkeypatch):
    monkeypatch.setattr(feasibility, "MOST_NUMBERS", 1)
    monkeypatch.setattr(engine, "SHORT", 1)
    heard = []

    outcome = solve(bins(), trials=400, progress=lambda at: heard.append(at.done))

    assert isinstance(diagnose(bins()), NotFound)
    assert isinstance(outcome, NotFound)
    assert heard[0] == 0
    assert heard[-1] > 300


def test_without_work_left_the_set_at_hand_is_named():
    problem = bins()

    assert clashes._smaller(proofs.Oracle(problem, 0), problem.rules, problem.rules) == problem.rules


def test_a_program_that_is_interrupted_proves_nothing():
    draw = random.Random(1)
    crowd = tuple(
        Person(f"p{i}", hours=frozenset(s for s in range(20) if draw.random() < 0.3)) for i in range(40)
    )
    problem = Problem(crowd, groups(5, 7, 9), (SharedHours(1),), slots=20)

    settled = feasibility.settle(proofs.Sheet(problem), 100_000)

    assert (settled.is_possible, settled.assignment) == (None, {})
    assert settled.work > 50_000


def test_a_grouping_that_breaks_a_rule_after_all_is_no_proof(monkeypatch):
    problem = bins(2)
    wrong = feasibility.Settled(True, {person.id: "g0" for person in problem.people})
    monkeypatch.setattr(proofs, "settle", lambda sheet, work: wrong)

    assert proofs.Oracle(problem).is_possible() is None


def tangled() -> Problem:
    """People whose foes leave little choice: trials alone do not find a grouping at once."""
    draw = random.Random(4)
    ids = [f"p{i}" for i in range(24)]
    home = {name: i % 4 for i, name in enumerate(ids)}
    apart = [
        KeepApart(one, other)
        for one, other in itertools.combinations(ids, 2)
        if home[one] != home[other] and draw.random() < 0.75
    ]
    return Problem(people(24), groups(4, 6, 6), tuple(apart), aims=(SizeNear(name="size", target=9),))


def test_search_that_goes_wrong_is_shown_the_way_out(monkeypatch):
    heard = []
    late = solve(tangled(), trials=40, progress=lambda at: heard.append((at.done, at.violations)))
    monkeypatch.setattr(engine, "SHORT", 1)
    soon = solve(tangled(), trials=400, progress=lambda at: heard.append((at.done, at.violations)))

    assert isinstance(late, Proposal)
    assert isinstance(soon, Proposal)
    assert heard[0][1] > 0
    assert heard[-1][0] > 300
    assert heard[-1][1] == 0


def test_diagnose_finds_a_grouping_where_a_short_search_does_not(monkeypatch):
    monkeypatch.setattr(engine, "SHORT", 1)

    outcome = diagnose(tangled())

    assert isinstance(outcome, Possible)
    assert violations(tangled(), outcome.assignment) == ()


def rings(count: int) -> tuple[Problem, list[set[Rule]]]:
    """Rings of five neighbours apart, each in the same two of three groups; and each ring's rules."""
    rules = [
        [
            *(KeepApart(f"p{5 * ring + k}", f"p{5 * ring + (k + 1) % 5}") for k in range(5)),
            *(AllowedGroups(f"p{5 * ring + k}", ("g0", "g1")) for k in range(5)),
        ]
        for ring in range(count)
    ]
    crowd = people(5 * count, categories={"area": "north"})
    every = (AtMost("area", 9), *itertools.chain.from_iterable(rules))
    return Problem(crowd, groups(3, 0, 10), every), [set(each) for each in rules]


def test_as_many_sets_are_named_as_are_allowed(monkeypatch):
    problem, each = rings(2)

    both = diagnose(problem)
    monkeypatch.setattr(clashes, "SETS", 1)
    monkeypatch.setattr(clashes, "BRANCHES", 1)
    one = diagnose(problem)

    assert isinstance(both, Clash)
    assert isinstance(one, Clash)
    assert sorted(sorted(map(repr, c.rules)) for c in both.conflicts) == sorted(
        sorted(map(repr, rules)) for rules in each
    )
    assert len(one.conflicts) == 1


def test_a_rule_about_every_kind_may_clash_by_several_kinds_at_once(monkeypatch):
    crowd = tuple(Person(f"p{i}", categories={"area": "ns"[i % 2]}) for i in range(4))
    problem = Problem(crowd, (Group("three", 3, 3), Group("one", 1, 1)), (AtMost("area", 1),))

    outcome = diagnose(problem)
    monkeypatch.setattr(clashes, "KIND_LOOKS", 0)
    monkeypatch.setattr(clashes, "GROUP_LOOKS", 0)
    unread = diagnose(problem)

    assert isinstance(outcome, Clash)
    assert isinstance(unread, Clash)
    assert (outcome.conflicts[0].value, outcome.conflicts[0].groups) == (None, ("one",))
    assert unread.conflicts[0].people == ("p0", "p1", "p2", "p3")
    assert unread.conflicts[0].groups == ("one", "three")


def test_program_of_people_who_cannot_be_together_is_hopeless():
    rules = KeepTogether(("p0", "p1")), KeepApart("p0", "p1")

    assert feasibility.settle(
        proofs.Sheet(Problem(people(2), groups(2, 0, 2), rules)), 10**6
    ) == feasibility.Settled(is_possible=False)


def test_a_grouping_outside_the_groups_teaches_nothing():
    problem = bins(2)
    oracle = proofs.Oracle(problem)
    crowded = {person.id: "g0" for person in problem.people}
    split = {"p0": "g0", "p1": "g1", "p2": "g0", "p3": "g0"}

    assert oracle.broken(crowded, problem.rules) == frozenset()
    assert oracle.broken(split, problem.rules) == {problem.rules[0]}


def test_people_without_any_group_have_no_way_out():
    assert diagnose(Problem(people(1), ())) == Clash(
        (Conflict(ConflictCode.CAPACITY_SHORT, needed=1, available=0),)
    )


def test_conflicts_are_told_in_plain_sentences():
    rules = (
        KeepApart("a", "b"),
        KeepTogether(("a", "c")),
        Locked("a", "g"),
        AllowedGroups("b", ("g", "h")),
        AtMost("area", 2),
        AtLeast("area", "north"),
        SharedHours(2, 0.5),
    )
    code = RelaxationCode
    ways = (
        Relaxation(code.RAISE_MAXIMUM, groups=("g",), number=4),
        Relaxation(code.LOWER_MINIMUM, groups=("g",), number=1),
        Relaxation(code.MORE_GROUPS, number=2),
        Relaxation(code.FEWER_GROUPS, groups=("g",)),
        Relaxation(code.OPEN_GROUP, people=("a",), groups=("h",)),
        Relaxation(code.ALLOW_MORE_OF_KIND, rules=(rules[4],), number=3),
        Relaxation(code.DROP_RULE, rules=rules),
        Relaxation(code.DROP_RULE, rules=rules[:1]),
    )
    conflict = Conflict(
        ConflictCode.RULES_VS_ONE_ANOTHER, ("a",), ("g",), rules, 7, 6, value="north", relaxations=ways
    )
    short = Conflict(ConflictCode.RULE_VS_SIZES, ("a",), rules=rules[6:], needed=1)

    told = list(telling.reasons(conflict))

    assert [reason["ids"] for reason in told] == [["a"], ["g"], ["north"]]
    assert told[0]["text"] == (
        "rules vs one another: 7 needed, 6 possible (a). "
        "rules: a apart from b; a with c; a in g; b only in g or h; at most 2 of any area; "
        "at least 1 of area north; 1 more. "
        "to relax: a maximum of 4 in g; or a minimum of 1 in g; or 2 more groups; or without g; "
        "or h for a too; or 3 in place of: at most 2 of any area; or without one of these rules; "
        "or without this rule"
    )
    assert [reason["text"] for reason in telling.reasons(short)] == [
        "rule vs sizes: 1 needed, 0 possible (a). rules: 2 hours in which 50% are free"
    ]


@needs_shared
@pytest.mark.parametrize("seed", [2, 11])
def test_diagnose_tells_every_published_clash_from_its_twin(seed, tmp_path, capsys, monkeypatch):
    make = SHARED / "tools" / "grouping" / "cop_infeasible.py"
    subprocess.run([sys.executable, make, tmp_path / "cases", str(seed)], check=True)
    (tmp_path / "answers").mkdir()

    codes = {
        case.name: main(["diagnose", str(case), "-o", str(tmp_path / "answers" / f"{case.name}.json")])
        for case in sorted(tmp_path.glob("cases/*/"))
    }
    monkeypatch.setattr(sys, "argv", ["score", str(tmp_path / "cases"), str(tmp_path / "answers")])
    with pytest.raises(SystemExit):
        shared_tool("score_diagnosis")

    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["verdict_correct"], verdict["false_alarms"], verdict["explained"]) == (24, 0, 12)
    assert codes == {name: 0 if name.endswith("_twin") else 2 for name in codes}


def test_diagnose_reads_and_writes_json_and_says_nothing_else():
    command = [sys.executable, "-m", "engines.grouping", "diagnose", "--json"]
    asked = json.dumps(to_plain(bins()))

    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (2, "")
    assert from_plain(Clash, json.loads(done.stdout)) == diagnose(bins())
