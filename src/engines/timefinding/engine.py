"""The one public function: `find_times`."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from engines.timefinding.answer import Found, Hard, Meeting, NoTime, Option
from engines.timefinding.burdens import Burdens, minute_of, reasons
from engines.timefinding.choosing import Costs, choose, costs_of
from engines.timefinding.problem import Candidate, Problem


def find_times(problem: Problem, *, options: int = 3, apart: int = 120) -> Found | NoTime:
    """The choice of times with the least score, then others up to so many `options`, so many minutes `apart`.

    Others beside the best are given for one time only (`take` 1), where everybody can compare them. No chance
    is in it: the same problem has the same answer. Of single times that score alike the earlier is taken.
    """
    burdens = Burdens(problem)
    must = [number for number, person in enumerate(problem.people) if person.must]
    allowed = np.flatnonzero(~(burdens.away[must] > 0).any(axis=0))
    if not len(allowed):
        return NoTime({problem.people[n].id: int((burdens.away[n] > 0).sum()) for n in must})
    costs = costs_of(burdens, allowed)
    best = choose(costs, problem.take, repeats=problem.repeats)
    chosen = [best.chosen]
    if problem.take == 1:
        chosen += [[other] for other in _others(problem, costs, allowed, best.chosen[0], options - 1, apart)]
    told = tuple(_option(problem, burdens, costs, allowed, each) for each in chosen)
    return Found(told, bound=best.bound, is_best=best.is_proven)


def _others(
    problem: Problem, costs: Costs, allowed: np.ndarray, best: int, count: int, apart: int
) -> Iterator[int]:
    """The cheapest candidates that begin at least so many minutes from one another and from the best."""
    first = [minute_of(problem.candidates[number].starts[0]) for number in allowed]
    taken = [first[best]]
    for other in np.argsort(costs.alone, kind="stable").tolist():
        if len(taken) > count:
            return
        if all(abs(first[other] - begins) >= apart for begins in taken):
            taken.append(first[other])
            yield other


def _option(
    problem: Problem, burdens: Burdens, costs: Costs, allowed: np.ndarray, chosen: Sequence[int]
) -> Option:
    numbers = [int(allowed[each]) for each in chosen]
    borne = burdens.of[:, numbers].sum(axis=1).tolist()
    return Option(
        times=tuple(_meetings(problem, problem.candidates[number]) for number in numbers),
        score=costs.of(chosen),
        burdens={person.id: burden for person, burden in zip(problem.people, borne, strict=True)},
    )


def _meetings(problem: Problem, candidate: Candidate) -> tuple[Meeting, ...]:
    return tuple(
        Meeting(start, tuple(sorted(_hard(problem, start), key=lambda each: (-each.burden, each.person))))
        for start in candidate.starts
    )


def _hard(problem: Problem, start: datetime) -> Iterator[Hard]:
    for person in problem.people:
        burden, why = reasons(person, start, problem.minutes, problem.step)
        if burden:
            yield Hard(person.id, burden, why, start.astimezone(ZoneInfo(person.zone)))
