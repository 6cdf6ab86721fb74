"""A formation as it stands after its publication: who is where by now, and what a change would do to it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coppice.communities.models import KNOWN_TO_MEMBERS, Community, Membership, MembershipQuerySet
from coppice.formation import outcomes
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.problems import Draft, Facts, draft, groups_now
from coppice.formation.publishing import reasons_told_in
from coppice.formation.queries import facts_of, roster_of
from coppice.formation.rules import RosterRow
from engines import grouping


@dataclass(frozen=True)
class Outlook:
    """What a change would do: points (of 100) that the communities touched win or lose together, in all and
    by the place of a rule, and the rules that must hold and would be broken by it.

    `broken` are violations as formation.outcomes keeps them; groups are communities by id as text.
    """

    points: int
    by_rule: Mapping[int, int]
    broken: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Circle:
    """Everybody who has a place after publication, by enrollment id as text, and where: groups are the ids of
    communities as text. `roster` has them, and whoever is to come; `facts` are what the `draft` was drawn up
    with.
    """

    formation: Formation
    proposed: Mapping[str, ProposedCommunity]
    memberships: Mapping[str, Membership]
    roster: Mapping[str, RosterRow]
    draft: Draft
    facts: Facts

    @cached_property
    def assignment(self) -> dict[str, str]:
        return {person: str(each.community_id) for person, each in self.memberships.items()}

    @cached_property
    def board(self) -> grouping.Board:
        """The grouping laid out once, to be asked what changes would do."""
        return grouping.Board(self.draft.problem, self.assignment)

    @cached_property
    def sizes(self) -> Counter[str]:
        return Counter(self.assignment.values())

    @property
    def communities(self) -> list[Community]:
        """The communities that the formation founded and that still live, in its order."""
        return [community_of(each) for each in self.proposed.values()]

    def room_in(self, community_id: int) -> int:
        """How many more people a community may take."""
        key = str(community_id)
        return max(0, self.proposed[key].maximum - self.sizes[key])

    def outlook(self, moves: Mapping[int, int]) -> Outlook:
        """Return what it would do to put people (enrollment ids) into communities (ids), all at once."""
        by_name = {str(person): str(community) for person, community in moves.items()}
        effect = self.board.effect(by_name)
        touched = {*by_name.values(), *(self.assignment[each] for each in by_name if each in self.assignment)}
        share = len(self.assignment) / max(1, sum(self.sizes[each] for each in touched))
        before, after = (outcomes.rule_scores(self.draft, each) for each in (effect.before, effect.after))
        by_rule = {int(key): round(100 * share * (after[key] - before.get(key, 0.0))) for key in after}
        return Outlook(
            points=round(100 * share * (effect.after.total - effect.before.total)),
            by_rule={place: points for place, points in by_rule.items() if points},
            broken=tuple(outcomes.violation_of(self.draft, each) for each in effect.broken),
        )

    def reasons(self, enrollment_id: int, *, to: int, without: Iterable[int] = ()) -> list[dict[str, Any]]:
        """Return why somebody (enrollment id) would be in a community (id), once others have left it."""
        here = self._beside(enrollment_id, to=to, without=without)
        told = grouping.explain(self.draft.problem, here)
        [placement] = [each for each in told if each.person == str(enrollment_id)]
        return outcomes.reasons_of(placement)

    def told_reasons(
        self, enrollment_id: int, *, to: int, without: Iterable[int] = ()
    ) -> list[dict[str, Any]]:
        """The same, without what the person may not read."""
        reasons = self.reasons(enrollment_id, to=to, without=without)
        people = len(self._beside(enrollment_id, to=to, without=without))
        return reasons_told_in(self.formation)(Place(reasons=reasons), people)

    def _beside(self, enrollment_id: int, *, to: int, without: Iterable[int]) -> dict[str, str]:
        """Somebody and whoever would be in a community with them."""
        gone = {str(each) for each in without}
        here = {
            person: group
            for person, group in self.assignment.items()
            if group == str(to) and person not in gone
        }
        return {**here, str(enrollment_id): str(to)}


def circle_of(formation: Formation, *, newcomers: Iterable[int] = ()) -> Circle:
    """Return how a published formation stands; `newcomers` (enrollment ids) have no place.

    In four queries, and one more for topics or earlier communities where the rules are about them.

    Whoever declined, left or is off the roster is not in it, nor are communities that have ended.
    """
    proposed = proposed_of(formation)
    memberships = {
        str(each.enrollment_id): each
        for each in members_of(formation).select_related("enrollment", "person", "community__program")
    }
    wanted = {*memberships, *map(str, newcomers)}
    roster = {str(row.pk): row for row in roster_of(formation.program_id) if str(row.pk) in wanted}
    facts = facts_of(formation)
    groups = groups_now(proposed, facts=facts)
    return Circle(
        formation=formation,
        proposed=proposed,
        memberships={person: each for person, each in memberships.items() if person in roster},
        roster=roster,
        draft=draft(formation, roster=list(roster.values()), groups=groups, locks={}, facts=facts),
        facts=facts,
    )


def proposed_of(formation: Formation) -> dict[str, ProposedCommunity]:
    """Return the proposed communities that became living communities, by the community's id as text."""
    rows = formation.proposed_communities.filter(community__ended_at=None).exclude(community=None)
    return {
        str(each.community_id): each
        for each in rows.select_related("community__program__provider", "community__topic")
    }


def members_of(formation: Formation) -> MembershipQuerySet:
    """Return the places of people who are invited to, or in, a living community of a published formation."""
    founded = formation.proposed_communities.exclude(community=None)
    return Membership.objects.filter(
        community__in=founded.values("community"),
        community__ended_at=None,
        state__in=KNOWN_TO_MEMBERS,
        enrollment__ended_at=None,
    )


def community_of(proposed: ProposedCommunity) -> Community:
    """Return the community that a proposed one became; only where there is one."""
    assert proposed.community is not None
    return proposed.community
