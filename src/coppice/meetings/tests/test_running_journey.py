"""A whole meeting run on phones: opened, checked in, taken through its agenda, written down, closed, read."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings.actions import agendas
from coppice.meetings.agendas import Draft
from coppice.meetings.check_in_codes import code_of, spoken
from coppice.meetings.links import answer_path
from coppice.meetings.models import Attendance, Meeting, PulseAnswer
from coppice.meetings.tests.factories import make_meeting
from coppice.profiles.models import Need

pytestmark = pytest.mark.django_db


def client_of(membership) -> Client:
    client = Client()
    client.force_login(membership.person)
    return client


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_whole_meeting_is_run_on_phones():
    community = make_community(name="Hedgerow")
    ana = add_member(community, "Ana Leader", role=Membership.Role.LEADER)
    ben, cleo, dan = (add_member(community, f"{name} Member") for name in ("Ben", "Cleo", "Dan"))
    meeting = make_meeting(community, starts_at=timezone.now() + timedelta(minutes=30))
    agendas.add_item(meeting, Draft("What is new", 20), by=ana.person)
    second = agendas.add_item(meeting, Draft("A form for all", 30), by=ana.person)
    starts_at = timezone.now() - timedelta(minutes=10)
    Meeting.objects.update(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=60))
    leader, with_code, with_link = client_of(ana), client_of(ben), Client()
    run = reverse("meetings:run", args=[meeting.pk])
    link = answer_path(meeting, cleo)

    # The leader opens the meeting, shows the code, and checks in herself.
    assert "Not opened yet" in words_of(leader.get(run))
    leader.post(reverse("meetings:opening", args=[meeting.pk]))
    leader.post(reverse("meetings:here", args=[meeting.pk]))
    wall = leader.get(reverse("meetings:check_in", args=[meeting.pk]))
    assert spoken(code_of(meeting)) in words_of(wall)
    # Ben types the code, Cleo has the link in her mail and no account, Dan is on the leader's list.
    door = with_code.get(reverse("meetings:check_in_code"), {"code": spoken(code_of(meeting)).lower()})
    assert "I am here" in words_of(with_code.get(door.headers["Location"]))
    assert with_code.post(door.headers["Location"]).headers["Location"] == run
    assert "I am here" in words_of(with_link.get(link))
    with_link.post(link + "here/")
    people = reverse("meetings:check_in_people", args=[meeting.pk])
    assert "Dan Member" in words_of(leader.get(people, {"q": "dan"}))
    leader.post(reverse("meetings:presence", args=[meeting.pk, dan.pk]))
    here = Attendance.objects.filter(meeting=meeting, was_present=True).order_by(
        "membership__enrollment__name"
    )
    assert [(row.membership, row.how, row.minutes) for row in here] == [
        (ana, "online", 50),
        (ben, "code", 50),
        (cleo, "online", 50),
        (dan, "list", 50),
    ]

    # The clock is at the first item for everybody; the leader goes on to the second.
    for client, address in ((leader, run), (with_code, run), (with_link, link + "run/")):
        assert "Now, item 1 of 2 What is new" in words_of(client.get(address))
    leader.post(reverse("meetings:item_turn", args=[second.pk]))
    leader.post(reverse("meetings:item_longer", args=[second.pk]))
    now = words_of(with_link.get(link + "run/"))
    assert "Now, item 2 of 2 A form for all 35 minutes" in now

    # Two hands write notes at once, and each keeps their own.
    written = reverse("meetings:written", args=[meeting.pk, "note"])
    with_code.post(written, {"item": second.pk, "text": "The form is two pages long."})
    with_link.post(link + "written/note/", {"item": second.pk, "text": "Mine has one."})
    # What came of it is written under the item in hand.
    day = timezone.localdate() + timedelta(days=7)
    leader.post(
        reverse("meetings:written", args=[meeting.pk, "decision"]),
        {"item": second.pk, "text": "We share one form", "reason": "Ours are alike"},
    )
    leader.post(
        reverse("meetings:written", args=[meeting.pk, "commitment"]),
        {"item": second.pk, "membership": ben.pk, "what": "Send the form", "due_on": day.isoformat()},
    )
    with_link.post(link + "written/need/", {"item": second.pk, "text": "Somebody who reads Farsi"})
    with_code.post(
        reverse("meetings:written", args=[meeting.pk, "lesson"]),
        {"item": second.pk, "text": "One page is answered more often"},
    )
    [commitment], [need] = Commitment.objects.all(), Need.objects.all()
    assert (commitment.membership, commitment.due_on, commitment.source) == (ben, day, "meeting")
    assert (need.enrollment, need.text, need.source) == (
        cleo.enrollment,
        "Somebody who reads Farsi",
        "meeting",
    )

    # The close asks three questions.
    close = reverse("meetings:close", args=[meeting.pk])
    asked = words_of(leader.get(close))
    for words in (
        "1. What did we decide? We share one form",
        "Send the form Ben Member",
        "3. Was it worth it?",
    ):
        assert words in asked
    with_code.post(reverse("meetings:worth", args=[meeting.pk]), {"worth": "5"})
    with_link.post(link + "worth/", {"worth": "4"})
    assert sorted(PulseAnswer.objects.values_list("worth", flat=True)) == [4, 5]
    leader.post(close)

    # Afterwards the meeting's page shows it all.
    meeting.refresh_from_db()
    assert (meeting.closed_at is None, meeting.present_count, meeting.expected_count) == (False, 4, 4)
    page = words_of(with_code.get(meeting.get_absolute_url()))
    for words in (
        "What is new",
        "The form is two pages long. Ben Member",
        "Mine has one. Cleo Member",
        "Decided We share one form Ours are alike",
        "Who does what Send the form Ben Member",
        "Needed Somebody who reads Farsi Cleo Member",
        "Learned One page is answered more often Ben Member",
        "Were there",
    ):
        assert words in page
    table = with_code.get(reverse("meetings:minutes_file", args=[meeting.pk])).content.decode("utf-8-sig")
    assert table.splitlines()[1] == "A form for all,Decided,We share one form,Ours are alike,Ana Leader,"
    assert "Ben Member: 50 minutes" in words_of(leader.get(meeting.get_absolute_url()))
    attendance = leader.get(reverse("meetings:attendance", args=[meeting.pk])).content.decode()
    assert attendance.count('value="50"') == 4
