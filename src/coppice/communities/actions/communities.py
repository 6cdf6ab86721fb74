"""The frame of a community changes."""

from typing import Any

from django.db import transaction

from coppice.communities.models import Community
from coppice.history.actions import record


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
