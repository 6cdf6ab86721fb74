"""What people change in a proposal by hand: who is where, who stays, who leads, which name it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from coppice.formation import outcomes
from coppice.formation.actions.rows import open_proposal, places_now
from coppice.formation.errors import BreaksRules, Full, OtherFormation, StaysHere
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.outcomes import breaks_rules
from coppice.formation.problems import Draft
from coppice.formation.proposing import Standing, standing
from coppice.history.actions import record
from coppice.programs.models import Topic
from engines import grouping


@dataclass(frozen=True)
class Moved:
    """A change that was made: where the person was, the score (0 to 1) before and after, what it breaks.

    `points` of 100 is what the two communities win or lose together, as the panel tells it before.
    `broken` are violations as formation.outcomes keeps them, only those that were not there before;
    `partner` is the place of whoever changed places with them; `stands` the proposal as it stands then.
    """

    place: Place
    origin: ProposedCommunity
    before: float
    after: float
    points: int = 0
    broken: tuple[Mapping[str, Any], ...] = ()
    partner: Place | None = None
    stands: Standing | None = None


@transaction.atomic
def move(
    place: Place, *, to: ProposedCommunity, by: Any, despite_rules: bool = False, despite_lock: bool = False
) -> Moved:
    """Put a person into another community of the proposal on the table; they no longer lead.

    Back where the engine had put them, they count as moved by nobody. Whoever is locked stays so, there.
    Reasons and scores of both communities are worked out again. To leave too few somewhere is told, not
    refused. Raises NotProposed, OtherFormation, Full when the community has its largest size already,
    StaysHere for somebody locked, unless `despite_lock`, and BreaksRules when a rule that must hold is broken
    by it, unless `despite_rules`.
    """
    formation = open_proposal(place.formation)
    if {place.proposal_id, to.proposal_id} != {formation.on_table_id}:
        raise OtherFormation
    place = places_now(formation).get(pk=place.pk)
    origin = place.proposed_community
    if origin.pk == to.pk:
        return _unmoved(formation, place)
    if formation.places.current().filter(proposed_community=to).count() >= to.maximum:
        raise Full
    _check_locks(place, despite_lock=despite_lock)
    return _rearrange(formation, {place: to}, by=by, despite_rules=despite_rules)


@transaction.atomic
def swap(
    place: Place, *, partner: Place, by: Any, despite_rules: bool = False, despite_lock: bool = False
) -> Moved:
    """Have two people of one proposal take each other's place; neither leads any longer.

    As `move` otherwise, but full communities stay as full as they are. Two of one community change nothing.
    Raises NotProposed, OtherFormation for somebody of another proposal, or who left the roster, and
    BreaksRules, and StaysHere where one of the two is locked.
    """
    formation = open_proposal(place.formation)
    both = places_now(formation).in_bulk([place.pk, partner.pk])
    if len(both) < len({place.pk, partner.pk}):
        raise OtherFormation
    place, partner = both[place.pk], both[partner.pk]
    origin, goal = place.proposed_community, partner.proposed_community
    if origin.pk == goal.pk:
        return _unmoved(formation, place)
    _check_locks(place, partner, despite_lock=despite_lock)
    return _rearrange(formation, {place: goal, partner: origin}, by=by, despite_rules=despite_rules)


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
def lock_community(proposed_community: ProposedCommunity, *, by: Any) -> int:
    """Keep everybody in a community where they are when the rest is worked out again. Raises NotProposed.

    Returns how many were not locked before.
    """
    return _set_all(proposed_community, verb="formation.community_locked", by=by, is_locked=True)


@transaction.atomic
def unlock_community(proposed_community: ProposedCommunity, *, by: Any) -> int:
    """Let everybody in a community move again; returns how many were locked. Raises NotProposed."""
    return _set_all(proposed_community, verb="formation.community_unlocked", by=by, is_locked=False)


@transaction.atomic
def rename(
    proposed_community: ProposedCommunity, *, name: str, topic: Topic | None, purpose: str = "", by: Any
) -> ProposedCommunity:
    """Call a proposed community by another name, say what it is about and what for. Raises NotProposed."""
    formation = open_proposal(proposed_community.formation)
    if proposed_community.proposal_id != formation.on_table_id:
        raise OtherFormation
    proposed_community.name, proposed_community.topic = name, topic
    proposed_community.purpose, proposed_community.named_by_hand = purpose, True
    proposed_community.save(update_fields=["name", "topic", "purpose", "named_by_hand"])
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


def _set_all(proposed_community: ProposedCommunity, *, verb: str, by: Any, is_locked: bool) -> int:
    formation = open_proposal(proposed_community.formation)
    if proposed_community.proposal_id != formation.on_table_id:
        raise OtherFormation
    here = formation.places.current().filter(proposed_community=proposed_community)
    changed = here.filter(is_locked=not is_locked).update(is_locked=is_locked)
    if changed:
        detail = {"name": proposed_community.name}
        record(verb, scope=formation.program.scope, by=by, subject=formation, detail=detail)
    return changed


def _check_locks(*places: Place, despite_lock: bool) -> None:
    """Raise StaysHere if one of these is locked, unless that is known."""
    locked = [str(each.enrollment) for each in places if each.is_locked]
    if locked and not despite_lock:
        raise StaysHere(locked)


def _unmoved(formation: Formation, place: Place) -> Moved:
    total = formation.outcome["total"]
    return Moved(place=place, origin=place.proposed_community, before=total, after=total)


def _rearrange(
    formation: Formation, goals: Mapping[Place, ProposedCommunity], *, by: Any, despite_rules: bool
) -> Moved:
    """Put each of these people where they are to go; scores and reasons of all communities touched follow."""
    communities = list(formation.proposed_communities.all())
    stands = standing(formation, communities=communities)
    moves = {str(each.enrollment_id): str(to.pk) for each, to in goals.items()}
    effect = stands.board.effect(moves)
    broken = tuple(outcomes.violation_of(stands.draft, each) for each in effect.broken)
    if breaks_rules(broken) and not despite_rules:
        raise BreaksRules(broken)
    origins = {place: place.proposed_community for place in goals}
    for place, to in goals.items():
        place.proposed_community = to
        place.is_leader, place.moved_by_hand = False, to.position != place.worked_out_position
        place.save(update_fields=["proposed_community", "is_leader", "moved_by_hand"])
    keep_scores(formation, communities, stands=stands, effect=effect)
    touched = [*origins.values(), *goals.values()]
    keep_reasons(stands.draft, places=list(places_now(formation).filter(proposed_community__in=touched)))
    for place, to in goals.items():
        record(
            "formation.person_moved",
            scope=formation.program.scope,
            by=by,
            subject=formation,
            about=place.enrollment.person,
            detail={"from": origins[place].name, "to": to.name},
        )
    place, *partners = goals
    return Moved(
        place=place,
        origin=origins[place],
        before=effect.before.total,
        after=effect.after.total,
        points=stands.points(effect.after.total - effect.before.total, moves),
        broken=broken,
        partner=partners[0] if partners else None,
        stands=stands.after(moves),
    )


def keep_scores(
    formation: Formation, communities: list[ProposedCommunity], *, stands: Standing, effect: grouping.Effect
) -> None:
    """Keep the scores, and the rules that are broken, as they are after a change to how it `stands`."""
    draft = stands.draft
    by_community = {each.group: outcomes.scores_by_rule(draft, each.scores) for each in effect.reports}
    proposal = formation.on_table
    assert proposal is not None  # a formation that can be changed has one
    proposal.outcome = {
        **proposal.outcome,
        "total": effect.after.total,
        "bounded": outcomes.bounded_after(
            proposal.outcome.get("bounded"), effect.after, roster=stands.roster_mark
        ),
        "rules": outcomes.rule_scores(draft, effect.after),
        "communities": {**proposal.outcome.get("communities", {}), **by_community},
        "unnamed": outcomes.unnamed_scores(
            draft, {name: aim.mean for name, aim in effect.after.aims.items()}
        ),
        "unnamed_in": {
            **proposal.outcome.get("unnamed_in", {}),
            **{each.group: outcomes.unnamed_scores(draft, each.scores) for each in effect.reports},
        },
        "broken": [outcomes.violation_of(draft, violation) for violation in effect.violations],
    }
    proposal.save(update_fields=["outcome"])
    scores = effect.after.groups
    changed = [each for each in communities if each.score != scores.get(str(each.pk))]
    for each in changed:
        each.score = scores.get(str(each.pk))
    ProposedCommunity.objects.bulk_update(changed, ["score"])


def keep_reasons(draft: Draft, *, places: list[Place]) -> None:
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
