"""Saying that posts of an archive are one's own, or that they are not; once and for all."""

from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations import finding
from coppice.conversations.import_models import Writer
from coppice.conversations.models import Post, Thread
from coppice.conversations.own_words import offered_to, posts_of
from coppice.history.actions import record


@transaction.atomic
def claim(community: Community, *, by: Any) -> int:
    """Make the posts that are offered to a member theirs, and return how many; twice changes nothing.

    They change and take them back from now on as whatever they wrote here; nobody is told.
    """
    writers = _held(community, by)
    if not writers:
        return 0
    posts = list(posts_of(Writer.objects.filter(pk__in=writers)))
    keys = [post.pk for post in posts]
    threads = _begun_by(keys)
    Writer.objects.filter(pk__in=writers).update(person=by)
    Post.objects.filter(pk__in=keys).update(author=by, author_name="")
    Thread.objects.filter(pk__in=threads).update(started_by=by, starter_name="")
    finding.changed(*posts)
    record(
        "archive.claimed",
        scope=community.program.scope,
        by=by,
        subject=community,
        about=by,
        detail={"posts": len(posts)},
    )
    return len(posts)


@transaction.atomic
def decline(community: Community, *, by: Any) -> None:
    """Keep that what is offered to a member is not theirs: it stays under its writer's name."""
    Writer.objects.filter(pk__in=_held(community, by)).update(declined_at=timezone.now())


def _held(community: Community, person: Any) -> list[int]:
    """The writers that are offered to a person, held until the transaction ends."""
    offered = offered_to(person, community).values("pk")
    return [each.pk for each in Writer.objects.select_for_update().filter(pk__in=offered, person=None)]


def _begun_by(posts: list[int]) -> list[int]:
    """The conversations that begin with one of these posts and that nobody here has begun."""
    first = Post.objects.filter(thread=OuterRef("pk")).in_order().values("pk")[:1]
    threads = Thread.objects.filter(posts__in=posts, started_by=None).annotate(first=Subquery(first))
    return list(threads.filter(first__in=posts).order_by().values_list("pk", flat=True).distinct())
