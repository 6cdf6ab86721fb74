"""People are invited, and answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities import notices
from coppice.communities.actions.memberships import remove_leader
from coppice.communities.actions.rows import current, note
from coppice.communities.actions.words import say
from coppice.communities.errors import (
    AlreadyJoined,
    AnsweredAlready,
    AnswersThemself,
    InvitationIsOver,
    OtherProgram,
)
from coppice.communities.models import Community, InvitationWord, Membership
from coppice.communities.signals import leadership_began, leadership_ended, membership_began
from coppice.notifications.actions import let_go
from coppice.programs.models import Enrollment
from coppice.search.actions import mark_rows

State = Membership.State


class Answer(StrEnum):
    """What a person says to an invitation on paper or by phone."""

    ACCEPT = "accept"
    DECLINE = "decline"


AFTER = {Answer.ACCEPT: State.ACTIVE, Answer.DECLINE: State.DECLINED}


@dataclass(frozen=True)
class Invitee:
    """Somebody to be invited; `reasons` as [{"code": …, "parameters": {…}}], the engine's reasons in JSON."""

    enrollment: Enrollment
    reasons: Sequence[dict[str, Any]] = ()
    is_leader: bool = False


@transaction.atomic
def invite(
    community: Community,
    *,
    invitees: Sequence[Invitee],
    by: Any,
    source: str = Membership.Source.INVITED,
) -> list[Membership]:
    """Invite people of the program's roster; each gets one mail. Returns the memberships newly invited.

    Whoever is invited, active or pausing already is left as they are; whoever declined, left or was taken
    back is invited anew. Raises OtherProgram when somebody is not on the program's current roster.
    """
    if any(
        invitee.enrollment.program_id != community.program_id or invitee.enrollment.ended_at is not None
        for invitee in invitees
    ):
        raise OtherProgram
    by_person = {invitee.enrollment.person_id: invitee for invitee in invitees}
    known = {
        membership.person_id: membership
        for membership in community.memberships.select_for_update().filter(person__in=by_person)
    }
    again = [
        known[person_id]
        for person_id in by_person
        if person_id in known and known[person_id].state in {State.DECLINED, State.LEFT, State.WITHDRAWN}
    ]
    for membership in again:
        fill(membership, by_person[membership.person_id], source)
    new = [
        fill(Membership(community=community, person_id=person_id), invitee, source)
        for person_id, invitee in by_person.items()
        if person_id not in known
    ]
    Membership.objects.bulk_create(new)
    Membership.objects.bulk_update(
        again,
        ["enrollment", "role", "source", "state", "reasons", "invited_at", "joined_at", "ended_at"],
    )
    mark_rows([*again, *new])
    invited = list(
        Membership.objects.filter(pk__in=[membership.pk for membership in [*again, *new]])
        .select_related("community__program__provider", "enrollment", "person")
        .order_by("pk")
    )
    for membership in invited:
        note("membership.invited", membership, by=by)
        notices.invitation(membership)
    return invited


@transaction.atomic
def accept(membership: Membership, *, by: Any, without_leading: bool = False) -> Membership:
    """Make the person an active member in one step, from an invitation, a pause, or after they left.

    Who was asked to lead joins as its leader, or `without_leading` as a member like the others.
    Doing it twice changes nothing. Announces `membership_began`. Raises InvitationIsOver.
    """
    membership = current(membership)
    if without_leading and membership.is_leader and membership.is_open:
        membership = remove_leader(membership, by=by)
    if membership.state == State.ACTIVE:
        return membership
    if not membership.is_open:
        raise InvitationIsOver
    resumes = membership.state == State.PAUSED
    membership.state = State.ACTIVE
    membership.ended_at = None
    if not resumes:
        membership.joined_at = timezone.now()
    membership.save(update_fields=["state", "joined_at", "ended_at"])
    note("membership.resumed" if resumes else "membership.joined", membership, by=by)
    if not resumes:
        notices.welcome(membership)
    membership_began.send(Membership, membership=membership, by=by)
    if membership.is_leader:
        leadership_began.send(Membership, membership=membership, by=by)
    return membership


@transaction.atomic
def decline(membership: Membership, *, by: Any, why: str = "") -> Membership:
    """Say no to an invitation; `why` may stay empty. Somebody who had joined meanwhile leaves.

    Doing it twice changes nothing, nor does declining what was taken back.
    """
    membership = current(membership)
    if membership.state in {State.DECLINED, State.LEFT, State.WITHDRAWN}:
        return membership
    if why.strip():
        say(membership, words={InvitationWord.Kind.DECLINING: why}, by=by)
    was_invited = membership.state == State.INVITED
    led = membership.is_leader and not was_invited
    membership.state = State.DECLINED if was_invited else State.LEFT
    membership.ended_at = timezone.now()
    membership.role = Membership.Role.MEMBER
    membership.save(update_fields=["state", "ended_at", "role"])
    let_go(membership.person, list_key=membership.community.list_key)
    note("membership.declined" if was_invited else "membership.left", membership, by=by)
    if led:
        leadership_ended.send(Membership, membership=membership, by=by)
    return membership


@transaction.atomic
def record_answer(membership: Membership, *, answer: Answer, by: Any) -> Membership:
    """Record what a person answered on paper or by phone; `by` is the staff member who writes it down.

    The same answer twice changes nothing. Raises InvitationIsOver, AnsweredAlready for somebody who is not
    waiting to answer, and AnswersThemself for somebody whom mail reaches.
    """
    membership = current(membership)
    if membership.state == AFTER[answer]:
        return membership
    if not membership.is_open:
        raise InvitationIsOver
    if membership.state != State.INVITED:
        raise AnsweredAlready
    if membership.mail_address:
        raise AnswersThemself
    if answer is Answer.ACCEPT:
        return accept(membership, by=by)
    return decline(membership, by=by)


@transaction.atomic
def withdraw(membership: Membership, *, by: Any) -> Membership:
    """Take an invitation back; its link then says so. Raises AlreadyJoined for somebody who is in."""
    membership = current(membership)
    if membership.state in {State.ACTIVE, State.PAUSED}:
        raise AlreadyJoined
    if membership.state == State.WITHDRAWN:
        return membership
    membership.state = State.WITHDRAWN
    membership.ended_at = timezone.now()
    membership.save(update_fields=["state", "ended_at"])
    let_go(membership.person, list_key=membership.community.list_key)
    note("membership.withdrawn", membership, by=by)
    return membership


def fill(membership: Membership, invitee: Invitee, source: str) -> Membership:
    """Make a membership, saved or not, one that waits for the person's answer."""
    membership.enrollment = invitee.enrollment
    membership.role = Membership.Role.LEADER if invitee.is_leader else Membership.Role.MEMBER
    membership.source = Membership.Source(source)
    membership.state = State.INVITED
    membership.reasons = list(invitee.reasons)
    membership.invited_at = timezone.now()
    membership.joined_at = membership.ended_at = None
    return membership
