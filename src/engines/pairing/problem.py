"""The question put to the engine: who is here, who has met whom, and who should not sit together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

SIZES = (2, 3, 4)


class ProblemError(ValueError):
    """The problem contradicts itself, for instance two people with one id."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be paired.

    circles: what this person is part of ("Eastside Pantry"); people of one circle are colleagues
    needs: topic -> how much it is wanted, 1 to 9
    offers: topics in which this person can help others
    hours: slots, counted on one clock for all, in which the person is free; None: not told, so any will do
    """

    id: str
    circles: frozenset[str] = frozenset()
    needs: Mapping[str, int] = field(default_factory=dict)
    offers: frozenset[str] = frozenset()
    hours: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """People to be put into `rounds` rounds of pairs (size 2), trios (3) or fours (4). No order matters.

    met: groups (ids) of earlier rounds and meetings; they may name people who are not here
    never: two people (ids) each, such as a boss and a report, who must not sit together, whatever it costs

    Raises ProblemError when ids repeat, numbers make no sense, or `never` names one person twice.
    """

    people: tuple[Person, ...]
    size: int = 2
    rounds: int = 1
    met: tuple[tuple[str, ...], ...] = ()
    never: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        for complaint in _complaints(self):
            raise ProblemError(complaint)


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of people (ids) as they sit now."""

    groups: tuple[tuple[str, ...], ...]


def _complaints(problem: Problem) -> Iterator[str]:
    if problem.size not in SIZES:
        yield f"groups of {problem.size}: pairs, trios and fours can be made"
    if problem.rounds < 0:
        yield f"{problem.rounds} rounds"
    seen: set[str] = set()
    for person in problem.people:
        if person.id in seen:
            yield f"person {person.id} appears twice"
        seen.add(person.id)
        for topic, weight in person.needs.items():
            if not 1 <= weight <= 9:
                yield f"person {person.id}: a need of {weight} in {topic}, not 1 to 9"
    for pair in problem.never:
        if len(set(pair)) != 2 or len(pair) != 2:
            yield f"never together: {', '.join(pair)} are not two people"


def check_groups(problem: Problem, groups: Sequence[Sequence[str]], *, all_here: bool) -> None:
    """Raise ProblemError unless nobody is in two places and, where asked, everybody in groups is here."""
    here = {person.id for person in problem.people}
    seen: set[str] = set()
    for group in groups:
        for person in group:
            if person in seen:
                raise ProblemError(f"person {person} is in two places")
            if all_here and person not in here:
                raise ProblemError(f"person {person} is not among the people")
            seen.add(person)
