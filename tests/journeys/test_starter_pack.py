"""Staff set up how all groups of a program meet, give it to them at once, and read later who was there."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from coppice.meetings.actions import starter
from coppice.meetings.models import Meeting, MeetingSeries, StarterPack
from coppice.meetings.tests.factories import hold, make_past_meeting
from tests.browser import assert_accessible, assert_fits, go_by
from tests.everyone.looking import window

pytestmark = pytest.mark.browser


def test_one_pack_for_all_groups_and_their_leaders(browser, site, cast):
    house = cast.ours
    with window(browser, site, cast.people["provider_staff"]) as seen:
        page = seen.page
        page.goto(reverse("meetings:program_calendar", args=[house.program.pk]))
        go_by(page.get_by_role("link", name="Starter pack"))
        page.get_by_label("title", exact=False).first.fill("Second Wednesday")
        page.get_by_label("first meeting from").fill((timezone.localdate() + timedelta(days=9)).isoformat())
        go_by(page.get_by_role("button", name="Save"))
        expect(page.get_by_role("heading", name="What each would get")).to_be_visible()
        assert_accessible(page)
        page.get_by_label(house.community.name).check()
        go_by(page.get_by_role("button", name="Plan these meetings and tell everybody"))
        pack = StarterPack.objects.get(program=house.program)
        starter.give_all(pack.pk)
        page.reload()
        expect(page.get_by_role("heading", name="Who has it")).to_be_visible()
        go_by(page.get_by_role("link", name=house.community.name, exact=True))
        expect(page.get_by_role("heading", name="Second Wednesday")).to_be_visible()
        page.set_viewport_size({"width": 360, "height": 780})
        assert_fits(page)

    assert MeetingSeries.objects.filter(title="Second Wednesday", community=house.community).count() == 1
    pack.refresh_from_db()
    assert pack.circle.memberships.filter(person=cast.people["leader"]).exists()
    assert Meeting.objects.filter(community=pack.circle).exists()


def test_who_was_there_becomes_hours_of_a_group_and_its_program(browser, site, cast):
    house = cast.ours
    there = [house.memberships["member"], house.memberships["leader"]]
    hold(make_past_meeting(house.community, days_ago=3, title="Held"), present=there)
    with window(browser, site, cast.people["leader"]) as seen:
        page = seen.page
        page.goto(reverse("meetings:meetings", args=[house.community.pk]))
        go_by(page.get_by_role("link", name="Attendance and hours"))
        expect(page.get_by_role("row", name="Held").first).to_contain_text("100 % (2 of 2)")
        assert_accessible(page)
        address = page.get_by_role("link", name=re.compile("As CSV.*By organization")).get_attribute("href")
        assert page.request.get(address or "").text().count("\n") > 1
        page.get_by_label("Until").fill("2020-01-01")
        go_by(page.get_by_role("button", name="Show these days"))
        expect(page.get_by_role("heading", name="No meeting in this time")).to_be_visible()
        page.set_viewport_size({"width": 360, "height": 780})
        assert_fits(page)
