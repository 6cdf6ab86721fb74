"""The verbs of finding a time: ask people for several, answer, plan the meeting at one, close."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.meetings import errors, notices
from coppice.meetings.actions import meetings
from coppice.meetings.actions.rows import current, note, refuse_unless_in_reach, takes_part
from coppice.meetings.models import Meeting, ProposedTime, TimeAnswer, TimePoll
from coppice.meetings.queries import active_members
from coppice.meetings.time_poll_board import asked_again

MOST_TIMES = 12


@transaction.atomic
def ask(
    community: Community,
    *,
    title: str,
    minutes: int,
    time_zone: str,
    starts: Collection[datetime],
    closes_on: date,
    by: Any,
    said_in: str = "",
) -> TimePoll:
    """Ask every active member by mail at which of these times they can, each in their own zone.

    `starts` are aware, `time_zone` is the IANA name of the organizer's zone, `closes_on` the last day to
    answer by the community's clock, `said_in` the conversation that it comes from ("thread:12"). Raises
    NothingToAsk, StartsInPast, StartsTooLate or ClosesTooLate.
    """
    moments = sorted(set(starts))
    if not 1 <= len(moments) <= MOST_TIMES:
        raise errors.NothingToAsk
    for moment in (moments[0], moments[-1]):
        refuse_unless_in_reach(moment)
    today = timezone.localdate(timezone=community.zone)
    if not today <= closes_on <= moments[0].astimezone(community.zone).date():
        raise errors.ClosesTooLate
    poll = TimePoll.objects.create(
        community=community,
        title=title,
        minutes=minutes,
        time_zone=time_zone,
        closes_on=closes_on,
        asked_by=by,
        said_in=said_in,
    )
    ProposedTime.objects.bulk_create(ProposedTime(poll=poll, starts_at=moment) for moment in moments)
    note("time_poll.asked", poll, by=by, times=len(moments))
    prefetch_related_objects([poll], "times")
    for membership in active_members(community):
        notices.times_asked(poll, to=membership)
    return poll


@transaction.atomic
def ask_new_member(membership: Membership) -> None:
    """Ask somebody who has just joined, or come back, for the times that the others are asked for."""
    if membership.state != Membership.State.ACTIVE:
        return
    polls = membership.community.time_polls.waiting().select_related("community__program")
    for poll in polls.filter(times__starts_at__gt=timezone.now()).distinct():
        if poll.is_open:
            notices.times_asked(poll, to=membership)


@transaction.atomic
def answer(poll: TimePoll, *, membership: Membership, answers: Mapping[int, str], by: Any) -> None:
    """Record at which times a member can; the latest answer counts.

    `answers` holds a value of TimeAnswer.Answer by the id of each proposed time. `by` is the member, or who
    enters it for them. Raises NotYourMeeting, TimePollIsClosed or AnswerEachTime.
    """
    poll = current(poll)
    if membership.community_id != poll.community_id or not takes_part(membership):
        raise errors.NotYourMeeting
    if not poll.is_open:
        raise errors.TimePollIsClosed
    if set(answers) != set(poll.times.values_list("pk", flat=True)):
        raise errors.AnswerEachTime
    entered_by = None if by == membership.person else by
    TimeAnswer.objects.bulk_create(
        [
            TimeAnswer(
                time_id=time,
                membership=membership,
                answer=TimeAnswer.Answer(said),
                entered_by=entered_by,
                at=timezone.now(),
            )
            for time, said in answers.items()
        ],
        update_conflicts=True,
        unique_fields=["time", "membership"],
        update_fields=["answer", "entered_by", "at"],
    )
    note("time_poll.answered", poll, by=by, about=membership.person)


@transaction.atomic
def plan(time: ProposedTime, *, by: Any, **details: Any) -> Meeting:
    """Plan the meeting, with details as `meetings.plan` takes them, and close the question.

    Raises TimePollIsClosed, StartsInPast or StartsTooLate.
    """
    poll = current(time.poll)
    if poll.is_closed:
        raise errors.TimePollIsClosed
    meeting = meetings.plan(poll.community, by=by, **details)
    poll.meeting = meeting
    _close(poll, by=by)
    return meeting


@transaction.atomic
def close(poll: TimePoll, *, by: Any) -> TimePoll:
    """Close the question without a meeting and tell every active member; twice changes nothing."""
    poll = current(poll)
    if not poll.is_closed:
        _close(poll, by=by)
        for membership in active_members(poll.community):
            notices.times_closed(poll, to=membership)
    return poll


@transaction.atomic
def ask_again(poll: TimePoll, *, by: Any) -> int:
    """Ask those who have yet to say when they can; return how many get a mail.

    At most once a day, by the community's clock. Raises TimePollIsClosed, AskedToday or NobodyToAsk.
    """
    poll = current(poll)
    if not poll.is_open:
        raise errors.TimePollIsClosed
    if asked_again(poll).is_today:
        raise errors.AskedToday
    prefetch_related_objects([poll], "times")
    answered = TimeAnswer.objects.filter(time__poll=poll).values("membership")
    waiting = active_members(poll.community).exclude(pk__in=answered)
    asked = [each for each in waiting if notices.times_asked_again(poll, to=each)]
    if not asked:
        raise errors.NobodyToAsk
    note("time_poll.asked_again", poll, by=by, people=len(asked))
    return len(asked)


def _close(poll: TimePoll, *, by: Any) -> None:
    poll.closed_at = timezone.now()
    poll.save(update_fields=["closed_at", "meeting"])
    note("time_poll.closed", poll, by=by, meeting=poll.meeting_id)
