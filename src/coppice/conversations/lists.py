"""The lists of a community's threads: what is new to somebody, what is pinned, and all others by pages.

Django takes far longer to write these queries than a database to answer them, so each is written once
(`lib.questions`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db.models import (
    BigAutoField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from coppice.communities.models import Community
from coppice.conversations.drawn import in_short
from coppice.conversations.models import Post, Thread, called_by
from coppice.conversations.peace_models import Distance
from coppice.conversations.queries import IS_NEW, NEVER, as_read_by
from coppice.lib.questions import Given, Question
from coppice.programs.models import Enrollment

A_PAGE = 25
NEWS_SHOWN = 5
OF_THE_LAST = ("markdown", "first_words", "drawn_as")

NEW, TOP, OTHERS = "new", "top", "others"
MOST = {NEW: A_PAGE, TOP: 2 * A_PAGE, OTHERS: A_PAGE + 1}


@dataclass(frozen=True)
class Line:
    """One thread in a list: who began it, how much is new to the reader, and the last post in short."""

    thread: Thread
    starter: str
    is_new: bool
    is_muted: bool
    is_pinned: bool
    new: int
    last_by: str
    last_words: str


@dataclass(frozen=True)
class Talk:
    """A page of a community's threads; `after` is the key of the next one, "" where there is none.

    Only the first page has `news`, in which something is new to the reader, and what is `pinned`.
    """

    news: Sequence[Line]
    pinned: Sequence[Line]
    lines: Sequence[Line]
    after: str


def news(community: Community, person: Any, *, kind: str = "", most: int = A_PAGE) -> list[Line]:
    """Return the threads in which something is new to a person, the latest first: one line each."""
    return _lines(_ask(NEW, community, person, kind)[:most])


def talk(community: Community, person: Any, *, kind: str = "", after: str = "") -> Talk:
    """Return a page of threads, the latest first: what is new and what is pinned stand for themselves."""
    key = _key(after)
    top = [] if after else _ask(TOP, community, person, kind)
    found = _ask(OTHERS, community, person, kind, key)
    above, others = _lines(top), _lines(found[:A_PAGE])
    last = others[-1].thread if len(found) > A_PAGE and others else None
    return Talk(
        news=sorted((each for each in above if each.is_new), key=_newest_first)[:A_PAGE],
        pinned=[each for each in above if each.is_pinned],
        lines=others,
        after=f"{last.last_post_at.isoformat()}_{last.pk}" if last else "",
    )


def _newest_first(line: Line) -> tuple[float, int]:
    return (-line.thread.last_post_at.timestamp(), -line.thread.pk)


def _key(after: str) -> tuple[datetime, int] | None:
    """Return the place in the list that an address names, or None when it names none."""
    moment, _line, pk = after.rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
        at = at.astimezone(UTC) if at.tzinfo else NEVER
    except (ValueError, OverflowError):
        return None
    return (at, int(pk)) if at is not NEVER and pk.isascii() and pk.isdigit() and len(pk) < 19 else None


def _ask(
    which: str, community: Community, person: Any, kind: str, key: tuple[datetime, int] | None = None
) -> list[Any]:
    at, pk = key or (NEVER, 0)
    given = {"community": community.pk, "person": person.pk, "kind": kind, "at": at, "pk": pk}
    question = _question(which, is_of_kind=kind in Thread.Kind, is_after=key is not None)
    return question.ask_for(Thread, **given)


@cache
def _question(which: str, *, is_of_kind: bool, is_after: bool) -> Question:
    """The question for one of the lists."""
    return Question(lambda: _threads(which, is_of_kind=is_of_kind, is_after=is_after))


def _threads(which: str, *, is_of_kind: bool, is_after: bool) -> QuerySet[Any, Any]:
    number = BigAutoField()
    person, community = (Given(name, number) for name in ("person", "community"))
    # Where nothing can be read, the title is only for whoever began it.
    threads: Any = Thread.objects.filter(Q(post_count__gt=0) | Q(started_by=person), community=community)
    if is_of_kind:
        threads = threads.filter(kind=Given("kind", CharField()))
    if is_after:
        at, pk = Given("at", DateTimeField()), Given("pk", number)
        threads = threads.filter(Q(last_post_at__lt=at) | Q(last_post_at=at, pk__lt=pk))
    away = Distance.objects.filter(community=OuterRef("community"), person=person, other=OuterRef("author"))
    heard = Post.objects.visible().filter(~Exists(away))
    latest = heard.filter(thread=OuterRef("pk")).order_by("-written_at", "-pk")
    author = called_by("community__program", "author", written="author_name")
    unread = (
        Post.objects.visible()
        .written_here()
        .filter(thread=OuterRef("pk"), written_at__gt=OuterRef("read_at"))
        .exclude(author=person)
        .order_by()
        .values("thread")
    )
    threads = as_read_by(threads, person, community=community).annotate(
        is_new=Case(When(IS_NEW, then=True), default=False),
        is_muted=Case(When(muted_at=None, then=False), default=True),
        is_pinned=Case(When(pinned_at=None, then=False), default=True),
        new=Coalesce(
            Subquery(unread.annotate(number=Count("pk")).values("number"), output_field=IntegerField()), 0
        ),
        starter=called_by("community__program", "started_by", written="starter_name"),
        **{f"last_{name}": Subquery(latest.values(name)[:1]) for name in OF_THE_LAST},
        last_by=Subquery(latest.annotate(call=author).values("call")[:1]),
    )
    others = Q(is_new=False, is_pinned=False)
    wanted = {NEW: Q(is_new=True), TOP: ~others, OTHERS: others}
    # No news are so many that what is pinned does not come.
    ordered = threads.filter(wanted[which]).order_by(*["-is_pinned"] * (which == TOP), "-last_post_at", "-pk")
    return ordered[: MOST[which]]


def _lines(threads: Iterable[Any]) -> list[Line]:
    nobody = str(Enrollment())
    return [
        Line(
            thread=thread,
            starter=thread.starter or nobody,
            is_new=bool(thread.is_new),
            is_muted=bool(thread.is_muted),
            is_pinned=bool(thread.is_pinned),
            new=thread.new,
            last_by=(thread.last_by or nobody) if thread.last_markdown else "",
            last_words=in_short(
                thread.last_markdown or "",
                first_words=thread.last_first_words or "",
                drawn_as=thread.last_drawn_as or "",
            ),
        )
        for thread in threads
    ]
