"""A series in calendar files, as an independent engine reads it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import recurring_ical_events
from django.utils import timezone

from coppice.communities.tests.factories import add_member, make_community
from coppice.lib.calendars import Method
from coppice.meetings import actions, calendar_files, series_files
from coppice.meetings.actions import series as verbs
from coppice.meetings.models import Meeting
from coppice.meetings.recurrence import Instead, Rhythm, Rule
from coppice.meetings.tests.factories import make_series, rule_of

pytestmark = pytest.mark.django_db

ZONES = (
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/New_York",
    "UTC",
)


@pytest.fixture
def community():
    return make_community(name="Tides")


@pytest.fixture
def member(community):
    return add_member(community, "Ana")


def read(*texts: str | bytes) -> list[tuple[datetime, datetime]]:
    """Every occurrence of some files taken in one after another, as the engine tells it, in UTC."""
    events: dict[tuple[str, str], icalendar.Event] = {}
    for text in texts:
        for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
            if "RECURRENCE-ID" not in event:
                events = {key: each for key, each in events.items() if key[0] != event["UID"]}
            events[event["UID"], _id(event)] = event
    calendar = icalendar.Calendar.from_ical(texts[-1])
    calendar.subcomponents = [each for each in calendar.subcomponents if each.name != "VEVENT"]
    for event in events.values():
        calendar.add_component(event)
    now = timezone.now()
    found = recurring_ical_events.of(calendar).between(now - timedelta(days=9), now + timedelta(days=800))
    return sorted(
        (each.start.astimezone(UTC), each.end.astimezone(UTC))
        for each in found
        if each.get("STATUS") != "CANCELLED"
    )


def _id(event: icalendar.Event) -> str:
    return event["RECURRENCE-ID"].to_ical().decode() if "RECURRENCE-ID" in event else ""


def truth() -> list[tuple[datetime, datetime]]:
    rows = Meeting.objects.filter(cancelled_at=None)
    return sorted((each.starts_at, each.ends_at) for each in rows)


@pytest.mark.parametrize(
    ("key", "clock"),
    [
        *((key, "15:00") for key in ZONES),
        ("Pacific/Auckland", "02:30"),
        ("Australia/Lord_Howe", "02:15"),
        ("Australia/Lord_Howe", "01:45"),
        ("Africa/Casablanca", "02:30"),
        ("America/New_York", "02:30"),
        ("America/New_York", "01:30"),
    ],
)
def test_every_occurrence_over_a_year_of_clock_changes(community, key, clock):
    sundays = rule_of(weekdays=(6,), every=1, days=380, clock=time.fromisoformat(clock))

    series = make_series(community, rule=sundays, time_zone=key)

    assert len(truth()) >= 54
    assert read(series_files.published_series(series)) == truth()


def test_two_times_in_turn_are_two_events_of_their_own(community, member):
    series = make_series(community, rule=replace(rule_of(days=200), clocks=(time(8), time(20, 30))))

    files = series_files.series_files(series, to=member)

    uids = [
        {str(event["UID"]) for event in icalendar.Calendar.from_ical(file.text).walk("VEVENT")}
        for file in files
    ]
    assert uids == [{series_files.uid_of(series, 0)}, {series_files.uid_of(series, 1)}]
    assert [file.method for file in files] == [Method.REQUEST, Method.REQUEST]
    assert read(*[file.text for file in files]) == truth()
    assert {start.astimezone(community.zone).strftime("%H:%M") for start, _end in truth()} == {
        "08:00",
        "20:30",
    }


def test_months_and_holidays_that_fall_out(community):
    first = timezone.localdate() + timedelta(days=3)
    rule = Rule(
        rhythm=Rhythm.MONTHLY,
        weekdays=(4,),
        position=-1,
        first=first,
        last=first + timedelta(days=730),
        clocks=(time(12),),
        months_out=frozenset({8}),
        free_days=frozenset(date(year, 12, day) for year in range(2024, 2032) for day in range(20, 32)),
        instead=Instead.WEEK_BEFORE,
    )

    series = make_series(community, rule=rule, time_zone="America/New_York")

    published = series_files.published_series(series)
    assert read(published) == truth()
    assert {start.month for start, _end in truth()} == {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12}
    assert b"RECURRENCE-ID" in published
    assert b"EXDATE" in published


def test_calendars_follow_one_change_after_another(community, member):
    series = make_series(community, rule=rule_of(days=140), time_zone="America/New_York")
    taken_in = [file.text for file in series_files.series_files(series, to=member)]
    _first, second, third, fourth, *_others = series.meetings.order_by("starts_at")

    actions.change(
        second,
        by=None,
        starts_at=second.starts_at + timedelta(hours=3),
        ends_at=second.ends_at + timedelta(hours=4),
    )
    taken_in.append(calendar_files.request(Meeting.objects.get(pk=second.pk), to=member))
    moved = read(*taken_in)
    assert moved == truth()

    actions.cancel(third, by=None)
    taken_in.append(calendar_files.cancellation(Meeting.objects.get(pk=third.pk), to=member))
    cancelled = read(*taken_in)
    assert cancelled == truth()

    other = verbs.change_following(fourth, by=None, keeps_exceptions=True, fields={"clock": time(9)})
    series.refresh_from_db()
    taken_in += [file.text for each in (series, other) for file in series_files.series_files(each, to=member)]
    assert other != series
    assert read(*taken_in) == truth()

    last = other.meetings.order_by("starts_at")[2]
    verbs.end_from(last, by=None)
    other.refresh_from_db()
    taken_in += [file.text for file in series_files.series_files(other, to=member)]
    assert read(*taken_in) == truth()
    assert len(truth()) == 4


def test_what_ends_before_it_began_leaves_calendars_whole(community, member):
    series = make_series(community, rule=replace(rule_of(days=100), clocks=(time(8), time(20))))
    verbs.end_from(series.meetings.order_by("starts_at")[0], by=None)
    series.refresh_from_db()

    files = series_files.series_files(series, to=member)

    assert [file.method for file in files] == [Method.CANCEL, Method.CANCEL]
    assert all("STATUS:CANCELLED" in file.text and "SEQUENCE:1" in file.text for file in files)
    assert b"STATUS:CANCELLED" in series_files.published_series(series)


def test_a_strand_that_moved_away_whole_is_taken_out(community, member):
    series = make_series(community, rule=replace(rule_of(days=60), clocks=(time(8), time(20))))
    second = series.meetings.order_by("starts_at")[1]
    verbs.change_following(second, by=None, keeps_exceptions=True, fields={"minutes": 90})
    series.refresh_from_db()

    assert [file.method for file in series_files.series_files(series, to=member)] == [
        Method.REQUEST,
        Method.CANCEL,
    ]


def test_a_file_tells_dial_in_access_and_recording_in_the_members_language(community, member):
    member.person.language = "es"
    member.person.save()
    details = {"dial_in": "+1 555 0100", "access": "Captions", "recording": "For 30 days", "mode": "phone"}
    series = make_series(community, rule=rule_of(days=60), **details)
    text = series_files.series_files(series, to=member)[0].text.replace("\r\n ", "")
    alone = calendar_files.published(series.meetings.order_by("pk")[0]).decode().replace("\r\n ", "")

    assert "Número para llamar: +1 555 0100" in text
    assert "Acceso e interpretación: Captions" in text
    assert "LOCATION:+1 555 0100" in text
    assert "Recording: For 30 days" in alone
    assert "RECURRENCE-ID" in alone
