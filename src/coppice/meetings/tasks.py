"""The clock's entry points for meetings."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.tasks import task
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.lib.clock import every
from coppice.lib.jobs import attempt
from coppice.meetings import actions
from coppice.meetings.actions import after, ahead, busy, starter, summaries, texts
from coppice.meetings.after_board import meetings_of_a_time, missing_from, who_meant_to_try
from coppice.meetings.models import FollowUp, Meeting, StarterPack
from coppice.meetings.summaries import due_for_summary

MORNING = time(9)
HOURS_BEFORE = timedelta(hours=3)
STUCK_AFTER = timedelta(minutes=3)
ASK_WITHIN = timedelta(days=7)
FOLLOW_UP_WITHIN = timedelta(days=14)
LONGEST_LEAD = timedelta(hours=48)  # nine in the morning of the day before is at most forty hours ahead


@every(minutes=15)
@task()
def send_reminders() -> None:
    """From nine o'clock of the day before, where the community is, remind its members of the meeting."""
    now = timezone.now()
    soon = Meeting.objects.filter(
        starts_at__gt=now, starts_at__lt=now + LONGEST_LEAD, reminded_at=None, cancelled_at=None
    ).select_related("community")
    for meeting in soon:
        due = _nine_o_clock(meeting, meeting.starts_at, days=-1)
        if meeting.changed_at < due <= now:  # who was told later than that needs no reminder
            actions.remind(meeting)


@every(minutes=15)
@task()
def text_reminders() -> None:
    """Three hours before a meeting, or as soon as it is day, text those who asked for it."""
    if not settings.TEXT_PROVIDER:
        return
    now = timezone.now()
    soon = Meeting.objects.filter(starts_at__gt=now, starts_at__lt=now + HOURS_BEFORE, cancelled_at=None)
    for meeting in soon.select_related("community"):
        if meeting.changed_at < meeting.starts_at - HOURS_BEFORE:  # who was told since needs no reminder
            texts.remind(meeting)


@every(minutes=15)
@task()
def send_pulses() -> None:
    """From nine o'clock of the day after, where the community is, ask who was there; a week later no more."""
    now = timezone.now()
    held = (
        Meeting.objects.held()
        .filter(ends_at__lt=now, ends_at__gt=now - ASK_WITHIN, pulse_sent_at=None, cancelled_at=None)
        .exclude(entered_afterwards=True)
        .select_related("community")
    )
    for meeting in held:
        if _nine_o_clock(meeting, meeting.ends_at, days=1) <= now:
            actions.ask_pulse(meeting)


@every(minutes=15)
@task()
def send_summaries() -> None:
    """Within an hour after a meeting was closed, or ended with something written, tell what came of it."""
    for meeting in due_for_summary(timezone.now()):
        summaries.send(meeting)


@every(minutes=15)
@task()
def ask_absent() -> None:
    """From nine o'clock of the day after, ask who was missing what it was; a week later no more."""
    now = timezone.now()
    held = (
        Meeting.objects.held()
        .filter(ends_at__lt=now, ends_at__gt=now - ASK_WITHIN, cancelled_at=None, entered_afterwards=False)
        .filter(community__ended_at=None)
        .select_related("community")
    )
    for meeting in held:
        if _nine_o_clock(meeting, meeting.ends_at, days=1) <= now and missing_from(meeting).exists():
            after.ask_absent(meeting)


@every(minutes=15)
@task()
def ask_follow_ups() -> None:
    """From nine o'clock 30 and 90 days after, ask who meant to try something; two weeks later no more.

    All that is due for somebody in one community is in one mail; whoever had such a mail today waits.
    """
    now = timezone.now()
    due: dict[int, list[tuple[Meeting, FollowUp.After]]] = defaultdict(list)
    for days in FollowUp.After:
        meetings = [
            meeting
            for meeting in meetings_of_a_time(now, days=days, within=FOLLOW_UP_WITHIN)
            if _nine_o_clock(meeting, meeting.ends_at, days=days) <= now
        ]
        for meeting, members in who_meant_to_try(meetings, days=days).items():
            for member in members:
                due[member].append((meeting, days))
    for membership in Membership.objects.filter(pk__in=due).select_related("community").order_by("pk"):
        after.ask_follow_up(membership, due=due[membership.pk])


@every(minutes=15)
@task()
def tell_what_is_ahead() -> None:
    """Let the next digests tell of meetings that their readers have not heard of; twice adds nothing."""
    ahead.tell(timezone.now())


@every(minutes=15)
@task()
def forget_busy_times() -> None:
    """Delete what is over of people's own calendars."""
    busy.forget(before=timezone.now())


@task()
def give_starter_pack(pack_id: int) -> None:
    """Give one starter pack to all communities that are to have it; what has it is left alone."""
    starter.give_all(pack_id)


@task()
def give_to_new(program_id: int) -> None:
    """Let communities that were just founded have the program's pack, where it says so."""
    starter.ask_for_new(program_id)


@every(minutes=1)
@task()
def sweep_starter_packs() -> None:
    """Give what lost jobs left behind; let those out of the leaders' circles whose community has ended."""
    for program_id in StarterPack.objects.filter(for_new=True).values_list("program", flat=True):
        attempt(partial(starter.ask_for_new, program_id))
    for pack in StarterPack.objects.filter(asked_at__lt=timezone.now() - STUCK_AFTER):
        attempt(partial(starter.give_all, pack.pk))
    for pack in StarterPack.objects.exclude(circle=None):
        attempt(partial(starter.keep_circle, pack))


def _nine_o_clock(meeting: Meeting, moment: datetime, *, days: int) -> datetime:
    """Return nine in the morning, some days away from `moment`, by the community's clock."""
    zone = ZoneInfo(meeting.community.time_zone)
    day = moment.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, MORNING, tzinfo=zone)
