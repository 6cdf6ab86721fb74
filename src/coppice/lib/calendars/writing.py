"""Write events as one iCalendar text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import icalendar
from icalendar.prop import vCalAddress, vText, vUri

from coppice.lib.calendars.events import Attendee, CalendarEvent, Method, Organizer, Status
from coppice.lib.calendars.recurring import add_clock_times, add_recurrence
from coppice.lib.calendars.zones import Observance, observances

PRODUCT = "-//Coppice//Calendars//EN"
UTC_KEYS = frozenset(f"{area}{name}" for area in ("", "Etc/") for name in ("UTC", "UCT", "Universal", "Zulu"))
LINE_BREAKS = re.compile(
    "\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
)  # some parsers end a line at any of these
UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def write_calendar(
    events: Iterable[CalendarEvent], *, name: str, method: Method | str | None = None
) -> bytes:
    """Return the events as iCalendar text, UTF-8 with CRLF line ends; the same input gives the same bytes.

    Without a `method` the text is a feed to subscribe to, called `name`. REQUEST invites one attendee and
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
    else:
        calendar.add("method", method.value)
    for key, years in sorted(_years_by_zone(events).items()):
        calendar.add_component(_time_zone(key, observances(key, first_year=min(years), last_year=max(years))))
    for event in events:
        calendar.add_component(_event(event, method))
    return calendar.to_ical()


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


def _event(event: CalendarEvent, method: Method | None) -> icalendar.Event:
    written = icalendar.Event()
    written.add("uid", _clean(event.uid))
    written.add("sequence", event.sequence)
    written.add("dtstamp", event.stamp.astimezone(UTC))
    tzid = None if event.time_zone in UTC_KEYS else event.time_zone
    if event.recurrence_id:
        add_clock_times(written, "recurrence-id", [event.recurrence_id], tzid)
    if event.recurs:
        add_recurrence(written, event.recurs, duration=event.duration, tzid=tzid)
    else:
        in_clock_time = _is_in_clock_time(event)
        for word, moment in zip(("dtstart", "dtend"), _span(event), strict=True):
            if in_clock_time:
                written.add(word, moment.replace(tzinfo=None), parameters={"TZID": event.time_zone})
            else:
                written.add(word, moment.astimezone(UTC))
    written.add("summary", _clean(event.summary))
    written.add("status", Status(event.status).value)
    for word, text in (("description", event.description), ("location", event.location)):
        if text:
            written.add(word, _clean(text))
    if event.url:
        written.add("url", vUri(event.url))
    if event.categories:
        written.add("categories", [_clean(category) for category in event.categories])
    if event.last_modified:
        written.add("last-modified", event.last_modified.astimezone(UTC))
    if event.organizer:
        written.add("organizer", _address(event.organizer))
    if event.attendee:
        written.add("attendee", _invited(event.attendee, method))
    return written


def _clean(text: str) -> str:
    """Keep what RFC 5545 lets a text hold, with plain line breaks."""
    return UNWRITABLE.sub("", LINE_BREAKS.sub("\n", str(text)))


def _address(who: Organizer | Attendee) -> vCalAddress:
    """Return a mailto address with its name, in which Outlook and Google read no encoded quote (RFC 6868)."""
    address = vCalAddress(f"mailto:{who.email}")
    if name := " ".join(_clean(who.name).replace('"', "'").split()):
        address.params["CN"] = name
    return address


def _invited(attendee: Attendee, method: Method | None) -> vCalAddress:
    address = _address(attendee)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = attendee.participation.value
    if method is Method.REQUEST:
        address.params["RSVP"] = "TRUE"
    return address
