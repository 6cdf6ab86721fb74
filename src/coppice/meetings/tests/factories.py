"""Real rows for the tests of meetings and of the rooms above."""

from datetime import datetime, time, timedelta
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import make_community
from coppice.meetings import actions
from coppice.meetings.actions import series as series_actions
from coppice.meetings.models import Attendance, Meeting, MeetingReply, MeetingSeries, PulseAnswer
from coppice.meetings.recurrence import Rhythm, Rule


def make_meeting(
    community: Community | None = None, *, starts_at: datetime | None = None, **fields: Any
) -> Meeting:
    """A meeting of one hour, in a week unless `starts_at` says else, by the community's clock."""
    community = community or make_community()
    starts_at = starts_at or timezone.now().replace(microsecond=0) + timedelta(days=7)
    return Meeting.objects.create(
        **{
            "community": community,
            "title": "First meeting",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1),
            "time_zone": community.time_zone,
            "link": "https://meet.example.org/grove",
            **fields,
        }
    )


def make_past_meeting(community: Community | None = None, *, days_ago: int = 1, **fields: Any) -> Meeting:
    """A meeting that is over, its attendance not yet taken."""
    starts_at = timezone.now().replace(microsecond=0) - timedelta(days=days_ago)
    return make_meeting(community, starts_at=starts_at, **fields)


def rule_of(
    *, every: int = 2, weekdays: tuple[int, ...] = (1,), days: int = 120, clock: time = time(15)
) -> Rule:
    """Every second Tuesday at three, from in a week on, for some days."""
    first = timezone.localdate() + timedelta(days=7)
    return Rule(
        rhythm=Rhythm.WEEKLY,
        every=every,
        weekdays=weekdays,
        first=first,
        last=first + timedelta(days=days),
        clocks=(clock,),
    )


def make_series(
    community: Community | None = None, *, rule: Rule | None = None, **fields: Any
) -> MeetingSeries:
    """A series of meetings of one hour, planned by nobody."""
    community = community or make_community()
    return series_actions.plan(
        community,
        **{
            "rule": rule or rule_of(),
            "title": "Every second Tuesday",
            "minutes": 60,
            "time_zone": community.time_zone,
            "by": None,
            **fields,
        },
    )


def reply(meeting: Meeting, membership: Membership, answer: str = MeetingReply.Answer.COMING) -> MeetingReply:
    """What a member said about a meeting."""
    return MeetingReply.objects.create(meeting=meeting, membership=membership, answer=answer)


def hold(meeting: Meeting, *, present: list[Membership], absent: list[Membership] | None = None) -> Meeting:
    """Attendance as it was taken."""
    absent = absent or []
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, membership=membership, was_present=membership in present)
        for membership in [*present, *absent]
    )
    meeting.attendance_taken_at = timezone.now()
    meeting.present_count = len(present)
    meeting.expected_count = len(present) + len(absent)
    meeting.save()
    return meeting


def answer_pulse(meeting: Meeting, membership: Membership, worth: int, will_try: str = "") -> PulseAnswer:
    """What somebody answered the day after, or now if that is later."""
    moment = max(timezone.now(), meeting.ends_at + timedelta(days=1))
    with patch("django.utils.timezone.now", return_value=moment):
        return actions.answer_pulse(meeting, membership=membership, worth=worth, will_try=will_try)
