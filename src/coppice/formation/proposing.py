"""Working a formation out: how many groups, which people stay, and what the engine then answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from types import MappingProxyType

from django.db.models import Q

from coppice.formation import inputs
from coppice.formation.aspects import aspects_of
from coppice.formation.boards import Laid, mark_of, shelf
from coppice.formation.climbing import Climb, Curve
from coppice.formation.models import Formation, Place, Proposal, ProposedCommunity
from coppice.formation.problems import Draft, Facts, draft, groups_now, reader_of
from coppice.formation.queries import Lines, assignment_of, facts_of, lines_of
from coppice.formation.rules import RosterRow
from coppice.formation.solving import Search, Teller, solve, usual_trials
from coppice.formation.topics import topic_groups
from engines import grouping


@dataclass(frozen=True)
class WorkedOut:
    """What came of it: a `proposal` or a `clash`; a `plan` alone says that the sizes do not fit.

    `proposal` may break rules when nothing better was found; its violations say which. `search` is how it
    was looked for, and `curve` how the score rose. `roster_mark` is what `boards` calls the roster by.
    """

    people: int
    plan: grouping.GroupPlan | None = None
    draft: Draft | None = None
    search: Search | None = None
    proposal: grouping.Proposal | None = None
    clash: grouping.Clash | None = None
    curve: Curve = ()
    roster_mark: str = ""


def work_out(formation: Formation, *, tell: Teller | None = None) -> WorkedOut:
    """Ask the engine for what is asked of the formation; writes nothing.

    Locked people and those moved by hand stay where they are. What is on the table is a start, below which
    nothing comes out that is asked for by the same sizes. `tell` may stop it with the best so far.
    """
    lines, facts = lines_of(formation.program_id), facts_of(formation)
    roster = lines.rows()
    locks, start = locks_of(formation), _start_of(formation)
    plan, drawn = drawn_up(formation, roster=roster, locks=locks, facts=facts, stay=start)
    if drawn is None:
        return WorkedOut(people=len(roster), plan=plan)
    search = _search(formation, people=len(roster), start=start)
    climb = Climb(tell)
    answer = solve(drawn.problem, search, tell=climb)
    if isinstance(answer, grouping.Clash):
        return WorkedOut(people=len(roster), draft=drawn, search=search, clash=answer)
    proposal = answer.nearest if isinstance(answer, grouping.NotFound) else answer
    if climb.was_stopped:
        search = replace(search, until=proposal.trials)
    return WorkedOut(
        people=len(roster),
        draft=drawn,
        search=search,
        proposal=proposal,
        curve=climb.curve(proposal),
        roster_mark=_roster_mark(lines, facts),
    )


def _roster_mark(lines: Lines, facts: Facts) -> str:
    """A mark of all that is told of the program's people."""
    return mark_of(lines.people, lines.houses, sorted(facts.earlier.items()))


def drawn_up(
    formation: Formation,
    *,
    roster: Sequence[RosterRow],
    locks: Mapping[str, int],
    facts: Facts,
    stay: Mapping[str, int] = MappingProxyType({}),
) -> tuple[grouping.GroupPlan | None, Draft | None]:
    """Return the question to the engine; only the plan where already the sizes do not fit.

    `locks` maps people (enrollment's id as text) to the position of the community that they stay in, `stay`
    to that in which most are to stay: it is there again, if that can be. The formation need not be saved yet.
    """
    held = sorted(set(locks.values()))
    present = [position for position, _people in Counter(stay.values()).most_common()]
    plan: grouping.GroupPlan | None = None
    if aspects_of(formation).has_topics and not formation.is_whole_cohort:
        groups = _about_topics(formation, roster=roster, locked=held, present=present)
    else:
        positions, sizes, plan = _groups(formation, people=len(roster), locked=held, present=present)
        if plan is not None and not plan.is_possible:
            return plan, None
        groups = [grouping.Group(str(position), *sizes) for position in positions]
    drawn = draft(
        formation,
        roster=roster,
        groups=groups,
        locks={person: str(position) for person, position in locks.items()},
        facts=facts,
    )
    return plan, drawn


def repeated(proposal: Proposal, *, tell: Teller | None = None) -> int | None:
    """Return how many people get another place when a proposal is worked out again as it was.

    None when not all of its input is there any more.
    """
    places = list(proposal.places.asked())
    problem = inputs.problem_of(proposal, places)
    if problem is None:
        return None
    answer = solve(problem, inputs.search_of(proposal), tell=tell)
    now = getattr(answer, "nearest", answer)
    before = inputs.worked_out(proposal, places)
    found = now.assignment if isinstance(now, grouping.Proposal) else {}
    return sum(found.get(person) != position for person, position in before.items())


@dataclass(frozen=True)
class Standing:
    """A proposal as it stands now, with everything needed to score it again after a change by hand.

    `roster` holds whoever has a place, by id as text; `unplaced` counts the others. `board` is the grouping
    laid out, to be asked what moves and exchanges of people (ids) would do, and `roster_mark` what `boards`
    calls the roster by.
    """

    draft: Draft
    assignment: Mapping[str, str]
    roster: Mapping[str, RosterRow]
    unplaced: int
    board: grouping.Board
    roster_mark: str

    def after(self, moves: Mapping[str, str]) -> "Standing":
        """Return how it stands once these people (ids) are in these communities (ids)."""
        return replace(self, assignment={**self.assignment, **moves}, board=self.board.after(moves))

    def points(self, gain: float, moves: Mapping[str, str]) -> int:
        """Return a gain of the whole (-1 to 1) as points of 100 for the communities that `moves` touch."""
        touched = {*moves.values(), *(self.assignment[person] for person in moves)}
        people = sum(where in touched for where in self.assignment.values())
        return round(100 * gain * len(self.assignment) / max(1, people))

    def score(self) -> grouping.Score:
        return grouping.score(self.draft.problem, self.assignment)


def standing(formation: Formation, *, communities: Sequence[ProposedCommunity]) -> Standing:
    """Return a proposal as it stands, in three queries; people and groups by their ids as text.

    Topics and earlier communities take one query more each, where the rules are about them. What the engine
    makes of people and rules is kept from one time to the next (`boards`) until any of it changes.

    Locks are no rules here: they hold people while the rest is worked out, not against a hand.
    """
    assignment = {str(person): str(where) for person, where in assignment_of(formation).items()}
    facts = facts_of(formation)
    groups = groups_now({str(each.pk): each for each in communities}, facts=facts)
    program, lines = formation.program, lines_of(formation.program_id)
    roster_mark = _roster_mark(lines, facts)
    asked = (formation.terms, str(program.zone), program.award_starts, groups, facts.topics)
    mark = mark_of(*asked, sorted(assignment), roster_mark)
    laid = shelf.find(formation.pk, mark)
    if laid is None:
        placed = [row for row in lines.rows() if str(row.pk) in assignment]
        drawn = draft(formation, roster=placed, groups=groups, locks={}, facts=facts)
        roster = {str(row.pk): row for row in placed}
        laid = Laid(drawn, roster, grouping.Board(drawn.problem, assignment))
        shelf.put(formation.pk, mark, laid)
    elif laid.board.assignment != assignment:
        laid = replace(laid, board=laid.board.after(assignment))
        shelf.put(formation.pk, mark, laid)
    return Standing(
        draft=laid.draft,
        assignment=assignment,
        roster=laid.roster,
        unplaced=len(lines.people) - len(laid.roster),
        board=laid.board,
        roster_mark=roster_mark,
    )


def _search(formation: Formation, *, people: int, start: Mapping[str, int]) -> Search:
    """How long to look, from where, and how many may move."""
    return Search(
        seed=formation.seed,
        trials=formation.trials or usual_trials(people),
        start={person: str(position) for person, position in start.items()},
        most_moves=formation.most_moves,
        anew=bool(start) and formation.continues_id is None,
    )


def _start_of(formation: Formation) -> dict[str, int]:
    """Everybody's position in the proposal that is continued, or in the one on the table.

    Nothing where that was asked for by other sizes: its communities may be too many or too few by now.
    """
    before = formation.continues or formation.on_table
    if before is None or (formation.continues is None and not _has_sizes_of(formation, before)):
        return {}
    places = Place.objects.current().filter(proposal=before)
    found = places.order_by("proposed_community__position", "enrollment")
    return {
        str(enrollment): position
        for enrollment, position in found.values_list("enrollment", "proposed_community__position")
    }


def _has_sizes_of(formation: Formation, before: Proposal) -> bool:
    names = ("reason", "minimum", "maximum")
    return all(before.terms.get(name, "") == getattr(formation, name) for name in names)


def locks_of(formation: Formation) -> dict[str, int]:
    """Return the position of the community in which locked people stay, and those moved and not let go."""
    stays = Q(is_locked=True) if formation.lets_go else Q(is_locked=True) | Q(moved_by_hand=True)
    locked = formation.places.current().filter(stays)
    return {
        str(enrollment): position
        for enrollment, position in locked.values_list("enrollment", "proposed_community__position")
    }


def _about_topics(
    formation: Formation, *, roster: Sequence[RosterRow], locked: Sequence[int], present: Sequence[int]
) -> list[grouping.Group]:
    """The groups that may be, by topic; one that holds locked people keeps its position, and its topic.

    So does one that is `present`, if its topic is still offered.
    """
    reader = reader_of(formation, roster=roster)
    free = topic_groups(
        aspects_of(formation).offers,
        answered=[reader.read(row) for row in roster],
        minimum=formation.minimum,
        maximum=formation.maximum,
    )
    topic_at: dict[int, str | None] = {}
    held = list(dict.fromkeys([*locked, *present]))
    if held:
        topic_at = dict(formation.proposed_communities.values_list("position", "topic__name"))
    placed: dict[int, grouping.Group] = {}
    for position in held:
        mine = next((group for group in free if group.topic == topic_at.get(position)), None)
        if mine is not None:
            free.remove(mine)
        if mine is not None or position in locked:
            placed[position] = mine or grouping.Group("", formation.minimum, formation.maximum)
    spare = (position for position in count() if position not in held)
    for group, position in zip(free, spare, strict=False):
        placed[position] = group
    return [replace(group, id=str(position)) for position, group in sorted(placed.items())]


def _groups(
    formation: Formation, *, people: int, locked: list[int], present: Sequence[int]
) -> tuple[list[int], tuple[int, int], grouping.GroupPlan | None]:
    """The positions of the groups, their smallest and largest size, and the plan when there is one."""
    if formation.is_whole_cohort:
        return [0], (0, max(1, people)), None
    plan = grouping.plan_groups(people, minimum=formation.minimum, maximum=formation.maximum)
    wanted = len(plan.sizes)
    if formation.minimum * len(present) <= people <= formation.maximum * len(present):
        wanted = len(present)
    order = dict.fromkeys([*present, *range(wanted + len(present))])
    others = [position for position in order if position not in locked]
    positions = sorted([*locked, *others[: max(0, wanted - len(locked))]])
    return positions, (formation.minimum, formation.maximum), plan
