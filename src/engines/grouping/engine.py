"""The one door: a problem in; a proposal, a clash, or an honest "not found" out."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from engines.grouping.answer import Clash, NotFound, Placement, Possible, Progress, Proposal
from engines.grouping.bounds import bound
from engines.grouping.breaches import violations_on
from engines.grouping.budget import Budget, default_trials
from engines.grouping.clashes import explained
from engines.grouping.conflicts import is_plainly_impossible
from engines.grouping.limits import Limit, moved
from engines.grouping.problem import Problem
from engines.grouping.proofs import WORK, Oracle
from engines.grouping.reasons import explain, report_on
from engines.grouping.scoring import members_of, score_of_tables, tables_of
from engines.grouping.sheet import Sheet

SHORT = 2_000
"""The trials in which a grouping is looked for before an exhaustive search."""

PATIENT = 20
"""In `solve` this part of the budget at least goes by before that."""


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    trials: int | None = None,
    seconds: float | None = None,
    start: Mapping[str, str] | None = None,
    most_moves: int | None = None,
    anew: bool = False,
    progress: Callable[[Progress], bool | None] | None = None,
    bounded: bool = False,
    reasons: bool = True,
) -> Proposal | Clash | NotFound:
    """Place everybody so that every hard rule holds and the aims are met as well as the trials allow.

    trials: changes tried after the first construction (None: by the number of people, a few seconds; fewer
    where the loops are not compiled).
    seconds: in place of trials the work that the machine of `bench/README.md` does in so many, with compiled
    loops; counted, not timed.
    start: a grouping to begin from (person's id -> group's id); people and groups that are gone, and places
    that are not allowed, are passed over.
    most_moves: so many people of the start at most come into another group than there (None: anybody may);
    who is not in it, or in a group that is gone, is free, and locks and rules count as any other reason to
    move. Nobody moves who gains nothing. The proposal says who has `moved`. NotFound when more have to, as
    far as the trials show: its nearest grouping then holds the rules with more moves, or breaks rules.
    Without a start everybody's earlier group is one.
    anew: look as widely as without a start, which is then only what the answer never falls below, as long as
    it places everybody and holds the rules; of no effect with most_moves.
    progress: told of the best so far about a hundred times; returning True stops the search there.
    bounded: say in the proposal, too, what no grouping could surpass (`bound`): a quarter of a second more
    for hundreds of people, two seconds for ten thousand.
    reasons: False leaves the placements without reasons, missing answers and defaults: less time and memory
    where nobody reads them.

    The same problem, seed, trials or seconds, and start give the same answer on any machine, in whatever
    order people, groups, rules and aims are listed. Returns Clash when the rules are proven not to hold
    together, and NotFound when no grouping without violations was found and that is not proven either.
    Raises ValueError when most_moves is below 0.
    """
    limit = None
    if most_moves is not None:
        start = start or {each.id: each.earlier_group for each in problem.people if each.earlier_group}
        limit = Limit(most_moves, start)
    oracle = Oracle(problem)
    if is_plainly_impossible(Sheet(oracle.problem)):
        return Clash(explained(oracle))
    # Loaded here, for with it come a compiler and 70 MB that whoever only judges groupings can do without.
    from engines.grouping.search import search

    sheet = Sheet(problem)
    if trials is None and seconds is None:
        trials = default_trials(len(problem.people))
    budget = Budget(trials, seconds)
    doubt = _Doubt(sheet, oracle, budget.amount, progress)
    places, done = search(
        sheet, seed=seed, budget=budget, start=start or {}, report=doubt.heard, limit=limit, anew=anew
    )
    assignment = _assignment(sheet, places)
    if violations_on(sheet, assignment) and doubt.is_proven_impossible():
        return Clash(explained(oracle))
    if doubt.way_out:
        doubt.spent = doubt.spent or budget.amount
        rest = budget.less(doubt.spent)
        places, more = search(
            sheet, seed=seed, budget=rest, start=doubt.way_out, report=doubt.heard, limit=limit
        )
        better = _assignment(sheet, places)
        assignment = doubt.way_out if violations_on(sheet, better) else better
        done += more
    placements = explain(problem, assignment) if reasons else _bare(assignment)
    proposal = _reviewed(sheet, assignment, seed, done, placements)
    groups = {group.id for group in problem.groups}
    proposal = replace(proposal, moved=moved(start or {}, groups, proposal.assignment))
    if proposal.violations or (most_moves is not None and len(proposal.moved) > most_moves):
        return NotFound(proposal)
    return replace(proposal, bound=bound(problem).objective) if bounded else proposal


def diagnose(problem: Problem, *, work: int = WORK) -> Possible | Clash | NotFound:
    """Whether the hard rules can all hold, whatever the aims: proven by a grouping, or by a clash.

    work: how much may be done to find out, as `proofs.Oracle` counts it. First the counts of `conflicts`,
    then a short search, then an exhaustive one (`feasibility`). NotFound when the work does not suffice.
    """
    oracle = Oracle(problem, work)
    if is_plainly_impossible(Sheet(oracle.problem)):
        return Clash(explained(oracle))
    from engines.grouping.search import search

    sheet = Sheet(replace(problem, aims=()))
    places, _ = search(sheet, seed=0, budget=Budget(SHORT), start={}, report=_is_sound)
    nearest = _assignment(sheet, places)
    if not violations_on(sheet, nearest):
        return Possible(nearest)
    is_possible = oracle.is_possible()
    if is_possible:
        return Possible(oracle.groupings[-1])
    return NotFound(review(problem, nearest)) if is_possible is None else Clash(explained(oracle))


class _Doubt:
    """Hears how a search goes; asks once for a proof, when rules are still broken after its first steps."""

    def __init__(
        self,
        sheet: Sheet,
        oracle: Oracle,
        amount: int,
        progress: Callable[[Progress], bool | None] | None,
    ) -> None:
        self.sheet = sheet
        self.oracle = oracle
        self.amount = amount
        self.progress = progress
        self.verdict: bool | None = None
        self.is_asked = False
        self.way_out: dict[str, str] = {}
        self.spent = 0
        self.patience = max(amount // PATIENT, SHORT)

    def is_proven_impossible(self) -> bool:
        """Ask, unless that is done; a way out is kept when there is one."""
        if not self.is_asked:
            self.is_asked = True
            self.verdict = self.oracle.is_possible()
            if self.verdict:
                self.way_out = self.oracle.groupings[-1]
        return self.verdict is False

    def heard(self, done: int, places: list[int], breach: int, value: float) -> bool:
        """Tell of the progress; True when the search need not go on as it does."""
        if breach and not self.is_asked and done >= self.patience:
            self.is_proven_impossible()
            if self.verdict is not None:
                self.spent = done
                return True
        if self.progress is None:
            return False
        people, at = max(1, len(self.sheet.people)), min(self.amount, self.spent + done)
        now = Progress(at, self.amount, breach, value / people, _assignment(self.sheet, places))
        return bool(self.progress(now))


def _is_sound(done: int, places: list[int], breach: int, value: float) -> bool:
    return not breach


def review(problem: Problem, assignment: Mapping[str, str], *, seed: int = 0, trials: int = 0) -> Proposal:
    """Any grouping as a proposal: explained, scored, and with the violations that it has."""
    return _reviewed(Sheet(problem), assignment, seed, trials, explain(problem, assignment))


def _reviewed(
    sheet: Sheet, assignment: Mapping[str, str], seed: int, trials: int, placements: tuple[Placement, ...]
) -> Proposal:
    earlier = {person.id: person.earlier_group for person in sheet.people}
    members = members_of(sheet, assignment)
    tables = tables_of(sheet, members)
    return Proposal(
        placements=placements,
        groups=report_on(sheet, members, tables),
        score=score_of_tables(sheet, members, tables),
        violations=violations_on(sheet, assignment),
        seed=seed,
        trials=trials,
        moves=sum(earlier[each.person] not in (None, "", each.group) for each in placements),
    )


def _bare(assignment: Mapping[str, str]) -> tuple[Placement, ...]:
    return tuple(Placement(person, group, ()) for person, group in assignment.items())


def _assignment(sheet: Sheet, places: list[int]) -> dict[str, str]:
    where = {
        sheet.people[i].id: sheet.groups[g].id
        for unit, g in zip(sheet.units, places, strict=True)
        for i in unit
    }
    return {person.id: where[person.id] for person in sheet.problem.people}
