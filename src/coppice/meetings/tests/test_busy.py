"""Busy times from a person's own calendar: what is read of it, what is kept, what others learn."""

import io
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from coppice.accounts import actions as accounts
from coppice.communities.tests import factories
from coppice.history.models import Receipt
from coppice.meetings import errors
from coppice.meetings.actions import busy as actions
from coppice.meetings.busy_apart import read_apart
from coppice.meetings.busy_reading import MOST_BYTES, Busy, Read, Reader, read_busy
from coppice.meetings.links import times_path
from coppice.meetings.models import BusyTime, ProposedTime, TimePoll
from coppice.meetings.series_finding import propose_series
from coppice.meetings.series_preview import Against
from coppice.meetings.tasks import forget_busy_times
from coppice.meetings.time_finding import Attendee, judge, propose
from coppice.meetings.time_poll_board import attendees_of
from engines.timefinding import Why

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
READER = Reader(ZoneInfo("America/New_York"), frozenset({"ana@example.org"}))


def wrapped(*components: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *components, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def event(*lines: str, uid: str = "one") -> str:
    whole = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", "SUMMARY:Secret", *lines, "END:VEVENT"]
    return "\r\n".join(whole)


def read(*components: str) -> list[tuple[str, str]]:
    times = read_busy(wrapped(*components), READER, now=NOW).times
    return [(f"{each.starts_at:%m-%d %H:%M}", f"{each.ends_at:%m-%d %H:%M}") for each in times]


EVERY_DAY = ("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z")


@pytest.mark.parametrize(
    ("lines", "times"),
    [
        (("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z"), [("03-03 09:00", "03-03 10:00")]),
        (("DTSTART:20260303T090000Z", "DURATION:PT45M"), [("03-03 09:00", "03-03 09:45")]),
        (("DTSTART:20260303T090000", "DURATION:PT1H"), [("03-03 14:00", "03-03 15:00")]),
        (
            ("DTSTART;TZID=Europe/Berlin:20260303T090000", "DURATION:PT1H"),
            [("03-03 08:00", "03-03 09:00")],
        ),
        (("DTSTART;VALUE=DATE:20260303",), [("03-03 05:00", "03-04 05:00")]),
        (
            ("DTSTART;VALUE=DATE:20260307", "DTEND;VALUE=DATE:20260309"),
            [("03-07 05:00", "03-09 04:00")],  # clocks go forward on the second day
        ),
        (("DTSTART:20260301T090000Z", "DTEND:20260301T100000Z"), []),
        (("DTSTART:20260601T090000Z", "DTEND:20260601T100000Z"), []),
        ((*EVERY_DAY, "TRANSP:TRANSPARENT"), []),
        ((*EVERY_DAY, "STATUS:CANCELLED"), []),
        ((*EVERY_DAY, "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
        ((*EVERY_DAY, "ATTENDEE;PARTSTAT=DECLINED:mailto:Ana@example.org"), []),
        (
            (*EVERY_DAY, "ATTENDEE;PARTSTAT=DECLINED:mailto:ben@example.org"),
            [("03-03 09:00", "03-03 10:00")],
        ),
        (("DTSTART:20260303T090000Z", "DTEND:20260303T090000Z"), []),
        (("DTSTART:20260303T090000Z",), []),
        (("DTEND:20260303T090000Z",), []),
        (
            (*EVERY_DAY, "RRULE:FREQ=DAILY;COUNT=2"),
            [("03-03 09:00", "03-03 10:00"), ("03-04 09:00", "03-04 10:00")],
        ),
        ((*EVERY_DAY, "RRULE:FREQ=SECONDLY"), []),
        ((*EVERY_DAY, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"), []),
        ((*EVERY_DAY, "RRULE:FREQ=MONTHLY;BYDAY=6MO"), []),
        (("DTSTART:00010101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"), []),
    ],
)  # fmt: skip
def test_an_event_is_busy_as_its_calendar_means_it(lines, times):
    assert read(event(*lines)) == times


@pytest.mark.parametrize(
    "lines",
    [
        (*EVERY_DAY, "RRULE:FREQ=DAILY;INTERVAL=0"),
        (*EVERY_DAY, "RRULE:FREQ=MONTHLY;INTERVAL=0"),
        (*EVERY_DAY, "RRULE:FREQ=DAILY;INTERVAL=-1"),
        (*EVERY_DAY, "RRULE:FREQ=DAILY;INTERVAL=999999999999"),
        (*EVERY_DAY, "RRULE:FREQ=DAILY;BYHOUR=10,14"),
        (*EVERY_DAY, "RRULE:FREQ=MONTHLY;BYMONTH=5L"),
        (*EVERY_DAY, "RRULE:FREQ=MONTHLY;BYMONTH=13"),
        (*EVERY_DAY, "RRULE:FREQ=MONTHLY;BYMONTH=0"),
        (*EVERY_DAY, "RRULE:FREQ=WEEKLY;BYDAY=XX"),
        ("DTSTART:PT1H", "RRULE:FREQ=DAILY"),
        ("DTSTART:20260101T000000Z/PT1H", "RRULE:FREQ=DAILY"),
        ("DTSTART;VALUE=TIME:100000", "RRULE:FREQ=DAILY"),
        ("DTSTART:PT1H",),
        ("DTEND:20260303T090000Z",),
    ],
)
def test_what_cannot_be_read_is_left_out_and_counted(lines):
    read = read_busy(wrapped(event(*lines), event(*EVERY_DAY, uid="two")), READER, now=NOW)

    assert [f"{each.starts_at:%m-%d %H:%M}" for each in read.times] == ["03-03 09:00"]
    assert read.left_out == 1


def test_what_cannot_be_read_counts_for_nothing_when_it_is_marked_as_free():
    read = read_busy(
        wrapped(event(*EVERY_DAY, "RRULE:FREQ=DAILY;INTERVAL=0", "TRANSP:TRANSPARENT")), READER, now=NOW
    )

    assert read == Read([], left_out=0)


def test_each_day_of_a_rule_without_an_end_lasts_until_midnight():
    assert read(event("DTSTART;VALUE=DATE:16040305", "RRULE:FREQ=YEARLY")) == [("03-05 05:00", "03-06 05:00")]


def test_a_yearly_event_of_long_ago_is_read():
    assert read(event("DTSTART:19650305T090000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY")) == [
        ("03-05 09:00", "03-05 10:00")
    ]


def test_a_weekly_event_keeps_its_clock_over_summer_time_leaves_out_and_moves_single_dates():
    weekly = event(
        "DTSTART;TZID=America/New_York:20250106T090000",
        "DTEND;TZID=America/New_York:20250106T093000",
        "RRULE:FREQ=WEEKLY;UNTIL=20260401T000000Z",
        "EXDATE;TZID=America/New_York:20260316T090000",
    )
    moved = event(
        "RECURRENCE-ID;TZID=America/New_York:20260323T090000",
        "DTSTART;TZID=America/New_York:20260324T110000",
        "DTEND;TZID=America/New_York:20260324T113000",
    )
    cancelled = event(
        "RECURRENCE-ID;TZID=America/New_York:20260330T090000",
        "DTSTART;TZID=America/New_York:20260330T090000",
        "DTEND;TZID=America/New_York:20260330T093000",
        "STATUS:CANCELLED",
    )

    assert read(weekly, moved, cancelled) == [
        ("03-02 14:00", "03-02 14:30"),
        ("03-09 13:00", "03-09 13:30"),
        ("03-24 15:00", "03-24 15:30"),
    ]


def test_free_busy_counts_what_is_busy():
    told = "\r\n".join(
        [
            "BEGIN:VFREEBUSY",
            "UID:free",
            "DTSTAMP:20260101T000000Z",
            "FREEBUSY:20260303T090000Z/20260303T100000Z,20260304T090000Z/PT30M",
            "FREEBUSY;FBTYPE=FREE:20260305T090000Z/20260305T100000Z",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260306T090000Z/PT1H",
            "END:VFREEBUSY",
        ]
    )

    assert read(told) == [
        ("03-03 09:00", "03-03 10:00"),
        ("03-04 09:00", "03-04 09:30"),
        ("03-06 09:00", "03-06 10:00"),
    ]


def test_times_that_overlap_are_one_so_that_nobody_can_tell_events_apart():
    first = event("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z")
    second = event("DTSTART:20260303T093000Z", "DTEND:20260303T110000Z", uid="two")
    third = event("DTSTART:20260303T110000Z", "DTEND:20260303T113000Z", uid="three")

    assert read(second, third, first) == [("03-03 09:00", "03-03 11:30")]


@pytest.mark.parametrize(
    "content", [b"", b"Title,Start\r\n", b"\x89PNG\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"]
)
def test_what_is_no_calendar_is_refused(content):
    with pytest.raises(errors.CalendarNotRead):
        read_busy(content, READER, now=NOW)


def test_what_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("coppice.meetings.busy_reading.MOST_EVENTS", 2)
    many = [event(*EVERY_DAY, uid=str(number)) for number in range(3)]

    for content in (b" " * (MOST_BYTES + 1), wrapped(*many)):
        with pytest.raises(errors.CalendarTooLarge):
            read_busy(content, READER, now=NOW)


@pytest.mark.parametrize(
    "content",
    [
        wrapped(*[event("DTSTART:19700101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")] * 400),
        wrapped(*[event(*EVERY_DAY)] * 501),
        wrapped(event(*["ATTENDEE:mailto:a@example.org"] * 20_001)),
    ],
    ids=["too often", "too many of one", "too many lines"],
)
def test_what_would_take_too_long_is_refused_before_it_is_begun(content):
    begun = time.monotonic()

    with pytest.raises(errors.CalendarTooLarge):
        read_busy(content, READER, now=NOW)

    assert time.monotonic() - begun < 5


def test_lines_that_say_nothing_of_when_cost_nothing():
    content = wrapped(event(*EVERY_DAY, *["X:a", " folded"] * 100_000))
    begun = time.monotonic()

    read = read_busy(content, READER, now=NOW)

    assert len(read.times) == 1
    assert time.monotonic() - begun < 5


def test_a_process_apart_reads_the_same_and_refuses_the_same():
    content = wrapped(event(*EVERY_DAY), event(*EVERY_DAY, "RRULE:FREQ=DAILY;INTERVAL=0", uid="two"))

    assert read_apart(content, READER, now=NOW) == read_busy(content, READER, now=NOW)
    assert read_apart(content, Reader(UTC), now=NOW).left_out == 1
    with pytest.raises(errors.CalendarNotRead):
        read_apart(b"no", READER, now=NOW)
    with pytest.raises(errors.CalendarTooLarge):
        read_apart(b" " * (MOST_BYTES + 1), READER, now=NOW)


def test_a_process_that_comes_to_no_end_is_ended(monkeypatch):
    monkeypatch.setattr("coppice.meetings.busy_apart.PATIENCE", 0.5)
    monkeypatch.setattr("coppice.meetings.busy_apart.COMMAND", "while True: pass")

    with pytest.raises(errors.CalendarTooLarge):
        read_apart(b"", READER, now=NOW)
    monkeypatch.setattr("coppice.meetings.busy_apart.COMMAND", "raise MemoryError")
    monkeypatch.setattr("coppice.meetings.busy_apart.PATIENCE", 10)
    with pytest.raises(errors.CalendarNotRead):
        read_apart(b"", READER, now=NOW)


def test_too_many_times_and_too_long_a_reading_are_refused(monkeypatch):
    daily = wrapped(event(*EVERY_DAY, "RRULE:FREQ=DAILY"))
    monkeypatch.setattr("coppice.meetings.busy_reading.MOST_TIMES", 5)

    with pytest.raises(errors.CalendarTooLarge):
        read_busy(daily, READER, now=NOW)
    monkeypatch.setattr("coppice.meetings.busy_reading.PATIENCE", -1)
    with pytest.raises(errors.CalendarTooLarge):
        read_busy(daily, READER, now=NOW)


@pytest.fixture
def ana(db):
    community = factories.make_community(time_zone="UTC")
    return factories.add_member(community, "Ana")


def soon(hours: int = 24) -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)


def calendar_at(*starts: datetime) -> bytes:
    return wrapped(
        *(
            event(f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT1H", uid=str(number))
            for number, start in enumerate(starts)
        )
    )


def bring(membership, *starts):
    return actions.bring(membership.person, calendar_at(*starts), zone=UTC, address="", now=timezone.now())


def test_a_newer_calendar_takes_the_place_of_the_older_and_one_that_cannot_be_read_of_none(ana):
    bring(ana, soon(24), soon(48))
    bring(ana, soon(72))
    with pytest.raises(errors.CalendarNotRead):
        actions.bring(ana.person, b"no", zone=UTC, address="", now=timezone.now())

    kept = [Busy(each.starts_at, each.ends_at) for each in BusyTime.objects.all()]
    assert kept == [Busy(soon(72), soon(73))]


def test_finding_a_time_tells_nothing_of_it(ana):
    ben = factories.add_member(ana.community, "Ben")
    factories.add_member(factories.make_community(), "Eva")
    bring(ana, soon())

    people = attendees_of(ana.community, first=soon(0), last=soon(100))
    open_people = [replace(each, private=()) for each in people]
    told = Against(people, []).sentences(soon(), soon(25))

    assert {each.key: (len(each.busy), len(each.private)) for each in people} == {
        ana.pk: (0, 1),
        ben.pk: (0, 0),
    }
    assert judge(people, starts_at=soon(), minutes=60, answers={}) == judge(
        open_people, starts_at=soon(), minutes=60, answers={}
    )
    assert told == []


def test_what_is_proposed_keeps_off_it_and_says_the_same_of_each_time():
    day = datetime(2027, 3, 1, 8, tzinfo=UTC)
    kept = ((day + timedelta(hours=1), day + timedelta(hours=8)),)
    busy = [Attendee(1, "UTC", private=kept), Attendee(2, "UTC")]
    ends = day + timedelta(hours=9)

    free = propose([replace(each, private=()) for each in busy], first=day, last=ends, minutes=60, shown=2)
    found = propose(busy, first=day, last=ends, minutes=60, shown=2)
    narrow = propose(busy, first=day + timedelta(hours=2), last=day + timedelta(hours=3), minutes=60)

    assert (
        {each.starts_at for each in found}
        == {day, day + timedelta(hours=8)}
        != {each.starts_at for each in free}
    )
    assert [(each.easy, each.cannot, each.score) for each in narrow] == [(2, 0, 0)]


def test_a_series_keeps_off_it_and_tells_nothing_of_it():
    first = datetime(2027, 3, 1, tzinfo=UTC)
    kept = tuple((first + timedelta(days=day), first + timedelta(days=day + 1)) for day in (0, 1, 2, 3))
    people = [Attendee(1, "UTC", private=kept), Attendee(2, "UTC")]

    [best] = propose_series(people, first=first, meetings=1, weeks=1, minutes=60, shown=1)
    hard = propose_series(people[:1], first=first, meetings=1, weeks=1, minutes=60, shown=300)

    assert best.times[0].starts_at.weekday() == 4
    assert [Why.BUSY in each.times[0].reasons for each in hard] == [False] * len(hard)


def test_what_is_over_is_forgotten(ana):
    bring(ana, soon(24), soon(48))
    BusyTime.objects.filter(starts_at=soon(24)).update(
        starts_at=soon(-48), ends_at=timezone.now() - timedelta(seconds=1)
    )

    forget_busy_times.call()

    assert [each.starts_at for each in BusyTime.objects.all()] == [soon(48)]


def test_a_calendar_is_brought_and_deleted_on_ones_own_page(client, ana):
    client.force_login(ana.person)
    file = SimpleUploadedFile("mine.ics", calendar_at(soon(24), soon(48)), content_type="text/calendar")

    brought = client.post("/calendar/busy/", {"file": file}, follow=True)
    text = " ".join(brought.content.decode().split())
    client.post("/calendar/busy/removal/")

    assert "Kept: 2 times at which you are busy" in text
    assert "could not be read" not in text
    assert "Delete it all now" in text
    assert "Secret" not in text
    assert BusyTime.objects.count() == 0


def test_bringing_says_how_many_events_could_not_be_read_and_holds_no_receipt(client, ana):
    client.force_login(ana.person)
    odd = event(*EVERY_DAY, "RRULE:FREQ=DAILY;BYHOUR=10,14")

    page = client.post("/calendar/busy/", {"text": wrapped(odd).decode(), "once": "a key"}, follow=True)

    assert "1 event could not be read, so that you count as free then." in page.content.decode()
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a file, or paste what is in it."),
        ({"text": "Dear calendar"}, "This is no calendar file."),
        ({"file": "large"}, "This calendar is too large."),
    ],
)
def test_what_cannot_be_brought_says_why(client, ana, sent, said):
    client.force_login(ana.person)
    if "file" in sent:
        sent = {"file": SimpleUploadedFile("large.ics", b" " * (MOST_BYTES + 1))}

    page = client.post("/calendar/busy/", sent)

    assert (page.status_code, BusyTime.objects.count()) == (422, 0)
    assert said in page.content.decode()


def test_who_has_no_account_brings_it_from_the_link_of_the_question(client, ana):
    poll = TimePoll.objects.create(
        community=ana.community, title="When", minutes=60, time_zone="UTC", closes_on=timezone.localdate()
    )
    ProposedTime.objects.create(poll=poll, starts_at=soon())
    address = f"{times_path(poll, ana)}busy/"

    client.post(address, {"text": calendar_at(soon()).decode()})
    kept = BusyTime.objects.filter(person=ana.person).count()
    page = client.get(address)
    client.post(f"{address}removal/")

    assert (kept, page.context["kept"], BusyTime.objects.count()) == (1, 1, 0)


def test_it_is_in_ones_download_and_goes_with_ones_erasure(client, ana):
    bring(ana, soon())
    client.force_login(ana.person)

    download = zipfile.ZipFile(io.BytesIO(client.get("/me/privacy/download/").getvalue()))
    everything = " ".join(download.read(each).decode(errors="replace") for each in download.namelist())
    accounts.erase(ana.person, by=ana.person)

    assert f"{soon():%Y-%m-%dT%H:%M}" in everything
    assert BusyTime.objects.count() == 0
