"""The one door: a problem in; a proposal, a clash, or an honest "not found" out."""

from collections.abc import Callable, Mapping
from functools import partial

from engines.grouping.answer import Clash, NotFound, Placement, Progress, Proposal
from engines.grouping.breaches import violations_on
from engines.grouping.budget import Budget, default_trials
from engines.grouping.conflicts import conflicts
from engines.grouping.problem import Problem
from engines.grouping.reasons import explain, report_of_tables
from engines.grouping.scoring import aim_table, members_of, score_of_tables
from engines.grouping.sheet import Sheet


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    trials: int | None = None,
    seconds: float | None = None,
    start: Mapping[str, str] | None = None,
    progress: Callable[[Progress], bool | None] | None = None,
    reasons: bool = True,
) -> Proposal | Clash | NotFound:
    """Place everybody so that every hard rule holds and the aims are met as well as the trials allow.

    trials: changes tried after the first construction (None: by the number of people, a few seconds; fewer
    where the loops are not compiled).
    seconds: in place of trials the work that the machine of `bench/README.md` does in so many, with compiled
    loops; counted, not timed.
    start: a grouping to begin from (person's id -> group's id); people and groups that are gone, and places
    that are not allowed, are passed over.
    progress: told of the best so far about a hundred times; returning True stops the search there.
    reasons: False leaves the placements without reasons, missing answers and defaults: less time and memory
    where nobody reads them.

    The same problem, seed, trials or seconds, and start give the same answer on any machine, in whatever
    order people, groups, rules and aims are listed. Returns Clash when the rules plainly cannot hold, and
    NotFound when no grouping without violations was found.
    """
    clashes = conflicts(problem)
    if clashes:
        return Clash(clashes)
    # Loaded here, for with it come a compiler and 70 MB that whoever only judges groupings can do without.
    from engines.grouping.search import search

    sheet = Sheet(problem)
    if trials is None and seconds is None:
        trials = default_trials(len(problem.people))
    budget = Budget(trials, seconds)
    places, done = search(
        sheet,
        seed=seed,
        budget=budget,
        start=start or {},
        report=partial(_tell, sheet, budget.amount, progress),
    )
    assignment = _assignment(sheet, places)
    placements = explain(problem, assignment) if reasons else _bare(assignment)
    proposal = _reviewed(sheet, assignment, seed, done, placements)
    return NotFound(proposal) if proposal.violations else proposal


def review(problem: Problem, assignment: Mapping[str, str], *, seed: int = 0, trials: int = 0) -> Proposal:
    """Any grouping as a proposal: explained, scored, and with the violations that it has."""
    return _reviewed(Sheet(problem), assignment, seed, trials, explain(problem, assignment))


def _reviewed(
    sheet: Sheet, assignment: Mapping[str, str], seed: int, trials: int, placements: tuple[Placement, ...]
) -> Proposal:
    members = members_of(sheet, assignment)
    tables = {aim.name: aim_table(aim, sheet, members) for aim in sheet.problem.aims}
    earlier = {person.id: person.earlier_group for person in sheet.people}
    return Proposal(
        placements=placements,
        groups=report_of_tables(sheet, members, tables),
        score=score_of_tables(sheet, members, tables),
        violations=violations_on(sheet, assignment),
        seed=seed,
        trials=trials,
        moves=sum(earlier[each.person] not in (None, "", each.group) for each in placements),
    )


def _tell(
    sheet: Sheet,
    amount: int,
    progress: Callable[[Progress], bool | None] | None,
    done: int,
    places: list[int],
    breach: int,
    value: float,
) -> bool:
    if progress is None:
        return False
    people = max(1, len(sheet.people))
    return bool(progress(Progress(done, amount, breach, value / people, _assignment(sheet, places))))


def _bare(assignment: Mapping[str, str]) -> tuple[Placement, ...]:
    return tuple(Placement(person, group, ()) for person, group in assignment.items())


def _assignment(sheet: Sheet, places: list[int]) -> dict[str, str]:
    where = {
        sheet.people[i].id: sheet.groups[g].id
        for unit, g in zip(sheet.units, places, strict=True)
        for i in unit
    }
    return {person.id: where[person.id] for person in sheet.problem.people}
