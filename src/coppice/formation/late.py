"""People who came onto the roster late, the places that suit them best, and gaps that others could fill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from coppice.communities.models import Membership
from coppice.formation import outcomes
from coppice.formation.afterwards import circle_of
from coppice.formation.models import Formation
from coppice.formation.problems import Draft, Facts, draft, groups_now
from coppice.formation.queries import assignment_of, facts_of, roster_of
from coppice.formation.rules import RosterRow
from coppice.programs.models import Enrollment
from engines import grouping

BEST = 3


@dataclass(frozen=True)
class Suggestion:
    """A place for somebody: `group` is a community (after publication) or a proposed one (before), by id.

    `before` and `after` are the group's own score of 100, without and with them (None for an empty group);
    `room` how many more it takes; `reasons` as a place keeps them; `broken` the rules that it would break, as
    formation.outcomes keeps violations.
    """

    group: int
    name: str
    before: int | None
    after: int
    room: int
    breaks: bool
    reasons: list[dict[str, Any]]
    broken: Sequence[Mapping[str, Any]] = ()

    @property
    def points(self) -> int:
        return self.after - self.before if self.before is not None else 0


@dataclass(frozen=True)
class Stand:
    """How a formation stands, before or after publication: who is where, and who has no place yet.

    Groups are proposed communities before, communities after it, by id as text; `names` calls them. The
    `draft` was drawn up with `facts`.
    """

    formation: Formation
    draft: Draft
    facts: Facts
    assignment: Mapping[str, str]
    roster: Mapping[str, RosterRow]
    names: Mapping[str, str]

    def best(self, enrollment_id: int) -> list[Suggestion]:
        """Return the three places that suit somebody best; fewer where there is less room."""
        found = self._openings(enrollment_id)
        return [self._suggestion(enrollment_id, opening) for opening in found[:BEST]]

    def together(self, enrollment_ids: Sequence[int]) -> dict[int, Suggestion]:
        """Return a place for each of several people, one after the other, each found beside those before.

        What it would do is told as `best` of this person alone tells it. Who finds no room, or no place that
        breaks nothing, is left out.
        """
        assignment, found = dict(self.assignment), {}
        for each in enrollment_ids:
            openings = grouping.openings(self.draft.problem, assignment, person=str(each))
            if openings and not openings[0].breaks:
                found[each] = self.alone(each).suggestion(each, openings[0].group)
                assignment[str(each)] = openings[0].group
        return found

    def alone(self, enrollment_id: int) -> "Stand":
        """Return how it stands with nobody to come but this person: what others may do counts for nothing."""
        here = {*self.assignment, str(enrollment_id)}
        rows = [row for person, row in self.roster.items() if person in here]
        groups = self.draft.problem.groups
        drawn = draft(self.formation, roster=rows, groups=groups, locks={}, facts=self.facts)
        return replace(self, draft=drawn)

    def suggestion(self, enrollment_id: int, group: str) -> Suggestion:
        """Return what a place with room would do."""
        [found] = [each for each in self._openings(enrollment_id) if each.group == group]
        return self._suggestion(enrollment_id, found)

    def _openings(self, enrollment_id: int) -> tuple[grouping.Opening, ...]:
        """Every place with room, the best first."""
        return grouping.openings(self.draft.problem, self.assignment, person=str(enrollment_id))

    def has_place(self, enrollment_id: int) -> bool:
        """Whether there is a place that breaks nothing, as long as nobody else is placed before."""
        found = self._openings(enrollment_id)
        return bool(found) and not found[0].breaks

    def reasons(self, enrollment_id: int, group: str) -> list[dict[str, Any]]:
        """Return why somebody would be in a group, beside those who are there."""
        here = {person: where for person, where in self.assignment.items() if where == group}
        told = grouping.explain(self.draft.problem, {**here, str(enrollment_id): group})
        [placement] = [each for each in told if each.person == str(enrollment_id)]
        return outcomes.reasons_of(placement)

    def _suggestion(self, enrollment_id: int, opening: grouping.Opening) -> Suggestion:
        is_empty = opening.group not in self.assignment.values()
        return Suggestion(
            group=int(opening.group),
            name=self.names[opening.group],
            before=None if is_empty else round(100 * opening.before),
            after=round(100 * opening.after),
            room=opening.room,
            breaks=opening.breaks,
            reasons=self.reasons(enrollment_id, opening.group),
            broken=self._broken(enrollment_id, opening.group) if opening.breaks else (),
        )

    def _broken(self, enrollment_id: int, group: str) -> list[dict[str, Any]]:
        """What a place would break that is not broken now."""
        problem, now = self.draft.problem, self.assignment
        known = {(each.code, each.rule, each.groups) for each in grouping.violations(problem, now)}
        after = grouping.violations(problem, {**now, str(enrollment_id): group})
        news = [each for each in after if (each.code, each.rule, each.groups) not in known]
        return [outcomes.violation_of(self.draft, each) for each in news]


def stand_of(formation: Formation, *, newcomers: Sequence[int]) -> Stand:
    """Return how a formation stands with these people (enrollment ids) still to come."""
    if formation.is_published:
        circle = circle_of(formation, newcomers=newcomers)
        names = {key: str(each.community) for key, each in circle.proposed.items()}
        return Stand(formation, circle.draft, circle.facts, circle.assignment, circle.roster, names)
    proposed = list(formation.proposed_communities.all())
    assignment = {str(person): str(where) for person, where in assignment_of(formation).items()}
    wanted = {*assignment, *map(str, newcomers)}
    roster = {str(row.pk): row for row in roster_of(formation.program_id) if str(row.pk) in wanted}
    facts = facts_of(formation)
    groups = groups_now({str(each.pk): each for each in proposed}, facts=facts)
    return Stand(
        formation,
        draft(formation, roster=list(roster.values()), groups=groups, locks={}, facts=facts),
        facts,
        {person: where for person, where in assignment.items() if person in roster},
        roster,
        {str(each.pk): each.name for each in proposed},
    )


def late_people(formation: Formation) -> QuerySet[Enrollment]:
    """Return who is on the roster and has no place: nobody who said no, left, or is in another community."""
    people = Enrollment.objects.current().filter(program=formation.program_id)
    if not formation.is_published:
        return people.exclude(pk__in=formation.places.values("enrollment")).order_by("pk")
    founded = formation.proposed_communities.exclude(community=None).values("community")
    asked = Membership.objects.filter(community__in=founded)
    elsewhere = Membership.objects.known_to_members().filter(
        community__program=formation.program_id, community__ended_at=None
    )
    return (
        people.exclude(pk__in=asked.values("enrollment"))
        .exclude(pk__in=elsewhere.values("enrollment"))
        .order_by("pk")
    )


def late_count(formation: Formation) -> int:
    """Return how many people have no place yet."""
    return late_people(formation).count()
