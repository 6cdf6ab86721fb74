"""The matching is the best there is, its prices prove it, and edges may come later."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.pairing.matching import Matcher
from engines.pairing.tests.cast import most_by_hand


def graph(draw, count, highest, portion):
    """Some edges with values by chance, a ring among them: (one, other) -> value, one below other."""
    return {
        (one, other): draw.randint(-highest, highest)
        for one in range(count)
        for other in range(one + 1, count)
        if other == one + 1 or draw.random() < portion
    }


def matcher_of(count, values):
    near = [[] for _ in range(count)]
    for (one, other), value in values.items():
        near[one].append((other, value))
        near[other].append((one, value))
    return Matcher(near)


def proven(matcher, values):
    """What the matching is worth, after checking every price by weak duality."""
    blossoms = [(price, set(people)) for price, people in matcher.blossoms()]
    assert all(price > 0 and len(people) % 2 for price, people in blossoms)
    total = 0
    for (one, other), value in values.items():
        inside = sum(price for price, people in blossoms if {one, other} <= people)
        paid = matcher.price[one] + matcher.price[other] + inside
        assert paid >= 2 * value
        if matcher.mate[one] == other:
            assert paid == 2 * value
            total += value
    assert [matcher.mate[matcher.mate[one]] for one in range(matcher.count)] == list(range(matcher.count))
    assert sum(matcher.price) + sum(price * (len(people) // 2) for price, people in blossoms) == 2 * total
    return total


@given(
    seed=st.integers(0, 10**9),
    half=st.integers(0, 6),
    highest=st.sampled_from([1, 3, 10, 100]),
    portion=st.sampled_from([0.2, 0.5, 1]),
)
def test_matching_is_worth_the_most_there_is_and_its_prices_prove_it(seed, half, highest, portion):
    values = graph(Random(seed), 2 * half, highest, portion)
    matcher = matcher_of(2 * half, values)

    matcher.match()

    assert proven(matcher, values) == most_by_hand(2 * half, values)


@given(seed=st.integers(0, 10**9), half=st.integers(2, 6), highest=st.sampled_from([1, 3, 10, 100]))
def test_edges_that_come_later_are_taken_in(seed, half, highest):
    draw = Random(seed)
    values = graph(draw, 2 * half, highest, 0.8)
    late = {edge: value for edge, value in values.items() if edge[1] > edge[0] + 1 and draw.random() < 0.5}
    matcher = matcher_of(2 * half, {edge: values[edge] for edge in values.keys() - late.keys()})
    matcher.match()

    for (one, other), value in late.items():
        matcher.add(one, other, value)
        if draw.random() < 0.3:
            matcher.match()
    matcher.match()

    assert proven(matcher, values) == most_by_hand(2 * half, values)


@pytest.mark.parametrize("highest", [1, 5, 1000])
@pytest.mark.parametrize("seed", range(3))
def test_blossoms_within_blossoms_are_proven_too(seed, highest):
    draw = Random(seed)
    values = graph(draw, 120, highest, 0.04)
    late = [edge for edge in values if edge[1] > edge[0] + 1][::3]
    matcher = matcher_of(120, {edge: value for edge, value in values.items() if edge not in set(late)})

    matcher.match()
    for edge in late:
        matcher.add(*edge, values[edge])
    matcher.match()

    assert proven(matcher, values) > 0
