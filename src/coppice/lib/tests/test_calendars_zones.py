"""The rules written for a time zone give the same instants as the time zone database."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coppice.lib.calendars import CalendarEvent, write_calendar
from coppice.lib.calendars.zones import observances

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
PECULIAR = [
    "Africa/Cairo",  # changes the day after the last Thursday
    "Africa/Casablanca",  # goes back for Ramadan
    "America/New_York",
    "America/Santiago",  # the Sunday after the first Saturday
    "America/Sao_Paulo",  # gave up summer time
    "America/Vancouver",  # gives up changing clocks
    "Antarctica/Troll",  # two hours
    "Asia/Gaza",  # tables of Ramadans
    "Asia/Jerusalem",  # the Friday before the last Sunday
    "Asia/Kathmandu",
    "Atlantic/Azores",  # at midnight
    "Australia/Lord_Howe",  # half an hour
    "Europe/Dublin",  # winter is the exception in law
    "Pacific/Auckland",
    "Pacific/Chatham",
]
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
LAST_YEAR = 2060


def event(time_zone, starts):
    return CalendarEvent(
        uid=f"{starts:%Y%m%dT%H%M%S}@coppice.example",
        stamp=datetime(2026, 1, 1, tzinfo=UTC),
        starts=starts,
        duration=timedelta(minutes=50),
        time_zone=time_zone,
        summary="Meeting",
    )


@dataclass
class Reader:
    """Reads clock times by a VTIMEZONE alone, straight from RFC 5545 section 3.6.5."""

    zone: icalendar.Timezone

    def __post_init__(self):
        self.changes = sorted(
            (onset - part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
            for part in self.zone.subcomponents
            for onset in self.onsets(part)
        )

    def onsets(self, part):
        first = part["DTSTART"].dt
        if "RRULE" not in part:
            return [first]
        until = part["RRULE"].get("UNTIL", [datetime(LAST_YEAR, 1, 1, tzinfo=UTC)])[0].replace(tzinfo=None)
        [month] = part["RRULE"]["BYMONTH"]
        days = [
            first.replace(year=year, month=month, day=day)
            for year in range(first.year, LAST_YEAR)
            for day in range(1, monthrange(year, month)[1] + 1)
        ]
        onsets = [day for day in days if self.falls_on(day, part["RRULE"])]
        assert onsets[0] == first
        return [onset for onset in onsets if onset - part["TZOFFSETFROM"].td <= until]

    def falls_on(self, day, rule):
        [weekday] = rule["BYDAY"]
        week = str(weekday)[:-2]
        if WEEKDAYS[day.weekday()] != str(weekday)[-2:]:
            return False
        if week == "-1":
            return (day + timedelta(days=7)).month != day.month
        if week:
            return (day.day - 1) // 7 + 1 == int(week)
        return day.day in rule["BYMONTHDAY"]

    def offset(self, instant):
        return [after for change, after in self.changes if change <= instant][-1]

    def instants(self, clock):
        """Return every instant at which a clock in the zone shows this time."""
        return {
            (clock - after).replace(tzinfo=UTC)
            for _, after in self.changes
            if self.offset(clock - after) == after
        }


def instants_read(written):
    """Return each event's beginning and end, as a reader that knows no zone names sees them."""
    calendar = icalendar.Calendar.from_ical(written)
    readers = {str(zone["TZID"]): Reader(zone) for zone in calendar.walk("VTIMEZONE")}
    return [
        tuple(
            readers[event[word].params["TZID"]].instants(event[word].dt.replace(tzinfo=None))
            if "TZID" in event[word].params
            else {event[word].dt}
            for word in ("DTSTART", "DTEND")
        )
        for event in calendar.walk("VEVENT")
    ]


def parts(time_zone, *years):
    """Return kind, DTSTART and RRULE of each observance written for events in these years."""
    events = [event(time_zone, datetime(year, 6, 15, 12, tzinfo=UTC)) for year in years]
    [zone] = icalendar.Calendar.from_ical(write_calendar(events, name="Mine")).walk("VTIMEZONE")
    return [
        (
            part.name,
            part["DTSTART"].to_ical().decode(),
            part["RRULE"].to_ical().decode() if "RRULE" in part else "",
        )
        for part in zone.subcomponents
    ]


@settings(deadline=None, max_examples=150)
@given(
    time_zone=st.sampled_from(ZONES),
    instants=st.lists(
        st.datetimes(datetime(1973, 1, 2), datetime(2050, 12, 30), timezones=st.just(UTC)).map(
            lambda moment: moment.replace(microsecond=0)
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_reading_back_gives_the_same_instants(time_zone, instants):
    written = write_calendar([event(time_zone, instant) for instant in instants], name="Mine")

    assert instants_read(written) == [({instant}, {instant + timedelta(minutes=50)}) for instant in instants]


@pytest.mark.parametrize("time_zone", PECULIAR)
def test_zone_holds_around_each_clock_change_of_these_years(time_zone):
    zone = ZoneInfo(time_zone)
    days = [datetime(2025, 12, 31, tzinfo=UTC) + timedelta(days=days) for days in range(4 * 366)]
    changed = [
        day
        for day in days
        if day.astimezone(zone).utcoffset() != (day + timedelta(1)).astimezone(zone).utcoffset()
    ]
    instants = [day + timedelta(minutes=30 * step) for day in changed for step in range(49)] or days[::100]

    written = write_calendar([event(time_zone, instant) for instant in instants], name="Mine")

    assert instants_read(written) == [({instant}, {instant + timedelta(minutes=50)}) for instant in instants]


def test_library_reads_the_written_rules_as_we_do():
    """The VTIMEZONE under a name that no database knows, so that icalendar must read the rules."""
    instants = [datetime(2026, 1, 3, 20, tzinfo=UTC) + timedelta(days=9 * step) for step in range(110)]
    written = write_calendar([event("Australia/Lord_Howe", instant) for instant in instants], name="Mine")

    calendar = icalendar.Calendar.from_ical(written.replace(b"Australia/Lord_Howe", b"Unheard-of"))

    assert [event.start.astimezone(UTC) for event in calendar.events] == instants


@pytest.mark.parametrize(
    ("time_zone", "expected"),
    [
        (
            "Pacific/Auckland",
            [
                ("DAYLIGHT", "20070930T020000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=9"),
                ("STANDARD", "20080406T030000", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=4"),
            ],
        ),
        (
            "Europe/Dublin",
            [
                ("DAYLIGHT", "20000326T010000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
                ("STANDARD", "20001029T020000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
            ],
        ),
        (
            "Asia/Jerusalem",
            [
                ("STANDARD", "20131027T020000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
                (
                    "DAYLIGHT",
                    "20180323T020000",
                    "FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29;BYMONTH=3",
                ),
            ],
        ),
        ("Asia/Kathmandu", [("STANDARD", "19700101T000000", "")]),
        ("America/Sao_Paulo", [("STANDARD", "19700101T000000", "")]),
    ],
)
def test_rules_of_today(time_zone, expected):
    assert parts(time_zone, 2026) == expected


def test_rules_that_ended_say_when():
    assert parts("America/New_York", 2005, 2026) == [
        ("DAYLIGHT", "20000402T020000", "FREQ=YEARLY;UNTIL=20060402T070000Z;BYDAY=1SU;BYMONTH=4"),
        ("STANDARD", "20001029T020000", "FREQ=YEARLY;UNTIL=20061029T060000Z;BYDAY=-1SU;BYMONTH=10"),
        ("DAYLIGHT", "20070311T020000", "FREQ=YEARLY;BYDAY=2SU;BYMONTH=3"),
        ("STANDARD", "20071104T020000", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"),
    ]


def test_ramadan_in_casablanca_is_told_change_by_change():
    assert parts("Africa/Casablanca", 2024, 2025) == [
        ("STANDARD", "19700101T000000", ""),
        ("STANDARD", "20230319T030000", ""),
        ("DAYLIGHT", "20230423T020000", ""),
        ("STANDARD", "20240310T030000", ""),
        ("DAYLIGHT", "20240414T020000", ""),
        ("STANDARD", "20250223T030000", ""),
        ("DAYLIGHT", "20250406T020000", ""),
    ]


def test_summer_time_is_ahead_by_half_an_hour_in_lord_howe():
    written = write_calendar([event("Australia/Lord_Howe", datetime(2026, 1, 5, 9, tzinfo=UTC))], name="Mine")

    [zone] = icalendar.Calendar.from_ical(written).walk("VTIMEZONE")
    [standard, daylight] = zone.subcomponents
    assert (standard.name, standard["TZOFFSETTO"].td) == ("STANDARD", timedelta(hours=10, minutes=30))
    assert (daylight.name, daylight["TZOFFSETTO"].td) == ("DAYLIGHT", timedelta(hours=11))


def test_no_list_of_dates_is_written():
    events = [event(time_zone, datetime(2026, 6, 15, 12, tzinfo=UTC)) for time_zone in PECULIAR]

    assert b"RDATE" not in write_calendar(events, name="Mine")


@pytest.mark.parametrize("year", [1, 9999])
def test_the_edges_of_the_calendar_are_told_like_the_years_beside_them(year):
    beside = 3 if year == 1 else 9985

    told = observances("America/New_York", first_year=year, last_year=year)

    assert told == observances("America/New_York", first_year=beside, last_year=beside)
