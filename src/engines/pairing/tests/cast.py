"""People to be paired, and slow and sure ways to say what is possible."""

from functools import cache
from itertools import combinations
from random import Random

from hypothesis import strategies as st

from engines.pairing import Person, Problem


def crowd(count, **answers):
    """So many people with the same answers: p00, p01, …"""
    return tuple(Person(f"p{number:02}", **answers) for number in range(count))


def lively(count, seed=1, *, topics=20, organizations=None, slots=21):
    """So many people with organizations, needs, offers and hours by chance."""
    draw = Random(seed)
    names = [f"topic {number}" for number in range(topics)]
    return tuple(
        Person(
            f"p{number:04}",
            circles=frozenset({f"organization {draw.randrange(organizations or count // 8 + 1)}"}),
            needs={topic: draw.randint(1, 3) for topic in draw.sample(names, 3)},
            offers=frozenset(draw.sample(names, 3)),
            hours=frozenset(draw.sample(range(slots), 4)),
        )
        for number in range(count)
    )


@st.composite
def problems(draw, largest=12):
    """Problems of every sort, small enough to be looked through."""
    count = draw(st.integers(0, largest))
    ids = [f"p{number:02}" for number in range(count)]
    topics = st.sampled_from(["money", "food", "law"])
    people = [
        Person(
            one,
            circles=draw(st.frozensets(st.sampled_from(["north", "south", "west"]), max_size=2)),
            needs=draw(st.dictionaries(topics, st.integers(1, 9), max_size=2)),
            offers=draw(st.frozensets(topics, max_size=2)),
            hours=draw(st.none() | st.frozensets(st.integers(0, 3), max_size=3)),
        )
        for one in ids
    ]
    pairs = [list(pair) for pair in combinations(ids, 2)]
    some = st.lists(st.sampled_from(pairs), max_size=8) if pairs else st.just([])
    return Problem(
        people=tuple(people),
        size=draw(st.sampled_from([2, 3, 4])),
        rounds=draw(st.integers(0, 4)),
        met=tuple(map(tuple, draw(some))),
        never=tuple(map(tuple, draw(some))),
    )


def everybody(answer):
    """Who has a place in a round, and who is left over: ids."""
    placed = [person for group in answer.groups for person in group.people]
    return sorted(placed), sorted(each.person for each in answer.unplaced)


def tables(answer):
    """The groups of a round, without their reasons."""
    return [group.people for group in answer.groups]


def most_by_hand(count, values):
    """The most that a perfect matching of these edges, (one, other) -> value, is worth; None without any."""

    @cache
    def most(free):
        if not free:
            return 0
        one = min(free)
        found = []
        for other in free - {one}:
            if (one, other) in values:
                rest = most(free - {one, other})
                found += [] if rest is None else [rest + values[one, other]]
        return max(found, default=None)

    return most(frozenset(range(count)))
