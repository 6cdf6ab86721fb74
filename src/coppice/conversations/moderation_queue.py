"""What waits for whoever leads a talk: flagged posts and first posts, as lists and as counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from django.db.models import (
    BigAutoField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import NextStep
from coppice.communities.tabs import part_in
from coppice.conversations.circle import circle_of
from coppice.conversations.decision_models import Ballot
from coppice.conversations.models import Post
from coppice.conversations.moderation_models import WAITS, Flag, HeldPost, TalkRules
from coppice.conversations.peace_models import TalkStop
from coppice.conversations.remark_models import Remark, RemarkFlag
from coppice.lib.markdown import to_html
from coppice.lib.questions import Given, Question
from coppice.programs.models import Staff

TO_DECIDE = "to_decide"
"""The part of what waits in the tab that is to be decided."""

MOST = 50
DECIDED_SHOWN = 20


def rules_of(community: Community) -> TalkRules:
    """Return how a community holds its talk; what nobody ever set is not in the database."""
    rules: TalkRules | None = getattr(community, "talk_rules", None)
    return rules or TalkRules(community=community)


def must_wait(community: Community, person: Any) -> bool:
    """Say whether what a person writes has to wait for a yes: where that is asked, until one post is out.

    What an archive brought counts as none: nobody read it before it was out.
    """
    if circle_of(community).leads(person.pk):
        return False
    if not TalkRules.objects.filter(community=community, holds_first_posts=True).exists():
        return False
    posts = Post.objects.filter(community=community, author=person, hidden_at=None)
    return not posts.exclude(via=Post.Via.ARCHIVE).exists()


def out_for(person: Any, *, is_leading: bool) -> Q:
    """Return which posts of a community somebody may know of: not first ones of others without a yes."""
    if is_leading:
        return Q()
    return Q(held=None) | Q(held__state=HeldPost.State.APPROVED) | Q(author=person)


def is_out(post: Post) -> bool:
    """Say whether a post is no first one, or has its yes; ask for it with `held`."""
    return not hasattr(post, "held") or post.held.state == HeldPost.State.APPROVED


@dataclass(frozen=True)
class Flagged:
    """One flag: why, in which words, by whom and when."""

    reason: str
    words: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Item:
    """One post of the queue: who wrote what, and why it is here."""

    post: Post
    name: str
    html: SafeString
    flags: Sequence[Flagged]

    @property
    def is_first(self) -> bool:
        """Whether it is a first post that waits, or that was answered."""
        return not is_out(self.post)

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has read it yet."""
        return self.is_first and self.post.held.state == HeldPost.State.WAITING

    @property
    def is_hidden(self) -> bool:
        return self.post.hidden_at is not None


def queue(community: Community, person: Any) -> list[Item]:
    """Return the posts about which a person has to decide, the oldest first; three queries."""
    return _items(community, person, Post.objects.filter(WAITS).order_by("pk"), most=MOST, is_open=True)


def decided(community: Community, person: Any) -> list[Item]:
    """Return what was lately hidden, answered, or left as it is, the latest first, for who may undo it."""
    left = Flag.objects.filter(decision=Flag.Decision.LEFT, post__community=community).values("post")
    posts = Post.objects.filter(Q(hidden_at__isnull=False) | Q(pk__in=left)).exclude(WAITS)
    ordered = posts.order_by("-hidden_at", "-pk")
    return _items(community, person, ordered, most=DECIDED_SHOWN, is_open=False)


def waiting_steps(community: Community, person: Any) -> list[NextStep]:
    """Return what of the queue stands on the first page of a community, for who decides."""
    count = to_decide(community, person)
    queue_path = reverse("conversations:queue", args=[community.pk])
    return [NextStep(_in_words(count), queue_path, _("See and decide"))] if count else []


def to_decide(community: Community, person: Any) -> int:
    """Return how many posts wait for a person; asked of the database where the community knows not."""
    known = part_in("talk", TO_DECIDE, community)
    if known is None:
        return sum(
            number for (number,) in HERE.ask(community=community.pk, person=person.pk, now=timezone.now())
        )
    return known


def count_column(community: Any, person: Any, now: Any) -> Any:
    """Return as a column how many posts wait for a person in a row's community."""
    counted = [
        Coalesce(
            Subquery(_here_for(rows, community, person, now, of=of), output_field=IntegerField()),
            Value(0),
        )
        for rows, of in _rows()
    ]
    return reduce(add, counted)


def count_rows() -> list[QuerySet[Any, Any]]:
    """Return the same as rows of one number each, for a question of `community`, `person` and `now`."""
    community, person = (Given(name, BigAutoField()) for name in ("community", "person"))
    now = Given("now", DateTimeField())
    return [_here_for(rows, community, person, now, of=of) for rows, of in _rows()]


def _rows() -> list[tuple[Any, str]]:
    """What waits, each with the way from there to what it is about: a post, or words of a decision."""
    return [
        (HeldPost.objects.waiting(), "post__"),
        (Flag.objects.open(), "post__"),
        (Remark.objects.waiting(), ""),
        (RemarkFlag.objects.open(), "remark__"),
    ]


def _here() -> QuerySet[Any, Any]:
    first, *others = count_rows()
    return first.union(*others, all=True).order_by()


HERE = Question(_here)


def _here_for(rows: Any, community: Any, person: Any, now: Any, *, of: str) -> Any:
    """The number of what waits for a person in a community, as one row; none where nothing waits."""
    waiting = _for_person(_in(rows, community, of=of), person, now, of=of)
    counted = Count(of.removesuffix("__") or "pk", distinct=True)
    return waiting.order_by().values(f"{of}community").annotate(number=counted).values_list("number")


def _in(rows: Any, community: Any, *, of: str) -> Any:
    """What waits in a community, of which there is always little.

    As a sum, the id of the community has no index: a database would else begin with all posts of the
    community, and look for each whether something of it waits.
    """
    place = ExpressionWrapper(F(f"{of}community") + 0, output_field=BigAutoField())
    return rows.alias(place=place).filter(place=community)


def _for_person(rows: Any, person: Any, now: Any, *, of: str) -> Any:
    """Flags and what waits, about which a person decides, as `Circle.decides` says and `decides_about`."""
    here = OuterRef(f"{of}community")
    leaders = Membership.objects.leaders().filter(community=here)
    staff = Staff.objects.active().filter(provider=OuterRef(f"{of}community__program__provider"))
    runs, leads = (Exists(each.filter(person=person)) for each in (staff, leaders))
    is_of_leader = Exists(leaders.filter(person=OuterRef(f"{of}author")))
    is_stopped = Exists(TalkStop.objects.current(now).filter(community=here, person=person))
    may_lead = Q(leads) & ~Q(is_of_leader) & ~Q(is_stopped)
    if of != "post__":
        nameless = Q(**{f"{of}part": Remark.Part.ANSWER, f"{of}decision__is_secret": True})
        may_lead &= ~nameless
        rows = rows.filter(~nameless | ~Q(Exists(with_somebody_gone(of))))
    return rows.filter(Q(runs) | may_lead).exclude(**{f"{of}author": person})


def with_somebody_gone(of: str) -> Any:
    """Ballots of whoever had themself erased, in the decision of a row.

    Where there is one, no reason without names stands in a queue: what is missing would tell whose it was.
    """
    gone = Ballot.objects.filter(decision=OuterRef(f"{of}decision"))
    return gone.filter(membership__person__erased_at__isnull=False)


def _items(community: Community, person: Any, posts: Any, *, most: int, is_open: bool) -> list[Item]:
    """Return posts as they stand in a queue; of those that are not open all flags are decided."""
    circle = circle_of(community)
    rows = (
        posts.filter(community=community, taken_back_at=None)
        .exclude(markdown="")
        .select_related("thread", "held")
    )[:most]
    if is_open:
        rows = rows.prefetch_related(
            Prefetch("flags", Flag.objects.filter(decided_at=None), to_attr="open_flags")
        )
    return [
        Item(
            post=post,
            name=circle.called(post.author_id, written=post.author_name),
            html=to_html(post.markdown),
            flags=[
                Flagged(
                    str(each.get_reason_display()), each.words, circle.called(each.flagged_by_id), each.at
                )
                for each in (post.open_flags if is_open else ())
            ],
        )
        for post in rows
        if circle.decides(person.pk, author_id=post.author_id)
    ]


def _in_words(count: int) -> str:
    return ngettext("%(count)s post waits for a decision.", "%(count)s posts wait for a decision.", count) % {
        "count": count
    }
