"""A proposal becomes communities, and everyone in it is invited."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities import actions as communities
from coppice.communities.models import Community
from coppice.formation.actions.rows import current
from coppice.formation.errors import NobodyPlaced, NotProposed
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.queries import places_of
from coppice.history.actions import record


@transaction.atomic
def publish(
    formation: Formation,
    *,
    starts_on: date,
    ends_on: date,
    by: Any,
    hours_per_month: Decimal | None = None,
    asked: str = "",
    purpose: str = "",
    benefit: str = "",
) -> list[Community]:
    """Found every proposed community that has people, invite these, and close the proposal, all or nothing.

    Returns the communities in the proposal's order; publishing again returns the same and does nothing more.
    `benefit` is a value of Community.Benefit; hours are what is asked of one person in a month.
    Raises NotProposed before there is a proposal, NobodyPlaced when it is empty.
    """
    formation = current(formation)
    if formation.is_published:
        return _founded(formation)
    if not formation.can_change:
        raise NotProposed
    places = places_of(formation)
    if not places:
        raise NobodyPlaced
    for proposed in formation.proposed_communities.select_related("topic"):
        here = [place for place in places if place.proposed_community_id == proposed.pk]
        if here:
            proposed.community = communities.found(
                formation.program,
                name=proposed.name,
                topic=proposed.topic,
                starts_on=starts_on,
                ends_on=ends_on,
                time_zone=formation.program.time_zone,
                members=[_invitee(place) for place in here],
                reason=formation.reason,
                purpose=purpose,
                asked=asked,
                hours_per_month=hours_per_month,
                benefit=benefit,
                by=by,
            )
            proposed.save(update_fields=["community"])
    formation.state = Formation.State.PUBLISHED
    formation.published_at = timezone.now()
    formation.save(update_fields=["state", "published_at"])
    founded = _founded(formation)
    record(
        "formation.published",
        scope=formation.program.scope,
        by=by,
        subject=formation,
        detail={"communities": len(founded), "people": len(places)},
    )
    return founded


def _invitee(place: Place) -> communities.Invitee:
    return communities.Invitee(enrollment=place.enrollment, reasons=place.reasons, is_leader=place.is_leader)


def _founded(formation: Formation) -> list[Community]:
    rows = ProposedCommunity.objects.filter(formation=formation).exclude(community=None)
    return [row.community for row in rows.select_related("community") if row.community is not None]
