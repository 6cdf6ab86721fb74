"""One order out of many: the method of Schulze, which any pair of things may be compared in."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ranking[Thing: Hashable]:
    """A common order, the best first; things in one group are tied.

    `prefer[a, b]` is how many put a before b.
    """

    groups: Sequence[Sequence[Thing]]
    prefer: Mapping[tuple[Thing, Thing], int]


def rank[Thing: Hashable](things: Sequence[Thing], ballots: Sequence[Mapping[Thing, int]]) -> Ranking[Thing]:
    """Return the common order of `things` from `ballots`, each a place by thing, 1 for the best.

    Equal places are equal; a thing without a place stands after all that have one, equal with its like. By
    the strongest paths of winning votes: M. Schulze, "A new monotonic, clone-independent, reversal symmetric,
    and Condorcet-consistent single-winner election method", Social Choice and Welfare 36 (2011) 267-303,
    section 2.3. Where neither of two beats the other, they are tied. Takes the cube of the number of things.
    """
    last = len(things) + 1
    prefer = {
        (a, b): sum(ballot.get(a, last) < ballot.get(b, last) for ballot in ballots)
        for a in things
        for b in things
        if a != b
    }
    paths = {(a, b): count if count > prefer[b, a] else 0 for (a, b), count in prefer.items()}
    for middle in things:
        for a in things:
            for b in things:
                if len({a, b, middle}) == 3:
                    paths[a, b] = max(paths[a, b], min(paths[a, middle], paths[middle, b]))
    return Ranking(groups=_groups(things, paths), prefer=prefer)


def _groups[Thing: Hashable](
    things: Sequence[Thing], paths: Mapping[tuple[Thing, Thing], int]
) -> list[list[Thing]]:
    """Take in turn all that nobody left beats; beating is transitive, so somebody always is unbeaten."""
    left = list(things)
    groups: list[list[Thing]] = []
    while left:
        best = [
            thing
            for thing in left
            if not any(paths[other, thing] > paths[thing, other] for other in left if other != thing)
        ]
        groups.append(best)
        left = [thing for thing in left if thing not in best]
    return groups
