"""What waits for whoever leads a talk: flagged posts and first posts, as lists and as counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigAutoField,
    Count,
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
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import NextStep
from coppice.communities.tabs import part_in
from coppice.conversations.circle import circle_of
from coppice.conversations.models import Post
from coppice.conversations.moderation_models import WAITS, Flag, HeldPost, TalkRules
from coppice.lib.markdown import to_html
from coppice.lib.questions import Given, Question
from coppice.programs.models import Staff

TO_DECIDE = "to_decide"
"""The part of what waits in the tab that is to be decided."""

MOST = 50
DECIDED_SHOWN = 20


def rules_of(community: Community) -> TalkRules:
    """Return how a community holds its talk; what nobody ever set is not in the database."""
    return TalkRules.objects.filter(community=community).first() or TalkRules(community=community)


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
    def is_hidden(self) -> bool:
        return self.post.hidden_at is not None


def queue(community: Community, person: Any) -> list[Item]:
    """Return the posts about which a person has to decide, the oldest first; three queries."""
    return _items(community, person, Post.objects.filter(WAITS).order_by("pk"), most=MOST)


def decided(community: Community, person: Any) -> list[Item]:
    """Return what was lately hidden, answered, or left as it is, the latest first, for who may undo it."""
    left = Flag.objects.filter(decision=Flag.Decision.LEFT, post__community=community).values("post")
    posts = Post.objects.filter(Q(hidden_at__isnull=False) | Q(pk__in=left)).exclude(WAITS)
    return _items(community, person, posts.order_by("-hidden_at", "-pk"), most=DECIDED_SHOWN)


def waiting_steps(community: Community, person: Any) -> list[NextStep]:
    """Return what of the queue stands on the first page of a community, for who decides."""
    count = to_decide(community, person)
    queue_path = reverse("conversations:queue", args=[community.pk])
    return [NextStep(_in_words(count), queue_path, _("See and decide"))] if count else []


def to_decide(community: Community, person: Any) -> int:
    """Return how many posts wait for a person; asked of the database where the community knows not."""
    known = part_in("talk", TO_DECIDE, community)
    if known is None:
        return sum(number for (number,) in HERE.ask(community=community.pk, person=person.pk))
    return known


def count_column(community: Any, person: Any) -> Any:
    """Return as a column how many posts wait for a person in a row's community."""
    held, flagged = (
        Coalesce(
            Subquery(_numbers(_for_person(_in(rows, community), person)), output_field=IntegerField()),
            Value(0),
        )
        for rows in (HeldPost.objects.waiting(), Flag.objects.open())
    )
    return held + flagged


def count_rows() -> list[QuerySet[Any, Any]]:
    """Return the same as rows of one number each, for a question about a `community` and a `person`."""
    number = BigAutoField()
    return [
        _numbers(_for_person(_in(rows, Given("community", number)), Given("person", number)))
        for rows in (HeldPost.objects.waiting(), Flag.objects.open())
    ]


def _here() -> QuerySet[Any, Any]:
    held, flagged = count_rows()
    return held.union(flagged, all=True).order_by()


HERE = Question(_here)


def _in(rows: Any, community: Any) -> Any:
    """Flags or held posts of a community, of which there are always few.

    As a sum, the id of the community has no index: a database would else begin with all posts of the
    community, and look for each whether something of it waits.
    """
    place = ExpressionWrapper(F("post__community") + 0, output_field=BigAutoField())
    return rows.alias(place=place).filter(place=community)


def _numbers(rows: Any) -> Any:
    return (
        rows.order_by()
        .values("post__community")
        .annotate(number=Count("post", distinct=True))
        .values_list("number")
    )


def _for_person(rows: Any, person: Any) -> Any:
    """Flags or held posts about which a person decides, as `Circle.decides` says."""
    leaders = Membership.objects.leaders().filter(community=OuterRef("post__community"))
    staff = Staff.objects.active().filter(provider=OuterRef("post__community__program__provider"))
    runs, leads = (Exists(each.filter(person=person)) for each in (staff, leaders))
    is_of_leader = Exists(leaders.filter(person=OuterRef("post__author")))
    return rows.filter(Q(runs) | (Q(leads) & ~Q(is_of_leader))).exclude(post__author=person)


def _items(community: Community, person: Any, posts: Any, *, most: int) -> list[Item]:
    circle = circle_of(community)
    rows = (
        posts.filter(community=community, taken_back_at=None)
        .exclude(markdown="")
        .select_related("thread", "held")
        .prefetch_related(Prefetch("flags", Flag.objects.filter(decided_at=None), to_attr="open_flags"))
    )[:most]
    return [
        Item(
            post=post,
            name=circle.called(post.author_id, written=post.author_name),
            html=to_html(post.markdown),
            flags=[
                Flagged(
                    str(each.get_reason_display()), each.words, circle.called(each.flagged_by_id), each.at
                )
                for each in post.open_flags
            ],
        )
        for post in rows
        if circle.decides(person.pk, author_id=post.author_id)
    ]


def _in_words(count: int) -> str:
    return ngettext("%(count)s post waits for a decision.", "%(count)s posts wait for a decision.", count) % {
        "count": count
    }
