"""What feeds tell of libraries: what came into them, what has a new version, which practices are out.

And how many of these a person hears of who is invited and has not answered.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coppice.communities import news, trials
from coppice.communities.models import Community
from coppice.lib.markdown import to_words
from coppice.library.models import Item, Version
from coppice.library.practice_models import Practice
from coppice.notifications.lines import Section
from coppice.programs.models import Enrollment

KIND = "library"
PRACTICE = "practice"
WORDS = 600
"""So many signs of a page are told; the rest is on it."""


def register() -> None:
    """Let feeds tell of libraries; called from AppConfig.ready()."""
    news.register(news.Stream("library", _("What is new in the library"), 30, things))
    trials.register(for_invited)


def things(reader: Any, circles: Sequence[Community], place: news.Place, most: int) -> list[news.Told]:
    """Return what is kept and what was published, the newest first; in two queries."""
    told = [*items(reader, circles, place, most), *practices(circles, place, most)]
    return sorted(told, key=lambda each: (each.at, each.kind, each.pk), reverse=True)[:most]


def practices(circles: Sequence[Community], place: news.Place, most: int) -> list[news.Told]:
    """Return what is published, what was so last first; in one query."""
    by_id = {each.pk: each for each in circles}
    rows = Practice.objects.out().filter(place.after("published_at", kind=PRACTICE), community__in=by_id)
    rows = rows.select_related("added_by__enrollment").order_by("-published_at", "-pk")
    return [
        news.Told(
            kind=PRACTICE,
            pk=practice.pk,
            at=practice.published_at,
            since=practice.added_at,
            updated=max(practice.published_at, practice.changed_at),
            title=practice.title,
            path=practice.get_absolute_url(),
            author=str(practice.added_by.enrollment if practice.added_by else Enrollment()),
            community=by_id[practice.community_id],
            words=Truncator(to_words(practice.done)).chars(WORDS),
        )
        for practice in rows[:most]
        if practice.published_at
    ]


def for_invited(communities: Sequence[Community], since: datetime) -> dict[int, list[trials.News]]:
    """Return how many practices each community published since; no title, no name."""
    rows = Practice.objects.out().filter(community__in=communities, published_at__gte=since).order_by()
    counted = rows.values_list("community").annotate(number=Count("pk"))
    return {pk: [trials.News(Section.PRACTICES, partial(_are_out, number))] for pk, number in counted}


def _are_out(number: int) -> str:
    words = ngettext("%(count)s new practice", "%(count)s new practices", number)
    return words % {"count": number}


def items(reader: Any, circles: Sequence[Community], place: news.Place, most: int) -> list[news.Told]:
    """Return what is kept, what changed last first; in one query. A file that is being checked waits."""
    by_id = {each.pk: each for each in circles}
    rows = (
        Item.objects.kept()
        .filter(place.after("changed_at", kind=KIND), community__in=by_id)
        .filter(current__state=Version.State.READY)
        .select_related("current", "current__added_by__enrollment")
        .newest_first()
    )
    return [
        news.Told(
            kind=KIND,
            pk=item.pk,
            at=item.changed_at,
            since=item.added_at,
            updated=item.changed_at,
            title=item.title,
            path=item.get_absolute_url(),
            author=_author(item),
            community=by_id[item.community_id],
            words=_words(item),
        )
        for item in rows[:most]
    ]


def _author(item: Item) -> str:
    version = item.current
    return str(version.added_by.enrollment if version and version.added_by else Enrollment())


def _words(item: Item) -> str:
    version = item.current or Version()
    held = version.name or version.address or Truncator(to_words(version.markdown)).chars(WORDS)
    return "\n".join(filter(None, [item.about, version.note, held]))
