"""The pages of meetings in a browser: nothing for axe to mend, on a phone and on a desk."""

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings.actions import after
from coppice.meetings.links import absence_path, answer_path, follow_ups_path, pulse_path
from coppice.meetings.models import FollowUp, Meeting
from coppice.meetings.tests.factories import answer_pulse, hold, make_meeting, make_past_meeting, reply
from tests.browser import assert_accessible, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_are_accessible_on_phone_and_desk(site, new_page):
    community = make_community(name="Hedgerow")
    leader = add_member(community, "Ana Leader", role=Membership.Role.LEADER)
    member = add_member(community, "Ben Member")
    coming = make_meeting(community, purpose="Meet one another")
    held = hold(make_past_meeting(community), present=[leader, member])
    open_now = make_past_meeting(community, title="Yesterday")
    reply(coming, member)
    answer_pulse(held, member, 4, "Ask one open question")
    client = Client()
    client.force_login(leader.person)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
    addresses = [
        reverse("meetings:meetings", args=[community.pk]),
        reverse("meetings:plan", args=[community.pk]),
        coming.get_absolute_url(),
        held.get_absolute_url(),
        reverse("meetings:cancellation", args=[coming.pk]),
        reverse("meetings:attendance", args=[open_now.pk]),
        answer_path(coming, member),
        pulse_path(held, member, worth=4),
    ]

    for width in (320, 1280):
        page = new_page(answer_path(coming, member), width=width)
        page.context.add_cookies([cookie])
        for address in addresses:
            page.goto(site + address)
            assert_accessible(page)
            assert_fits(page)


def test_pages_of_the_weeks_after_are_accessible_on_phone_and_desk(site, new_page):
    community = make_community(name="Hedgerow")
    leader = add_member(community, "Ana Leader", role=Membership.Role.LEADER)
    others = [add_member(community) for _number in range(5)]
    held = hold(make_past_meeting(community), present=others, absent=[leader])
    after.ask_absent(held)
    asked = FollowUp.objects.bulk_create(
        FollowUp(meeting=held, membership=each, days=days, asked_at=held.ends_at)
        for each in others
        for days in FollowUp.After
    )
    for each in asked[:-1]:
        after.answer_follow_up(each, tried=2, effect=4, story="It opened the talk", may_show=True)
    client = Client()
    client.force_login(leader.person)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
    addresses = [
        reverse("meetings:afterwards", args=[held.pk]),
        absence_path(held, leader, reason="time"),
        follow_ups_path(others[-1], follow_up=asked[-1], tried=2),
    ]

    for width in (320, 1280):
        page = new_page(addresses[-1], width=width)
        page.context.add_cookies([cookie])
        for address in addresses:
            page.goto(site + address)
            assert_accessible(page)
            assert_fits(page)


def test_attendance_is_taken_with_thumbs(site, new_page):
    community = make_community()
    leader = add_member(community, "Ana Leader", role=Membership.Role.LEADER)
    add_member(community, "Ben Member")
    meeting = make_past_meeting(community)
    client = Client()
    client.force_login(leader.person)
    page = new_page(answer_path(meeting, leader), width=320)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])

    page.goto(site + reverse("meetings:attendance", args=[meeting.pk]))
    box = page.get_by_label("Ben Member").locator("xpath=ancestor::label").bounding_box()
    page.get_by_text("Ben Member").click()
    page.get_by_role("button", name="Save the attendance").click()
    page.wait_for_url(site + meeting.get_absolute_url())

    assert box["height"] >= 44
    meeting = Meeting.objects.get()
    assert (meeting.present_count, meeting.expected_count) == (1, 2)
