"""Telling people of a post by mail: a job that may run twice, and asks as much for many as for few."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.conversations import notices
from coppice.conversations.circle import Circle, circle_of
from coppice.conversations.models import Mention, Post
from coppice.conversations.reading_models import Routing
from coppice.conversations.routing import Match, matches
from coppice.notifications import actions as outbox
from coppice.notifications.models import Message
from coppice.programs.models import Staff


def tell(post_id: int) -> int:
    """Write the mails of a post that nobody was told of yet, and return how many.

    They are composed before the transaction in which they and the post's `told_at` are written: a job that is
    killed between leaves neither, and the next one does both.
    """
    post = _to_tell(post_id)
    if post is None or post.told_at is not None:
        return 0
    circle = circle_of(post.community, thread_id=post.thread_id)
    brought = matches(post.thread, post, circle) if post.is_first else []
    named = set(post.mentions.values_list("person", flat=True))
    readers = _readers(post, circle, named=named, brought=brought)
    messages = _composed(post, circle, readers)
    with transaction.atomic():
        if not Post.objects.filter(pk=post.pk, told_at=None).update(told_at=timezone.now()):
            return 0
        Routing.objects.bulk_create(
            [
                Routing(thread=post.thread, person_id=each.person_id, topic_said=each.topic)
                for each in brought
            ],
            ignore_conflicts=True,
        )
        outbox.post(messages)
    return len(messages)


def tell_mentioned(post_id: int) -> int:
    """Write to people whom a post names since it was changed, and return how many; none is told twice."""
    post = _to_tell(post_id)
    if post is None or post.told_at is None:
        return 0
    told = Message.objects.filter(occasion=notices.occasion(post)).values("recipient")
    named = set(Mention.objects.filter(post=post).exclude(person__in=told).values_list("person", flat=True))
    if not named:
        return 0
    circle = circle_of(post.community, thread_id=post.thread_id)
    readers = [each for each in _readers(post, circle, named=named, brought=[]) if each.is_named]
    messages = _composed(post, circle, readers)
    with transaction.atomic():
        outbox.post(messages)
    return len(messages)


def _to_tell(post_id: int) -> Any:
    posts = Post.objects.select_related("thread", "community__program__provider", "author", "quoted")
    post: Any = posts.filter(pk=post_id).first()
    if post is None or not post.can_be_read:
        return None
    post.thread.community = post.community
    post.is_first = not post.thread.posts.in_order().filter(written_at__lt=post.written_at).exists()
    return post


def _readers(
    post: Post, circle: Circle, *, named: set[int], brought: Sequence[Match]
) -> list[notices.Reader]:
    """Members who get the community's mail and did not mute the thread; whom it names is told in any case."""
    offered = {each.person_id: each.topic for each in brought}
    wanted = {each.person_id for each in circle.present if each.gets_mail} | (
        {each for each in named if circle.has(each)}
    )
    wanted.discard(post.author_id or 0)
    members = _members(post, wanted)
    staff = _staff(post, wanted - {each.person.pk for each in members})
    return [
        notices.Reader(
            person=each.person,
            address=each.address,
            language=each.language,
            time_zone=each.time_zone,
            is_named=each.person.pk in named,
            offered=offered.get(each.person.pk, ""),
        )
        for each in [*members, *staff]
    ]


def _members(post: Post, wanted: Iterable[int]) -> list[notices.Reader]:
    memberships = (
        Membership.objects.taking_part()
        .filter(community=post.community_id, person__in=wanted)
        .select_related("person", "enrollment")
        .order_by("pk")
    )
    readers = []
    for each in memberships:
        each.community = post.community
        if each.mail_address:
            readers.append(notices.Reader(each.person, each.mail_address, each.language, str(each.zone)))
    return readers


def _staff(post: Post, wanted: set[int]) -> list[notices.Reader]:
    if not wanted:
        return []
    program = post.community.program
    posts = Staff.objects.active().filter(provider=program.provider_id, person__in=wanted)
    return [
        notices.Reader(
            each.person, each.email or each.person.email or "", program.language, program.time_zone
        )
        for each in posts.select_related("person").order_by("pk")
    ]


def _composed(post: Any, circle: Circle, readers: Iterable[notices.Reader]) -> list[Message]:
    quoted = post.quoted
    known = {
        "author": circle.called(post.author_id, written=post.author_name),
        "quoted_author": circle.called(quoted.author_id, written=quoted.author_name) if quoted else "",
        "files": post.attachments.count(),
    }
    composed = (notices.written(post, to=each, **known) for each in readers)
    return [each for each in composed if each is not None]
