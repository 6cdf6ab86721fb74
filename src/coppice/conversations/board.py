"""A thread as its page shows it: posts with names, quotations, reactions, files, and who helped."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    BigAutoField,
    Case,
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.safestring import SafeString

from coppice.conversations.circle import Circle, Someone, circle_of
from coppice.conversations.distance import is_from_afar
from coppice.conversations.drawn import html_of
from coppice.conversations.import_models import Brought
from coppice.conversations.mentions import names_in
from coppice.conversations.models import GONE, Attachment, Help, Post, Reaction, Thread
from coppice.conversations.moderation_queue import is_out, out_for
from coppice.lib.ids import id_in
from coppice.lib.questions import Given, Question

A_PAGE = 50


@dataclass(frozen=True)
class ReactionLine:
    """One ready reaction under a post: who says so, by name, and whether the reader does."""

    kind: str
    names: Sequence[str]
    is_mine: bool

    @property
    def count(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class PostLine:
    """A post with all that is shown of it; `reactions` are all ready ones, none where nobody reacted.

    With `may_quote_gone` something before it in the conversation can be read no more, which the whole of the
    mail that it was may quote.
    """

    post: Post
    name: str
    html: SafeString
    quoted_name: str
    reactions: Sequence[ReactionLine]
    files: Sequence[Attachment]
    is_mine: bool
    is_new: bool
    is_answer: bool
    decides: bool
    is_folded: bool
    is_present: bool
    may_quote_gone: bool

    @property
    def is_kept_back(self) -> bool:
        """Whether its words are hidden, or wait for a yes."""
        return self.post.hidden_at is not None and self.post.has_words

    @property
    def shows_words(self) -> bool:
        """Whether its words stand there: to its author also when it is hidden."""
        return self.post.can_be_read or (self.is_kept_back and self.is_mine)

    @property
    def waits(self) -> bool:
        """Whether it is a first post that is not out."""
        return not is_out(self.post)

    @property
    def pictures(self) -> list[Attachment]:
        return [each for each in self.files if hasattr(each, "picture")]

    @property
    def documents(self) -> list[Attachment]:
        return [each for each in self.files if not hasattr(each, "picture")]


@dataclass(frozen=True)
class Audience:
    """Who reads a post, and whom it is mailed to; all but its writer."""

    members: int
    staff: int
    mailed: int
    later: int
    without: int

    @property
    def readers(self) -> int:
        return self.members + self.staff


def audience(circle: Circle, *, writer_id: int | None) -> Audience:
    """Return exactly who would read a post by somebody, and get it by mail."""
    others = circle.others(writer_id)
    members = [each for each in others if each.role != "staff"]
    mailed = sum(each.gets_mail for each in members)
    hear = sum(each.hears for each in members)
    return Audience(
        members=len(members),
        staff=len(others) - len(members),
        mailed=mailed,
        later=hear - mailed,
        without=len(members) - hear,
    )


@dataclass(frozen=True)
class Board:
    """A page of a thread: its posts, and who is said to have helped, by name."""

    page: Page[Any]
    lines: Sequence[PostLine]
    helpers: Sequence[str]
    others: Sequence[Someone]


def board(thread: Any, person: Any, *, number: str = "", post_id: str = "") -> Board:
    """Return a page of a thread as somebody reads it.

    It is the one asked for (`number`), that of a post, else the first with something new, else the last.
    """
    circle = circle_of(thread.community)
    given = {"thread": thread.pk, "person": person.pk}
    is_leading = circle.leads(person.pk)
    whole, place = _places(thread, given, is_leading=is_leading, post_id=id_in(post_id))
    page = Paginator(range(whole), A_PAGE).get_page(number or place // A_PAGE + 1)
    posts: list[Any] = _posts(is_leading=is_leading).ask_for(
        Post, most=A_PAGE, skip=(page.number - 1) * A_PAGE, **given
    )
    helps = list(thread.helps.order_by("pk")) if thread.is_settled else []
    told = _Told(thread, posts)
    return Board(
        page=page,
        lines=[_line(post, thread, circle, person, helps, told) for post in posts],
        helpers=[circle.called(each.helper_id) for each in helps],
        others=circle.others(person.pk),
    )


def _places(thread: Any, given: dict[str, Any], *, is_leading: bool, post_id: int) -> tuple[int, int]:
    """Return how many posts there are, and the place of a post, of the first that is new, or of the last."""
    rows = _counts(is_leading=is_leading).ask(**given, read_at=thread.read_at, post=post_id)
    whole, known, new, before, is_there = rows[0] if rows else (0, 0, 0, 0, 0)
    first_new = known if new else whole - 1
    place = before if is_there else first_new
    return whole, max(0, place)


@cache
def _counts(*, is_leading: bool) -> Question:
    """The question for `_places`."""

    def counts() -> QuerySet[Any, Any]:
        wanted = Post.objects.filter(pk=Given("post", BigAutoField()), thread=Given("thread", BigAutoField()))
        at = Subquery(wanted.values("written_at")[:1])
        is_new = Q(written_at__gt=Given("read_at", DateTimeField())) & ~Q(via=Post.Via.ARCHIVE)
        first_new = _out(is_leading=is_leading).filter(is_new).order_by("written_at").values("written_at")
        before = Q(written_at__lt=at) | Q(written_at=at, pk__lt=Given("post", BigAutoField()))
        return (
            _out(is_leading=is_leading)
            .order_by()
            .values("thread")
            .annotate(
                whole=Count("pk"),
                known=Count("pk", filter=Q(written_at__lt=Subquery(first_new[:1]))),
                new=Count("pk", filter=is_new),
                before=Count("pk", filter=before),
                is_there=Count("pk", filter=Q(pk=Given("post", BigAutoField()))),
            )
            .values_list("whole", "known", "new", "before", "is_there")
        )

    return Question(counts)


@cache
def _posts(*, is_leading: bool) -> Question:
    """The question for posts in their order, each with the post that it quotes."""

    def posts() -> QuerySet[Any, Any]:
        is_far = is_from_afar(Given("person", BigAutoField()))
        gone = _out(is_leading=is_leading).filter(GONE).order_by("written_at").values("written_at")
        originals = Brought.objects.filter(post=OuterRef("pk")).exclude(original="")
        return (
            _out(is_leading=is_leading)
            .in_order()
            .select_related("quoted", "held")
            .annotate(
                has_original=Case(When(Exists(originals), then=True), default=Value(False)),
                is_from_afar=Case(When(is_far, then=True), default=Value(False)),
                gone_since=Subquery(gone[:1]),
            )
        )

    return Question(posts)


def _out(*, is_leading: bool) -> Any:
    """The posts of a thread of which a person may know."""
    who = out_for(Given("person", BigAutoField()), is_leading=is_leading)
    return Post.objects.filter(who, thread=Given("thread", BigAutoField()))


class _Told:
    """The reactions and files of a page of posts, by post: those of the whole span, in two queries."""

    def __init__(self, thread: Thread, posts: Sequence[Post]) -> None:
        self.reactions: dict[int, list[tuple[str, int]]] = defaultdict(list)
        self.files: dict[int, list[Attachment]] = defaultdict(list)
        if not posts:
            return
        span: dict[str, Any] = {
            "thread": thread.pk,
            "first": posts[0].written_at,
            "last": posts[-1].written_at,
        }
        for post, kind, person in REACTIONS.ask(**span):
            self.reactions[post].append((kind, person))
        for file in FILES.ask_for(Attachment, **span):
            self.files[file.post_id].append(file)


def _of_span(rows: QuerySet[Any, Any]) -> Any:
    """What belongs to the posts of a thread that were written between two moments."""
    return rows.filter(
        post__thread=Given("thread", BigAutoField()),
        post__written_at__gte=Given("first", DateTimeField()),
        post__written_at__lte=Given("last", DateTimeField()),
    ).order_by("pk")


REACTIONS = Question(lambda: _of_span(Reaction.objects.all()).values_list("post", "kind", "person"))
FILES = Question(lambda: _of_span(Attachment.objects.select_related("picture")))


def _line(
    post: Any, thread: Any, circle: Circle, person: Any, helps: Sequence[Help], told: _Told
) -> PostLine:
    post.thread, post.community = thread, thread.community
    names = names_in(post.markdown, circle)
    quoted, is_mine = post.quoted, post.author_id == person.pk
    decides = circle.decides(person.pk, author_id=post.author_id)
    reads = post.can_be_read or (post.has_words and (is_mine or decides))
    said = told.reactions.get(post.pk, ())
    return PostLine(
        post=post,
        name=circle.called(post.author_id, written=post.author_name),
        html=html_of(post, marked=names) if reads else SafeString(""),
        quoted_name=circle.called(quoted.author_id, written=quoted.author_name) if quoted else "",
        reactions=_reactions(said, circle, person) if said and post.can_be_read else (),
        files=told.files.get(post.pk, ()) if reads else (),
        is_mine=is_mine,
        is_new=_is_new(thread, post.written_at, post.via) and post.author_id != person.pk,
        is_answer=any(each.post_id == post.pk for each in helps),
        decides=decides,
        is_folded=post.is_from_afar,
        is_present=circle.has(post.author_id),
        may_quote_gone=post.gone_since is not None and post.gone_since < post.written_at,
    )


def _is_new(thread: Any, written_at: datetime, via: str) -> bool:
    return written_at > thread.read_at and via != Post.Via.ARCHIVE


def _reactions(said: Sequence[tuple[str, int]], circle: Circle, person: Any) -> list[ReactionLine]:
    return [
        ReactionLine(
            kind=kind.value,
            names=[circle.called(who) for of_kind, who in said if of_kind == kind],
            is_mine=(kind, person.pk) in said,
        )
        for kind in Reaction.Kind
    ]


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of threads with their names."""
    return [(kind.value, str(kind.label)) for kind in Thread.Kind]
