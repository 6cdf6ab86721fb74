"""What calendar programs answer to an invitation, recorded as the member's own answer."""

import re
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from coppice.communities.models import Membership
from coppice.meetings import errors, notices
from coppice.meetings.actions.meetings import reply as record_reply
from coppice.meetings.actions.rows import current, note
from coppice.meetings.itip_replies import Reply
from coppice.meetings.models import MailedReply, Meeting, MeetingReply, MeetingSeries
from coppice.meetings.queries import active_members
from coppice.meetings.recurrence import resolve

UID_OF_A_STRAND = re.compile(r"(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(?P<strand>\d)@coppice")
ANSWERS = {"ACCEPTED": MeetingReply.Answer.COMING, "DECLINED": MeetingReply.Answer.NOT_COMING}


class Outcome(StrEnum):
    """What became of an answer."""

    COUNTED = "counted"
    MAYBE = "maybe"
    PASSED_ON = "passed_on"
    ASKED_AGAIN = "asked_again"
    REPEATED = "repeated"
    SUPERSEDED = "superseded"
    NOTHING_SAID = "nothing_said"


@transaction.atomic
def take(reply: Reply) -> Outcome:
    """Record what a member's calendar program mailed; the answer said last counts, a repeated mail once.

    A maybe leaves the member among those who have yet to say. An answer to an earlier time of the meeting
    does not count: the member is asked again, at most once a day. A counter proposal is a note to the
    leaders. A delegation counts for nothing, as a place in a community is one's own. What is said of a whole
    series is said of each of its meetings to come; the outcome is that of the one that went best.
    Raises UnknownInvitation, UnknownSender, MeetingIsCancelled, MeetingIsOver or SeriesIsOver; then nothing
    changed.
    """
    series, strand = _series_of(reply)
    if series is None:
        return _take(_meeting_of(reply), reply)
    if reply.occurrence is not None:
        return _take(_occurrence_of(series, strand, reply.occurrence), reply)
    return _take_all(list(Meeting.objects.upcoming().filter(series=series, strand=strand)), reply)


@transaction.atomic
def take_word(
    meeting: Meeting, *, membership: Membership, said: MeetingReply.Answer | None, by: Any
) -> Outcome:
    """Record what a member wrote in reply to a mail; None is a maybe, and takes back what they said.

    Raises NotYourMeeting, MeetingIsCancelled or MeetingIsOver.
    """
    if said is not None:
        record_reply(meeting, membership=membership, answer=said, by=by)
        return Outcome.COUNTED
    meeting = current(meeting)
    if meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if meeting.is_over:
        raise errors.MeetingIsOver
    if MeetingReply.objects.filter(meeting=meeting, membership=membership).delete()[0]:
        note("meeting.reply_withdrawn", meeting, by=by, about=membership.person)
    return Outcome.MAYBE


def _take_all(meetings: list[Meeting], reply: Reply) -> Outcome:
    if not meetings:
        raise errors.SeriesIsOver
    standing = [each for each in meetings if reply.sequence >= each.moved_in_sequence]
    first, *others = standing or meetings[:1]  # of many that moved, one mail asks again
    said_of_each = replace(reply, is_counter=False)
    outcomes = [_take(first, reply), *(_take(each, said_of_each) for each in others)]
    return min(outcomes, key=list(Outcome).index)


def _take(meeting: Meeting, reply: Reply) -> Outcome:
    meeting = current(meeting)
    member = _member_of(meeting, reply)
    if meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if meeting.is_over:
        raise errors.MeetingIsOver
    if (known := _known_already(meeting, member, reply)) is not None:
        return known
    MailedReply.objects.update_or_create(
        meeting=meeting, membership=member, defaults={"said": reply.said, "stamp": reply.stamp}
    )
    if reply.sequence < meeting.moved_in_sequence:
        notices.asked_again(meeting, to=member)
        return Outcome.ASKED_AGAIN
    if reply.is_counter:
        _pass_on(meeting, member, reply)
    outcome = _record(meeting, member, reply.said)
    return Outcome.PASSED_ON if reply.is_counter else outcome


def _series_of(reply: Reply) -> tuple[MeetingSeries | None, int]:
    """Return the series that a UID names with its strand; None where it is that of a meeting alone."""
    named = UID_OF_A_STRAND.fullmatch(reply.uid)
    if named is None:
        return None, 0
    return MeetingSeries.objects.filter(uid=named["uid"]).first(), int(named["strand"])


def _occurrence_of(series: MeetingSeries, strand: int, occurrence: datetime) -> Meeting:
    """Return the meeting of a series that stands in the calendar for this time of its rule."""
    days = [occurrence.date() + timedelta(days=days) for days in (-1, 0, 1)]
    for meeting in series.meetings.filter(strand=strand, original_day__in=days).select_related("series"):
        if meeting.original_start and resolve(meeting.original_start, series.zone).instant == occurrence:
            return meeting
    raise errors.UnknownInvitation


def _meeting_of(reply: Reply) -> Meeting:
    """Return the meeting that was answered: by its UID, and by its time where one is named."""
    try:
        uid = uuid.UUID(reply.uid.removesuffix("@coppice"))
    except ValueError:
        raise errors.UnknownInvitation from None
    meeting = Meeting.objects.filter(uid=uid, entered_afterwards=False).first()
    if meeting is None or reply.occurrence not in (None, meeting.starts_at):
        raise errors.UnknownInvitation
    return meeting


def _member_of(meeting: Meeting, reply: Reply) -> Membership:
    """Return the member of whom both the mail and the answer in it are; an attendee may have no address."""
    members = (
        Membership.objects.taking_part()
        .filter(community=meeting.community_id)
        .select_related("community__program__provider", "enrollment", "person")
    )
    for member in members:
        own = {each.lower() for each in (member.enrollment.email, member.person.email) if each}
        if own & reply.senders and (not reply.attendee or reply.attendee in own):
            return member
    raise errors.UnknownSender


def _known_already(meeting: Meeting, member: Membership, reply: Reply) -> Outcome | None:
    """Say whether the same mail came before, or a later answer counts by mail or on a page."""
    mailed = MailedReply.objects.filter(meeting=meeting, membership=member).first()
    if mailed and mailed.stamp == reply.stamp and mailed.said == reply.said:
        return Outcome.REPEATED
    if mailed and mailed.stamp > reply.stamp:
        return Outcome.SUPERSEDED
    given = MeetingReply.objects.filter(meeting=meeting, membership=member).first()
    is_of_the_page = given is not None and (mailed is None or given.at > mailed.at)
    return Outcome.SUPERSEDED if given and is_of_the_page and given.at > reply.stamp else None


def _record(meeting: Meeting, member: Membership, said: str) -> Outcome:
    if said in ANSWERS:
        record_reply(meeting, membership=member, answer=ANSWERS[said], by=member.person)
        # The page's own answers are later than mailed ones: what is mailed is kept after it.
        MailedReply.objects.get(meeting=meeting, membership=member).save()
        return Outcome.COUNTED
    if said != "TENTATIVE":
        return Outcome.NOTHING_SAID
    if MeetingReply.objects.filter(meeting=meeting, membership=member).delete()[0]:
        note("meeting.reply_withdrawn", meeting, by=member.person, about=member.person)
    return Outcome.MAYBE


def _pass_on(meeting: Meeting, member: Membership, reply: Reply) -> None:
    for leader in active_members(meeting.community).filter(role=Membership.Role.LEADER):
        notices.time_proposed(
            meeting,
            to=leader,
            by=member,
            starts_at=reply.starts,
            ends_at=reply.ends if reply.starts and reply.ends and reply.ends > reply.starts else None,
            comment=reply.comment,
            period=f"{member.pk}-{reply.stamp:%Y%m%d%H%M%S}",
        )
    note("meeting.time_proposed", meeting, by=member.person)
