"""Somebody who came late gets a place, without working everything out again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from coppice.communities import actions as communities
from coppice.communities.actions import Invitee
from coppice.communities.models import Community, Membership
from coppice.formation.actions.hands import keep_reasons, keep_scores
from coppice.formation.actions.rows import current, places_now
from coppice.formation.afterwards import circle_of
from coppice.formation.errors import BreaksRules, Full, HasPlace, NotProposed, OtherFormation
from coppice.formation.late import late_people
from coppice.formation.models import Formation, Place
from coppice.formation.proposing import standing
from coppice.history.actions import record
from coppice.programs.models import Enrollment
from engines import grouping


@transaction.atomic
def place_late(
    formation: Formation, *, places: Mapping[int, int], by: Any, despite_rules: bool = False
) -> int:
    """Give people who have no place one each: enrollment id -> community id; says how many.

    Before publication the communities are proposed ones, and nobody is told. After it they are communities,
    and everybody gets the invitation that the others got. Nobody else moves. All or nothing: raises HasPlace
    for somebody who is not late (any more), OtherFormation, Full, and BreaksRules when a rule that must hold
    is broken by it, unless `despite_rules`. NotProposed while there is nothing to be placed in.
    """
    formation = current(formation)
    if not (formation.can_change or formation.is_published):
        raise NotProposed
    people = {each.pk: each for each in late_people(formation).filter(pk__in=places)}
    if set(people) != set(places):
        raise HasPlace
    place = _invite if formation.is_published else _propose
    place(formation, people, places, by=by, despite_rules=despite_rules)
    return len(people)


def _invite(
    formation: Formation,
    people: Mapping[int, Enrollment],
    places: Mapping[int, int],
    *,
    by: Any,
    despite_rules: bool,
) -> None:
    circle = circle_of(formation, newcomers=people)
    if not {str(each) for each in places.values()} <= set(circle.proposed):
        raise OtherFormation
    sizes = circle.sizes.copy()
    for community in places.values():
        sizes[str(community)] += 1
    if any(sizes[str(each)] > circle.proposed[str(each)].maximum for each in places.values()):
        raise Full
    if not despite_rules and circle.outlook(places).broken:
        raise BreaksRules
    by_community: dict[int, list[int]] = {}
    for person, community in places.items():
        by_community.setdefault(community, []).append(person)
    founded = {each.pk: each for each in circle.communities}
    for community, here in by_community.items():
        invitees = [Invitee(people[each], circle.told_reasons(each, to=community)) for each in here]
        _tell(formation, founded[community], invitees, by=by)


def _tell(formation: Formation, community: Community, invitees: list[Invitee], *, by: Any) -> None:
    communities.invite(community, invitees=invitees, by=by, source=Membership.Source.ASSIGNED)
    for invitee in invitees:
        record(
            "formation.placed_late",
            scope=formation.program.scope,
            by=by,
            subject=community,
            about=invitee.enrollment.person,
        )


def _propose(
    formation: Formation,
    people: Mapping[int, Enrollment],
    places: Mapping[int, int],
    *,
    by: Any,
    despite_rules: bool,
) -> None:
    columns = {each.pk: each for each in formation.proposed_communities.all()}
    if not set(places.values()) <= set(columns):
        raise OtherFormation
    before = {str(each) for each in people}
    Place.objects.bulk_create(
        Place(
            proposal=formation.on_table,
            proposed_community=columns[community],
            enrollment=people[person],
            worked_out_position=columns[community].position,
            came_late=True,
        )
        for person, community in places.items()
    )
    stands = standing(formation, communities=list(columns.values()))
    sizes = [list(stands.assignment.values()).count(str(each)) for each in columns]
    if any(size > each.maximum for size, each in zip(sizes, columns.values(), strict=True)):
        raise Full
    effect = stands.board.effect({})
    without = {person: where for person, where in stands.assignment.items() if person not in before}
    known = {
        (each.code, each.rule, each.groups) for each in grouping.violations(stands.draft.problem, without)
    }
    news = [each for each in effect.violations if (each.code, each.rule, each.groups) not in known]
    if news and not despite_rules:
        raise BreaksRules
    keep_scores(formation, list(columns.values()), stands=stands, effect=effect)
    touched = set(places.values())
    keep_reasons(stands.draft, places=list(places_now(formation).filter(proposed_community__in=touched)))
    for person, community in places.items():
        record(
            "formation.placed_late",
            scope=formation.program.scope,
            by=by,
            subject=formation,
            about=people[person].person,
            detail={"to": columns[community].name},
        )
