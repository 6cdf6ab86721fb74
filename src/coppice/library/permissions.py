"""Who may do what in a community's library."""

from typing import Any

from coppice.communities.models import Community, Membership
from coppice.communities.permissions import LEADING, can_lead, can_take_part
from coppice.communities.plan_models import PlanFrame
from coppice.library.models import Folder, Item, Upload


def can_read_item(person: Any, item: Item) -> bool:
    """Say whether this person may read an item: who takes part in its community, and staff of its program."""
    return can_take_part(person, item.community)


def can_add(person: Any, community: Community) -> bool:
    """Say whether this person may add: active members, unless the rules leave it to whoever leads."""
    membership = adding_as(person, community)
    return membership is not None and may_add(membership, rules_for(community))


def may_add(membership: Membership, frame: PlanFrame) -> bool:
    """Say the same of an active member, by rules that are at hand."""
    return membership.is_leader or frame.library_adders != PlanFrame.Adders.LEADERS


def can_edit_item(person: Any, item: Item) -> bool:
    """Say whether this person may change an item or throw it away: who added it, and who leads."""
    community = item.community
    if community.ended_at is not None:
        return False
    if LEADING.ask(person=person.pk, community=community.pk):
        return True
    author = item.added_by
    return author is not None and author.person_id == person.pk and author.state == Membership.State.ACTIVE


def can_keep_folder(person: Any, folder: Folder) -> bool:
    """Say whether this person may rename a folder or do without it: who leads, and staff."""
    return can_lead(person, folder.community)


def owns_upload(person: Any, upload: Upload) -> bool:
    """Say whether a file on its way is this person's own."""
    return upload.membership.person_id == person.pk


def adding_as(person: Any, community: Community) -> Membership | None:
    """Return the active membership by which a person would add something; None where there is none."""
    if community.ended_at is not None:
        return None
    # The door asks this, and then the page about the same community: it is looked up once.
    known = community.__dict__.setdefault("adding_as", {})
    if person.pk not in known:
        memberships = Membership.objects.active().select_related("person", "enrollment")
        known[person.pk] = memberships.filter(community=community, person=person.pk).first()
    membership: Membership | None = known[person.pk]
    if membership is not None:
        membership.community = community
    return membership


def rules_for(community: Community) -> PlanFrame:
    """Return the frame that holds a community's rules; an empty one where nothing is agreed."""
    return getattr(community, "plan_frame", None) or PlanFrame(community=community)
