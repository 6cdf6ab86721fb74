"""What is new in communities, as a feed: each room above registers the streams that it tells of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from coppice.accounts import feeds as secret_feeds
from coppice.communities.models import Community, Membership
from coppice.communities.news_models import NewsFeed
from coppice.lib import atom
from coppice.lib.languages import first_spoken

A_PAGE = 30
EVERYTHING = "everything"
"""What a form calls the feed of no stream in particular."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Told:
    """One thing that is new: `kind` and `pk` name it for ever, `at` is its place among the others.

    `path` is its page, `since` when it came to be. `html` is safe; `words` are plain.
    """

    kind: str
    pk: int
    at: datetime
    since: datetime
    updated: datetime
    title: str
    path: str
    author: str
    community: Community
    html: str = ""
    words: str = ""


class Place(Protocol):
    """From where on a page of a feed goes; for a stream to narrow its rows by."""

    def after(self, at: str, *, kind: str) -> Q: ...


@dataclass(frozen=True)
class Start:
    """The newest page."""

    def after(self, at: str, *, kind: str) -> Q:
        return Q()


@dataclass(frozen=True)
class Behind:
    """What stands behind the last thing of a page: earlier, or of the same moment and further down."""

    at: datetime
    kind: str
    pk: int

    def after(self, at: str, *, kind: str) -> Q:
        """Return which rows of a kind stand there; `at` is the field that orders them."""
        earlier, same = Q(**{f"{at}__lt": self.at}), Q(**{at: self.at})
        if kind == self.kind:
            return earlier | (same & Q(pk__lt=self.pk))
        return earlier | same if kind < self.kind else earlier


@dataclass(frozen=True)
class Stream:
    """One kind of news: `key` is short and stays, `label` says it ("New conversations").

    `read` returns for a reader the newest things of these communities from a place on, at most so many, in a
    number of queries that does not grow; the first by (`at`, `kind`, `pk`), all falling. What no member may
    read is not among them, nor what the reader wants to hear nothing of. `is_part` says whether a feed of
    everything holds it.
    """

    key: str
    label: str | Promise
    position: int
    read: Callable[[Any, Sequence[Community], Place, int], list[Told]]
    is_part: bool = True


_streams: dict[str, Stream] = {}


def register(stream: Stream) -> None:
    """Let feeds tell of this; called from the room's AppConfig.ready()."""
    _streams[stream.key] = stream


def streams() -> list[Stream]:
    """Return the streams of the rooms that are open, in the order of a choice."""
    return sorted(_streams.values(), key=lambda stream: stream.position)


@dataclass(frozen=True)
class Line:
    """A feed as its owner's page shows it."""

    feed: NewsFeed
    what: str
    url: str


@dataclass(frozen=True)
class Subject:
    """What a person may make a feed of: a community, or (without) all that they take part in."""

    community: Community | None = None

    @property
    def key(self) -> str:
        return f"community-{self.community.pk}" if self.community else "mine"

    @property
    def label(self) -> str:
        return self.community.name if self.community else _("All my groups")


def label_of(stream: str) -> str:
    """Return what a stream is called, also one whose room is gone."""
    return str(_streams[stream].label) if stream in _streams else _("Everything")


def choices() -> list[tuple[str, str]]:
    """Return what a feed may tell, as pairs of key and name; everything first."""
    return [(EVERYTHING, label_of("")), *((each.key, str(each.label)) for each in streams())]


def lines_of(person: Any) -> list[Line]:
    """Return a person's feeds, the oldest first, in one query."""
    lines = []
    for feed in _feeds().visible_to(person):
        feed.person = person
        lines.append(Line(feed, label_of(feed.stream), settings.BASE_URL + feed.path))
    return lines


def subjects_of(person: Any) -> list[Subject]:
    """Return what a person may make a feed of, in one query."""
    return [Subject(), *(Subject(each) for each in circles_of(person))]


def circles_of(person: Any) -> list[Community]:
    """Return the living communities in which a person takes part, by name; in one query."""
    mine = Membership.objects.taking_part().filter(person=person).values("community")
    living = Community.objects.living().filter(pk__in=mine)
    return list(living.select_related("program").order_by("name", "pk"))


def feed_of(person: Any, *, feed_id: int) -> NewsFeed:
    """Return a feed of the person's own; raises Http404 otherwise."""
    return get_object_or_404(_feeds().visible_to(person), pk=feed_id)


def feed_behind(person: Any, *, token: str) -> NewsFeed:
    """Return the feed behind a secret address, whoever asks.

    Raises Http404 when it was revoked, when its person is no longer in its community, and when that ended.
    """
    feed = secret_feeds.feed_behind(_feeds(), token=token)
    circles = circles_of(feed.person)
    if feed.community_id is not None:
        circles = [each for each in circles if each.pk == feed.community_id]
        if not circles:
            raise Http404
    feed.__dict__["circles"] = circles
    return feed


def text_of(feed: NewsFeed, *, after: str = "") -> bytes:
    """Return what stands in a feed now, or on the page that begins behind `after`, in its person's language.

    The number of queries does not grow with communities or news.
    """
    circles: Sequence[Community] = feed.__dict__["circles"]
    with translation.override(first_spoken(feed.person.language)):
        place = _place(after)
        chosen = [each for each in streams() if each.key == feed.stream or (not feed.stream and each.is_part)]
        found = (
            [told for each in chosen for told in each.read(feed.person, circles, place, A_PAGE + 1)]
            if circles
            else []
        )
        ordered = sorted(found, key=lambda told: (told.at, told.kind, told.pk), reverse=True)
        shown, more = ordered[:A_PAGE], ordered[A_PAGE:]
        address = settings.BASE_URL + feed.path
        last = shown[-1] if more else None
        head = atom.Feed(
            id=_tag(feed.made_at, f"news-feed-{feed.pk}"),
            title=_("%(group)s: %(what)s") % {"group": feed, "what": label_of(feed.stream)},
            subtitle=_("For you alone: whoever has this address can read it."),
            url=f"{address}?after={after}" if isinstance(place, Behind) else address,
            first_url=address if last or isinstance(place, Behind) else "",
            next_url=f"{address}?after={_written(last)}" if last else "",
            page_url=settings.BASE_URL + reverse("communities:news_feeds"),
            updated=max([feed.made_at, *(told.updated for told in shown)]),
            language=translation.get_language() or "en",
        )
        return atom.write(head, [_entry(told) for told in shown])


def _entry(told: Told) -> atom.Entry:
    return atom.Entry(
        id=_tag(told.since, f"{told.kind}-{told.pk}"),
        title=told.title,
        url=settings.BASE_URL + told.path,
        published=told.since,
        updated=told.updated,
        author=told.author,
        html=told.html,
        words=told.words,
        category=told.community.name,
        language=told.community.program.language,
    )


def _tag(since: datetime, name: str) -> str:
    return atom.tag(settings.BASE_URL, since=since, name=name)


def _written(told: Told) -> str:
    """How an address names the last thing of a page."""
    return f"{(told.at - EPOCH) // MICROSECOND}_{told.kind}_{told.pk}"


def _place(after: str) -> Place:
    """Return the place that an address names; what names none is the start."""
    moment, _line, rest = after.partition("_")
    kind, _line, pk = rest.partition("_")
    if not all(each.isascii() and each.isdigit() and len(each) < 18 for each in (moment, pk)):
        return Start()
    return Behind(EPOCH + int(moment) * MICROSECOND, kind, int(pk))


def _feeds() -> Any:
    return NewsFeed.objects.select_related("community__program")
