"""A member subscribes, sees what clashes, revokes; what her calendar program mails is counted."""

import io
import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from coppice import cli
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings.models import CalendarFeed, MeetingReply
from coppice.meetings.tests.factories import make_meeting
from coppice.meetings.tests.replies import mail
from tests.browser import assert_accessible, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ben(site):
    """A member of two communities of one program, which meet at the same time today."""
    hedgerow = make_community(name="Hedgerow")
    member = add_member(hedgerow, "Ben Member")
    orchard = make_community(hedgerow.program, name="Orchard")
    Membership.objects.create(
        community=orchard,
        person=member.person,
        enrollment=member.enrollment,
        state=Membership.State.ACTIVE,
    )
    soon = timezone.now().replace(microsecond=0) + timedelta(minutes=30)
    make_meeting(hedgerow, title="First meeting", starts_at=soon)
    make_meeting(orchard, title="Orchard walk", starts_at=soon, time_zone="Pacific/Auckland")
    return member


@pytest.fixture
def opened(ben, site, new_page):
    """A function that opens a page of Ben's, on a desk or a phone."""
    client = Client()
    client.force_login(ben.person)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "domain": "127.0.0.1",
        "path": "/",
    }
    state = {"cookies": [cookie], "origins": []}
    return lambda path, **more: new_page(path, storage_state=state, **more)


@pytest.mark.parametrize("width", [360, 1360])
def test_a_member_subscribes_sees_a_clash_and_revokes(opened, ben, width):
    on = ben.community.meetings.get().starts_at.astimezone(ben.zone).date()
    page = opened(f"{reverse('meetings:calendar')}?on={on}", width=width)

    expect(page.get_by_text("2 meetings are at the same time as others of yours.")).to_be_visible()
    expect(page.get_by_text("Same time as Orchard walk (Orchard)")).to_be_visible()
    expect(page.get_by_text(re.compile(r"in Auckland$"))).to_be_visible()
    for view in ("Week", "List", "Month"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(page.get_by_role("link", name=re.compile("First meeting"))).to_be_visible()
        assert_accessible(page)
        assert_fits(page)

    page.get_by_role("link", name="My calendar feeds").click()
    page.get_by_role("button", name="Make the address").click()
    expect(page.get_by_text("no calendar has asked yet")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    address = page.get_by_label("Address of My meetings").input_value()
    webcal = page.get_by_role("link", name="Open in my calendar").get_attribute("href")
    path = urlsplit(address).path
    served = Client().get(path)
    titles = {str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(served.content).walk("VEVENT")}

    assert webcal is not None
    assert urlsplit(webcal)[:3] == ("webcal", urlsplit(address).netloc, path)
    assert titles == {"First meeting · Hedgerow", "Orchard walk · Orchard"}
    page.reload()
    expect(page.get_by_text("a calendar last asked on")).to_be_visible()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No feed yet")).to_be_visible()
    assert Client().get(path).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_what_outlook_and_exchange_mail_is_on_the_page_of_the_meeting(opened, ben, monkeypatch):
    eve = add_member(ben.community, "Eve Exchange")
    meeting = ben.community.meetings.get()
    for raw in (mail("outlook", meeting, ben), mail("exchange", meeting, eve, said="DECLINED")):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        assert cli.read_reply(cli._options(["read-reply"])) == 0

    page = opened(meeting.get_absolute_url())

    expect(page.get_by_text("Your answer: I'm coming")).to_be_visible()
    expect(page.locator("section", has=page.get_by_role("heading", name="Can't make it"))).to_contain_text(
        "Eve Exchange"
    )
    assert MeetingReply.objects.count() == 2
