"""Who is there: by code, by their own link, by the list, on paper; and for how many minutes."""

import html
import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.history.models import Entry
from coppice.meetings import actions, errors
from coppice.meetings.actions import check_ins
from coppice.meetings.check_in_codes import code_of, meeting_by_code
from coppice.meetings.links import answer_path
from coppice.meetings.models import Attendance, Meeting
from coppice.meetings.tests.factories import make_meeting, make_past_meeting, reply
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


@pytest.fixture
def meeting(community):
    """A meeting of an hour that began ten minutes ago."""
    starts_at = timezone.now().replace(microsecond=0) - timedelta(minutes=10)
    return make_meeting(community, starts_at=starts_at)


def client_of(membership) -> Client:
    client = Client()
    client.force_login(membership.person)
    return client


def check_in(meeting, membership, how: str = Attendance.How.CODE) -> Attendance:
    return check_ins.check_in(meeting, membership=membership, how=how, by=membership.person)


@pytest.mark.parametrize(
    ("minute", "minutes"), [(-30, None), (0, None), (1, 59), (10.5, 50), (59, 1), (60, 1), (90, 1)]
)
def test_an_arrival_gives_minutes_until_the_planned_end(meeting, minute, minutes):
    arrived_at = meeting.starts_at + timedelta(minutes=minute)

    assert check_ins.minutes_from(meeting, arrived_at) == minutes


def test_the_first_arrival_counts(meeting, member, leader):
    first = check_in(meeting, member)
    again = check_ins.check_in(meeting, membership=member, how="list", by=leader.person)

    assert (again.pk, again.arrived_at, again.how) == (first.pk, first.arrived_at, "code")
    assert list(Entry.objects.values_list("verb", flat=True)) == ["meeting.checked_in"]


def test_the_code_is_of_one_meeting_and_only_while_it_goes_on(community, meeting):
    later = make_meeting(community)
    code = code_of(meeting)

    found = [
        meeting_by_code(Meeting.objects.all(), typed)
        for typed in (code, code.lower().replace("-", " "), code_of(later), "x", "")
    ]

    assert found == [meeting, meeting, None, None, None]
    assert code == code_of(Meeting.objects.get(pk=meeting.pk))
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=timezone.now() - timedelta(hours=5), ends_at=timezone.now() - timedelta(hours=4)
    )
    assert meeting_by_code(Meeting.objects.all(), code) is None


def test_the_code_opens_nothing_to_who_is_not_in_the_group(community, meeting, member):
    outsider = add_member(make_community(name="Elsewhere"), "Ola Outside")
    address = reverse("meetings:check_in_by_code", args=[code_of(meeting)])

    typed = client_of(outsider).get(reverse("meetings:check_in_code"), {"code": code_of(meeting)})

    assert typed.status_code == 422
    assert "No meeting of yours that goes on now has this code." in typed.content.decode()
    assert client_of(outsider).get(address).status_code == 404
    assert (
        "/sign-in/" in Client().get(address).headers["Location"] or Client().get(address).status_code == 302
    )
    assert client_of(member).get(address).status_code == 200


def test_the_code_is_asked_for(member):
    client, address = client_of(member), reverse("meetings:check_in_code")

    asked, empty = client.get(address), client.get(address, {"code": " "})

    assert (asked.status_code, empty.status_code) == (200, 422)
    assert "The code of the meeting" in asked.content.decode()


def test_who_checked_in_is_told_so_and_goes_on(meeting, member):
    address = reverse("meetings:check_in_by_code", args=[code_of(meeting)])
    client = client_of(member)

    before = client.get(address).content.decode()
    client.post(address)
    after = client.get(address).content.decode()

    assert ("I am here" in before, "Follow the meeting" in before) == (True, False)
    assert ("I am here" in after, "Follow the meeting" in after) == (False, True)


def test_a_get_checks_nobody_in(meeting, member):
    client_of(member).get(reverse("meetings:check_in_by_code", args=[code_of(meeting)]))
    Client().get(answer_path(meeting, member))

    assert not Attendance.objects.exists()


def test_checking_in_is_over_when_attendance_is_taken_and_the_link_says_so(meeting, leader, member):
    check_in(meeting, leader)
    actions.take_attendance(meeting, present={leader.pk}, by=leader.person)

    late = Client().post(f"{answer_path(meeting, member)}here/", follow=True).content.decode()

    assert "Checking in is over. If you were there, tell whoever leads the meeting." in late
    assert Attendance.objects.get(membership=member).was_present is False


def test_checking_in_is_refused_before_its_hour_elsewhere_and_without_a_meeting(community, member):
    early = make_meeting(community, starts_at=timezone.now() + timedelta(hours=2))
    cancelled = make_meeting(community, cancelled_at=timezone.now())
    past = make_past_meeting(community)
    outsider = add_member(make_community(name="Elsewhere"), "Ola Outside")

    for row, who, refusal in (
        (early, member, errors.NotYet),
        (cancelled, member, errors.MeetingIsCancelled),
        (past, member, errors.CheckInIsOver),
        (past, outsider, errors.NotYourMeeting),
    ):
        with pytest.raises(refusal):
            check_in(row, who)


def test_a_second_tap_on_the_list_takes_somebody_out_again(meeting, leader, member):
    address = reverse("meetings:presence", args=[meeting.pk, member.pk])
    client = client_of(leader)

    client.post(address)
    here = client.get(reverse("meetings:check_in_people", args=[meeting.pk])).content.decode()
    back = client.post(address, {"here": "no", "q": "ben"})
    client.post(address, {"here": "no"})

    assert here.count("here since") == 1
    assert back.headers["Location"].endswith(f"/check-in/people/?q=ben#person-{member.pk}")
    assert not Attendance.objects.exists()
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["meeting.checked_in", "meeting.not_there"]


def test_the_list_says_when_it_is_not_open(community, leader, member):
    past = make_past_meeting(community)
    client = client_of(leader)

    page = client.get(reverse("meetings:check_in_people", args=[past.pk]), {"q": "nobody"})
    tapped = client.post(reverse("meetings:presence", args=[past.pk, member.pk]), follow=True)

    assert "Nobody of this group is called “nobody”." in page.content.decode()
    assert "Checking in is over." in tapped.content.decode()


def test_the_sheet_has_everybody_and_leads_to_where_it_is_typed_in(meeting, leader, member):
    client = client_of(leader)
    sheet = client.get(reverse("meetings:check_in_sheet", args=[meeting.pk])).content.decode()
    typed_in = f"{reverse('meetings:attendance', args=[meeting.pk])}?paper=on"

    client.post(typed_in, {"present": [member.pk], f"minutes_{member.pk}": "45"})

    assert [words in sheet for words in ("Ana Leader", "Ben Member", typed_in)] == [True] * 3
    row = Attendance.objects.get(membership=member)
    assert (row.was_present, row.minutes, row.how) == (True, 45, "paper")


def test_who_checked_in_is_ticked_when_attendance_is_taken(meeting, leader, member):
    coming = add_member(meeting.community, "Cleo Coming")
    reply(meeting, coming)
    check_in(meeting, member)

    page = client_of(leader).get(reverse("meetings:attendance", args=[meeting.pk])).content.decode()

    assert f'value="{member.pk}" checked' in page
    assert f'value="{coming.pk}" checked' not in page
    assert f'name="minutes_{member.pk}" value="50"' in " ".join(page.split())


def test_whoever_leads_corrects_minutes_and_the_whole_meeting_stays_empty(meeting, leader, member):
    check_in(meeting, member)
    arrived_at = Attendance.objects.get().arrived_at

    client_of(leader).post(
        reverse("meetings:attendance", args=[meeting.pk]),
        {
            "present": [leader.pk, member.pk],
            f"minutes_{leader.pk}": "60",
            f"minutes_{member.pk}": "20",
        },
    )

    rows = Attendance.objects.order_by("membership__enrollment__name")
    assert [(row.minutes, row.how, row.arrived_at) for row in rows] == [
        (None, "list", None),
        (20, "code", arrived_at),
    ]


@pytest.mark.parametrize("typed", ["0", "61", "-1", "ten", "1.5", "²"])
def test_minutes_that_the_meeting_has_not_are_refused_and_kept_in_the_form(meeting, leader, typed):
    answer = client_of(leader).post(
        reverse("meetings:attendance", args=[meeting.pk]),
        {"present": [leader.pk], f"minutes_{leader.pk}": typed},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ana Leader: type whole minutes from 1 to 60" in page
    assert f'value="{typed}"' in page
    assert Meeting.objects.get().attendance_taken_at is None


def test_an_older_attendance_page_does_not_overwrite_minutes_nor_check_ins(meeting, leader, member):
    client, address = client_of(leader), reverse("meetings:attendance", args=[meeting.pk])
    check_in(meeting, leader)
    opened = client.get(address).content.decode().partition('name="opened_with" value="')[2].partition('"')[0]
    check_in(meeting, member)
    Attendance.objects.filter(membership=leader).update(minutes=30)

    older = client.post(
        address, {"present": [leader.pk], f"minutes_{leader.pk}": "50", "opened_with": opened}
    )

    page = older.content.decode()
    assert older.status_code == 422
    assert ("was there for 30 minutes" in page, page.count("was there") > 1) == (True, True)


def test_who_answered_at_the_close_is_not_asked_again_the_day_after(meeting, leader, member):
    for each in (leader, member):
        check_in(meeting, each)
    actions.answer_pulse(meeting, membership=member, worth=5, will_try="")
    actions.take_attendance(meeting, present={leader.pk, member.pk}, by=leader.person)

    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=1)):
        actions.ask_pulse(meeting)

    asked = Message.objects.filter(occasion__startswith="meeting-pulse:")
    assert [message.recipient for message in asked] == [leader.person]


@pytest.mark.parametrize("minutes", ["²", "9" * 5000])
def test_minutes_that_are_no_number_are_said_also_when_somebody_saved_meanwhile(
    meeting, leader, member, minutes
):
    client, address = client_of(leader), reverse("meetings:attendance", args=[meeting.pk])
    opened = client.get(address).context["opened_with"]
    check_in(meeting, member)
    carried = re.search(r'value="([^"]*)"', str(opened))

    refused = client.post(
        address,
        {"present": [member.pk], f"minutes_{member.pk}": minutes, "opened_with": html.unescape(carried[1])},
    )

    assert refused.status_code == 422
    assert "type whole minutes from 1 to 60" in refused.content.decode()


def test_who_left_the_group_can_be_taken_off_the_list_of_who_is_here(meeting, leader, member):
    check_in(meeting, member)
    Membership.objects.filter(pk=member.pk).update(state=Membership.State.LEFT)

    answer = client_of(leader).post(
        reverse("meetings:presence", args=[meeting.pk, member.pk]), {"here": "no"}
    )

    assert (answer.status_code, meeting.attendances.count()) == (302, 0)
