"""What a provider set up for the next round of groups, and a group whose people brought their calendars."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities.models import Community
from coppice.meetings.actions import starter
from coppice.meetings.models import Attendance, BusyTime, StarterPack
from coppice.meetings.queries import active_members
from coppice.programs.models import Program

LEFT_AFTER = 40
BUSY_EVERY = 3


def set_up(program: Program, *, by: Person) -> None:
    """Set up a starter pack that no community has been given yet, with a group of those who lead."""
    starter.save_pack(
        StarterPack(
            program=program,
            title="Monthly meeting",
            time_zone=program.time_zone,
            rhythm=StarterPack.Every.MONTHLY,
            weekday=1,
            position=2,
            first_from=timezone.localdate(timezone=program.zone) + timedelta(days=21),
            clock=time(14),
            minutes=60,
            spread=StarterPack.Spread.DAY,
            link="https://meet.example/healthy-start",
            dial_in="+1 555 0177, code 2026",
            access="Captions are on; write if you need an interpreter.",
            agenda="check_in",
            circle_name="Leaders' circle",
            circle_weekday=3,
            circle_position=1,
            circle_clock=time(12),
            circle_link="https://meet.example/healthy-start-leaders",
        ),
        by=by,
    )


def leave_early(community: Community) -> None:
    """Let one person in four of the last meeting have left before its end."""
    held = community.meetings.held().latest("starts_at")
    there = held.attendances.filter(was_present=True).order_by("pk")
    Attendance.objects.filter(pk__in=[each.pk for each in there[::4]]).update(minutes=LEFT_AFTER)


def bring_calendars(community: Community) -> None:
    """Let one member in three have brought their calendar: busy each working morning of two weeks."""
    today = timezone.localdate(timezone=community.zone)
    BusyTime.objects.bulk_create(
        BusyTime(
            person_id=membership.person_id,
            starts_at=(begins := datetime.combine(today + timedelta(days=days), time(14), tzinfo=UTC)),
            ends_at=begins + timedelta(hours=3),
        )
        for membership in active_members(community)[::BUSY_EVERY]
        for days in range(1, 15)
        if (today + timedelta(days=days)).weekday() < 5
    )
