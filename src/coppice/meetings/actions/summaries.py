"""Telling everybody what came of a meeting, once."""

from django.db import transaction
from django.utils import timezone

from coppice.meetings import summary_notices
from coppice.meetings.actions.rows import current
from coppice.meetings.after_board import missing_from
from coppice.meetings.models import Meeting, MissedMeeting
from coppice.meetings.queries import active_members
from coppice.meetings.summaries import NEWS_UNTIL, summary_of


@transaction.atomic
def send(meeting: Meeting) -> Meeting:
    """Tell every active member by mail what came of a meeting; twice tells nobody twice.

    Who was missing and had not said so is asked in the same mail what it was. Nobody is told of one that was
    cancelled, entered afterwards or is over for more than a week.
    """
    meeting = current(meeting)
    if meeting.summary_sent_at is not None or meeting.is_cancelled or meeting.entered_afterwards:
        return meeting
    if meeting.ends_at + NEWS_UNTIL < timezone.now():
        return meeting
    summary = summary_of(meeting)
    missing = set(missing_from(meeting))
    told = {
        member
        for member in active_members(meeting.community)
        if summary_notices.summary(summary, to=member, is_missing=member in missing)
    }
    now = timezone.now()
    MissedMeeting.objects.bulk_create(
        MissedMeeting(meeting=meeting, membership=each, asked_at=now) for each in missing & told
    )
    meeting.summary_sent_at = now
    meeting.save(update_fields=["summary_sent_at"])
    return meeting
