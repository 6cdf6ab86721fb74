"""What people change in a proposal by hand: who is where, who stays, who leads, which name it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from coppice.formation import outcomes
from coppice.formation.actions.rows import open_proposal, places_now
from coppice.formation.errors import Full, OtherFormation
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.problems import Draft
from coppice.formation.proposing import standing
from coppice.history.actions import record
from coppice.programs.models import Topic
from engines import grouping


@dataclass(frozen=True)
class Moved:
    """A move that was made: where the person was, the score (0 to 1) before and after, what it breaks.

    `broken` are violations as formation.outcomes keeps them, only those that were not there before.
    """

    place: Place
    origin: ProposedCommunity
    before: float
    after: float
    broken: tuple[Mapping[str, Any], ...] = ()


@transaction.atomic
def move(place: Place, *, to: ProposedCommunity, by: Any) -> Moved:
    """Put a person into another community of the proposal on the table; they no longer lead.

    Back where the engine had put them, they count as moved by nobody.
    Reasons and scores of both communities are worked out again. Other broken rules are told, not refused.
    Raises NotProposed, OtherFormation, and Full when the community has its largest size already.
    """
    formation = open_proposal(place.formation)
    if {place.proposal_id, to.proposal_id} != {formation.on_table_id}:
        raise OtherFormation
    place = places_now(formation).get(pk=place.pk)
    origin = place.proposed_community
    if origin.pk == to.pk:
        total = formation.outcome["total"]
        return Moved(place=place, origin=origin, before=total, after=total)
    if formation.places.current().filter(proposed_community=to).count() >= to.maximum:
        raise Full
    communities = list(formation.proposed_communities.all())
    stands = standing(formation, communities=communities)
    effect = stands.effect(str(place.enrollment_id), to=str(to.pk))
    place.proposed_community = to
    place.is_leader, place.moved_by_hand = False, to.position != place.worked_out_position
    place.save(update_fields=["proposed_community", "is_leader", "moved_by_hand"])
    _keep_scores(formation, communities, draft=stands.draft, effect=effect)
    _keep_reasons(
        stands.draft, places=list(places_now(formation).filter(proposed_community__in=[origin, to]))
    )
    record(
        "formation.person_moved",
        scope=formation.program.scope,
        by=by,
        subject=formation,
        about=place.enrollment.person,
        detail={"from": origin.name, "to": to.name},
    )
    return Moved(
        place=place,
        origin=origin,
        before=effect.before.total,
        after=effect.after.total,
        broken=tuple(outcomes.violation_of(stands.draft, violation) for violation in effect.broken),
    )


@transaction.atomic
def lock(place: Place, *, by: Any) -> Place:
    """Keep a person where they are when the rest is worked out again. Raises as `move` does, but for Full."""
    return _set(place, verb="formation.person_locked", by=by, is_locked=True)


@transaction.atomic
def unlock(place: Place, *, by: Any) -> Place:
    """Let a person move again when the rest is worked out. Raises NotProposed."""
    return _set(place, verb="formation.person_unlocked", by=by, is_locked=False)


@transaction.atomic
def give_lead(place: Place, *, by: Any) -> Place:
    """Choose a person to lead their community; several may. Raises NotProposed."""
    return _set(place, verb="formation.leader_chosen", by=by, is_leader=True)


@transaction.atomic
def take_lead(place: Place, *, by: Any) -> Place:
    """Make a chosen leader a member like the others. Raises NotProposed."""
    return _set(place, verb="formation.leader_unchosen", by=by, is_leader=False)


@transaction.atomic
def rename(
    proposed_community: ProposedCommunity, *, name: str, topic: Topic | None, by: Any
) -> ProposedCommunity:
    """Call a proposed community by another name, and say what it is about. Raises NotProposed."""
    formation = open_proposal(proposed_community.formation)
    if proposed_community.proposal_id != formation.on_table_id:
        raise OtherFormation
    proposed_community.name, proposed_community.topic = name, topic
    proposed_community.named_by_hand = True
    proposed_community.save(update_fields=["name", "topic", "named_by_hand"])
    record(
        "formation.community_named",
        scope=formation.program.scope,
        by=by,
        subject=formation,
        detail={"name": name},
    )
    return proposed_community


def _set(place: Place, *, verb: str, by: Any, **change: bool) -> Place:
    formation = open_proposal(place.formation)
    if place.proposal_id != formation.on_table_id:
        raise OtherFormation
    if all(getattr(place, name) == value for name, value in change.items()):
        return place
    for name, value in change.items():
        setattr(place, name, value)
    place.save(update_fields=list(change))
    record(verb, scope=formation.program.scope, by=by, subject=formation, about=place.enrollment.person)
    return place


def _keep_scores(
    formation: Formation, communities: list[ProposedCommunity], *, draft: Draft, effect: grouping.Effect
) -> None:
    proposal = formation.on_table
    assert proposal is not None  # a formation that can be changed has one
    proposal.outcome = {
        **proposal.outcome,
        "total": effect.after.total,
        "rules": outcomes.rule_scores(draft, effect.after),
        "broken": [outcomes.violation_of(draft, violation) for violation in effect.violations],
    }
    proposal.save(update_fields=["outcome"])
    scores = effect.after.groups
    changed = [each for each in communities if each.score != scores.get(str(each.pk))]
    for each in changed:
        each.score = scores.get(str(each.pk))
    ProposedCommunity.objects.bulk_update(changed, ["score"])


def _keep_reasons(draft: Draft, *, places: list[Place]) -> None:
    """Explain the places anew, from the people who are in these communities now."""
    here = {str(place.enrollment_id): str(place.proposed_community_id) for place in places}
    told = {
        placement.person: outcomes.reasons_of(placement, unanswered=draft.unanswered)
        for placement in grouping.explain(draft.problem, here)
    }
    for place in places:
        by_hand = outcomes.BY_HAND if place.moved_by_hand else ()
        place.reasons = [*by_hand, *told[str(place.enrollment_id)]]
    Place.objects.bulk_update(places, ["reasons"])
