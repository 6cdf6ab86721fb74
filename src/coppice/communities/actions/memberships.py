"""Members pause, leave, and lead; joining and coming back is `accept`."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities import notices
from coppice.communities.actions.rows import current, note
from coppice.communities.errors import InvitationIsOver, NotAMember
from coppice.communities.models import Community, Membership
from coppice.communities.signals import leadership_began, leadership_ended, membership_began
from coppice.notifications.actions import let_go
from coppice.programs.models import Enrollment

State = Membership.State


@transaction.atomic
def pause(membership: Membership, *, by: Any) -> Membership:
    """Let a member rest: they keep their place and get no mail. Raises NotAMember for somebody not in."""
    membership = current(membership)
    if membership.state == State.PAUSED:
        return membership
    if membership.state != State.ACTIVE:
        raise NotAMember
    membership.state = State.PAUSED
    membership.save(update_fields=["state"])
    note("membership.paused", membership, by=by)
    return membership


@transaction.atomic
def leave(membership: Membership, *, by: Any) -> Membership:
    """Let a member go, no reason asked; a leader's role ends with it. Doing it twice changes nothing."""
    membership = current(membership)
    if membership.state not in {State.ACTIVE, State.PAUSED}:
        return membership
    led = membership.is_leader
    membership.state = State.LEFT
    membership.ended_at = timezone.now()
    membership.role = Membership.Role.MEMBER
    membership.save(update_fields=["state", "ended_at", "role"])
    let_go(membership.person, list_key=membership.community.list_key)
    note("membership.left", membership, by=by)
    if led:
        leadership_ended.send(Membership, membership=membership, by=by)
    return membership


@transaction.atomic
def take_in(community: Community, enrollment: Enrollment, *, by: Any) -> Membership | None:
    """Make somebody a member at once, because of what they do elsewhere in the program; no mail says so.

    Who once left or declined is not taken in again: that was their own word, and the answer is None. Doing it
    twice changes nothing. Announces `membership_began`.
    """
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .filter(community=community, person=enrollment.person_id)
        .first()
    )
    if membership is not None and membership.state in {State.ACTIVE, State.PAUSED}:
        return membership
    if membership is not None and membership.state in {State.LEFT, State.DECLINED}:
        return None
    membership = membership or Membership(community=community, person_id=enrollment.person_id)
    membership.enrollment = enrollment
    membership.role = Membership.Role.MEMBER
    membership.source = Membership.Source.ASSIGNED
    membership.state = State.ACTIVE
    membership.joined_at = timezone.now()
    membership.ended_at = None
    membership.save()
    membership = current(membership)
    note("membership.joined", membership, by=by)
    membership_began.send(Membership, membership=membership, by=by)
    return membership


@transaction.atomic
def take_out(membership: Membership, *, by: Any) -> bool:
    """End a membership whose reason is gone; say whether it was one. `take_in` may make it anew."""
    membership = current(membership)
    if membership.state not in {State.INVITED, State.ACTIVE, State.PAUSED}:
        return False
    membership.state = State.WITHDRAWN
    membership.ended_at = timezone.now()
    membership.save(update_fields=["state", "ended_at"])
    note("membership.withdrawn", membership, by=by)
    return True


@transaction.atomic
def make_leader(membership: Membership, *, by: Any) -> Membership:
    """Make somebody a leader; who has yet to accept the invitation is asked by mail to lead as well.

    Raises InvitationIsOver for who is gone.
    """
    led_before = membership.is_leader
    membership = _set_role(membership, Membership.Role.LEADER, verb="membership.made_leader", by=by)
    if not led_before and membership.state == State.INVITED:
        notices.asked_to_lead(membership)
    return membership


@transaction.atomic
def remove_leader(membership: Membership, *, by: Any) -> Membership:
    """Make a leader a member like the others."""
    return _set_role(membership, Membership.Role.MEMBER, verb="membership.made_member", by=by)


def _set_role(membership: Membership, role: str, *, verb: str, by: Any) -> Membership:
    membership = current(membership)
    if membership.state not in {State.INVITED, State.ACTIVE, State.PAUSED}:
        raise InvitationIsOver
    if membership.role == role:
        return membership
    membership.role = Membership.Role(role)
    membership.save(update_fields=["role"])
    note(verb, membership, by=by)
    if membership.is_leader and membership.state == State.ACTIVE:
        leadership_began.send(Membership, membership=membership, by=by)
    if not membership.is_leader and membership.state != State.INVITED:  # who pauses leads until then as well
        leadership_ended.send(Membership, membership=membership, by=by)
    return membership
