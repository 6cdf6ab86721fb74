"""The verbs of calendar feeds: make, give a new address, revoke; and note that a program asked."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Community
from coppice.history.actions import record
from coppice.meetings.models import CalendarFeed
from coppice.programs.models import Program

NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make(
    *, by: Any, community: Community | None = None, program: Program | None = None, shows_links: bool = True
) -> CalendarFeed:
    """Make a person's feed of a community, of a program, or (neither) of all that they take part in.

    There is one of each: where it stands already, it stays as it is.
    """
    feed, is_new = CalendarFeed.objects.get_or_create(
        person=by, community=community, program=program, defaults={"shows_links": shows_links}
    )
    if is_new:
        _note("calendar_feed.made", feed, by=by)
    return feed


@transaction.atomic
def renew(feed: CalendarFeed, *, by: Any) -> CalendarFeed:
    """Put a feed with a new address in the place of this one, whose address stops at once."""
    if not CalendarFeed.objects.filter(pk=feed.pk).delete()[0]:
        return make(by=by, community=feed.community, program=feed.program, shows_links=feed.shows_links)
    anew = CalendarFeed.objects.create(
        person=feed.person, community=feed.community, program=feed.program, shows_links=feed.shows_links
    )
    _note("calendar_feed.renewed", anew, by=by)
    return anew


@transaction.atomic
def revoke(feed: CalendarFeed, *, by: Any) -> None:
    """Stop a feed's address at once; twice changes nothing."""
    if CalendarFeed.objects.filter(pk=feed.pk).delete()[0]:
        _note("calendar_feed.revoked", feed, by=by)


def note_use(feed: CalendarFeed, *, digest: str) -> CalendarFeed:
    """Keep when a program last asked, to the hour, and since when the text is what it is now."""
    now = timezone.now()
    is_other = digest != feed.digest
    if not is_other and feed.used_at is not None and now - feed.used_at < NOTED_EVERY:
        return feed
    if is_other:
        feed.digest, feed.altered_at = digest, now
    feed.used_at = now
    CalendarFeed.objects.filter(pk=feed.pk).update(
        digest=feed.digest, altered_at=feed.altered_at, used_at=feed.used_at
    )
    return feed


def _note(verb: str, feed: CalendarFeed, *, by: Any) -> None:
    """Write it in the program's history; of feeds of all that is one's own, in one's own."""
    program = feed.program or (feed.community.program if feed.community else None)
    scope = program.scope if program else f"person:{feed.person_id}"
    record(
        verb,
        scope=scope,
        by=by,
        subject=feed,
        called=str(feed),
        about=feed.person,
        detail={"with_links": feed.shows_links},
    )
