"""An open round is mended with least change, and groups of a round are joined two and two."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.pairing import Person, Problem, ProblemError, Reason, ReasonCode, join, pair, repair
from engines.pairing.tests.cast import crowd, everybody, lively, problems, tables


def test_partners_of_those_who_left_are_paired_and_nobody_else_moves():
    here = tuple(person for person in crowd(8) if person.id not in {"p01", "p05"})
    groups = [("p00", "p01"), ("p02", "p03"), ("p04", "p05"), ("p06", "p07")]

    mended = repair(Problem(here), groups)

    assert tables(mended.round) == [("p00", "p04"), ("p02", "p03"), ("p06", "p07")]
    assert (mended.kept, mended.changed, mended.arrived) == (2, ("p00", "p04"), ())


def test_a_latecomer_makes_a_pair_with_the_third_of_a_trio():
    mended = repair(Problem(crowd(6)), [("p00", "p01", "p02"), ("p03", "p04")])

    assert sorted(map(len, tables(mended.round))) == [2, 2, 2]
    assert (mended.kept, len(mended.changed), mended.arrived) == (1, 3, ("p05",))


def test_a_latecomer_makes_a_trio_with_those_who_need_her_most():
    people = (
        *crowd(4),
        Person("p04", needs={"law": 1}),
        Person("p05"),
        Person("zoe", offers=frozenset({"law"})),
    )

    mended = repair(Problem(people), [("p00", "p01"), ("p02", "p03"), ("p04", "p05")])

    assert tables(mended.round) == [("p00", "p01"), ("p02", "p03"), ("p04", "p05", "zoe")]
    assert mended.changed == ("p04", "p05")


def test_latecomers_fill_up_fours_first_and_then_make_their_own():
    mended = repair(Problem(crowd(11), size=4), [("p00", "p01", "p02"), ("p03", "p04", "p05", "p06")])

    [_, filled, fresh] = sorted(tables(mended.round), key=lambda group: (len(group) == 3, group[0] == "p00"))
    assert filled[:3] == ("p00", "p01", "p02")
    assert len(fresh) == 3
    assert mended.kept == 1


def test_a_latecomer_takes_one_of_a_five_where_nobody_else_has_room():
    never = (("p05", "p00"),)

    mended = repair(Problem(crowd(6), size=4, never=never), [("p00", "p01", "p02", "p03", "p04")])

    assert sorted(map(len, tables(mended.round))) == [2, 4]


def test_a_latecomer_whom_nobody_may_meet_is_told_why():
    never = (("p02", "p00"), ("p02", "p01"))

    mended = repair(Problem(crowd(3), never=never), [("p00", "p01")])

    assert tables(mended.round) == [("p00", "p01")]
    [left] = mended.round.unplaced
    assert left.reasons == (Reason(ReasonCode.KEPT_APART, {"people": ("p00", "p01")}),)


def test_a_bar_told_in_mid_round_parts_a_pair():
    mended = repair(Problem(crowd(4), never=(("p00", "p01"),)), [("p00", "p01"), ("p02", "p03")])

    assert not any({"p00", "p01"} <= set(group) for group in tables(mended.round))
    assert mended.round.measures.unplaced == 0 or len(tables(mended.round)) == 1


def test_nobody_can_be_in_two_groups():
    with pytest.raises(ProblemError, match="person p00 is in two places"):
        repair(Problem(crowd(3)), [("p00", "p01"), ("p00", "p02")])
    with pytest.raises(ProblemError, match="person zoe is not among the people"):
        join(Problem(crowd(3)), [("p00", "zoe")])


@settings(max_examples=40)
@given(problem=problems(), data=st.data())
def test_mending_places_everybody_once_and_keeps_whoever_is_not_concerned(problem, data):
    before = pair(Problem(problem.people, problem.size, 1)).rounds[0]
    groups = tables(before)
    absent = (
        data.draw(st.sets(st.sampled_from([person.id for person in problem.people]))) if groups else set()
    )
    new = crowd(14)[12 : data.draw(st.integers(12, 14))]
    here = tuple(person for person in problem.people if person.id not in absent) + new
    changed = Problem(here, problem.size, never=problem.never)
    never = {frozenset(one) for one in problem.never}

    mended = repair(changed, groups)

    placed, left = everybody(mended.round)
    assert sorted(placed + left) == sorted(person.id for person in here)
    for group in tables(mended.round):
        assert not any(frozenset(two) in never for two in combinations(group, 2))
        assert 2 <= len(group) <= problem.size + 1
    if not absent and not new and not never:
        assert tables(mended.round) == groups
        assert (mended.kept, mended.changed) == (len(groups), ())


def test_pairs_join_into_fours_without_colleagues():
    people = tuple(
        Person(f"p{number:02}", frozenset({circle})) for number, circle in enumerate("abcdabcdefghefgh")
    )
    pairs = [(f"p{number:02}", f"p{number + 1:02}") for number in range(0, 16, 2)]

    answer = join(Problem(people), pairs)

    assert [len(group) for group in tables(answer)] == [4, 4, 4, 4]
    assert answer.measures.colleagues == 0
    assert answer.is_best


def test_an_odd_pair_comes_to_a_four_and_a_lone_one_stays():
    answer = join(Problem(crowd(6)), [("p00", "p01"), ("p02", "p03"), ("p04", "p05")])
    alone = join(Problem(crowd(2)), [("p00", "p01")])

    assert [len(group) for group in tables(answer)] == [6]
    assert answer.groups[0].reasons[0] == Reason(ReasonCode.OTHER_SIZE, {"size": 4, "people": 6})
    assert tables(alone) == [("p00", "p01")]
    assert join(Problem(()), []).groups == ()


def test_pairs_that_must_not_meet_stay_pairs():
    answer = join(Problem(crowd(4), never=(("p00", "p02"),)), [("p00", "p01"), ("p02", "p03")])

    assert tables(answer) == [("p00", "p01"), ("p02", "p03")]
    assert not answer.is_best


@pytest.mark.parametrize("count", [300, 302])
def test_many_pairs_join_without_colleagues(count):
    problem = Problem(lively(count))
    pairs = tables(pair(problem).rounds[0])

    answer = join(problem, pairs)

    sizes = [4] * (count // 4) if count % 4 == 0 else [4] * (count // 4 - 1) + [6]
    assert sorted(map(len, tables(answer))) == sizes
    assert answer.measures.colleagues == 0


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), pairs=st.sampled_from([2, 4]))
def test_no_other_way_to_join_is_worth_more(seed, pairs):
    problem = Problem(lively(2 * pairs, seed, topics=5, organizations=4))
    groups = [tuple(f"p{number:04}" for number in (one, one + pairs)) for one in range(pairs)]

    answer = join(problem, groups)

    def rank(measures):
        return measures.colleagues, measures.without_hours, -measures.needs

    def fours(left):
        if not left:
            yield []
        for place in range(1, len(left)):
            rest = left[1:place] + left[place + 1 :]
            yield from ([left[0] + left[place], *more] for more in fours(rest))

    def measured(four):
        people = tuple(person for person in problem.people if person.id in four)
        return rank(pair(Problem(people, size=4)).rounds[0].measures)

    ways = [[measured(four) for four in way] for way in fours(groups)]
    assert len(ways) == {2: 1, 4: 3}[pairs]
    assert rank(answer.measures) == min(tuple(map(sum, zip(*way, strict=True))) for way in ways)
