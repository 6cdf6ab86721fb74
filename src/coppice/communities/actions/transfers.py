"""Somebody changes from one community to another of the same program, in one step."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities import notices
from coppice.communities.actions.invitations import Invitee, fill
from coppice.communities.actions.rows import current, note
from coppice.communities.errors import AlreadyThere, InvitationIsOver, OtherProgram
from coppice.communities.models import KNOWN_TO_MEMBERS, Community, Membership
from coppice.communities.signals import leadership_ended, membership_began
from coppice.notifications.actions import let_go

State = Membership.State


@transaction.atomic
def transfer(
    membership: Membership,
    *,
    to: Community,
    by: Any,
    reasons: Sequence[dict[str, Any]] = (),
    source: str = Membership.Source.SELF,
) -> Membership:
    """End a person's place here and give them one in another community; returns the new membership.

    Who is active is active there, who pauses goes on pausing, and who has yet to answer is invited there; a
    leader comes as a member. They get one mail, which takes the place of a welcome. Announces
    `membership_began` for who is active. Raises OtherProgram, InvitationIsOver for who is not here or where
    it is over, and AlreadyThere.
    """
    membership = current(membership)
    if membership.community.program_id != to.program_id:
        raise OtherProgram
    if not membership.is_here or to.ended_at is not None:
        raise InvitationIsOver
    there = Membership.objects.select_for_update().filter(community=to, person=membership.person_id).first()
    if there is not None and there.state in KNOWN_TO_MEMBERS:
        raise AlreadyThere
    state, origin = State(membership.state), membership.community
    _end(membership, by=by)
    there = there or Membership(community=to, person=membership.person)
    fill(there, Invitee(membership.enrollment, reasons), source)
    there.state = state
    there.joined_at = None if state == State.INVITED else timezone.now()
    there.save()
    there = current(there)
    if state == State.INVITED:
        note("membership.invited", there, by=by)
        notices.invitation(there, is_moved=True)
        return there
    note("membership.changed", there, by=by)
    notices.changed(there, origin=origin)
    if state == State.ACTIVE:
        membership_began.send(Membership, membership=there, by=by)
    return there


def _end(membership: Membership, *, by: Any) -> None:
    was_invited = membership.state == State.INVITED
    led = membership.is_leader and not was_invited
    membership.state = State.WITHDRAWN if was_invited else State.LEFT
    membership.ended_at = timezone.now()
    membership.role = Membership.Role.MEMBER
    membership.save(update_fields=["state", "ended_at", "role"])
    let_go(membership.person, list_key=membership.community.list_key)
    note("membership.withdrawn" if was_invited else "membership.left", membership, by=by)
    if led:
        leadership_ended.send(Membership, membership=membership, by=by)
