"""Somebody brings their calendar, and whoever leads finds times that it leaves free, without reading it."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings.models import BusyTime, TimePoll
from tests.browser import assert_accessible, assert_fits, go_by

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Dentist in Ashford"
FREE = (time(10), time(12))
"""When Ben is free on Thursdays. Else his calendar is full from seven to twenty o'clock on every day."""


@pytest.fixture
def group(site):
    return make_community(name="Hedgerow", time_zone="UTC")


@pytest.fixture
def ben(group):
    return add_member(group, "Ben Member")


@pytest.fixture
def leader(group):
    return add_member(group, "Lena Leader", role="leader")


@pytest.fixture
def opened(site, new_page):
    """A function that opens a page of somebody's, on a desk or a phone."""

    def open_page(member, path, **more):
        client = Client()
        client.force_login(member.person)
        session = client.cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}
        return new_page(path, storage_state={"cookies": [cookie], "origins": []}, **more)

    return open_page


def calendar_file(first: date, days: int) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//journey//EN"]
    for day in (first + timedelta(days=number) for number in range(days)):
        whole = [(time(7), time(20))]
        for begins, ends in whole if day.weekday() != 3 else [(time(7), FREE[0]), (FREE[1], time(20))]:
            lines += [
                "BEGIN:VEVENT",
                f"UID:{day}-{begins:%H}",
                "DTSTAMP:20260101T000000Z",
                f"SUMMARY:{TITLE}",
                f"DTSTART:{datetime.combine(day, begins):%Y%m%dT%H%M%SZ}",
                f"DTEND:{datetime.combine(day, ends):%Y%m%dT%H%M%SZ}",
                "END:VEVENT",
            ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def proposed(page: Page) -> list[str]:
    return [each.inner_text().splitlines()[0] for each in page.locator("label:has([name=times])").all()]


def test_a_calendar_that_somebody_brings_moves_what_is_proposed(opened, group, ben, leader):
    first = datetime.now(UTC).date() + timedelta(days=3)
    asked = f"?title=Extra+hour&minutes=60&first={first}&last={first + timedelta(days=6)}&time_zone=UTC"
    finding = reverse("meetings:find_time", args=[group.pk]) + asked
    desk = opened(leader, finding)
    before = proposed(desk)

    page = opened(ben, reverse("meetings:calendar"), width=360)
    go_by(page.get_by_role("link", name="My busy times"))
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Calendar file").set_input_files(
        {"name": "ben.ics", "mimeType": "text/calendar", "buffer": calendar_file(first, 7)}
    )
    go_by(page.get_by_role("button", name="Keep my busy times"))
    expect(page.get_by_text("Kept: 8 times at which you are busy")).to_be_visible()
    expect(page.get_by_text(TITLE)).to_have_count(0)
    desk.goto(finding)
    after = proposed(desk)

    kept = BusyTime.objects.filter(person=ben.person)
    starts = [time.fromisoformat(re.findall(r"\d\d:\d\d", each)[0]) for each in after]
    by_day = [each for each, start in zip(after, starts, strict=True) if time(7) <= start < time(20)]
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    assert kept.count() == 8
    assert before != after
    assert after[0].startswith(f"Thursday {thursday.day} ")
    assert FREE[0] <= starts[0] <= time(11)
    assert [each for each in by_day if not each.startswith("Thursday")] == []
    expect(desk.get_by_text("Easy for everybody.").first).to_be_visible()
    expect(desk.get_by_text(re.compile(f"{TITLE}|own calendar", re.IGNORECASE))).to_have_count(0)
    go_by(desk.get_by_role("button", name="Ask everybody"))
    assert TimePoll.objects.get().times.count() > 0

    go_by(page.get_by_role("button", name="Delete it all now"))
    assert not kept.exists()
