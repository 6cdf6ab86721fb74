"""Independent calendar engines read our feeds the same way, and as the time zone database says.

Two engines run wherever the development packages are installed. All five (libical, ical.js, node-ical,
recurring-ical-events, vobject) run at the shared round table. Its laboratory is found in ICS_LAB (by default
~/.cache/ics_lab) and is set up first, which needs root and two minutes, when COPPICE_ICS_LAB=1.
"""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.lib.calendars import Attendee, CalendarEvent, Method, Organizer, write_calendar
from coppice.meetings.actions import feeds
from coppice.meetings.calendar_board import own_page, places_of
from coppice.meetings.calendar_periods import period_of
from coppice.meetings.feeds import text_of
from coppice.meetings.models import Meeting

ROUND_TABLE = Path(__file__).resolve().parents[2].parent / "shared" / "tools" / "ics_roundtable"
LAB = Path(os.environ.get("ICS_LAB", Path.home() / ".cache" / "ics_lab"))
YEARS = (2026, 2027, 2028)
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Lagos",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Honolulu",
)
# Node prints what its own time zone database says of [zone, ISO instant] pairs.
NODE_CLOCK = """
const pairs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const clock = (zone, iso) => new Intl.DateTimeFormat('sv-SE', {timeZone: zone, year: 'numeric',
  month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit'}).format(new Date(iso));
console.log(JSON.stringify(pairs.map(([zone, iso]) => clock(zone, iso))));
"""


def instants_of(key):
    """Return noon of each 15th, and what lies two hours either side of each clock change."""
    zone = ZoneInfo(key)
    monthly = [datetime(year, month, 15, 12, tzinfo=UTC) for year in YEARS for month in range(1, 13)]
    hours = [datetime(YEARS[0], 1, 2, tzinfo=UTC) + timedelta(hours=hour) for hour in range(1094 * 24)]
    changes = [
        hour
        for hour in hours
        if hour.astimezone(zone).utcoffset() != (hour - timedelta(hours=1)).astimezone(zone).utcoffset()
    ]
    return sorted(
        {*monthly, *(change + timedelta(hours=step) for change in changes for step in (-26, -2, -1, 2))}
    )


def event_at(key, starts, **more):
    return CalendarEvent(
        uid=f"{key}-{starts:%Y%m%dT%H%MZ}",
        stamp=datetime(2026, 1, 1, tzinfo=UTC),
        starts=starts,
        duration=timedelta(minutes=45),
        time_zone=key,
        summary="Réunion mensuelle; transport rural, 会議",
        description="Bring a story.\nDial in if you like.",
        location="Room 4",
        url="https://coppice.example/meetings/7",
        last_modified=datetime(2026, 1, 1, tzinfo=UTC),
        **more,
    )


@pytest.fixture(scope="module")
def meetings():
    return {(key, instant): event_at(key, instant) for key in ZONES for instant in instants_of(key)}


@pytest.fixture(scope="module")
def feed(meetings):
    return write_calendar(meetings.values(), name="Round table")


def disguised(feed):
    """Return the feed with zone names that nobody knows, so that only our VTIMEZONE can tell the time."""
    return re.sub(rb"(?m)(TZID[:=])(\w+)/(\w+)", rb"\1Hidden-\2-\3", feed)


def only_year(feed, year):
    """Return the feed with only one year's events: some engines list what lies outside the year asked for."""
    head, *events = feed.split(b"BEGIN:VEVENT\r\n")
    kept = [event.removesuffix(b"END:VCALENDAR\r\n") for event in events if f"-{year}".encode() in event]
    return b"BEGIN:VEVENT\r\n".join([head, *kept]) + b"END:VCALENDAR\r\n"


def read_by_recurring_ical_events(feed):
    engine = pytest.importorskip("recurring_ical_events", reason="recurring-ical-events is not installed")
    read = engine.of(icalendar.Calendar.from_ical(feed)).between((YEARS[0], 1, 1), (YEARS[-1] + 1, 1, 1))
    return {str(event["UID"]): event.start.astimezone(UTC) for event in read}


def read_by_vobject(feed):
    engine = pytest.importorskip("vobject", reason="vobject is not installed")
    read = engine.readOne(feed.decode())
    return {event.uid.value: event.dtstart.value.astimezone(UTC) for event in read.vevent_list}


@pytest.mark.parametrize("read", [read_by_recurring_ical_events, read_by_vobject])
@pytest.mark.parametrize("dress", [bytes, disguised])
def test_python_engine_reads_the_true_instants(read, dress, meetings, feed):
    assert read(dress(feed)) == {event.uid: event.starts for event in meetings.values()}


@pytest.fixture(scope="module")
def lab():
    if not ROUND_TABLE.is_dir():
        pytest.skip("the shared round table is not beside this repository")
    if not (LAB / "ics_libical").exists():
        if os.environ.get("COPPICE_ICS_LAB") != "1":
            pytest.skip(f"no laboratory in {LAB}; COPPICE_ICS_LAB=1 sets it up")
        subprocess.run(
            [ROUND_TABLE / "setup.sh"], check=True, timeout=900, env=os.environ | {"ICS_LAB": str(LAB)}
        )
    return LAB


def sit_at_table(feed, year, folder):
    """Return what the round table says: its complaints, and how often each number of engines agreed."""
    path = folder / "feed.ics"
    path.write_bytes(feed)
    told = subprocess.run(
        [sys.executable, ROUND_TABLE / "ics_roundtable.py", path],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"ICS_LAB": str(LAB), "ICS_YEAR": str(year), "PYTHONTZPATH": ""},  # as settings.py
    )
    assert not told.stderr
    lines = told.stdout.splitlines()
    complaints = [line for line in lines if line.startswith(("DIFF", "STRICT"))]
    agreed = [line.split()[1] for line in lines if line.endswith("1 occurrences, 5 of 5 engines agree")]
    return complaints, agreed


def known_otherwise_to_node(meetings):
    """Return the events of which Node's own database, which node-ical trusts, tells another clock time."""
    told = subprocess.run(
        ["node", "-e", NODE_CLOCK],
        input=json.dumps([[key, instant.isoformat()] for key, instant in meetings]),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {
        event.uid
        for ((key, instant), event), clock in zip(meetings.items(), json.loads(told.stdout), strict=True)
        if f"{instant.astimezone(ZoneInfo(key)):%Y-%m-%d %H:%M}" != clock
    }


@pytest.mark.parametrize("year", YEARS)
def test_five_engines_agree(year, meetings, feed, lab, tmp_path):
    asked = {event.uid for (_key, instant), event in meetings.items() if instant.year == year}
    older = known_otherwise_to_node(meetings) & asked

    complaints, agreed = sit_at_table(only_year(feed, year), year, tmp_path)

    assert [
        line for line in complaints if line.split()[1:3] not in [[uid, "node-ical"] for uid in older]
    ] == []
    assert set(agreed) == asked - older


@pytest.mark.parametrize("year", YEARS)
def test_engines_agree_by_our_rules_alone(year, feed, lab, tmp_path):
    """All but node-ical, which has no reading of a VTIMEZONE's rules."""
    complaints, _agreed = sit_at_table(only_year(disguised(feed), year), year, tmp_path)

    assert [line for line in complaints if line.split()[2] != "node-ical"] == []


def test_invitation_passes_the_strict_reading(lab, tmp_path):
    event = event_at(
        "Pacific/Auckland",
        datetime(2027, 4, 3, 20, tzinfo=UTC),
        organizer=Organizer("Rural transport", "rural@coppice.example"),
        attendee=Attendee("Zoë Ibáñez", "zoe@example.org"),
    )

    complaints, agreed = sit_at_table(write_calendar([event], name="", method=Method.REQUEST), 2027, tmp_path)

    assert (complaints, agreed) == ([], [event.uid])


OVER_CLOCK_CHANGES = (
    "Africa/Casablanca",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Auckland",
)


@pytest.fixture
def held_weekly(db, monkeypatch):
    """A member of one community that meets each Tuesday at 10:00 for a year, in each of the zones in turn.

    Returns the member, and what clocks show of each meeting by its UID, told by the zone database alone.
    """
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2027, 12, 31, tzinfo=UTC))
    community = make_community()
    member = add_member(community, "Ben Member")
    meetings = [
        Meeting(
            community=community,
            title=key,
            time_zone=key,
            starts_at=datetime(2027, 1, 5, 10, tzinfo=ZoneInfo(key)) + timedelta(weeks=week),
            ends_at=datetime(2027, 1, 5, 11, tzinfo=ZoneInfo(key)) + timedelta(weeks=week),
        )
        for key in OVER_CLOCK_CHANGES
        for week in range(52)
    ]
    Meeting.objects.bulk_create(meetings)
    return member, {f"{each.uid}@coppice": each.starts_at.astimezone(UTC) for each in meetings}


def served(member: Membership) -> bytes:
    """What a calendar program gets at the address of the member's feed."""
    return text_of(feeds.make(by=member.person, community=member.community))


@pytest.mark.parametrize("read", [read_by_recurring_ical_events, read_by_vobject])
@pytest.mark.parametrize("dress", [bytes, disguised])
def test_engines_read_a_served_feed_as_it_was_planned(read, dress, held_weekly):
    member, planned = held_weekly

    assert read(dress(served(member))) == planned


def test_engines_read_each_meeting_at_ten_by_its_own_clock(held_weekly):
    member, _planned = held_weekly

    events = icalendar.Calendar.from_ical(served(member)).walk("VEVENT")

    clocks = {(str(event["DTSTART"].params["TZID"]), f"{event.start:%a %H:%M}") for event in events}
    assert clocks == {(key, "Tue 10:00") for key in OVER_CLOCK_CHANGES}


@pytest.mark.parametrize("reader", OVER_CLOCK_CHANGES)
def test_our_page_shows_what_engines_read(reader, held_weekly):
    member, _planned = held_weekly
    zone, places = ZoneInfo(reader), places_of(member.person)
    read = read_by_recurring_ical_events(served(member))

    months = [
        period_of("list", month_of(number), today=datetime.now(UTC).date(), zone=zone)
        for number in range(-1, 13)
    ]
    shown = {
        f"{entry.meeting.uid}@coppice": (day.on, entry.clock, entry.organizers)
        for period in months
        for day in own_page(member.person, places, period).days
        for entry in day.entries
    }

    assert {uid: (on, clock) for uid, (on, clock, _theirs) in shown.items()} == {
        uid: (at.astimezone(zone).date(), f"{at.astimezone(zone):%H:%M}") for uid, at in read.items()
    }
    assert {theirs[0] for _on, _clock, theirs in shown.values() if theirs} == {"10:00"}


def month_of(number: int) -> str:
    return f"{2027 + number // 12}-{number % 12 + 1:02}-01"


def test_five_engines_agree_on_a_served_feed(held_weekly, lab, tmp_path):
    member, planned = held_weekly

    complaints, agreed = sit_at_table(served(member), 2027, tmp_path)

    # Node's own database may be older than ours for Morocco, whose Ramadan is decided year by year.
    moroccan = set(Meeting.objects.filter(time_zone="Africa/Casablanca").values_list("uid", flat=True))
    of_morocco = {f"{uid}@coppice" for uid in moroccan}
    assert [line for line in complaints if line.split()[1] not in of_morocco] == []
    assert set(planned) - of_morocco <= set(agreed)
