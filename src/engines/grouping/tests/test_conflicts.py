"""Rules that cannot hold: each proven, named, and told from those that can."""

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
    Conflict,
    ConflictCode,
    Group,
    KeepApart,
    KeepTogether,
    Locked,
    Person,
    Problem,
    SharedHours,
    conflicts,
    feasibility,
    matching,
)
from engines.grouping.__main__ import main
from engines.grouping.conflicts import MOST_ALIKE
from engines.grouping.sheet import Sheet
from engines.grouping.tests.cast import SHARED, groups, needs_shared, people, shared_tool


def found(problem: Problem) -> list[tuple]:
    """Each conflict's code, people, groups, needed and available."""
    return [(c.code, c.people, c.groups, c.needed, c.available) for c in conflicts(problem)]


def test_rules_that_can_hold_are_no_conflict():
    rules = (KeepTogether(("p0", "p1")), KeepApart("p0", "p2"), Locked("p3", "g1"), AtMost("area", 1))

    assert conflicts(Problem(people(4), groups(2, 2, 2), rules)) == ()


def test_fewer_seats_than_people():
    assert found(Problem(people(5), groups(2, 1, 2))) == [
        (ConflictCode.CAPACITY_SHORT, (), ("g0", "g1"), 5, 4)
    ]


def test_minimums_above_the_people_there_are():
    problem = Problem(people(3), (*groups(2, 2, 3), Group("more", 5, 9, optional=True)))

    assert found(problem) == [(ConflictCode.MINIMUM_TOO_HIGH, (), ("g0", "g1"), 4, 3)]


def test_optional_groups_whose_sizes_do_not_add_up():
    problem = Problem(people(7), (Group("a", 4, 5, optional=True), Group("b", 4, 5, optional=True)))

    assert found(problem) == [(ConflictCode.SIZES_DO_NOT_ADD_UP, (), ("a", "b"), 7, 5)]


def test_group_that_too_few_may_enter():
    rules = tuple(AllowedGroups(f"p{i}", ("g0",)) for i in range(3))

    assert conflicts(Problem(people(4), groups(2, 2, 3), rules)) == (
        Conflict(ConflictCode.GROUP_OUT_OF_REACH, groups=("g1",), rules=rules, needed=2, available=1),
    )


def test_group_out_of_reach_names_no_more_rules_than_it_takes():
    rules = tuple(AllowedGroups(f"p{i}", ("g0",)) for i in range(5))
    beside = AllowedGroups("p5", ("g1",))

    (conflict,) = conflicts(Problem(people(5), groups(2, 2, 5), rules))
    (other,) = conflicts(Problem(people(6), groups(2, 2, 6), (beside, *rules)))

    assert (conflict.rules, conflict.needed, conflict.available) == (rules[:4], 2, 0)
    assert (other.rules, other.needed, other.available) == (rules, 2, 1)


def test_chain_kept_together_is_larger_than_any_group():
    rules = (KeepTogether(("p0", "p1")), KeepTogether(("p1", "p2")), KeepTogether(("p3", "p4")))

    assert conflicts(Problem(people(6), groups(3, 2, 2), rules)) == (
        Conflict(ConflictCode.TOGETHER_TOO_BIG, ("p0", "p1", "p2"), rules=rules[:2], needed=3, available=2),
    )


def test_people_kept_together_with_no_group_allowed_to_all():
    rules = (
        KeepTogether(("p0", "p1")),
        AllowedGroups("p0", ("g0",)),
        Locked("p1", "g1"),
        Locked("p2", "g2"),
    )

    assert conflicts(Problem(people(3), groups(3, 0, 3), rules)) == (
        Conflict(ConflictCode.TOGETHER_VS_ALLOWED, ("p0", "p1"), rules=rules[:3], needed=1),
    )


def test_apart_within_a_chain_names_only_the_shortest_chain():
    rules = (
        KeepTogether(("p0", "p1", "p4")),
        KeepTogether(("p1", "p2")),
        KeepTogether(("p2", "p3")),
        KeepTogether(("p3", "p5")),
        KeepApart("p3", "p0"),
    )

    assert conflicts(Problem(people(6), groups(2, 0, 6), rules)) == (
        Conflict(
            ConflictCode.TOGETHER_VS_APART,
            ("p0", "p1", "p2", "p3"),
            rules=(*rules[:3], rules[4]),
            needed=2,
            available=1,
        ),
    )


def test_people_kept_together_are_too_many_of_a_kind():
    crowd = (*people(2, categories={"organization": "Open Door"}), Person("other"))
    rules = (KeepTogether(("p0", "p1")), AtMost("organization", 1), AtMost("organization", 1, "Elsewhere"))

    assert conflicts(Problem(crowd, groups(2, 0, 3), rules)) == (
        Conflict(
            ConflictCode.TOGETHER_VS_AT_MOST,
            ("p0", "p1"),
            rules=(rules[1], rules[0]),
            needed=2,
            available=1,
            value="Open Door",
        ),
    )


def test_person_with_no_group_left():
    rules = (Locked("p0", "g0"), AllowedGroups("p0", ("g1",)), KeepApart("p0", "p1"))

    assert conflicts(Problem(people(2), groups(2, 0, 2), rules)) == (
        Conflict(ConflictCode.NOWHERE_ALLOWED, ("p0",), rules=rules[:2], needed=1),
    )


def test_people_locked_into_one_group_who_must_be_apart():
    rules = (Locked("p0", "g0"), Locked("p1", "g0"), Locked("p2", "g0"), KeepApart("p1", "p0"))

    assert conflicts(Problem(people(3), groups(2, 0, 3), rules)) == (
        Conflict(
            ConflictCode.LOCKED_VS_APART,
            ("p0", "p1"),
            ("g0",),
            (rules[0], rules[1], rules[3]),
            needed=2,
            available=1,
        ),
    )


def test_people_locked_into_one_group_who_are_too_many_of_a_kind():
    crowd = people(3, sets={"roles": frozenset({"director"})})
    rules = (Locked("p0", "g0"), Locked("p1", "g0"), AtMost("roles", 1, "director"))

    assert conflicts(Problem(crowd, groups(3, 0, 3), rules)) == (
        Conflict(
            ConflictCode.LOCKED_VS_AT_MOST,
            ("p0", "p1"),
            rules=(rules[2], rules[0], rules[1]),
            needed=2,
            available=1,
            value="director",
        ),
    )


def test_more_locked_than_a_group_holds():
    rules = tuple(Locked(f"p{i}", "g0") for i in range(3))

    assert conflicts(Problem(people(4), groups(2, 0, 2), rules)) == (
        Conflict(ConflictCode.LOCKED_OVER_MAXIMUM, ("p0", "p1", "p2"), ("g0",), rules, needed=3, available=2),
    )


def test_allowed_groups_hold_fewer_though_somebody_can_give_way():
    rules = (
        AllowedGroups("p0", ("g0", "g1")),
        AllowedGroups("p1", ("g0",)),
        AllowedGroups("p2", ("g1", "g2")),
        AllowedGroups("p3", ("g0", "g1")),
    )
    fits = Problem(people(4), groups(4, 0, 1), rules[:3])
    crowded = Problem(people(4), groups(4, 0, 1), (*rules[:2], rules[3]))

    assert conflicts(fits) == ()
    assert found(crowded) == [(ConflictCode.ALLOWED_TOO_FEW_PLACES, ("p0", "p1", "p3"), ("g0", "g1"), 3, 2)]


def test_more_mutual_foes_than_groups():
    triangle = tuple(KeepApart(f"p{i}", f"p{k}") for i in range(3) for k in range(i))

    assert found(Problem(people(5), groups(2, 0, 3), (*triangle, KeepApart("p3", "p0")))) == [
        (ConflictCode.APART_TOO_MANY, ("p0", "p1", "p2"), ("g0", "g1"), 3, 2)
    ]


def test_more_mutual_foes_than_groups_allowed_to_them():
    triangle = tuple(KeepApart(f"p{i}", f"p{k}") for i in range(3) for k in range(i))
    limits = tuple(AllowedGroups(f"p{i}", ("g0", "g1")) for i in range(3))

    assert conflicts(Problem(people(3), groups(3, 0, 3), (*triangle, *limits))) == (
        Conflict(
            ConflictCode.ALLOWED_VS_APART,
            ("p0", "p1", "p2"),
            ("g0", "g1"),
            (*triangle, *limits),
            needed=3,
            available=2,
        ),
    )


def foes(*places: int) -> tuple[KeepApart, ...]:
    """Everybody at these places apart from all others of them."""
    return tuple(KeepApart(f"p{i}", f"p{k}") for i in places for k in places if k < i)


@pytest.mark.parametrize("more", [(), (Locked("p0", "g0"),)])
def test_optional_groups_that_the_sizes_forbid_at_once_are_no_places_for_foes(more):
    sizes = (*groups(1, 4, 6), *(Group(f"h{k}", 4, 6, optional=True) for k in range(4)))
    problem = Problem(people(15), sizes, (*foes(0, 1, 2, 3), *more))
    roomy = Problem(people(16), sizes, problem.rules)

    assert conflicts(roomy) == ()
    assert [(c.code, c.people, c.needed, c.available) for c in conflicts(problem)] == [
        (ConflictCode.APART_TOO_MANY, ("p0", "p1", "p2", "p3"), 4, 3)
    ]
    assert feasibility.settle(Sheet(roomy), 100_000).is_possible
    assert feasibility.settle(Sheet(problem), 100_000).is_possible is False


def test_foes_who_may_enter_few_optional_groups_are_told_how_many_there_can_be():
    sizes = (*groups(1, 8, 9), *(Group(f"h{k}", 4, 6, optional=True) for k in range(3)))
    limits = tuple(AllowedGroups(f"p{i}", ("h0", "h1", "h2")) for i in range(2))

    assert found(Problem(people(12), sizes, (KeepApart("p0", "p1"), *limits))) == [
        (ConflictCode.ALLOWED_VS_APART, ("p0", "p1"), ("h0", "h1", "h2"), 2, 1)
    ]


def test_optional_groups_that_the_sizes_forbid_at_once_hold_nobody_of_a_kind():
    crowd = (*people(4, categories={"organization": "Open Door"}), *(Person(f"q{i}") for i in range(11)))
    sizes = tuple(Group(f"h{k}", 4, 6, optional=True) for k in range(5))
    rule = AtMost("organization", 1)

    (conflict,) = conflicts(Problem(crowd, sizes, (rule,)))

    assert (conflict.code, conflict.needed, conflict.available) == (ConflictCode.TOO_MANY_OF_KIND, 4, 3)
    assert conflicts(Problem((*crowd, Person("q")), sizes, (rule,))) == ()


def test_where_people_are_too_few_that_alone_is_said():
    crowd = people(3, categories={"organization": "Open Door"})
    sizes = (*groups(2, 4, 6), Group("more", 4, 6, optional=True))

    assert [c.code for c in conflicts(Problem(crowd, sizes, (AtMost("organization", 1),)))] == [
        ConflictCode.MINIMUM_TOO_HIGH
    ]


def test_of_conflicts_alike_so_many_are_given_and_no_more():
    rules = tuple(AllowedGroups(f"p{i}", ()) for i in range(60))

    assert len(conflicts(Problem(people(60), groups(2, 0, 60), rules))) == MOST_ALIKE


def test_counts_take_no_longer_for_many_people_and_groups_and_tangles():
    draw, number = random.Random(5), 6_000
    crowd, sizes = people(number), groups(number // 10, 9, 11)
    ids = [person.id for person in crowd]
    pairs = tuple(KeepTogether((f"p{2 * i}", f"p{2 * i + 1}")) for i in range(number // 4))
    locked = tuple(Locked(f"p{number // 2 + i}", f"g{i % (number // 10)}") for i in range(number // 2))
    tangle = tuple(KeepApart(*draw.sample(ids[:500], 2)) for _ in range(3_000))
    problem = Problem(crowd, sizes, (*locked, *pairs, *tangle))

    began = time.process_time()
    found = conflicts(problem)
    spent = time.process_time() - began

    assert {conflict.code for conflict in found} <= {
        ConflictCode.TOGETHER_VS_APART,
        ConflictCode.LOCKED_VS_APART,
    }
    assert spent < 1


def test_who_cannot_be_seated_within_the_looks_is_not_guessed(monkeypatch):
    rules = tuple(AllowedGroups(f"p{i}", ("g0",)) for i in range(3))
    problem = Problem(people(5), groups(3, 0, 2), rules)

    assert [c.code for c in conflicts(problem)] == [ConflictCode.ALLOWED_TOO_FEW_PLACES]
    monkeypatch.setattr(matching, "SEAT_LOOKS", 1)
    assert conflicts(problem) == ()


def test_a_tangle_of_foes_is_given_up_rather_than_guessed(monkeypatch):
    triangle = tuple(KeepApart(f"p{i}", f"p{k}") for i in range(3) for k in range(i))
    monkeypatch.setattr(matching, "FOE_LOOKS", 1)

    assert conflicts(Problem(people(3), groups(2, 0, 3), triangle)) == ()


def test_more_of_a_kind_than_all_groups_may_hold():
    crowd = people(3, categories={"organization": "Open Door"})
    rule = AtMost("organization", 1)

    assert conflicts(Problem(crowd, groups(2, 0, 3), (rule, AtMost("organization", 0, "None")))) == (
        Conflict(
            ConflictCode.TOO_MANY_OF_KIND,
            ("p0", "p1", "p2"),
            rules=(rule,),
            needed=3,
            available=2,
            value="Open Door",
        ),
    )


def test_fewer_of_a_kind_than_all_groups_need():
    crowd = (Person("leader", categories={"leads": "yes"}), *people(3))
    rule = AtLeast("leads", "yes")
    optional = Group("more", 2, 2, optional=True)

    assert conflicts(Problem(crowd, (*groups(2, 2, 2), optional), (rule,))) == (
        Conflict(
            ConflictCode.TOO_FEW_OF_KIND,
            ("leader",),
            ("g0", "g1"),
            (rule,),
            needed=2,
            available=1,
            value="yes",
        ),
    )


def test_hours_that_cannot_be_shared():
    crowd = (
        Person("a", hours=frozenset({0, 1})),
        Person("b", hours=frozenset({1, 2})),
        Person("c", hours=frozenset({3})),
        Person("d"),
    )
    together = KeepTogether(("a", "b"))
    rules = (together, SharedHours(2), SharedHours(4, quorum=0.5))

    assert conflicts(Problem(crowd, groups(3, 0, 4), rules, slots=4)) == (
        Conflict(
            ConflictCode.TOGETHER_VS_HOURS, ("a", "b"), rules=(rules[1], together), needed=2, available=1
        ),
        Conflict(ConflictCode.TOO_FEW_HOURS, ("c",), rules=(rules[1],), needed=2, available=1),
    )


@needs_shared
def test_every_published_clash_is_told_from_its_twin_and_named(tmp_path, capsys, monkeypatch):
    make = SHARED / "tools" / "grouping" / "cop_infeasible.py"
    subprocess.run([sys.executable, make, tmp_path / "cases", "4"], check=True)
    (tmp_path / "answers").mkdir()

    for case in sorted(tmp_path.glob("cases/*/")):
        main(["solve", str(case), "--trials", "500"])
        (tmp_path / "answers" / f"{case.name}.json").write_text(capsys.readouterr().out)
    monkeypatch.setattr(sys, "argv", ["score", str(tmp_path / "cases"), str(tmp_path / "answers")])
    with pytest.raises(SystemExit) as judged:
        shared_tool("score_diagnosis")

    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["verdict_correct"], verdict["false_alarms"], verdict["explained"]) == (24, 0, 12)
    assert judged.value.code == 0
