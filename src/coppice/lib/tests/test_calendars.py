"""What `write_calendar` writes is exact, legal and safe from what people type."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coppice.lib.calendars import (
    Attendee,
    CalendarEvent,
    Method,
    Organizer,
    Participation,
    Status,
    write_calendar,
)

MEETING = CalendarEvent(
    uid="meeting-7@coppice.example",
    sequence=2,
    stamp=datetime(2026, 11, 1, 9, tzinfo=UTC),
    starts=datetime(2026, 11, 10, 15, tzinfo=UTC),
    duration=timedelta(minutes=90),
    time_zone="America/New_York",
    summary="Rural transport: first meeting",
    description="Bring one story, please.\nDial in: +1 212 555 0100; code 12",
    location="Room 4, Ñuñoa House",
    url="https://coppice.example/m/7",
    organizer=Organizer("Rural transport", "rural@coppice.example"),
    attendee=Attendee("Zoë Ibáñez", "zoe@example.org"),
    categories=("Community", "Rural, remote"),
    last_modified=datetime(2026, 10, 30, 8, 15, tzinfo=UTC),
)

INVITATION = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Coppice//Calendars//EN
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZNAME:EDT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZNAME:EST
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Rural transport: first meeting
DTSTART;TZID=America/New_York:20261110T100000
DTEND;TZID=America/New_York:20261110T113000
DTSTAMP:20261101T090000Z
UID:meeting-7@coppice.example
SEQUENCE:2
ATTENDEE;CN="Zoë Ibáñez";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=R
 EQ-PARTICIPANT;RSVP=TRUE:mailto:zoe@example.org
CATEGORIES:Community,Rural\\, remote
DESCRIPTION:Bring one story\\, please.\\nDial in: +1 212 555 0100\\; code 12
LAST-MODIFIED:20261030T081500Z
LOCATION:Room 4\\, Ñuñoa House
ORGANIZER;CN="Rural transport":mailto:rural@coppice.example
STATUS:CONFIRMED
URL:https://coppice.example/m/7
END:VEVENT
END:VCALENDAR
"""

# Any text but control characters, line separators and halves of a character; those have a test of their own.
typed = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), include_characters="\n"), max_size=300
)


def only_event(written):
    [event] = icalendar.Calendar.from_ical(written).walk("VEVENT")
    return event


def lines_of(written):
    return written.decode().removesuffix("\r\n").split("\r\n")


def test_invitation_is_written_to_the_byte():
    written = write_calendar([MEETING], name="Rural transport", method=Method.REQUEST)

    assert written == INVITATION.replace("\n", "\r\n").encode()
    assert written == write_calendar([MEETING], name="Rural transport", method="REQUEST")


def test_cancellation_takes_the_event_back():
    cancelled = replace(MEETING, status=Status.CANCELLED, sequence=3)

    written = write_calendar([cancelled], name="Rural transport", method=Method.CANCEL)

    assert "METHOD:CANCEL" in lines_of(written)
    event = only_event(written)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (MEETING.uid, 3, "CANCELLED")
    assert event["ATTENDEE"] == "mailto:zoe@example.org"
    assert "RSVP" not in event["ATTENDEE"].params


def test_feed_has_a_name_and_no_method():
    answered = replace(MEETING, attendee=Attendee("Zoë", "zoe@example.org", Participation.ACCEPTED))

    written = write_calendar([answered], name="Zoë: my meetings; all, here")

    calendar = icalendar.Calendar.from_ical(written)
    assert "METHOD" not in calendar
    assert "X-WR-CALNAME:Zoë: my meetings\\; all\\, here" in lines_of(written)
    assert only_event(written)["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_sent_calendar_has_no_feed_name():
    for_keeping = replace(MEETING, attendee=None)

    written = write_calendar([for_keeping], name="Rural transport", method=Method.PUBLISH)

    assert b"METHOD:PUBLISH\r\n" in written
    assert b"X-WR-" not in written


def test_feed_without_events_is_only_its_frame():
    assert lines_of(write_calendar([], name="Mine")) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Coppice//Calendars//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Mine",
        "END:VCALENDAR",
    ]


@pytest.mark.parametrize(
    ("event", "method"),
    [
        (replace(MEETING, organizer=None), Method.REQUEST),
        (replace(MEETING, attendee=None), Method.REQUEST),
        (replace(MEETING, status=Status.CANCELLED), Method.REQUEST),
        (replace(MEETING, status=Status.CANCELLED, attendee=None), Method.CANCEL),
        (MEETING, Method.CANCEL),
        (MEETING, Method.PUBLISH),
        (replace(MEETING, attendee=None, organizer=None), Method.PUBLISH),
        (MEETING, "COUNTER"),
        (replace(MEETING, organizer=Organizer("A", "a@b.example\r\nX-EVIL:1")), None),
        (replace(MEETING, url="https://a.example/\r\nX-EVIL:1"), None),
    ],
)
def test_what_no_program_would_accept_is_refused(event, method):
    with pytest.raises(ValueError):  # noqa: PT011 - each case has its own words
        write_calendar([event], name="Rural transport", method=method)


def test_method_without_events_is_refused():
    with pytest.raises(ValueError, match="REQUEST needs an event"):
        write_calendar([], name="Mine", method=Method.REQUEST)


@pytest.mark.parametrize(
    "changes",
    [
        {"starts": datetime(2026, 11, 10, 15)},
        {"stamp": datetime(2026, 11, 10, 15)},
        {"last_modified": datetime(2026, 11, 10, 15)},
        {"duration": timedelta()},
    ],
)
def test_event_needs_zoned_times_and_a_length(changes):
    with pytest.raises(ValueError, match=MEETING.uid):
        replace(MEETING, **changes)


def test_utc_event_needs_no_time_zone_part():
    written = write_calendar([replace(MEETING, time_zone="Etc/UTC")], name="Mine")

    assert b"VTIMEZONE" not in written
    assert {"DTSTART:20261110T150000Z", "DTEND:20261110T163000Z"} <= set(lines_of(written))


def test_event_in_the_repeated_hour_is_written_in_utc():
    second_half_past_one = replace(MEETING, starts=datetime(2026, 11, 1, 6, 30, tzinfo=UTC))

    written = write_calendar([second_half_past_one], name="Mine")

    assert {"DTSTART:20261101T063000Z", "DTEND:20261101T080000Z"} <= set(lines_of(written))


def test_duration_is_real_time_across_a_clock_change():
    over_night = replace(MEETING, starts=datetime(2026, 11, 1, 3, tzinfo=UTC), duration=timedelta(hours=8))

    written = write_calendar([over_night], name="Mine")

    assert "DTSTART;TZID=America/New_York:20261031T230000" in lines_of(written)
    assert "DTEND;TZID=America/New_York:20261101T060000" in lines_of(written)


def test_same_zone_is_told_once_for_all_events():
    later = replace(MEETING, uid="meeting-8@coppice.example", starts=datetime(2028, 5, 1, 15, tzinfo=UTC))

    written = write_calendar([later, MEETING, replace(MEETING, time_zone="Asia/Kathmandu")], name="Mine")

    zones = icalendar.Calendar.from_ical(written).walk("VTIMEZONE")
    assert [zone["TZID"] for zone in zones] == ["America/New_York", "Asia/Kathmandu"]


@given(summary=typed, description=typed, location=typed, name=typed)
def test_any_text_survives_escaping_and_folding(summary, description, location, name):
    event = replace(MEETING, summary=summary, description=description, location=location)
    event = replace(event, organizer=Organizer(name, "rural@coppice.example"))

    written = write_calendar([event], name=name)

    assert b"\n" not in written.replace(b"\r\n", b"")
    for line in written.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no fold falls within a character
    read = only_event(written)
    assert str(read["SUMMARY"]) == summary
    assert str(read.get("DESCRIPTION", "")) == description
    assert str(read.get("LOCATION", "")) == location
    named = " ".join(name.replace('"', "'").split())
    assert read["ORGANIZER"].params.get("CN", "") == named


def test_long_summary_folds_between_characters():
    summary = "会議🌳é" * 100

    written = write_calendar([replace(MEETING, summary=summary)], name="Mine")

    start = written.index(b"SUMMARY:")
    folded = written[start : written.index(b"\r\nDTSTART", start)].split(b"\r\n")
    assert all(len(line) <= 75 for line in folded)
    assert "".join([folded[0].decode()] + [line[1:].decode() for line in folded[1:]]) == f"SUMMARY:{summary}"


def test_line_breaks_become_one_kind_and_control_characters_go():
    pasted = replace(MEETING, summary="a\r\nb\rc\u2028d\x85e\x0bf\x00\x1b\ud800g\th", uid="1\r\nX-EVIL:1")

    written = write_calendar([pasted], name="Mine\r\nX-EVIL:1")

    assert str(only_event(written)["SUMMARY"]) == "a\nb\nc\nd\ne\nfg\th"
    assert not [line for line in lines_of(written) if line.startswith("X-EVIL")]


def test_quotes_in_a_name_stay_readable():
    quoted = replace(MEETING, organizer=Organizer('Ana "Nana" Ruiz; Lima, PE', "ana@example.org"))

    written = write_calendar([quoted], name="Mine")

    assert "ORGANIZER;CN=\"Ana 'Nana' Ruiz; Lima, PE\":mailto:ana@example.org" in lines_of(written)
