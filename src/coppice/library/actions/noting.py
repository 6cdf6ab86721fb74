"""What the record says of a thing that a community keeps."""

from coppice.communities.models import Membership
from coppice.history.actions import record
from coppice.library.models import Item
from coppice.library.practice_models import Practice


def note_down(verb: str, thing: Item | Practice, *, by: Membership | None) -> None:
    """Record a change; who said yes or no to their story is in no record."""
    record(
        verb,
        scope=thing.community.program.scope,
        by=by.person if by else None,
        subject=thing,
        called=str(thing.community),
        detail={"community": thing.community_id, "kind": thing.kind},
    )
