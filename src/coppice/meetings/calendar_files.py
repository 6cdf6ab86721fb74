"""A meeting, and many of them, as calendar programs read them."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
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
from coppice.lib.paths import path
from coppice.meetings import series_files
from coppice.meetings.models import Meeting
from coppice.meetings.series_files import description_of, location_of

FETCHED_EVERY = timedelta(hours=1)


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


def feed(
    meetings: Iterable[Meeting],
    *,
    name: str,
    shows_links: bool = True,
    names_communities: bool = False,
    declined: frozenset[int] = frozenset(),
) -> bytes:
    """Return many meetings as one calendar called `name`, in no method: to subscribe to, or to bring in.

    With `names_communities` each title tells whose meeting it is; ids in `declined` are meetings that the
    reader will not go to, which leave their time free.
    """
    events = [
        event_of(
            meeting,
            shows_links=shows_links,
            names_community=names_communities,
            is_declined=meeting.pk in declined,
        )
        for meeting in meetings
    ]
    return write_calendar(events, name=name, refresh=FETCHED_EVERY)


def event_of(
    meeting: Meeting,
    *,
    attendee: Attendee | None = None,
    shows_links: bool = True,
    names_community: bool = False,
    is_declined: bool = False,
) -> CalendarEvent:
    """Return one meeting as an event of its own, also where it is one of a series.

    In a feed, which is a calendar of its own, nothing need be kept together by a rule. Without `shows_links`
    it tells neither link nor place and dial-in number, and where to read them.
    """
    community = meeting.community.name
    page = settings.BASE_URL + path("meetings:meeting", meeting.pk)
    told = description_of(meeting) if shows_links else _description_without_links(meeting, page)
    return CalendarEvent(
        uid=f"{meeting.uid}@coppice",
        stamp=meeting.changed_at,
        last_modified=meeting.changed_at,
        sequence=meeting.sequence,
        starts=meeting.starts_at,
        duration=meeting.duration,
        time_zone=meeting.time_zone,
        summary=f"{meeting.title} · {community}" if names_community else meeting.title,
        description=told,
        location=location_of(meeting) if shows_links else "",
        url=page,
        organizer=Organizer(name=community, email=settings.CALENDAR_REPLIES_TO),
        attendee=attendee,
        status=Status.CANCELLED if meeting.is_cancelled else Status.CONFIRMED,
        leaves_free=meeting.is_cancelled or is_declined,
    )


def _description_without_links(meeting: Meeting, page: str) -> str:
    hidden = _("Link and place are on the page of the meeting: %(address)s") % {"address": page}
    return "\n\n".join(filter(None, (meeting.purpose, hidden)))


def _write(meeting: Meeting, method: Method, *, attendee: Attendee | None) -> bytes:
    if meeting.series is not None:
        return series_files.write_one(meeting, method, attendee=attendee)
    return write_calendar([event_of(meeting, attendee=attendee)], name=meeting.community.name, method=method)
