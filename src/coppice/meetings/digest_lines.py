"""Meetings in digests: what is ahead and nobody was told of, and how much of it an invited person hears."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Count
from django.utils.html import strip_tags
from django.utils.translation import ngettext

from coppice.communities.models import Community, Membership
from coppice.communities.trials import News
from coppice.meetings.links import answer_path
from coppice.meetings.models import Meeting, MeetingReply
from coppice.notifications.lines import DigestLine, Section, compose_line
from coppice.notifications.models import Line, Message, Pace, Rhythm
from coppice.ui.dates import local_time

AHEAD = {Pace.DAILY: timedelta(days=2), Pace.WEEKLY: timedelta(days=8)}
"""So far ahead a digest looks: until after the next one."""

IN_TWO_WEEKS = timedelta(weeks=2)


def upcoming_lines(now: datetime) -> list[Line]:
    """Return a line for everybody with a digest for each meeting of its time that they were not told of.

    Told is whom a mail about the meeting or its series reached, or a line. In seven queries for however many.
    """
    soon = Meeting.objects.filter(
        starts_at__gt=now,
        starts_at__lt=now + max(AHEAD.values()),
        cancelled_at=None,
        community__ended_at=None,
    )
    meetings = list(soon.select_related("community__program").order_by("starts_at", "pk"))
    if not meetings:
        return []
    keys = {meeting.community.list_key for meeting in meetings}
    rhythms = {
        (person, list_key): Pace(rhythm)
        for person, list_key, rhythm in Rhythm.objects.filter(list_key__in=keys).values_list(
            "person", "list_key", "rhythm"
        )
    }
    readers: dict[int, list[Membership]] = {}
    for each in (
        Membership.objects.active()
        .filter(community__in={meeting.community_id for meeting in meetings})
        .filter(person__in={person for person, _key in rhythms})
        .select_related("community__program", "enrollment", "person")
    ):
        readers.setdefault(each.community_id, []).append(each)
    told = _told(meetings, {each.person_id for some in readers.values() for each in some})
    return [
        line
        for meeting in meetings
        for each in readers.get(meeting.community_id, ())
        if (pace := rhythms.get((each.person_id, meeting.community.list_key)))
        and meeting.starts_at < now + AHEAD[pace]
        and not told & {(each.person_id, thread) for thread in _threads(meeting)}
        and (line := _line(meeting, each, pace))
    ]


def news_for_invited(communities: Sequence[Community], since: datetime) -> dict[int, list[News]]:
    """Return how often each community meets within two weeks of a week's end: no title, no time, no name."""
    now = since + timedelta(weeks=1)
    planned = (
        Meeting.objects.filter(
            community__in=communities, cancelled_at=None, starts_at__gt=now, starts_at__lt=now + IN_TWO_WEEKS
        )
        .order_by()
        .values_list("community")
        .annotate(number=Count("pk"))
    )
    return {
        community: [News(Section.MEETINGS, partial(_are_planned, number))] for community, number in planned
    }


def _are_planned(number: int) -> str:
    words = ngettext("%(count)s meeting within two weeks", "%(count)s meetings within two weeks", number)
    return words % {"count": number}


def _threads(meeting: Meeting) -> set[str]:
    """What the outbox calls the mails and lines about a meeting, or about all of its series."""
    return {f"meeting-{meeting.pk}", *([f"series-{meeting.series_id}"] if meeting.series_id else [])}


def _told(meetings: Sequence[Meeting], people: set[int]) -> set[tuple[int, str]]:
    """Who heard of which, as person and thread."""
    threads = {thread for meeting in meetings for thread in _threads(meeting)}
    mails = Message.objects.filter(recipient__in=people, thread__in=threads)
    objects = {f"meeting:{meeting.pk}": f"meeting-{meeting.pk}" for meeting in meetings}
    lines = Line.objects.filter(person__in=people, object_key__in=objects)
    return {
        *mails.values_list("recipient_id", "thread"),
        *((person, objects[key]) for person, key in lines.values_list("person_id", "object_key")),
    }


def _line(meeting: Meeting, to: Membership, pace: Pace) -> Line | None:
    if not to.mail_address:
        return None
    return compose_line(
        recipient=to.person,
        occasion=f"meeting-ahead:{meeting.pk}",
        rhythm=pace,
        to_address=to.mail_address,
        scope=meeting.community.program.scope,
        list_key=meeting.community.list_key,
        list_name=meeting.community.name,
        language=to.language,
        time_zone=to.zone.key,
        digest=DigestLine(
            section=Section.MEETINGS,
            title=meeting.title,
            words=lambda: strip_tags(local_time(meeting.starts_at, zone=to.zone, end=meeting.ends_at)),
            path=answer_path(meeting, to, answer=MeetingReply.Answer.COMING),
            object_key=f"meeting:{meeting.pk}",
            until=meeting.starts_at,
        ),
    )
