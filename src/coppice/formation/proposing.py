"""Working a formation out: how many groups, which people stay, and what the engine then answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from coppice.formation.models import Formation, ProposedCommunity
from coppice.formation.problems import Draft, draft
from coppice.formation.queries import assignment_of, roster_of
from coppice.formation.rules import RosterRow
from coppice.formation.solving import Teller, solve
from engines import grouping


@dataclass(frozen=True)
class WorkedOut:
    """What came of it: a `proposal` or a `clash`; a `plan` alone says that the sizes do not fit.

    `proposal` may break rules when nothing better was found; its violations say which.
    """

    people: int
    plan: grouping.GroupPlan | None = None
    draft: Draft | None = None
    proposal: grouping.Proposal | None = None
    clash: grouping.Clash | None = None


def work_out(formation: Formation, *, tell: Teller | None = None) -> WorkedOut:
    """Ask the engine for a proposal; writes nothing.

    Locked people and those moved by hand stay where they are.
    """
    roster = roster_of(formation.program_id)
    locks = _locks(formation)
    positions, sizes, plan = _groups(formation, people=len(roster), locked=sorted(set(locks.values())))
    if plan is not None and not plan.is_possible:
        return WorkedOut(people=len(roster), plan=plan)
    groups = [grouping.Group(str(position), *sizes) for position in positions]
    drawn = draft(
        formation,
        roster=roster,
        groups=groups,
        locks={person: str(position) for person, position in locks.items()},
    )
    answer = solve(drawn.problem, seed=formation.seed, tell=tell)
    match answer:
        case grouping.Clash():
            return WorkedOut(people=len(roster), draft=drawn, clash=answer)
        case grouping.NotFound():
            return WorkedOut(people=len(roster), draft=drawn, proposal=answer.nearest)
    return WorkedOut(people=len(roster), draft=drawn, proposal=answer)


@dataclass(frozen=True)
class Standing:
    """A proposal as it stands now, with everything needed to score it again after a change by hand.

    `roster` holds whoever has a place, by id as text; `unplaced` counts the others.
    """

    draft: Draft
    assignment: Mapping[str, str]
    roster: Mapping[str, RosterRow]
    unplaced: int

    def score(self) -> grouping.Score:
        return grouping.score(self.draft.problem, self.assignment)

    def effect(self, person: str, *, to: str) -> grouping.Effect:
        """Return what it would do to put this person (id) into another community (id)."""
        return grouping.effect(self.draft.problem, self.assignment, person=person, to=to)

    def alternatives(self, person: str) -> tuple[float, tuple[grouping.Alternative, ...]]:
        """Return the score now, and with this person (id) in each of the other communities."""
        return grouping.alternatives(self.draft.problem, self.assignment, person=person)


def standing(formation: Formation, *, communities: Sequence[ProposedCommunity]) -> Standing:
    """Return a proposal as it stands, in three queries; people and groups by their ids as text.

    Locks are no rules here: they hold people while the rest is worked out, not against a hand.
    """
    assignment = assignment_of(formation)
    groups = [
        grouping.Group(str(each.pk), each.minimum, each.maximum, optional=each.minimum == 0)
        for each in communities
    ]
    roster = roster_of(formation.program_id)
    placed = [row for row in roster if row.pk in assignment]
    return Standing(
        draft=draft(formation, roster=placed, groups=groups, locks={}),
        assignment={str(person): str(community) for person, community in assignment.items()},
        roster={str(row.pk): row for row in placed},
        unplaced=len(roster) - len(placed),
    )


def _locks(formation: Formation) -> dict[str, int]:
    locked = formation.places.current().filter(Q(is_locked=True) | Q(moved_by_hand=True))
    return {
        str(enrollment): position
        for enrollment, position in locked.values_list("enrollment", "proposed_community__position")
    }


def _groups(
    formation: Formation, *, people: int, locked: list[int]
) -> tuple[list[int], tuple[int, int], grouping.GroupPlan | None]:
    """The positions of the groups, their smallest and largest size, and the plan when there is one."""
    if formation.is_whole_cohort:
        return [0], (0, max(1, people)), None
    plan = grouping.plan_groups(people, minimum=formation.minimum, maximum=formation.maximum)
    wanted = len(plan.sizes)
    others = [position for position in range(wanted) if position not in locked]
    positions = sorted([*locked, *others[: max(0, wanted - len(locked))]])
    return positions, (formation.minimum, formation.maximum), plan
