"""A proposal becomes communities, and everyone in it is invited."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities import actions as communities
from coppice.communities.models import Community
from coppice.formation.actions.rows import current, open_proposal
from coppice.formation.errors import NobodyPlaced, NotProposed, OtherSince, StillBroken
from coppice.formation.frames import Frame
from coppice.formation.models import Decider, Formation, ProposedCommunity
from coppice.formation.queries import mark_on_table
from coppice.history.actions import record
from coppice.lib.jobs import after_commit
from coppice.programs.models import Enrollment

State = Formation.State


@transaction.atomic
def keep_frame(
    formation: Formation,
    *,
    frame: Frame,
    by: Any,
    swaps_until: date | None = None,
    swaps_decided_by: str = Decider.MANAGER,
) -> Formation:
    """Keep what the communities of a proposal will begin with, to be looked at before anything is sent.

    `swaps_until` is the last day on which people may ask to change; `swaps_decided_by` a value of Decider.
    The same again changes nothing. Raises NotProposed.
    """
    formation = open_proposal(formation)
    swaps = swaps_until, Decider(swaps_decided_by)
    if (formation.frame, formation.swaps_until, formation.swaps_decided_by) == (frame.as_json(), *swaps):
        return formation
    formation.frame = frame.as_json()
    formation.swaps_until, formation.swaps_decided_by = swaps
    formation.save(update_fields=["frame", "swaps_until", "swaps_decided_by"])
    record("formation.frame_kept", scope=formation.program.scope, by=by, subject=formation)
    return formation


@transaction.atomic
def ask_to_publish(
    formation: Formation,
    *,
    frame: Frame,
    by: Any,
    swaps_until: date | None = None,
    swaps_decided_by: str = Decider.MANAGER,
    seen: str | None = None,
    despite_rules: bool = False,
) -> Formation:
    """Have a proposal published once this is committed; from now on nothing in it changes by hand.

    `swaps_until` is the last day, by the program's clock, on which people may ask to change (None: nobody
    asks); `swaps_decided_by` a value of Decider. `seen` is queries.mark_on_table as it was when somebody
    looked at it. Asking again changes nothing. Raises NotProposed before there is a proposal, NobodyPlaced
    when it is empty, OtherSince when it is not what was seen, and StillBroken when a rule that must hold is
    broken in it, unless it is published `despite_rules`.
    """
    formation = current(formation)
    if formation.state in {State.PUBLISHING, State.PUBLISHED}:
        return formation
    if not formation.can_change:
        raise NotProposed
    if not formation.places.current().exists():
        raise NobodyPlaced
    if seen not in {None, mark_on_table(formation)}:
        raise OtherSince
    broken = formation.outcome["broken"]
    if broken and not despite_rules:
        raise StillBroken
    formation.state, formation.frame = State.PUBLISHING, frame.as_json()
    formation.asked_at, formation.published_by, formation.failed_at = timezone.now(), by, None
    formation.swaps_until, formation.swaps_decided_by = swaps_until, Decider(swaps_decided_by)
    formation.save(
        update_fields=[
            "state",
            "frame",
            "asked_at",
            "published_by",
            "failed_at",
            "swaps_until",
            "swaps_decided_by",
        ]
    )
    detail = {"broken_rules": len(broken)} if broken else {}
    record(
        "formation.publication_asked", scope=formation.program.scope, by=by, subject=formation, detail=detail
    )
    after_commit("coppice.formation.tasks.publish", formation_id=formation.pk)
    return formation


@transaction.atomic
def publish(formation: Formation, *, ready: Mapping[int, communities.Founding]) -> list[Community]:
    """Found every proposed community that has people, invite these, and close the proposal, all or nothing.

    `ready` is what formation.publishing made ready; whoever left the roster since is not invited. Returns the
    communities in the proposal's order; publishing again returns the same and does nothing more. When nobody
    is left, the proposal is open again. Raises NotProposed when nobody asked for it.
    """
    formation = current(formation)
    if formation.is_published:
        return _founded(formation)
    if formation.state != State.PUBLISHING:
        raise NotProposed
    here = set(Enrollment.objects.current().filter(program=formation.program_id).values_list("pk", flat=True))
    foundings = {pk: kept for pk, each in ready.items() if (kept := each.keeping(here)).invited}
    if not foundings:
        formation.state = State.PROPOSED
        formation.save(update_fields=["state"])
        return []
    founded = communities.found_all(list(foundings.values()), by=formation.published_by)
    by_proposed = dict(zip(foundings, founded, strict=True))
    proposed = list(formation.proposed_communities.filter(pk__in=by_proposed))
    for each in proposed:
        each.community = by_proposed[each.pk]
    ProposedCommunity.objects.bulk_update(proposed, ["community"])
    formation.state, formation.published_at = State.PUBLISHED, timezone.now()
    formation.save(update_fields=["state", "published_at"])
    record(
        "formation.published",
        scope=formation.program.scope,
        by=formation.published_by,
        subject=formation,
        detail={
            "communities": len(founded),
            "people": sum(len(each.invited) for each in foundings.values()),
        },
    )
    return founded


def _founded(formation: Formation) -> list[Community]:
    rows = formation.proposed_communities.exclude(community=None)
    return [row.community for row in rows.select_related("community") if row.community is not None]
