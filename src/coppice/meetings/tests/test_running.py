"""A meeting while it goes on: its clock, its course, its close; who may, and what is refused."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.history.models import Entry
from coppice.meetings import actions, errors
from coppice.meetings.actions import check_ins, running
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.check_in_codes import is_open
from coppice.meetings.hands import Hand
from coppice.meetings.links import answer_path
from coppice.meetings.minutes_board import board_of
from coppice.meetings.models import Meeting
from coppice.meetings.tests.factories import make_meeting

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
    return make_meeting(community, starts_at=timezone.now() - timedelta(minutes=10))


@pytest.fixture
def items(meeting):
    return [
        AgendaItem.objects.create(meeting=meeting, title=title, minutes=20, position=number)
        for number, title in enumerate(("First", "Second", "Third"), 1)
    ]


def client_of(membership) -> Client:
    client = Client()
    client.force_login(membership.person)
    return client


def hand_of(membership, meeting) -> Hand:
    return Hand(meeting=meeting, membership=membership, by=membership.person, leads=membership.is_leader)


def page_of(membership, meeting, query: str = "") -> str:
    return client_of(membership).get(reverse("meetings:run", args=[meeting.pk]) + query).content.decode()


def test_opening_twice_is_once_and_begins_with_the_first_item(meeting, items, leader):
    first = running.open_meeting(meeting, by=leader.person)
    again = running.open_meeting(meeting, by=leader.person)

    assert (first.current_item, again.opened_at) == (items[0], first.opened_at)
    assert list(Entry.objects.values_list("verb", flat=True)) == ["meeting.opened"]


def test_a_meeting_without_an_agenda_is_run_until_its_end(meeting, leader):
    running.open_meeting(meeting, by=leader.person)

    page = page_of(leader, meeting)

    assert "The meeting goes on" in page
    assert f'data-ends="{int(meeting.ends_at.timestamp() * 1000)}"' in page


def test_the_clock_of_an_item_ends_after_its_minutes_and_then_says_so(meeting, items, leader, member):
    began = timezone.now().replace(microsecond=0) - timedelta(minutes=21)
    Meeting.objects.update(opened_at=began, current_item=items[1], item_began_at=began)

    page = page_of(member, meeting)

    assert f'data-ends="{int((began + timedelta(minutes=20)).timestamp() * 1000)}"' in page
    assert page.count("over its time") == 2  # in words, and for the clock that counts

    running.lengthen(items[1], by=leader.person)

    longer = page_of(member, meeting)
    assert f'data-ends="{int((began + timedelta(minutes=25)).timestamp() * 1000)}"' in longer
    assert longer.count("over its time") == 1


def test_a_leader_goes_to_any_item_and_going_to_the_one_in_hand_keeps_its_clock(meeting, items, leader):
    at_third = running.turn_to(items[2], by=leader.person)
    again = running.turn_to(items[2], by=leader.person)
    AgendaItem.objects.filter(pk=items[0].pk).update(state=AgendaItem.State.TAKEN_OFF)

    off = running.turn_to(items[0], by=leader.person)

    assert (at_third.current_item, again.item_began_at) == (items[2], at_third.item_began_at)
    assert off.current_item == items[2]


def test_the_leader_has_buttons_that_members_have_not(meeting, items, leader, member):
    running.turn_to(items[1], by=leader.person)

    drives, follows = page_of(leader, meeting), page_of(member, meeting)

    for words in ("Next: Third", "Back: First", "5 minutes more", "Go to it"):
        assert (words in drives, words in follows) == (True, False)


def test_a_browser_that_asks_again_gets_nothing_until_something_moves(meeting, items, leader, member):
    running.open_meeting(meeting, by=leader.person)
    client = client_of(member)
    address = reverse("meetings:state", args=[meeting.pk])
    shown = client.get(address).content.decode()
    seen = shown.partition("?seen=")[2].partition("&")[0]

    still = client.get(address, {"seen": seen})
    running.turn_to(items[1], by=leader.person)
    moved = client.get(address, {"seen": seen, "item": items[0].pk, "forms": 1})

    assert (still.status_code, still.content) == (204, b"")
    assert moved.status_code == 200
    assert "Now: Second" in moved.content.decode()
    assert "The meeting is at “Second”." in moved.content.decode()


def test_nothing_runs_before_its_hour_nor_when_it_is_cancelled_or_closed(community, leader, items, meeting):
    early = make_meeting(community, starts_at=timezone.now() + timedelta(hours=2))
    cancelled = make_meeting(community, cancelled_at=timezone.now())
    check_ins.check_in(meeting, membership=leader, how="list", by=leader.person)
    running.close(meeting, by=leader.person)

    for row, refusal in (
        (early, errors.NotYet),
        (cancelled, errors.MeetingIsCancelled),
        (meeting, errors.MeetingIsClosed),
    ):
        with pytest.raises(refusal):
            running.open_meeting(row, by=leader.person)
    with pytest.raises(errors.MeetingIsCancelled):
        running.open_again(cancelled, by=leader.person)
    with pytest.raises(errors.MeetingIsCancelled):
        running.close(cancelled, by=leader.person)
    with pytest.raises(errors.MeetingHasNotBegun):
        running.close(early, by=leader.person)


def test_closing_takes_the_attendance_of_who_is_checked_in(meeting, items, leader, member):
    running.turn_to(items[2], by=leader.person)
    check_ins.check_in(meeting, membership=member, how="code", by=member.person)

    closed = running.close(meeting, by=leader.person)
    again = running.close(meeting, by=leader.person)

    assert (closed.present_count, closed.expected_count, board_of(hand_of(leader, closed)).in_hand) == (
        1,
        2,
        None,
    )
    assert again.closed_at == closed.closed_at
    assert list(meeting.attendances.order_by("pk").values_list("membership", "was_present", "how")) == [
        (member.pk, True, "code"),
        (leader.pk, False, ""),
    ]


def test_closing_with_nobody_there_asks_first_who_was(meeting, leader):
    answer = client_of(leader).post(reverse("meetings:close", args=[meeting.pk]), follow=True)

    meeting.refresh_from_db()
    assert "Nobody is checked in yet. Say first who was there." in answer.content.decode()
    assert (meeting.closed_at, meeting.attendance_taken_at) == (None, None)


def test_closing_leaves_the_attendance_that_was_taken(meeting, leader, member):
    actions.take_attendance(meeting, present={member.pk}, by=leader.person)

    closed = running.close(meeting, by=leader.person)

    assert (closed.closed_at is None, closed.present_count, closed.expected_count) == (False, 1, 2)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "attendance.taken",
        "meeting.closed",
    ]


def test_a_move_that_is_refused_says_why(community, leader):
    early = make_meeting(community, starts_at=timezone.now() + timedelta(hours=2))

    answer = client_of(leader).post(reverse("meetings:opening", args=[early.pk]), follow=True)

    assert "This opens an hour before the meeting begins." in answer.content.decode()


def test_the_close_can_be_undone(meeting, leader):
    check_ins.check_in(meeting, membership=leader, how="list", by=leader.person)
    client = client_of(leader)

    closed = client.post(reverse("meetings:close", args=[meeting.pk]), follow=True).content.decode()
    undo = reverse("meetings:reopening", args=[meeting.pk])
    client.post(undo)
    client.post(undo)

    meeting.refresh_from_db()
    assert undo in closed
    assert (meeting.closed_at, meeting.attendance_taken_at, meeting.present_count) == (None, None, None)


def test_program_staff_run_a_meeting_without_being_in_it(community, meeting, items):
    staff = make_staff(community.program)
    client = Client()
    client.force_login(staff)

    client.post(reverse("meetings:item_turn", args=[items[1].pk]))

    page = client.get(reverse("meetings:run", args=[meeting.pk])).content.decode()
    assert "Next: Third" in page
    assert "I am here" not in page


def test_who_was_there_says_by_one_tap_whether_it_was_worth_it(meeting, leader, member):
    address, run = reverse("meetings:worth", args=[meeting.pk]), reverse("meetings:run", args=[meeting.pk])
    client = client_of(member)
    not_there = client.post(address, {"worth": "5"}, follow=True).content.decode()
    check_ins.check_in(meeting, membership=member, how="code", by=member.person)

    early = client.get(run).content.decode()
    Meeting.objects.filter(pk=meeting.pk).update(ends_at=timezone.now() + timedelta(minutes=9))
    asked = client.get(run).content.decode()
    nothing = client.post(address, {"worth": "7"}, follow=True).content.decode()
    client.post(address, {"worth": "2"})
    answered = client.get(run).content.decode()
    led = page_of(leader, meeting)
    over = timezone.now() - timedelta(days=8)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=over - timedelta(hours=1), ends_at=over)
    long_after = client.get(run).content.decode()

    assert "Was this meeting worth your time?" not in long_after
    assert "Was this meeting worth your time?" not in early
    assert "This question is for people who were there." in not_there
    assert "Choose one of the five answers." in nothing
    assert ("Was this meeting worth your time?" in asked, 'aria-pressed="true"' in asked) == (True, False)
    assert answered.count('aria-pressed="true"') == 1
    assert [each.worth for each in meeting.pulse_answers.all()] == [2]
    assert 'aria-pressed="true"' not in led


def test_a_tap_keeps_what_somebody_will_try(meeting, member):
    check_ins.check_in(meeting, membership=member, how="code", by=member.person)
    meeting.pulse_answers.create(membership=member, worth=3, will_try="Call Ben")

    client_of(member).post(reverse("meetings:worth", args=[meeting.pk]), {"worth": "4"})

    [given] = meeting.pulse_answers.all()
    assert (given.worth, given.will_try) == (4, "Call Ben")


def test_undoing_the_close_puts_the_meeting_back_where_it_was(meeting, items, leader, member):
    check_ins.check_in(meeting, membership=leader, how="list", by=leader.person)
    at_second = running.turn_to(items[1], by=leader.person)
    running.close(meeting, by=leader.person)

    reopened = running.open_again(meeting, by=leader.person)
    late = check_ins.check_in(meeting, membership=member, how="code", by=member.person)

    assert (reopened.current_item, reopened.item_began_at) == (items[1], at_second.item_began_at)
    assert (reopened.attendance_taken_at, reopened.present_count, reopened.expected_count) == (None,) * 3
    assert (is_open(reopened), late.was_present) == (True, True)
    assert running.close(meeting, by=leader.person).present_count == 2


def test_undoing_the_close_keeps_attendance_taken_or_corrected_by_hand(community, leader, member):
    before, after = (make_meeting(community, starts_at=timezone.now() - timedelta(minutes=9)) for _n in "ab")
    actions.take_attendance(before, present={member.pk}, by=leader.person)
    running.close(before, by=leader.person)
    check_ins.check_in(after, membership=leader, how="list", by=leader.person)
    running.close(after, by=leader.person)
    actions.take_attendance(after, present={member.pk}, by=leader.person)

    for meeting in (before, after):
        reopened = running.open_again(meeting, by=leader.person)

        assert (reopened.closed_at, reopened.present_count, reopened.expected_count) == (None, 1, 2)


def test_hours_after_the_end_undoing_the_close_leaves_the_attendance(community, leader, member):
    meeting = make_meeting(community, starts_at=timezone.now() - timedelta(hours=6))
    meeting.attendances.create(membership=leader, was_present=True)
    running.close(meeting, by=leader.person)

    reopened = running.open_again(meeting, by=leader.person)

    assert (reopened.closed_at, reopened.present_count, reopened.expected_count) == (None, 1, 2)


def test_phones_go_on_asking_after_the_close_until_some_hours_later(meeting, leader, member):
    check_ins.check_in(meeting, membership=member, how="code", by=member.person)
    open_page = page_of(member, meeting)
    running.close(meeting, by=leader.person)
    closed_page = page_of(member, meeting)
    hours = timedelta(hours=5)
    Meeting.objects.update(
        starts_at=meeting.starts_at - hours,
        ends_at=meeting.ends_at - hours,
        closed_at=meeting.ends_at - hours,
    )
    late_page = page_of(member, meeting)

    asking = ['hx-trigger="every 5s"', 'hx-trigger="every 30s"']
    assert [[each in page for each in asking] for page in (open_page, closed_page, late_page)] == [
        [True, False],
        [False, True],
        [False, False],
    ]


def test_a_phone_that_follows_is_asked_whether_it_was_worth_it_and_writes_no_more(meeting, leader, member):
    check_ins.check_in(meeting, membership=member, how="code", by=member.person)
    running.open_meeting(meeting, by=leader.person)
    client, run = Client(), f"{answer_path(meeting, member)}run/"
    address = html.unescape(re.search(r'hx-get="([^"]+)"', client.get(run).content.decode())[1])
    still = client.get(address)

    Meeting.objects.update(ends_at=timezone.now() + timedelta(minutes=9))
    ending = client.get(address).content.decode()
    running.close(meeting, by=leader.person)
    closed = client.get(address).content.decode()
    running.open_again(meeting, by=leader.person)
    reopened = client.get(address).content.decode()

    question, over = "Was this meeting worth your time?", "You cannot write here any more."
    assert still.status_code == 204
    assert '<div id="run-worth" hx-swap-oob="true">' in ending
    assert [(question in page, over in page) for page in (ending, closed, reopened)] == [
        (True, False),
        (True, True),
        (True, False),
    ]


def test_a_page_without_forms_offers_them_once_it_is_opened_again(meeting, leader, member):
    check_ins.check_in(meeting, membership=member, how="code", by=member.person)
    running.close(meeting, by=leader.person)
    page = page_of(member, meeting)
    address = html.unescape(re.search(r'hx-get="([^"]+)"', page)[1])

    running.open_again(meeting, by=leader.person)
    reopened = client_of(member).get(address).content.decode()

    assert ('id="write"' in page, 'id="write-anew"' in page) == (False, True)
    assert f"{reverse('meetings:run', args=[meeting.pk])}#write" in reopened
    assert 'id="write-moved"' not in reopened


def test_a_meeting_of_months_ago_is_not_opened_and_says_so(community, leader):
    meeting = make_meeting(community, starts_at=timezone.now() - timedelta(days=70))
    meeting.attendances.create(membership=leader, was_present=True)
    item = AgendaItem.objects.create(meeting=meeting, title="First", minutes=20, position=1)

    page = page_of(leader, meeting)

    for act in (
        lambda: running.open_meeting(meeting, by=leader.person),
        lambda: running.turn_to(item, by=leader.person),
        lambda: running.lengthen(item, by=leader.person),
    ):
        with pytest.raises(errors.LongOver):
            act()
    shown = [
        "Open the meeting",
        "1 person is here",
        "This meeting was not opened",
        "Write it down",
        "every 5s",
    ]
    assert [words in page for words in shown] == [False, False, True, True, False]


def test_nothing_is_worth_anything_before_it_begins(community, member):
    meeting = make_meeting(community, starts_at=timezone.now() + timedelta(minutes=30))
    check_ins.check_in(meeting, membership=member, how="code", by=member.person)

    early = client_of(member).post(reverse("meetings:worth", args=[meeting.pk]), {"worth": "5"}, follow=True)

    assert "This meeting has not begun yet." in early.content.decode()
    assert not meeting.pulse_answers.exists()


def test_the_way_into_the_call_stands_beside_the_agenda(community, leader, member, meeting):
    meeting.link = "https://meet.example/room"
    meeting.save()
    by_link = Client().get(f"{answer_path(meeting, member).split('?')[0]}run/").content.decode()

    assert 'href="https://meet.example/room"' in page_of(leader, meeting)
    assert 'href="https://meet.example/room"' in by_link


def test_what_is_ahead_is_not_told_as_what_was(community, leader):
    ahead = make_meeting(community, starts_at=timezone.now() + timedelta(minutes=20))
    AgendaItem.objects.create(meeting=ahead, title="First", minutes=20, position=1)

    before = page_of(leader, ahead)
    running.open_meeting(ahead, by=leader.person)
    after = page_of(leader, ahead)

    assert ("What we go through" in before, "The meeting so far" in before) == (True, False)
    assert ("What we go through" in after, "The meeting so far" in after) == (False, True)
