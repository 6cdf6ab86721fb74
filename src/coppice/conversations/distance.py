"""Of whom somebody wants to hear less: the one place that every way of hearing asks.

Mails, digests and feeds of posts leave out whom their reader muted or blocked, and the page of a conversation
folds them. A blocked person mentions nobody who blocks them, brings them no ask, and is not introduced to
them.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from coppice.conversations.models import Post
from coppice.conversations.peace_models import Distance
from coppice.profiles import apart


def register() -> None:
    """Let introductions ask; called from AppConfig.ready()."""
    apart.register(blocked_or_blocking)


def away_from(post: Post, **only: str) -> set[int]:
    """Return who wants to hear less of a post's author; with `kind`, only those who said that."""
    away = Distance.objects.filter(community=post.community_id, other=post.author_id, **only)
    return set(away.values_list("person", flat=True)) if post.author_id else set()


def is_from_afar(person: Any) -> Exists:
    """Return as a column of posts whether a person wants to hear less of its author."""
    away = Distance.objects.filter(community=OuterRef("community"), person=person, other=OuterRef("author"))
    return Exists(away)


def pairs_of(people: Collection[int], communities: Collection[int]) -> set[tuple[int, int, int]]:
    """Return person, community and of whom they want to hear less there, for many at once."""
    away = Distance.objects.filter(person__in=people, community__in=communities)
    return set(away.values_list("person_id", "community_id", "other_id"))


def blocked_or_blocking(person: Any) -> list[QuerySet[Any, Any]]:
    """Return subqueries of who blocked a person, and of whom that person blocked, in any community."""
    blocks = Distance.objects.filter(kind=Distance.Kind.BLOCK)
    return [blocks.filter(other=person).values("person"), blocks.filter(person=person).values("other")]
