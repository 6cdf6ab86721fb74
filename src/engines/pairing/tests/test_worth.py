"""What pairs are worth: the same one by one and as sets; and what matters more weighs more."""

from itertools import combinations

from hypothesis import given, settings

from engines.pairing import Person, Problem
from engines.pairing.counting import circle, fewest_repeats
from engines.pairing.tests.cast import crowd, problems
from engines.pairing.worth import Worth, members


@settings(max_examples=30)
@given(problem=problems())
def test_sets_of_people_say_the_same_as_pairs_one_by_one(problem):
    worth = Worth(problem, 1)
    for one in range(worth.count):
        classes = list(worth.classes(one))

        found = {other: value for value, people in classes for other in members(people, beginning=one)}

        assert found == {other: worth.value(one, other) for other in range(worth.count) if other != one}
        assert [value for value, _ in classes] == sorted((value for value, _ in classes), reverse=True)


@settings(max_examples=30)
@given(problem=problems())
def test_value_counts_what_people_said(problem):
    worth = Worth(problem, 1)
    costs = worth.costs
    for one, other in combinations(range(worth.count), 2):
        first, second = worth.people[one], worth.people[other]
        pair = {first.id, second.id}

        needs = sum(weight for topic, weight in first.needs.items() if topic in second.offers)
        needs += sum(weight for topic, weight in second.needs.items() if topic in first.offers)
        told = first.hours is not None and second.hours is not None
        expected = needs - costs.met * sum(pair <= set(group) for group in problem.met)
        expected -= costs.colleagues * bool(first.circles & second.circles)
        expected -= costs.hours * bool(told and not first.hours & second.hours)
        expected -= costs.never * any(pair == set(never) for never in problem.never)

        assert worth.value(one, other) == worth.value(other, one) == expected


def test_one_more_of_what_matters_outweighs_everything_below():
    needy = {"needs": {"money": 9}, "offers": frozenset({"money"})}
    worth = Worth(Problem(crowd(10, **needy), rounds=3), 1)
    costs, pairs = worth.costs, 3 * 5  # in all three rounds

    assert costs.hours > pairs * 18
    assert costs.colleagues > pairs * (18 + costs.hours)
    assert costs.met > pairs * (18 + costs.hours + costs.colleagues)
    assert costs.never > pairs * (18 + costs.hours + costs.colleagues + 3 * costs.met)


def test_earlier_groups_may_name_people_who_are_not_here():
    worth = Worth(Problem((Person("ana"), Person("bo")), met=(("ana", "zoe", "bo", "ana"),)), 1)

    assert worth.met[0][1] == worth.met[1][0] == 1


def test_numbers_force_repeats_once_everybody_has_met():
    worth = Worth(Problem(crowd(4)), 1)

    assert [fewest_repeats(worth, meetings) for meetings in (0, 6, 7, 12, 13)] == [0, 0, 1, 6, 8]


def test_who_met_often_meets_last():
    worth = Worth(Problem(crowd(3), met=(("p00", "p01"), ("p00", "p01"), ("p00", "p02"))), 1)

    assert [fewest_repeats(worth, meetings) for meetings in (1, 2, 3, 4, 6)] == [0, 1, 2, 4, 8]


def test_people_who_can_meet_nobody_force_nothing():
    worth = Worth(Problem(crowd(2), never=(("p00", "p01"),)), 1)

    assert fewest_repeats(worth, 3) == 0


def test_circle_lets_everybody_meet_everybody_once():
    for count in (2, 4, 6, 16):
        met = [frozenset(pair) for groups in circle(count, count - 1) for pair in groups]

        assert len(set(met)) == len(met) == count * (count - 1) // 2
