"""What every change of a membership needs: the row as it is now, and its line in the record."""

from typing import Any

from coppice.communities.models import Membership
from coppice.history.actions import Happening, record


def current(membership: Membership) -> Membership:
    """Return the membership as the database has it, locked until the transaction ends."""
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("community__program__provider", "enrollment", "person")
        .get(pk=membership.pk)
    )


def note(verb: str, membership: Membership, *, by: Any) -> None:
    """Record that something happened to a membership."""
    told = happening(membership)
    record(
        verb,
        scope=membership.community.program.scope,
        by=by,
        subject=told.subject,
        called=told.called,
        about=told.about,
        detail=told.detail,
    )


def happening(membership: Membership) -> Happening:
    """Return what the record tells of a change of a membership."""
    return Happening(
        membership,
        called=str(membership.community),
        about=membership.person,
        detail={"community": membership.community_id, "state": membership.state, "role": membership.role},
    )
