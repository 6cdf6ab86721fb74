"""A meeting as calendar programs read it."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import override

from coppice.communities.models import Membership
from coppice.lib.calendars import (
    Attendee,
    CalendarEvent,
    Method,
    Organizer,
    Status,
    write_calendar,
)
from coppice.meetings import series_files
from coppice.meetings.models import Meeting
from coppice.meetings.series_files import description_of, location_of


def published(meeting: Meeting) -> bytes:
    """Return the file to keep: an event without an attendee, as it stands now."""
    return _write(meeting, Method.PUBLISH, attendee=None)


def request(meeting: Meeting, *, to: Membership) -> str:
    """Return the invitation that one member's calendar answers or keeps."""
    with override(to.language):
        return _write(meeting, Method.REQUEST, attendee=series_files.attendee_of(to)).decode()


def cancellation(meeting: Meeting, *, to: Membership) -> str:
    """Return the text that takes the event out of one member's calendar."""
    with override(to.language):
        return _write(meeting, Method.CANCEL, attendee=series_files.attendee_of(to)).decode()


def _write(meeting: Meeting, method: Method, *, attendee: Attendee | None) -> bytes:
    if meeting.series is not None:
        return series_files.write_one(meeting, method, attendee=attendee)
    event = CalendarEvent(
        uid=f"{meeting.uid}@coppice",
        stamp=meeting.changed_at,
        last_modified=meeting.changed_at,
        sequence=meeting.sequence,
        starts=meeting.starts_at,
        duration=meeting.duration,
        time_zone=meeting.time_zone,
        summary=meeting.title,
        description=description_of(meeting),
        location=location_of(meeting),
        url=settings.BASE_URL + meeting.get_absolute_url(),
        organizer=Organizer(name=meeting.community.name, email=parseaddr(settings.MAIL_FROM)[1]),
        attendee=attendee,
        status=Status.CANCELLED if meeting.is_cancelled else Status.CONFIRMED,
    )
    return write_calendar([event], name=meeting.community.name, method=method)
