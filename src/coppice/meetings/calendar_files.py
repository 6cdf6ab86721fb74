"""A meeting as calendar programs read it."""

from email.utils import parseaddr

from django.conf import settings

from coppice.communities.models import Membership
from coppice.lib.calendars import (
    Attendee,
    CalendarEvent,
    Method,
    Organizer,
    Participation,
    Status,
    write_calendar,
)
from coppice.meetings.models import Meeting


def published(meeting: Meeting) -> bytes:
    """Return the file to keep: an event without an attendee, as it stands now."""
    return _write(meeting, Method.PUBLISH, attendee=None)


def request(meeting: Meeting, *, to: Membership) -> str:
    """Return the invitation that one member's calendar answers or keeps."""
    return _write(meeting, Method.REQUEST, attendee=_attendee(to)).decode()


def cancellation(meeting: Meeting, *, to: Membership) -> str:
    """Return the text that takes the event out of one member's calendar."""
    return _write(meeting, Method.CANCEL, attendee=_attendee(to)).decode()


def _write(meeting: Meeting, method: Method, *, attendee: Attendee | None) -> bytes:
    event = CalendarEvent(
        uid=f"{meeting.uid}@coppice",
        stamp=meeting.changed_at,
        last_modified=meeting.changed_at,
        sequence=meeting.sequence,
        starts=meeting.starts_at,
        duration=meeting.duration,
        time_zone=meeting.time_zone,
        summary=meeting.title,
        description="\n\n".join(part for part in (meeting.purpose, meeting.link) if part),
        location=meeting.place or meeting.link,
        url=settings.BASE_URL + meeting.get_absolute_url(),
        organizer=Organizer(name=meeting.community.name, email=parseaddr(settings.MAIL_FROM)[1]),
        attendee=attendee,
        status=Status.CANCELLED if meeting.is_cancelled else Status.CONFIRMED,
    )
    return write_calendar([event], name=meeting.community.name, method=method)


def _attendee(membership: Membership) -> Attendee:
    return Attendee(
        name=membership.enrollment.name,
        email=membership.mail_address,
        participation=Participation.NEEDS_ACTION,
    )
