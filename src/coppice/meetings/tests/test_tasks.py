"""When the clock reminds people, and when it asks them."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from coppice.communities.tests.factories import add_member, make_community
from coppice.lib.clock import beats
from coppice.meetings import tasks
from coppice.meetings.models import Meeting
from coppice.meetings.tests.factories import hold, make_meeting
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

# Eight in the evening of 12 May in Auckland, where the clock is twelve hours ahead.
STARTS = datetime(2027, 5, 12, 8, tzinfo=UTC)
PLANNED = datetime(2027, 5, 1, tzinfo=UTC)


@pytest.fixture
def community():
    return make_community(time_zone="Pacific/Auckland")


def occasions_at(task, *moments: datetime) -> list[int]:
    """Run the task at each moment and return how many messages exist after it."""
    counts = []
    for moment in moments:
        with patch("django.utils.timezone.now", return_value=moment):
            task.call()
        counts.append(Message.objects.count())
    return counts


def auckland(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 5, day, hour, minute, tzinfo=UTC) - timedelta(hours=12)


def test_reminder_leaves_at_nine_the_day_before(community):
    add_member(community)
    make_meeting(community, starts_at=STARTS)
    Meeting.objects.update(changed_at=PLANNED)

    counts = occasions_at(
        tasks.send_reminders, auckland(10, 12), auckland(11, 8, 59), auckland(11, 9), auckland(11, 9, 15)
    )

    assert counts == [0, 0, 1, 1]


def test_no_reminder_of_what_was_planned_since(community):
    add_member(community)
    make_meeting(community, starts_at=STARTS)
    Meeting.objects.update(changed_at=auckland(11, 10))

    assert occasions_at(tasks.send_reminders, auckland(11, 11), auckland(12, 21)) == [0, 0]


def test_pulse_leaves_at_nine_the_day_after(community):
    hold(make_meeting(community, starts_at=STARTS), present=[add_member(community)])

    counts = occasions_at(
        tasks.send_pulses, auckland(12, 23), auckland(13, 8, 59), auckland(13, 9), auckland(13, 9, 15)
    )

    assert counts == [0, 0, 1, 1]


def test_pulse_waits_for_attendance_and_no_longer_than_a_week(community):
    member = add_member(community)
    meeting = make_meeting(community, starts_at=STARTS)

    before = occasions_at(tasks.send_pulses, auckland(13, 9))
    hold(meeting, present=[member])
    late = occasions_at(tasks.send_pulses, auckland(20, 9))

    assert (before, late) == ([0], [0])


def test_the_clock_calls_them_each_quarter_of_an_hour_and_what_is_stuck_each_minute():
    own = {beat.task.module_path: beat.minutes for beat in beats() if ".meetings." in beat.task.module_path}

    assert own == {
        "coppice.meetings.tasks.ask_absent": 15,
        "coppice.meetings.tasks.ask_follow_ups": 15,
        "coppice.meetings.tasks.forget_busy_times": 15,
        "coppice.meetings.tasks.send_pulses": 15,
        "coppice.meetings.tasks.send_reminders": 15,
        "coppice.meetings.tasks.text_reminders": 15,
        "coppice.meetings.tasks.send_summaries": 15,
        "coppice.meetings.tasks.sweep_starter_packs": 1,
        "coppice.meetings.tasks.tell_what_is_ahead": 15,
    }
