"""Who is there: they check in themselves, or whoever leads marks them; each arrival gives minutes."""

import math
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.meetings import check_in_codes, errors
from coppice.meetings.actions.rows import current, note, takes_part
from coppice.meetings.models import Attendance, Meeting


@transaction.atomic
def check_in(meeting: Meeting, *, membership: Membership, how: str, by: Any) -> Attendance:
    """Record that a member has arrived now; twice is once, and the first arrival counts.

    `how` is a value of Attendance.How. Raises MeetingIsCancelled, NotYourMeeting, NotYet or CheckInIsOver.
    """
    meeting = current(meeting)
    if membership.community_id != meeting.community_id or not takes_part(membership):
        raise errors.NotYourMeeting
    there = meeting.attendances.filter(membership=membership).first()
    if there is not None and there.was_present:
        return there
    _refuse_unless_open(meeting)
    now = timezone.now()
    there, _is_new = Attendance.objects.update_or_create(
        meeting=meeting,
        membership=membership,
        defaults={
            "was_present": True,
            "arrived_at": now,
            "minutes": minutes_from(meeting, now),
            "how": Attendance.How(how),
            "taken_by": by,
        },
    )
    note("meeting.checked_in", meeting, by=by, about=membership.person)
    return there


@transaction.atomic
def take_out(meeting: Meeting, *, membership: Membership, by: Any) -> None:
    """Undo a check-in, as if nobody had said anything; twice is once.

    Raises MeetingIsCancelled, NotYet or CheckInIsOver.
    """
    meeting = current(meeting)
    _refuse_unless_open(meeting)
    deleted, _by_model = meeting.attendances.filter(membership=membership).delete()
    if deleted:
        note("meeting.not_there", meeting, by=by, about=membership.person)


def minutes_from(meeting: Meeting, arrived_at: datetime) -> int | None:
    """Return the minutes from an arrival to the planned end, at least one; None is the whole meeting."""
    if arrived_at <= meeting.starts_at:
        return None
    left = max(1, math.ceil((meeting.ends_at - arrived_at) / timedelta(minutes=1)))
    return None if left >= meeting.duration // timedelta(minutes=1) else left


def _refuse_unless_open(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if timezone.now() < meeting.starts_at - check_in_codes.OPENS_BEFORE:
        raise errors.NotYet
    if not check_in_codes.is_open(meeting):
        raise errors.CheckInIsOver
