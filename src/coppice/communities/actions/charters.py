"""A community's charter: drafted, proposed, consented to or objected, worked through, and closed."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities import charter_notices as notices
from coppice.communities.actions.rows import note
from coppice.communities.charter_board import draft_of, lines_of_plan, poll_of
from coppice.communities.charter_models import PARTS, Charter, CharterDraft, Consent
from coppice.communities.errors import (
    CharterIsClosed,
    ClosesEarly,
    NotAMember,
    NothingSaid,
    ObjectionUnfounded,
    StaysClosed,
)
from coppice.communities.models import Community, Membership
from coppice.communities.plan_board import plan_of
from coppice.history.actions import record


@transaction.atomic
def draft(community: Community, *, by: Any, **parts: str) -> CharterDraft:
    """Write what the next charter says beside the plan; the same again changes nothing."""
    _hold(community)
    row = draft_of(community)
    if any(getattr(row, name) != text for name, text in parts.items()):
        for name, text in parts.items():
            setattr(row, name, text)
        row.save()
        _note("charter.drafted", community, by=by)
    return row


@transaction.atomic
def propose(community: Community, *, closes_on: date, by: Any) -> Charter:
    """Make a version of draft and plan as they are now, and ask every active member by mail.

    A version that is asked about gives way to it. `closes_on` is the last day to answer, by the community's
    clock. Raises NothingSaid for an empty one, ClosesEarly.
    """
    _hold(community)
    text, plan = draft_of(community), lines_of_plan(plan_of(community))
    if not plan and not any(getattr(text, name) for name in PARTS):
        raise NothingSaid
    if closes_on < timezone.localdate(timezone=community.zone):
        raise ClosesEarly
    community.charters.open().update(state=Charter.State.REPLACED, closed_at=timezone.now())
    last = community.charters.first()
    charter = Charter.objects.create(
        community=community,
        number=last.number + 1 if last else 1,
        plan=plan,
        closes_on=closes_on,
        **{name: getattr(text, name) for name in PARTS},
    )
    _note("charter.proposed", community, by=by, detail={"number": charter.number})
    for membership in _members(community):
        notices.charter_asked(charter, to=membership)
    return charter


@transaction.atomic
def consent(
    charter: Charter, *, membership: Membership, answer: str, by: Any, words: str = "", proposal: str = ""
) -> Consent:
    """Record what a member says about a version; leaders hear of an objection by mail.

    They may change it until it closes; a changed objection is worked through anew. Raises CharterIsClosed,
    NotAMember, ObjectionUnfounded for an objection without a reason.
    """
    charter = _current(charter)
    if not charter.is_open:
        raise CharterIsClosed
    if membership.state not in TAKING_PART or membership.community_id != charter.community_id:
        raise NotAMember
    objects = answer == Consent.Answer.OBJECT
    if objects and not words.strip():
        raise ObjectionUnfounded
    said = {"answer": answer, "words": words, "proposal": proposal if objects else ""}
    row = Consent.objects.filter(charter=charter, membership=membership).first()
    if row and all(getattr(row, name) == value for name, value in said.items()):
        return row
    row = row or Consent(charter=charter, membership=membership)
    for name, value in {**said, "way": "", "reply": "", "is_resolved": None}.items():
        setattr(row, name, value)
    row.answered_at = timezone.now()
    row.save()
    note("charter.answered", membership, by=by)
    if objects:
        for leader in _members(charter.community).filter(role=Membership.Role.LEADER):
            notices.objection_raised(row, to=leader)
    return row


@transaction.atomic
def work_through(objection: Consent, *, way: str, reply: str, by: Any) -> Consent:
    """Answer an objection with a change or a reason, and ask its writer by mail whether it is resolved.

    Another answer is asked about anew. Raises NothingSaid, CharterIsClosed.
    """
    row = _objection(objection)
    if not row.charter.is_open:
        raise CharterIsClosed
    if not reply.strip():
        raise NothingSaid
    if (row.way, row.reply) != (way, reply):
        row.way, row.reply, row.is_resolved = way, reply, None
        row.save(update_fields=["way", "reply", "is_resolved"])
        note("charter.objection_answered", row.membership, by=by)
        notices.objection_answered(row)
    return row


@transaction.atomic
def resolve(objection: Consent, *, is_resolved: bool, by: Any) -> Consent:
    """Record what the writer of an objection says about its answer. Raises CharterIsClosed."""
    row = _objection(objection)
    if not row.charter.is_open:
        raise CharterIsClosed
    if row.is_resolved != is_resolved:
        row.is_resolved = is_resolved
        row.save(update_fields=["is_resolved"])
        note(
            "charter.objection_resolved" if is_resolved else "charter.objection_stands", row.membership, by=by
        )
    return row


@transaction.atomic
def close(charter: Charter, *, by: Any) -> Charter:
    """End the time to answer: adopted when somebody agrees and no objection stands, else not.

    Leaders hear of it by mail. Twice changes nothing. `by` is None for the clock, whose closing stands.
    """
    charter = _current(charter)
    if not charter.is_open:
        return charter
    poll = poll_of(charter)
    charter.state = Charter.State.ADOPTED if poll.is_consent else Charter.State.NOT_ADOPTED
    charter.closed_at, charter.closed_by = timezone.now(), by
    charter.save(update_fields=["state", "closed_at", "closed_by"])
    verb = "charter.adopted" if poll.is_consent else "charter.not_adopted"
    record(
        verb,
        scope=charter.community.program.scope,
        by=by,
        subject=charter.community,
        detail={"number": charter.number, "answered": poll.answered, "standing": poll.standing},
    )
    for leader in _members(charter.community).filter(role=Membership.Role.LEADER):
        notices.charter_closed(charter, to=leader, answered=poll.answered, standing=poll.standing)
    return charter


@transaction.atomic
def reopen(charter: Charter, *, by: Any) -> Charter:
    """Let people answer again, because it was closed by mistake: for a short while, by who closed it.

    Leaders who have heard that it was closed hear this as well; what has not left yet does not leave. Open
    already, it stays as it is. Raises StaysClosed once the time for that or a last day is over, for anybody
    else, and where a newer version is there.
    """
    _hold(charter.community)
    charter = _current(charter)
    if charter.is_open:
        return charter
    today = timezone.localdate(timezone=charter.community.zone)
    is_latest = not charter.community.charters.filter(number__gt=charter.number).exists()
    if not is_latest or not charter.can_be_reopened_by(by) or charter.closes_on < today:
        raise StaysClosed
    notices.untell_closed(charter)
    told = notices.told_closed(charter)
    charter.state, charter.closed_at, charter.closed_by = Charter.State.PROPOSED, None, None
    charter.save(update_fields=["state", "closed_at", "closed_by"])
    _note("charter.reopened", charter.community, by=by, detail={"number": charter.number})
    for leader in _members(charter.community).filter(role=Membership.Role.LEADER, person__in=told):
        notices.charter_reopened(charter, to=leader)
    return charter


TAKING_PART = {Membership.State.ACTIVE, Membership.State.PAUSED}


def _members(community: Community) -> Any:
    return (
        Membership.objects.active()
        .filter(community=community)
        .select_related("community__program__provider", "enrollment", "person")
        .order_by("enrollment__name", "pk")
    )


def _current(charter: Charter) -> Charter:
    return (
        Charter.objects.select_for_update(of=("self",))
        .select_related("community__program__provider")
        .get(pk=charter.pk)
    )


def _objection(objection: Consent) -> Consent:
    return (
        Consent.objects.select_for_update(of=("self",))
        .select_related(
            "charter__community__program__provider",
            "membership__community__program__provider",
            "membership__enrollment",
            "membership__person",
        )
        .get(pk=objection.pk, answer=Consent.Answer.OBJECT)
    )


def _hold(community: Community) -> None:
    """Let nobody else change this charter until the transaction ends."""
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)


def _note(verb: str, community: Community, *, by: Any, detail: dict[str, Any] | None = None) -> None:
    record(verb, scope=community.program.scope, by=by, subject=community, detail=detail)
