"""Reads of calendar feeds: which ones a person has or may make, and what stands in one now."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coppice.accounts import feeds as secret_feeds
from coppice.communities.models import Community, Membership
from coppice.lib.languages import first_spoken
from coppice.meetings import calendar_files
from coppice.meetings.models import CalendarFeed, Meeting, MeetingReply
from coppice.programs.models import Program

KEPT = timedelta(days=365)
"""For so long a meeting stays in a feed after it was held."""

CANCELLED_FOR = timedelta(days=30)
"""For so long a feed says of a meeting that it is cancelled, and at least until it would have begun."""

MOST = 5000
"""A feed holds so many meetings; the earliest stay out."""


@dataclass(frozen=True)
class FeedLine:
    """A feed as its owner's page shows it: the two forms of its secret address."""

    feed: CalendarFeed
    url: str
    webcal_url: str


@dataclass(frozen=True)
class Subject:
    """What a person may make a feed of: a community, a program, or (neither) all that is theirs."""

    community: Community | None = None
    program: Program | None = None

    @property
    def key(self) -> str:
        if self.community:
            return f"community-{self.community.pk}"
        return f"program-{self.program.pk}" if self.program else "mine"

    @property
    def label(self) -> str:
        if self.community:
            return self.community.name
        if self.program:
            return _("Everything of %(program)s") % {"program": self.program.name}
        return _("My meetings, of all groups that I take part in")


def feed_of(person: Any, *, feed_id: int) -> CalendarFeed:
    """Return a feed of the person's own; raises Http404 otherwise."""
    return get_object_or_404(_feeds().visible_to(person), pk=feed_id)


def feed_behind(person: Any, *, token: str) -> CalendarFeed:
    """Return the feed behind a secret address, whoever asks; raises Http404 when it was revoked."""
    return secret_feeds.feed_behind(_feeds(), token=token)


def feeds_of(person: Any) -> list[FeedLine]:
    """Return a person's feeds, the oldest first, in one query."""
    lines = []
    for feed in _feeds().visible_to(person):
        feed.person = person
        url = settings.BASE_URL + feed.path
        lines.append(FeedLine(feed=feed, url=url, webcal_url=f"webcal:{url.partition(':')[2]}"))
    return lines


def subjects_of(person: Any) -> list[Subject]:
    """Return what a person may make a feed of and has none of yet, in three queries."""
    have = {
        (feed.community_id, feed.program_id)
        for feed in CalendarFeed.objects.visible_to(person).only("community", "program")
    }
    mine = Membership.objects.taking_part().filter(person=person).values("community")
    subjects = [
        Subject(),
        *(Subject(community=each) for each in Community.objects.filter(pk__in=mine)),
        *(Subject(program=each) for each in Program.objects.staffed_by(person).order_by("name", "pk")),
    ]
    return [
        each
        for each in subjects
        if (each.community and each.community.pk, each.program and each.program.pk) not in have
    ]


def text_of(feed: CalendarFeed) -> bytes:
    """Return what stands in a feed now, as iCalendar, in its person's language; in at most two queries."""
    meetings = list(meetings_in(feed))
    with translation.override(first_spoken(feed.person.language)):
        return calendar_files.feed(
            meetings,
            name=str(feed),
            shows_links=feed.shows_links,
            names_communities=feed.community_id is None,
            declined=frozenset(each.pk for each in meetings if each.is_declined),
        )


def meetings_in(feed: CalendarFeed) -> "QuerySet[Meeting, Any]":
    """Return the meetings of a feed that its person may still see, the latest first."""
    declined = MeetingReply.objects.filter(
        meeting=OuterRef("pk"), membership__person=feed.person, answer=MeetingReply.Answer.NOT_COMING
    )
    shown = Meeting.objects.visible_to(feed.person)
    if feed.community_id:
        shown = shown.filter(community=feed.community_id)
    elif feed.program_id:
        shown = shown.filter(
            community__program=feed.program_id,
            community__program__in=Program.objects.staffed_by(feed.person).values("pk"),
        )
    else:
        mine = Membership.objects.taking_part().filter(person=feed.person).values("community")
        shown = Meeting.objects.filter(community__in=mine)
    return of_late(shown).annotate(is_declined=Exists(declined))[:MOST]


def of_late(meetings: "QuerySet[Meeting, Any]") -> "QuerySet[Meeting, Any]":
    """Return what calendars show of meetings: a year of what was, what comes, and what was just cancelled."""
    now = timezone.now()
    told = Q(cancelled_at=None) | Q(cancelled_at__gte=now - CANCELLED_FOR) | Q(starts_at__gte=now)
    return (
        meetings.filter(told, ends_at__gte=now - KEPT)
        .select_related("community")
        .order_by("-starts_at", "-pk")
    )


def _feeds() -> Any:
    return CalendarFeed.objects.select_related("community__program", "program")
