"""A series of meetings as calendar programs read it.

Each strand is one recurring event with a UID of its own: its RRULE, EXDATE for what falls out, and one more
event with a RECURRENCE-ID for each meeting that differs. Two strands are two events, as no RRULE tells two
times of day, and RDATE is unknown to Outlook. An iTIP message holds one UID (RFC 5546 section 3.2.2), so that
one mail to a member carries a file for each strand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coppice.communities.models import Membership
from coppice.lib.calendars import (
    Attendee,
    CalendarEvent,
    Method,
    Organizer,
    Participation,
    Recurrence,
    Status,
    write_calendar,
)
from coppice.meetings.models import Meeting, MeetingSeries
from coppice.meetings.recurrence import Clocks, expand, recurrence, resolve
from coppice.meetings.series_models import Gathering

LABELS = (_("Dial-in number"), _("Access and interpreting"), _("Recording"))


@dataclass(frozen=True)
class SeriesFile:
    """One strand of a series as iTIP: the method, and the text."""

    method: Method
    text: str


def uid_of(series: MeetingSeries, strand: int) -> str:
    """Return the UID of one strand in calendars."""
    return f"{series.uid}-{strand}@coppice"


def series_files(series: MeetingSeries, *, to: Membership) -> list[SeriesFile]:
    """Return what one member's calendar takes in: each strand, or its end when nothing is left."""
    attendee, meetings = attendee_of(to), _meetings_of(series)
    files = []
    with override(to.language):
        for strand in range(len(series.clocks)):
            events = _events(series, strand, meetings, attendee)
            method = Method.REQUEST if events else Method.CANCEL
            events = events or [_end_of(series, strand, meetings, attendee)]
            text = write_calendar(events, name=series.community.name, method=method).decode()
            files.append(SeriesFile(method, text))
    return files


def published_series(series: MeetingSeries) -> bytes:
    """Return the file to keep: all strands, without an attendee."""
    meetings = _meetings_of(series)
    events = [
        event for strand in range(len(series.clocks)) for event in _events(series, strand, meetings, None)
    ]
    events = events or [_end_of(series, 0, meetings, None)]
    return write_calendar(events, name=series.community.name, method=Method.PUBLISH)


def write_one(meeting: Meeting, method: Method, *, attendee: Attendee | None) -> bytes:
    """Return one meeting of a series, by its RECURRENCE-ID."""
    assert meeting.series is not None
    event = _single(meeting, meeting.series, attendee)
    return write_calendar([event], name=meeting.community.name, method=method)


def attendee_of(membership: Membership) -> Attendee:
    """Return the member whom a copy is for."""
    return Attendee(
        name=membership.enrollment.name,
        email=membership.mail_address,
        participation=Participation.NEEDS_ACTION,
    )


def description_of(gathering: Gathering) -> str:
    """Return what a calendar tells below an event, in the active language."""
    told = (gathering.dial_in, gathering.access, gathering.recording)
    labelled = [f"{label}: {words}" for label, words in zip(LABELS, told, strict=True) if words]
    return "\n\n".join(part for part in (gathering.purpose, gathering.link, *labelled) if part)


def location_of(gathering: Gathering) -> str:
    """Return where people meet, as calendars show it beside an event."""
    return gathering.place or gathering.link or gathering.dial_in


def _meetings_of(series: MeetingSeries) -> list[Meeting]:
    meetings = list(series.meetings.order_by("original_day", "strand"))
    for meeting in meetings:
        meeting.series, meeting.community = series, series.community
    return meetings


def _events(
    series: MeetingSeries, strand: int, meetings: Sequence[Meeting], attendee: Attendee | None
) -> list[CalendarEvent]:
    """Return the recurring event of a strand and what differs from it; nothing when no meeting is left."""
    kept = [each for each in meetings if each.strand == strand and not each.is_cancelled]
    if not kept:
        return []
    days = [each.original_day for each in kept if each.original_day is not None]
    rule = replace(series.rule, last=max(series.ends_on, days[-1]))
    by_rule = [slot.day for slot in expand(rule) if slot.strand == strand]
    missing = [day for day in by_rule if days[0] < day < days[-1] and day not in set(days)]
    last = _at(series, strand, days[-1])
    recurs = Recurrence(
        first=_at(series, strand, days[0]),
        last=last,
        rule=recurrence(rule, resolve(last, series.zone).instant),
        left_out=tuple(_at(series, strand, day) for day in missing),
    )
    plain = _event(series, uid_of(series, strand), attendee)
    master = replace(
        plain,
        sequence=series.sequence,
        starts=resolve(recurs.first, series.zone).instant,
        duration=series.duration,
        recurs=recurs,
    )
    differing = [_single(each, series, attendee) for each in kept if not _is_plain(each, series)]
    return [master, *differing]


def _end_of(
    series: MeetingSeries, strand: int, meetings: Sequence[Meeting], attendee: Attendee | None
) -> CalendarEvent:
    """Return what takes a whole strand out of calendars."""
    days = [each.original_day for each in meetings if each.strand == strand and each.original_day]
    return replace(
        _event(series, uid_of(series, strand), attendee),
        sequence=series.sequence,
        starts=resolve(_at(series, strand, min(days, default=series.starts_on)), series.zone).instant,
        duration=series.duration,
        status=Status.CANCELLED,
    )


def _single(meeting: Meeting, series: MeetingSeries, attendee: Attendee | None) -> CalendarEvent:
    return replace(
        _event(meeting, uid_of(series, meeting.strand), attendee),
        sequence=max(meeting.sequence, series.sequence),
        starts=meeting.starts_at,
        duration=meeting.duration,
        recurrence_id=meeting.original_start,
        status=Status.CANCELLED if meeting.is_cancelled else Status.CONFIRMED,
    )


def _event(told: Meeting | MeetingSeries, uid: str, attendee: Attendee | None) -> CalendarEvent:
    return CalendarEvent(
        uid=uid,
        stamp=told.changed_at,
        last_modified=told.changed_at,
        starts=told.changed_at,
        duration=told.duration,
        time_zone=told.time_zone,
        summary=told.title,
        description=description_of(told),
        location=location_of(told),
        url=settings.BASE_URL + told.get_absolute_url(),
        organizer=Organizer(name=told.community.name, email=settings.CALENDAR_REPLIES_TO),
        attendee=attendee,
    )


def _is_plain(meeting: Meeting, series: MeetingSeries) -> bool:
    """Say whether the rule alone tells when a meeting is, whatever a calendar makes of clock changes."""
    if meeting.is_exception or meeting.original_start is None:
        return False
    starts = resolve(meeting.original_start, series.zone)
    ends = resolve(meeting.original_start + series.duration, series.zone)
    is_clear = starts.clocks is Clocks.ONCE and ends.clocks is Clocks.ONCE
    return is_clear and (starts.instant, ends.instant) == (meeting.starts_at, meeting.ends_at)


def _at(series: MeetingSeries, strand: int, day: date) -> datetime:
    return datetime.combine(day, series.clocks[strand])
