"""A phone that follows a meeting in a browser: what comes to it by itself at the end, and what comes back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings.actions import check_ins, running
from coppice.meetings.links import answer_path
from coppice.meetings.models import Meeting
from coppice.meetings.tests.factories import make_meeting
from tests.browser import sticking_out, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_question_comes_by_itself_and_what_was_typed_comes_back_when_the_close_is_undone(
    new_page, monkeypatch
):
    monkeypatch.setattr("coppice.meetings.views.running.PAUSE", 1)
    monkeypatch.setattr("coppice.meetings.views.running.PAUSE_WHEN_CLOSED", 1)
    community = make_community(name="Hedgerow")
    leader = add_member(community, "Ana Leader", role=Membership.Role.LEADER)
    member = add_member(community, "Ben Member")
    meeting = make_meeting(community, starts_at=timezone.now() - timedelta(minutes=10))
    check_ins.check_in(meeting, membership=member, how="code", by=member.person)
    running.open_meeting(meeting, by=leader.person)
    phone = new_page(f"{answer_path(meeting, member)}run/", width=360, scheme="dark")
    question, notes = phone.get_by_text("Was this meeting worth your time?"), phone.locator("textarea").first

    expect(question).to_have_count(0)
    notes.fill("Rides are short")
    Meeting.objects.update(ends_at=timezone.now() + timedelta(minutes=9))
    expect(question).to_be_visible()
    running.close(meeting, by=leader.person)
    expect(phone.get_by_role("heading", name="This meeting is closed")).to_be_visible()
    expect(phone.get_by_text(re.compile("You cannot write here any more."))).to_be_visible()
    expect(notes).to_be_hidden()
    assert (sticking_out(phone), violations(phone)) == ([], [])
    running.open_again(meeting, by=leader.person)

    expect(notes).to_be_visible()
    expect(notes).to_have_value("Rides are short")
