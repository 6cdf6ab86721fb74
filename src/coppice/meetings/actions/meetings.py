"""The verbs of meetings: plan, enter, change, cancel, reply, take attendance, ask the day after, answer."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.meetings import errors, notices, series_notices
from coppice.meetings.actions import texts
from coppice.meetings.actions.rows import (
    current,
    note,
    refuse_unless_in_reach,
    refuse_unless_to_come,
    takes_part,
)
from coppice.meetings.models import (
    FEWEST_COUNTED,
    Attendance,
    Meeting,
    MeetingReply,
    MeetingSeries,
    PulseAnswer,
)
from coppice.meetings.queries import active_members, expected_at, replies_to, was_asked_today
from coppice.meetings.timetable import timetable_of

ENTERED_WITHIN = timedelta(days=366)


@transaction.atomic
def plan(
    community: Community,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    time_zone: str,
    by: Any,
    **details: str,
) -> Meeting:
    """Plan a meeting and invite every active member by mail.

    `starts_at` and `ends_at` are aware; `time_zone` is the IANA name of the organizer's zone; `details` are
    the fields of HOW_WE_MEET. Raises StartsInPast or StartsTooLate.
    """
    refuse_unless_in_reach(starts_at)
    meeting = Meeting.objects.create(
        community=community,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone,
        planned_by=by,
        **details,
    )
    note("meeting.planned", meeting, by=by, starts_at=starts_at.isoformat())
    for membership in active_members(community):
        notices.planned(meeting, to=membership)
    return meeting


@transaction.atomic
def enter(
    community: Community, *, starts_at: datetime, ends_at: datetime, by: Any, **details: Any
) -> Meeting:
    """Enter a meeting that was held already, with details as `plan` takes them; nobody is ever written to.

    Raises NotHeldYet, and OutsideTime for a day outside the community's time or more than a year ago.
    """
    _refuse_unless_held(community, starts_at)
    meeting = Meeting.objects.create(
        community=community,
        starts_at=starts_at,
        ends_at=ends_at,
        planned_by=by,
        entered_afterwards=True,
        **details,
    )
    note("meeting.entered", meeting, by=by, starts_at=starts_at.isoformat())
    return meeting


@transaction.atomic
def correct(meeting: Meeting, *, by: Any, **fields: Any) -> Meeting:
    """Change fields of a meeting that was entered afterwards; nobody is written to.

    Raises MeetingHasBegun for one that was planned, NotHeldYet and OutsideTime as `enter` does.
    """
    meeting = current(meeting)
    if not meeting.entered_afterwards:
        raise errors.MeetingHasBegun
    _refuse_unless_held(meeting.community, fields.get("starts_at", meeting.starts_at))
    changed = _set(meeting, fields)
    if changed:
        meeting.save()
        note("meeting.changed", meeting, by=by, changed=changed)
    return meeting


@transaction.atomic
def change(meeting: Meeting, *, by: Any, **fields: Any) -> Meeting:
    """Change fields of a meeting to come; calendars follow and every active member is told.

    Equal values change nothing and write to nobody. Raises MeetingIsCancelled, MeetingHasBegun,
    StartsInPast or StartsTooLate.
    """
    meeting = current(meeting)
    refuse_unless_to_come(meeting)
    refuse_unless_in_reach(fields.get("starts_at", meeting.starts_at))
    before = meeting.starts_at
    changed = _set(meeting, fields)
    if not changed:
        return meeting
    _step_on(meeting)
    if "starts_at" in changed:
        meeting.reminded_at = None
    if {"starts_at", "ends_at"} & set(changed):
        meeting.moved_in_sequence = meeting.sequence
    meeting.save()
    note("meeting.changed", meeting, by=by, changed=changed)
    for membership in active_members(meeting.community):
        notices.changed(meeting, to=membership)
    if "starts_at" in changed:
        texts.tell_moved(meeting, before=before)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, by: Any) -> Meeting:
    """Cancel a meeting to come and tell every member; twice changes nothing. Raises MeetingHasBegun."""
    meeting = current(meeting)
    if meeting.is_cancelled:
        return meeting
    refuse_unless_to_come(meeting)
    meeting.cancelled_at = timezone.now()
    _step_on(meeting)
    meeting.save()
    note("meeting.cancelled", meeting, by=by)
    for membership in active_members(meeting.community):
        notices.cancelled(meeting, to=membership)
    texts.tell_cancelled(meeting)
    return meeting


@transaction.atomic
def invite_to_meetings(membership: Membership) -> None:
    """Invite somebody who has just joined, or come back, to what is planned: to a series by one mail."""
    if membership.state != Membership.State.ACTIVE:
        return
    upcoming = Meeting.objects.of(membership.community).upcoming()
    for meeting in upcoming.filter(series=None).select_related("community__program"):
        notices.planned(meeting, to=membership)
    for series in MeetingSeries.objects.filter(meetings__in=upcoming.order_by()).distinct():
        series_notices.planned(series, to=membership)


@transaction.atomic
def reply(meeting: Meeting, *, membership: Membership, answer: str, by: Any) -> MeetingReply:
    """Record whether a member comes; the latest answer counts.

    `answer` is a value of MeetingReply.Answer. Raises NotYourMeeting, MeetingIsCancelled or MeetingIsOver.
    """
    meeting = current(meeting)
    if membership.community_id != meeting.community_id or not takes_part(membership):
        raise errors.NotYourMeeting
    if meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if meeting.is_over:
        raise errors.MeetingIsOver
    given, _is_new = MeetingReply.objects.update_or_create(
        meeting=meeting, membership=membership, defaults={"answer": MeetingReply.Answer(answer)}
    )
    note("meeting.replied", meeting, by=by, about=membership.person, answer=given.answer)
    return given


@transaction.atomic
def take_attendance(
    meeting: Meeting,
    *,
    present: Collection[int],
    by: Any,
    minutes: Mapping[int, int | None] | None = None,
    how: str = Attendance.How.LIST,
) -> Meeting:
    """Record who was there of those expected; taken again, it corrects. Other ids count for nothing.

    `present` holds membership ids; `minutes`, by these ids, how long each was there (None, or as long as the
    meeting: the whole of it), and without it these stay as they stand. `how` (of Attendance.How) is of
    those who had not checked in. Who is newly marked present is asked the day after like the others.
    Raises MeetingIsCancelled or MeetingHasNotBegun.
    """
    meeting = current(meeting)
    if meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if not meeting.has_begun:
        raise errors.MeetingHasNotBegun
    expected = expected_at(meeting)
    there = {membership.pk for membership in expected} & set(present)
    stands = {row.membership_id: row for row in meeting.attendances.filter(was_present=True)}
    was_there = set(stands) if meeting.attendance_taken_at else set()
    Attendance.objects.bulk_create(
        [
            _attendance(
                meeting,
                membership,
                stands.get(membership.pk) or Attendance(how=how),
                is_there=membership.pk in there,
                minutes=minutes,
                by=by,
            )
            for membership in expected
        ],
        update_conflicts=True,
        unique_fields=["meeting", "membership"],
        update_fields=["was_present", "minutes", "arrived_at", "how", "taken_by", "at"],
    )
    meeting.attendance_taken_at = timezone.now()
    meeting.present_count = len(there)
    meeting.expected_count = len(expected)
    meeting.close_took_attendance = False
    if there - was_there:
        meeting.pulse_sent_at = None
    meeting.save(
        update_fields=[
            "attendance_taken_at",
            "present_count",
            "expected_count",
            "close_took_attendance",
            "pulse_sent_at",
        ]
    )
    note("attendance.taken", meeting, by=by, present=len(there), expected=len(expected))
    return meeting


def _attendance(
    meeting: Meeting,
    membership: Membership,
    stands: Attendance,
    *,
    is_there: bool,
    minutes: Mapping[int, int | None] | None,
    by: Any,
) -> Attendance:
    """Return one member's row as it is to be; what stood there of the arrival stays with who was there."""
    if not is_there:
        return Attendance(meeting=meeting, membership=membership, was_present=False, taken_by=by)
    lasted = stands.minutes if minutes is None else minutes.get(membership.pk)
    whole = meeting.duration // timedelta(minutes=1)
    return Attendance(
        meeting=meeting,
        membership=membership,
        was_present=True,
        minutes=None if lasted is None or lasted >= whole else max(1, lasted),
        arrived_at=stands.arrived_at,
        how=stands.how,
        taken_by=by,
    )


@transaction.atomic
def remind(meeting: Meeting) -> Meeting:
    """Remind those who come and those who have yet to say; twice writes to nobody twice."""
    meeting = current(meeting)
    if meeting.reminded_at is not None or not meeting.is_open:
        return meeting
    staying_away = meeting.replies.filter(answer=MeetingReply.Answer.NOT_COMING).values("membership")
    timetable = timetable_of(meeting)
    for membership in active_members(meeting.community).exclude(pk__in=staying_away):
        notices.reminder(meeting, to=membership, timetable=timetable)
    meeting.reminded_at = timezone.now()
    meeting.save(update_fields=["reminded_at"])
    return meeting


@transaction.atomic
def ask_again(meeting: Meeting, *, by: Any) -> int:
    """Ask those who have yet to say whether they come; return how many get a mail.

    At most once a day, by the community's clock. Raises MeetingIsCancelled, MeetingHasBegun, AskedToday or
    NobodyToAsk.
    """
    meeting = current(meeting)
    refuse_unless_to_come(meeting)
    if was_asked_today(meeting):
        raise errors.AskedToday
    asked = [each for each in replies_to(meeting).yet_to_say if notices.asked_again(meeting, to=each)]
    if not asked:
        raise errors.NobodyToAsk
    note("meeting.asked_again", meeting, by=by, people=len(asked))
    return len(asked)


@transaction.atomic
def ask_pulse(meeting: Meeting) -> Meeting:
    """Ask everybody who was there, and has not said it yet, the one question; twice asks nobody twice.

    Of a meeting that was entered afterwards nobody is asked.
    """
    meeting = current(meeting)
    if meeting.pulse_sent_at is not None or meeting.is_cancelled or meeting.entered_afterwards:
        return meeting
    said = meeting.pulse_answers.values("membership")  # at the close, on their own phone
    waiting = meeting.attendances.filter(was_present=True, asked_at=None).exclude(membership__in=said)
    asked = [
        membership.pk
        for membership in active_members(meeting.community).filter(pk__in=waiting.values("membership"))
        if notices.pulse(meeting, to=membership)
    ]
    now = timezone.now()
    meeting.attendances.filter(membership__in=asked).update(asked_at=now)
    meeting.pulse_sent_at = now
    meeting.save(update_fields=["pulse_sent_at"])
    return meeting


@transaction.atomic
def answer_pulse(meeting: Meeting, *, membership: Membership, worth: int, will_try: str) -> PulseAnswer:
    """Keep one member's answer to the day after, or change it; `worth` is 1 to 5.

    Raises TooEarlyToSay or NotThere.

    The history tells nothing of it: whoever knows when somebody answered could read their answer from the
    numbers before and after. For the same reason it is counted only with those of at least four others.
    """
    meeting = current(meeting)
    if not meeting.has_begun:
        raise errors.TooEarlyToSay
    if not meeting.attendances.filter(membership=membership, was_present=True).exists():
        raise errors.NotThere
    given, _is_new = PulseAnswer.objects.update_or_create(
        meeting=meeting, membership=membership, defaults={"worth": worth, "will_try": will_try.strip()}
    )
    waiting = meeting.pulse_answers.exclude(counted=F("worth"))
    if waiting.count() >= FEWEST_COUNTED:
        waiting.update(counted=F("worth"))
    return given


def _refuse_unless_held(community: Community, starts_at: datetime) -> None:
    now = timezone.now()
    if starts_at > now:
        raise errors.NotHeldYet
    day = starts_at.astimezone(community.zone).date()
    if not community.starts_on <= day <= community.ends_on or starts_at < now - ENTERED_WITHIN:
        raise errors.OutsideTime


def _step_on(meeting: Meeting) -> None:
    """Let calendars see that a meeting changed; one of a series differs from its rule from now on."""
    meeting.sequence += 1
    if meeting.series is not None:
        meeting.sequence = max(meeting.sequence, meeting.series.sequence + 1)
        meeting.is_exception = True


def _set(meeting: Meeting, fields: Mapping[str, Any]) -> list[str]:
    """Set what differs; return the names of these fields."""
    changed = sorted(name for name, value in fields.items() if getattr(meeting, name) != value)
    for name in changed:
        setattr(meeting, name, fields[name])
    return changed
