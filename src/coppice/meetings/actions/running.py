"""A meeting while it goes on: opened, taken through its agenda, closed."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.meetings import errors
from coppice.meetings.actions.meetings import take_attendance
from coppice.meetings.actions.rows import current, note
from coppice.meetings.agenda_models import LONGEST_ITEM, AgendaItem
from coppice.meetings.check_in_codes import OPENS_BEFORE, goes_on
from coppice.meetings.models import Meeting

LONGER_BY = 5
"""So many minutes an item gets at a time."""

AT = ["current_item", "item_began_at"]


@transaction.atomic
def open_meeting(meeting: Meeting, *, by: Any) -> Meeting:
    """Begin, with the first item of the agenda where there is one; twice is once.

    Raises MeetingIsCancelled, NotYet, MeetingIsClosed or LongOver.
    """
    meeting = _runnable(meeting)
    if meeting.opened_at is None:
        meeting.opened_at = timezone.now()
        _turn(meeting, meeting.agenda.on_the_agenda().first())
        meeting.save(update_fields=["opened_at", *AT])
        note("meeting.opened", meeting, by=by)
    return meeting


@transaction.atomic
def turn_to(item: AgendaItem, *, by: Any) -> Meeting:
    """Go to an item of the agenda, whose minutes begin now; a meeting that was not opened is opened by it.

    To the item in hand it changes nothing. Raises what `open_meeting` raises.
    """
    meeting = open_meeting(item.meeting, by=by)
    item = AgendaItem.objects.get(pk=item.pk)
    if item.state == AgendaItem.State.PLANNED and meeting.current_item_id != item.pk:
        _turn(meeting, item)
        meeting.save(update_fields=AT)
    return meeting


@transaction.atomic
def lengthen(item: AgendaItem, *, by: Any) -> AgendaItem:
    """Give an item five minutes more, as far as an item may last. Raises what `open_meeting` raises."""
    meeting = _runnable(item.meeting)
    item = AgendaItem.objects.get(pk=item.pk)
    item.minutes = min(item.minutes + LONGER_BY, LONGEST_ITEM)
    item.save(update_fields=["minutes"])
    note("agenda.changed", meeting, by=by, changed=item.pk)
    return item


@transaction.atomic
def close(meeting: Meeting, *, by: Any) -> Meeting:
    """End a meeting; whoever checked in was there, unless attendance was taken already. Twice is once.

    Raises MeetingIsCancelled, MeetingHasNotBegun, or NobodyHere where attendance would be empty.
    """
    meeting = current(meeting)
    if meeting.closed_at is not None:
        return meeting
    if meeting.attendance_taken_at is None:
        here = set(meeting.attendances.filter(was_present=True).values_list("membership", flat=True))
        if not here and not meeting.is_cancelled and meeting.has_begun:
            raise errors.NobodyHere
        meeting = take_attendance(meeting, present=here, by=by)
        meeting.close_took_attendance = True
    meeting.closed_at = timezone.now()
    meeting.save(update_fields=["closed_at", "close_took_attendance"])
    note("meeting.closed", meeting, by=by)
    return meeting


@transaction.atomic
def open_again(meeting: Meeting, *, by: Any) -> Meeting:
    """Undo `close`: the meeting is where it was, and while people check in its attendance is untaken again.

    Attendance that somebody took or corrected by hand stays. Raises MeetingIsCancelled.
    """
    meeting = current(meeting)
    if meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if meeting.closed_at is not None:
        meeting.closed_at = None
        meeting.save(update_fields=["closed_at"])
        if meeting.close_took_attendance and goes_on(meeting):
            _untake_attendance(meeting)
        note("meeting.reopened", meeting, by=by)
    return meeting


def _untake_attendance(meeting: Meeting) -> None:
    """Leave only those who checked in, as before the close."""
    meeting.attendances.filter(was_present=False).delete()
    meeting.attendance_taken_at = meeting.present_count = meeting.expected_count = None
    meeting.close_took_attendance = False
    meeting.save(
        update_fields=["attendance_taken_at", "present_count", "expected_count", "close_took_attendance"]
    )


def _runnable(meeting: Meeting) -> Meeting:
    meeting = current(meeting)
    if meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if timezone.now() < meeting.starts_at - OPENS_BEFORE:
        raise errors.NotYet
    if meeting.closed_at is not None:
        raise errors.MeetingIsClosed
    if meeting.is_long_over:
        raise errors.LongOver
    return meeting


def _turn(meeting: Meeting, item: AgendaItem | None) -> None:
    meeting.current_item = item
    meeting.item_began_at = timezone.now() if item else None
