"""Whom an ask is brought to: people of the community who offer what it is about, a few and not too often."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from coppice.conversations.circle import Circle
from coppice.conversations.models import SETTLED_KINDS, Post, Thread
from coppice.conversations.reading_models import Routing
from coppice.lib.markdown import to_words
from coppice.profiles.board import DEEPEST
from coppice.profiles.models import Audience, Expertise
from coppice.programs.models import Topic

MOST_PEOPLE = 3
"""To so many people is one ask brought."""

MOST_A_MONTH = 3
"""So often in thirty days is one person told of an ask, in all communities."""

A_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Match:
    """Somebody who offers what an ask is about."""

    person_id: int
    topic: str


def matches(
    thread: Thread, post: Post, circle: Circle, *, without: Collection[int] = (), at: datetime | None = None
) -> list[Match]:
    """Return whom an ask or question is brought to: who knows it best, then who was told least; two queries.

    They are members who get the community's mail, share the offer with it or with the program, may be asked
    now, and were told of fewer than MOST_A_MONTH asks. What it is about is its topic, and each of the
    program's topics that its title or words name.
    """
    if thread.kind not in SETTLED_KINDS:
        return []
    topics = _topics_of(thread, post)
    left_out = {post.author_id, *without}
    reached = [each.person_id for each in circle.present if each.hears and each.person_id not in left_out]
    if not topics or not reached:
        return []
    month = (at or timezone.now()) - A_MONTH
    told = (
        Routing.objects.since(month)
        .filter(person=OuterRef("enrollment__person"))
        .exclude(thread=thread)
        .order_by()
        .values("person")
        .annotate(number=Count("pk"))
        .values("number")
    )
    depth = Case(
        *(When(level=level, then=Value(place)) for place, level in enumerate(DEEPEST)),
        default=Value(len(DEEPEST)),
        output_field=IntegerField(),
    )
    offers = (
        Expertise.objects.filter(
            topic__in=topics,
            state=Expertise.State.OFFERED,
            enrollment__program=thread.community.program_id,
            enrollment__ended_at=None,
            enrollment__person__in=reached,
        )
        .exclude(audience=Audience.STAFF)
        .annotate(told=Coalesce(Subquery(told), 0))
        .filter(told__lt=MOST_A_MONTH)
        .order_by(depth, "told", "pk")
        .values_list("enrollment__person", "topic__name")
    )
    first: dict[int, str] = {}
    for person_id, topic in offers:
        first.setdefault(person_id, topic)
    return [Match(person_id, topic) for person_id, topic in list(first.items())[:MOST_PEOPLE]]


def _topics_of(thread: Thread, post: Post) -> list[int]:
    words = f"{thread.title} {to_words(post.markdown)}".casefold()
    topics = Topic.objects.filter(Q(program=thread.community.program_id)).values_list("pk", "name")
    return [
        pk
        for pk, name in topics
        if pk == thread.topic_id or re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", words)
    ]
