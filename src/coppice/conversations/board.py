"""A thread as its page shows it: posts with names, quotations, reactions, files, and who helped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, OuterRef, Prefetch, When
from django.utils.safestring import SafeString

from coppice.conversations.circle import Circle, Someone, circle_of
from coppice.conversations.distance import is_from_afar
from coppice.conversations.import_models import Brought
from coppice.conversations.mentions import names_in
from coppice.conversations.models import GONE, Attachment, Help, Post, Reaction, Thread
from coppice.conversations.moderation_queue import is_out, out_for
from coppice.lib.ids import id_in
from coppice.lib.markdown import to_html

A_PAGE = 50


@dataclass(frozen=True)
class ReactionLine:
    """One ready reaction under a post: who says so, by name, and whether the reader does."""

    kind: str
    label: str
    names: Sequence[str]
    is_mine: bool

    @property
    def count(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class PostLine:
    """A post with all that is shown of it; `helped` are those whom it made helpers.

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
    out = thread.posts.filter(out_for(thread.community, person))
    posts = (
        out.in_order()
        .select_related("quoted", "held")
        .annotate(
            has_original=Exists(Brought.objects.filter(post=OuterRef("pk")).exclude(original="")),
            is_from_afar=is_from_afar(person.pk),
        )
        .prefetch_related(Prefetch("attachments", Attachment.objects.select_related("picture")), "reactions")
    )
    helps = list(thread.helps.order_by("pk")) if thread.is_settled else []
    kept = out.in_order().annotate(is_gone=Case(When(GONE, then=True), default=False))
    told = list(kept.values_list("pk", "written_at", "via", "is_gone"))
    places = [(pk, at, via) for pk, at, via, _is_gone in told]
    gone_since = min((at for _pk, at, _via, is_gone in told if is_gone), default=None)
    pages = Paginator(posts, A_PAGE)
    pages.count = len(places)  # counted already
    page = pages.get_page(number or _page_of(thread, places, id_in(post_id)))
    return Board(
        page=page,
        lines=[_line(post, thread, circle, person, helps, gone_since) for post in page],
        helpers=[circle.called(each.helper_id) for each in helps],
        others=circle.others(person.pk),
    )


def _page_of(thread: Any, places: Sequence[tuple[int, datetime, str]], post_id: int) -> int:
    """The page on which a post stands, else the first that has something new, else the last."""
    wanted = next((place for place, (pk, _at, _via) in enumerate(places) if pk == post_id), None)
    if wanted is None:
        is_new = (place for place, (_pk, at, via) in enumerate(places) if _is_new(thread, at, via))
        wanted = next(is_new, len(places) - 1)
    return wanted // A_PAGE + 1


def _line(
    post: Any,
    thread: Any,
    circle: Circle,
    person: Any,
    helps: Sequence[Help],
    gone_since: datetime | None,
) -> PostLine:
    post.thread, post.community = thread, thread.community
    names = names_in(post.markdown, circle)
    quoted, is_mine = post.quoted, post.author_id == person.pk
    decides = circle.decides(person.pk, author_id=post.author_id)
    reads = post.can_be_read or (post.has_words and (is_mine or decides))
    return PostLine(
        post=post,
        name=circle.called(post.author_id, written=post.author_name),
        html=to_html(post.markdown, marked=names) if reads else SafeString(""),
        quoted_name=circle.called(quoted.author_id, written=quoted.author_name) if quoted else "",
        reactions=_reactions(post, circle, person) if post.can_be_read else [],
        files=list(post.attachments.all()) if reads else [],
        is_mine=is_mine,
        is_new=_is_new(thread, post.written_at, post.via) and post.author_id != person.pk,
        is_answer=any(each.post_id == post.pk for each in helps),
        decides=decides,
        is_folded=post.is_from_afar,
        is_present=circle.has(post.author_id),
        may_quote_gone=gone_since is not None and gone_since < post.written_at,
    )


def _is_new(thread: Any, written_at: datetime, via: str) -> bool:
    return written_at > thread.read_at and via != Post.Via.ARCHIVE


def _reactions(post: Post, circle: Circle, person: Any) -> list[ReactionLine]:
    said = list(post.reactions.all())
    return [
        ReactionLine(
            kind=kind.value,
            label=str(kind.label),
            names=[circle.called(each.person_id) for each in said if each.kind == kind],
            is_mine=any(each.kind == kind and each.person_id == person.pk for each in said),
        )
        for kind in Reaction.Kind
    ]


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of threads with their names."""
    return [(kind.value, str(kind.label)) for kind in Thread.Kind]
