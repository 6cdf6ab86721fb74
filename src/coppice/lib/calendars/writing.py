"""Write events as one iCalendar text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from icalendar.prop import vDuration, vText

from coppice.lib.calendars.events import Attendee, CalendarEvent, Method, Organizer, Status
from coppice.lib.calendars.lines import clock, line, text, utc
from coppice.lib.calendars.recurring import clock_times, recurrence_lines
from coppice.lib.calendars.zones import Observance, observances

PRODUCT = "-//Coppice//Calendars//EN"
END = b"END:VCALENDAR\r\n"
UTC_KEYS = frozenset(f"{area}{name}" for area in ("", "Etc/") for name in ("UTC", "UCT", "Universal", "Zulu"))
LINE_BREAKS = re.compile(
    "\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
)  # some parsers end a line at any of these
UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def write_calendar(
    events: Iterable[CalendarEvent],
    *,
    name: str,
    method: Method | str | None = None,
    refresh: timedelta | None = None,
) -> bytes:
    """Return the events as iCalendar text, UTF-8 with CRLF line ends; the same input gives the same bytes.

    Without a `method` the text is a feed to subscribe to, called `name`, which programs fetch anew after
    `refresh` (RFC 7986 section 5.7, and as Outlook and Apple read it). REQUEST invites one attendee and
    CANCEL takes the invitation back: both need an organizer and an attendee, CANCEL also `Status.CANCELLED`.
    PUBLISH is for an event to keep: it needs an organizer and names no attendee (RFC 5546 section 3.2).

    Times are written in each event's own zone, with the zone's rules (VTIMEZONE) for the years that the
    events span; an event that begins or ends in the hour that clocks repeat is written in UTC, the only form
    that is not ambiguous. Raises ValueError when the method does not fit an event, when a method comes
    without events, or when an address holds a line break; ZoneInfoNotFoundError for an unknown time zone.
    """
    events = list(events)
    method = Method(method) if method is not None else None
    _refuse_misfits(events, method)
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    if method is None:
        calendar["X-WR-CALNAME"] = vText(_clean(name))
        if refresh is not None:
            calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
            calendar.add("x-published-ttl", vDuration(refresh))
    else:
        calendar.add("method", method.value)
    for key, years in sorted(_years_by_zone(events).items()):
        calendar.add_component(_time_zone(key, observances(key, first_year=min(years), last_year=max(years))))
    frame = calendar.to_ical().removesuffix(END)
    lines = [each for event in events for each in _event(event, method)]
    return frame + "".join(f"{each}\r\n" for each in lines).encode() + END


def _refuse_misfits(events: Sequence[CalendarEvent], method: Method | None) -> None:
    if method and not events:
        raise ValueError(f"{method} needs an event")
    for event in events:
        if method and not event.organizer:
            raise ValueError(f"{event.uid}: {method} needs an organizer")
        if method in (Method.REQUEST, Method.CANCEL) and not event.attendee:
            raise ValueError(f"{event.uid}: {method} needs an attendee")
        if method is Method.PUBLISH and event.attendee:
            raise ValueError(f"{event.uid}: PUBLISH names no attendee")
        if method in (Method.REQUEST, Method.CANCEL) and (
            (event.status == Status.CANCELLED) != (method is Method.CANCEL)
        ):
            raise ValueError(f"{event.uid}: {method} does not fit an event that is {event.status}")


def _years_by_zone(events: Sequence[CalendarEvent]) -> dict[str, set[int]]:
    """Return the years (UTC) of the events that are written in each zone's clock time."""
    years: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.time_zone not in UTC_KEYS:
            years[event.time_zone] |= _years_by_rule(event)
        if _is_in_clock_time(event):
            years[event.time_zone] |= {moment.astimezone(UTC).year for moment in _span(event)}
    return {key: told for key, told in years.items() if told}


def _years_by_rule(event: CalendarEvent) -> set[int]:
    """Return the years at whose clock times an event comes again, or of the time that it stands for."""
    ends = (event.recurs.first, event.recurs.last) if event.recurs else ()
    return {moment.year for moment in (*ends, event.recurrence_id) if moment}


def _is_in_clock_time(event: CalendarEvent) -> bool:
    return event.time_zone not in UTC_KEYS and not any(
        moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset() for moment in _span(event)
    )


def _span(event: CalendarEvent) -> tuple[datetime, datetime]:
    """Return beginning and end in the event's zone; the duration is real time, not clock time."""
    zone = ZoneInfo(event.time_zone)
    starts = event.starts.astimezone(UTC).replace(microsecond=0)
    return starts.astimezone(zone), (starts + event.duration).astimezone(zone)


def _time_zone(key: str, told: Sequence[Observance]) -> icalendar.Timezone:
    zone = icalendar.Timezone()
    zone.add("tzid", key)
    for observance in told:
        part = icalendar.TimezoneDaylight() if observance.is_summer else icalendar.TimezoneStandard()
        part.add("dtstart", observance.onset)
        part.add("tzoffsetfrom", observance.before)
        part.add("tzoffsetto", observance.after)
        part.add("tzname", observance.name)
        if observance.rule:
            ends = {"UNTIL": observance.until} if observance.until else {}
            part.add("rrule", observance.rule.recurrence() | ends)
        zone.add_component(part)
    return zone


def _event(event: CalendarEvent, method: Method | None) -> list[str]:
    """Return the event's lines: what it is and when, then the rest by the alphabet."""
    return [
        "BEGIN:VEVENT",
        line("SUMMARY", text(_clean(event.summary))),
        *_times(event),
        f"DTSTAMP:{utc(event.stamp)}",
        line("UID", text(_clean(event.uid))),
        f"SEQUENCE:{event.sequence}",
        *_rest(event, method),
        "END:VEVENT",
    ]


def _rest(event: CalendarEvent, method: Method | None) -> list[str]:
    written = []
    if event.attendee:
        written.append(
            line("ATTENDEE", f"mailto:{event.attendee.email}", _attendee_parameters(event.attendee, method))
        )
    if event.categories:
        written.append(line("CATEGORIES", ",".join(text(_clean(each)) for each in event.categories)))
    if event.description:
        written.append(line("DESCRIPTION", text(_clean(event.description))))
    if event.last_modified:
        written.append(f"LAST-MODIFIED:{utc(event.last_modified)}")
    if event.location:
        written.append(line("LOCATION", text(_clean(event.location))))
    if event.organizer:
        written.append(line("ORGANIZER", f"mailto:{event.organizer.email}", _named(event.organizer)))
    written.append(f"STATUS:{Status(event.status).value}")
    if event.leaves_free:
        written.append("TRANSP:TRANSPARENT")
    if event.url:
        written.append(line("URL", event.url))
    return written


def _times(event: CalendarEvent) -> list[str]:
    tzid = None if event.time_zone in UTC_KEYS else event.time_zone
    stands_for = [clock_times("RECURRENCE-ID", event.recurrence_id, tzid)] if event.recurrence_id else []
    if event.recurs:
        return [*stands_for, *recurrence_lines(event.recurs, duration=event.duration, tzid=tzid)]
    return [*stands_for, *_once(event)]


def _once(event: CalendarEvent) -> list[str]:
    begins, ends = _span(event)
    if not _is_in_clock_time(event):
        return [f"DTSTART:{utc(begins)}", f"DTEND:{utc(ends)}"]
    zone = {"TZID": event.time_zone}
    return [line("DTSTART", clock(begins), zone), line("DTEND", clock(ends), zone)]


def _clean(text: str) -> str:
    """Keep what RFC 5545 lets a text hold, with plain line breaks."""
    return UNWRITABLE.sub("", LINE_BREAKS.sub("\n", str(text)))


def _named(who: Organizer | Attendee) -> dict[str, str]:
    """Return the name of an address, in which Outlook and Google read no encoded quote (RFC 6868)."""
    name = " ".join(_clean(who.name).replace('"', "'").split())
    return {"CN": name} if name else {}


def _attendee_parameters(attendee: Attendee, method: Method | None) -> dict[str, str]:
    asked = {"RSVP": "TRUE"} if method is Method.REQUEST else {}
    return {
        **_named(attendee),
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": attendee.participation.value,
        **asked,
    }
