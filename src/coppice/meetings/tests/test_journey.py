"""A meeting from its plan to the answers of the day after, by the pages and by the links in the mails."""

import re
from datetime import timedelta

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings import tasks
from coppice.meetings.models import Meeting, MeetingReply, PulseAnswer
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community(name="Hedgerow")


@pytest.fixture
def leader(community):
    return add_member(community, "Ana Leader", role=Membership.Role.LEADER)


@pytest.fixture
def member(community):
    return add_member(community, "Ben Member")


def client_of(membership) -> Client:
    client = Client()
    client.force_login(membership.person)
    return client


def typed(**fields: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=10)
    return {
        "title": "First meeting",
        "day": day.isoformat(),
        "clock": "14:00",
        "minutes": "60",
        "time_zone": "America/New_York",
        "mode": "online",
        "link": "https://meet.example.org/grove",
        "place": "",
        "purpose": "Meet one another",
        **fields,
    }


def mail_to(membership, occasion: str) -> Message:
    return Message.objects.get(recipient=membership.person, occasion__startswith=f"meeting-{occasion}:")


def links_in(message: Message, part: str) -> list[str]:
    return re.findall(rf"http://[^/\s]+(/{part}/\S+)", message.text)


def test_meeting_from_plan_to_pulse(community, leader, member):
    absent = add_member(community, "Cleo Absent")

    planned = client_of(leader).post(reverse("meetings:plan", args=[community.pk]), typed())
    meeting = Meeting.objects.get()
    coming, not_coming = links_in(mail_to(member, "planned"), "meeting-answers")
    shown = Client().get(coming)
    Client().post(coming.partition("?")[0] + "reply/", {"answer": "coming"})
    Client().post(not_coming.partition("?")[0] + "reply/", {"answer": "not_coming"})
    Client().post(coming.partition("?")[0] + "reply/", {"answer": "coming"})
    Meeting.objects.update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1, hours=23)
    )
    page = reverse("meetings:attendance", args=[meeting.pk])
    form = client_of(leader).get(page).content.decode()
    client_of(leader).post(page, {"present": [str(member.pk), str(leader.pk), "7777777", "x"]})
    tasks.send_pulses.call()
    tasks.send_pulses.call()
    (fourth,) = [link for link in links_in(mail_to(member, "pulse"), "pulses") if link.endswith("worth=4")]
    asked = Client().get(fourth).content.decode()
    answered = Client().post(
        fourth.partition("?")[0] + "answer/", {"worth": "4", "will_try": "Ask one open question"}
    )

    assert planned.status_code == 302
    assert shown.status_code == 200
    assert form.count(" checked") == 1
    assert MeetingReply.objects.get().answer == "coming"
    meeting.refresh_from_db()
    assert (meeting.present_count, meeting.expected_count) == (2, 3)
    assert not Message.objects.filter(recipient=absent.person, occasion__startswith="meeting-pulse").exists()
    assert re.search(r'value="4"[^>]* checked', asked)
    assert answered.status_code == 302
    assert PulseAnswer.objects.values_list("membership", "worth", "will_try").get() == (
        member.pk,
        4,
        "Ask one open question",
    )
    results = client_of(leader).get(meeting.get_absolute_url()).content.decode()
    assert "1 of 2 who were there answered" in results
    assert "Ask one open question" in results
    assert "Ask one open question" not in client_of(member).get(meeting.get_absolute_url()).content.decode()


def test_invitation_carries_a_calendar_request_for_its_reader(community, leader, member):
    client_of(leader).post(reverse("meetings:plan", args=[community.pk]), typed())

    (attachment,) = mail_to(member, "planned").attachments

    calendar = icalendar.Calendar.from_ical(attachment["text"])
    (event,) = calendar.walk("VEVENT")
    meeting = Meeting.objects.get()
    assert attachment["content_type"] == "text/calendar; method=REQUEST"
    assert calendar["METHOD"] == "REQUEST"
    assert event["ATTENDEE"] == f"mailto:{member.person.email}"
    assert event["ORGANIZER"].params["CN"] == "Hedgerow"
    assert event["SEQUENCE"] == 0
    assert event["DTSTART"].dt == meeting.starts_at
    assert event["DTSTART"].params["TZID"] == "America/New_York"


def test_change_and_cancellation_reach_the_calendar(community, leader, member):
    client = client_of(leader)
    client.post(reverse("meetings:plan", args=[community.pk]), typed())
    meeting = Meeting.objects.get()

    moved = client.post(reverse("meetings:edit", args=[meeting.pk]), typed(clock="15:30"))
    wrong = client.post(reverse("meetings:cancellation", args=[meeting.pk]), {"typed": "yes"})
    gone = client.post(reverse("meetings:cancellation", args=[meeting.pk]), {"typed": "cancel"})

    assert [moved.status_code, wrong.status_code, gone.status_code] == [302, 422, 302]
    changed = icalendar.Calendar.from_ical(mail_to(member, "changed").attachments[0]["text"])
    cancelled = icalendar.Calendar.from_ical(mail_to(member, "cancelled").attachments[0]["text"])
    assert [
        (calendar["METHOD"], event["SEQUENCE"], event["STATUS"], event["UID"])
        for calendar in (changed, cancelled)
        for event in calendar.walk("VEVENT")
    ] == [
        ("REQUEST", 1, "CONFIRMED", f"{meeting.uid}@coppice"),
        ("CANCEL", 2, "CANCELLED", f"{meeting.uid}@coppice"),
    ]
