"""Which goes with which: no other choice weighs more."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from coppice.formation.matching import heaviest_matching

pairs = st.tuples(st.integers(0, 3), st.integers(0, 3))


@given(weights=st.dictionaries(pairs, st.integers(1, 9)))
def test_no_other_choice_weighs_more(weights):
    chosen = heaviest_matching(weights)

    best = max(
        sum(weights.get((one, other), 0) for one, other in enumerate(order))
        for order in permutations(range(4))
    )
    assert len(set(chosen.values())) == len(chosen)
    assert sum(weights[pair] for pair in chosen.items()) == best


def test_a_pair_that_nobody_named_is_never_matched():
    assert heaviest_matching({}) == {}
    assert heaviest_matching({(1, 7): 2, (2, 7): 3}) == {2: 7}
