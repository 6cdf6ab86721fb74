"""Telling people of a post by mail: a job that may run twice, and asks as much for many as for few."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.conversations import notices
from coppice.conversations.circle import Circle, circle_of
from coppice.conversations.distance import away_from
from coppice.conversations.models import Mention, Post
from coppice.conversations.reading_models import Routing
from coppice.conversations.routing import Match, matches
from coppice.notifications import actions as outbox
from coppice.notifications.lines import compose_line
from coppice.notifications.models import Line, Message
from coppice.notifications.reach import reach
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
    away = away_from(post)
    brought = matches(post.thread, post, circle, without=away) if post.is_first else []
    named = set(post.mentions.values_list("person", flat=True))
    readers = _readers(post, circle, named=named, brought=brought, away=away)
    told = _told(post, circle, readers)
    with transaction.atomic():
        if not Post.objects.visible().filter(pk=post.pk, told_at=None).update(told_at=timezone.now()):
            return 0
        Routing.objects.bulk_create(
            [
                Routing(thread=post.thread, person_id=each.person_id, topic_said=each.topic)
                for each in brought
            ],
            ignore_conflicts=True,
        )
        outbox.post(told.messages, told.lines)
    return told.count


def tell_mentioned(post_id: int) -> int:
    """Write to people whom a post names since it was changed, and return how many; none is told twice."""
    post = _to_tell(post_id)
    if post is None or post.told_at is None:
        return 0
    named = set(Mention.objects.filter(post=post).values_list("person", flat=True))
    circle = circle_of(post.community, thread_id=post.thread_id)
    named -= away_from(post)
    readers = [each for each in _readers(post, circle, named=named, brought=[]) if each.is_named]
    told = _told(post, circle, readers)
    with transaction.atomic():
        outbox.post(told.messages, told.lines)
    return told.count


def addresses(post: Post, people: set[int]) -> list[notices.Reader]:
    """Return those of some people whom mail reaches in a post's community, with where and how."""
    members = _members(post, people)
    return [*members, *_staff(post, people - {each.person.pk for each in members})]


def _to_tell(post_id: int) -> Any:
    posts = Post.objects.select_related("thread", "community__program__provider", "author", "quoted")
    post: Any = posts.filter(pk=post_id).first()
    if post is None or not post.can_be_read:
        return None
    post.thread.community = post.community
    post.is_first = not post.thread.posts.in_order().filter(written_at__lt=post.written_at).exists()
    return post


def _readers(
    post: Post, circle: Circle, *, named: set[int], brought: Sequence[Match], away: Collection[int] = ()
) -> list[notices.Reader]:
    """Members who get the community's mail and did not mute the thread; whom it names is told in any case."""
    offered = {each.person_id: each.topic for each in brought}
    wanted = {each.person_id for each in circle.present if each.hears} | (
        {each for each in named if circle.has(each)}
    )
    wanted -= {post.author_id or 0, *away}
    return [
        notices.Reader(
            person=each.person,
            address=each.address,
            language=each.language,
            time_zone=each.time_zone,
            is_named=each.person.pk in named,
            offered=offered.get(each.person.pk, ""),
        )
        for each in addresses(post, wanted)
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


@dataclass(frozen=True)
class Told:
    """What a post becomes for its readers: mails that leave now, and lines of digests."""

    messages: list[Message]
    lines: list[Line]

    @property
    def count(self) -> int:
        return len(self.messages) + len(self.lines)


def _told(post: Any, circle: Circle, readers: Sequence[notices.Reader]) -> Told:
    """Compose what each reader gets, by their own rhythm; nothing for whoever was told of it before."""
    quoted, occasion = post.quoted, notices.occasion(post)
    content = notices.Content(
        post=post,
        author=_called(post, circle),
        quoted_author=_called(quoted, circle) if quoted and quoted.hidden_at is None else "",
        files=post.attachments.count(),
    )
    by_person = {each.person.pk: each for each in readers}
    how = reach([each.person for each in readers], list_key=post.community.list_key, occasion=occasion)
    messages = [
        outbox.compose(
            recipient=person, occasion=occasion, **notices.letter(content, to=by_person[person.pk])
        )
        for person in how.at_once
    ]
    lines = [
        compose_line(
            recipient=person,
            occasion=occasion,
            rhythm=rhythm,
            **notices.letter(content, to=by_person[person.pk]),
        )
        for person, rhythm in how.later
    ]
    return Told([each for each in messages if each], [each for each in lines if each])


def _called(post: Post, circle: Circle) -> str:
    return circle.called(post.author_id, written=post.author_name)
