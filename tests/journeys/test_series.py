"""A leader plans "every second Tuesday except holidays", moves one date, changes what follows; a member sees
it all in her own zone."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from coppice.meetings.models import MeetingSeries
from coppice.notifications.models import Message
from tests.browser import assert_accessible, assert_fits, go_by

pytestmark = pytest.mark.browser


def test_every_second_tuesday_except_holidays(look, cast):
    house = cast.ours
    enrollment = house.memberships["member"].enrollment
    enrollment.time_zone = "Pacific/Auckland"
    enrollment.save()
    today = timezone.localdate()
    tuesday = today + timedelta(days=7 + (1 - today.weekday()) % 7)
    holiday = tuesday + timedelta(weeks=4)
    leader = look(cast.people["leader"], reverse("meetings:meetings", args=[house.community.pk]))

    go_by(leader.get_by_role("link", name="Plan a series"))
    leader.get_by_label("Title").fill("Tides and reefs")
    leader.get_by_label("First day", exact=True).fill(tuesday.isoformat())
    leader.get_by_label("Starts at").fill("15:00")
    leader.get_by_label("Time zone").select_option("America/New_York")
    leader.get_by_label("Ends on").fill((tuesday + timedelta(weeks=14)).isoformat())
    leader.get_by_label("Days on which nobody meets").fill(holiday.isoformat())
    go_by(leader.get_by_role("button", name="Look at the dates"))
    expect(leader.get_by_role("heading", name="7 dates")).to_be_visible()
    expect(leader.locator("main")).to_contain_text("nobody meets on this day")
    expect(leader.locator("main")).to_contain_text("Auckland 0")
    assert_accessible(leader)
    leader.get_by_label("meeting link").fill("https://meet.example.org/tides")
    leader.get_by_label("dial-in number").fill("+1 555 0100")
    go_by(leader.get_by_role("button", name="Plan all of them and tell everybody"))
    expect(leader.get_by_role("heading", name="Tides and reefs")).to_be_visible()
    series = MeetingSeries.objects.get(title="Tides and reefs")
    _first, second, third, *_rest = series.meetings.order_by("starts_at")

    leader.goto(reverse("meetings:edit", args=[second.pk]))
    leader.get_by_label("Starts at").fill("17:00")
    go_by(leader.get_by_role("button", name="Save and tell everybody"))
    expect(leader.locator("main")).to_contain_text("Changed for this date alone")

    leader.goto(third.get_absolute_url())
    go_by(leader.get_by_role("link", name="Change this and all that follow"))
    leader.get_by_label("Starts at").fill("09:00")
    go_by(leader.get_by_role("button", name="Save and tell everybody"))
    other = MeetingSeries.objects.get(continues=series)
    expect(leader).to_have_url(re.compile(f"{other.get_absolute_url()}$"))

    member = look(cast.people["member"], series.get_absolute_url(), width=360)
    expect(member.get_by_text("your time (Auckland)").first).to_be_visible()
    expect(member.get_by_text("New York time").first).to_be_visible()
    assert_fits(member)
    assert_accessible(member)
    go_by(member.get_by_role("link", name="It goes on in another way: see the dates that follow"))
    go_by(member.get_by_role("button", name="I'm coming"))
    expect(member.get_by_text("Your answer: I'm coming")).to_have_count(other.meetings.count())
    mails = Message.objects.filter(recipient=house.people["member"], occasion__contains="series-")
    assert [len(each.attachments) for each in mails.order_by("pk")] == [1, 2]
