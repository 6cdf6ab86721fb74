"""A community begins, and its frame changes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from coppice.communities.actions.invitations import Invitee, invite
from coppice.communities.models import Community, Membership
from coppice.communities.signals import community_formed
from coppice.history.actions import record
from coppice.programs.models import Program, Topic


@transaction.atomic
def found(
    program: Program,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    time_zone: str,
    by: Any,
    members: Sequence[Invitee] = (),
    topic: Topic | None = None,
    reason: str = "",
    purpose: str = "",
    asked: str = "",
    hours_per_month: Decimal | None = None,
    benefit: str = "",
) -> Community:
    """Begin a community in `program` and invite its `members`; announce it by `community_formed`.

    `time_zone` is an IANA name; `reason` and `benefit` are values of Community.Reason and Community.Benefit.
    Raises OtherProgram when somebody is not on the program's roster.
    """
    community = Community.objects.create(
        program=program,
        topic=topic,
        name=name,
        purpose=purpose,
        asked=asked,
        hours_per_month=hours_per_month,
        benefit=benefit,
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
        time_zone=time_zone,
    )
    record("community.formed", scope=program.scope, by=by, subject=community, detail={"people": len(members)})
    invite(community, invitees=members, by=by, source=Membership.Source.ASSIGNED)
    community_formed.send(Community, community=community, by=by)
    return community


@transaction.atomic
def edit(community: Community, *, by: Any, **frame: Any) -> Community:
    """Change fields of a community's frame and record which ones; equal values change nothing."""
    changed = sorted(name for name, value in frame.items() if getattr(community, name) != value)
    if not changed:
        return community
    for name in changed:
        setattr(community, name, frame[name])
    community.save(update_fields=changed)
    record(
        "community.edited",
        scope=community.program.scope,
        by=by,
        subject=community,
        detail={"changed": changed},
    )
    return community


@transaction.atomic
def set_stage(community: Community, *, stage: str, by: Any) -> Community:
    """Say in which stage of its life a community is; people decide that, never the clock."""
    before = community.stage
    if before == stage:
        return community
    community.stage = Community.Stage(stage)
    community.save(update_fields=["stage"])
    record(
        "community.stage_set",
        scope=community.program.scope,
        by=by,
        subject=community,
        detail={"from": before, "to": stage},
    )
    return community
