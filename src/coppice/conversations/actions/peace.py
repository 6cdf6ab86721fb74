"""Distance between people, stops, conversations locked, pinned and split, and the code of conduct."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations import finding
from coppice.conversations import moderation_notices as notices
from coppice.conversations.actions.holding import note
from coppice.conversations.actions.posts import recount
from coppice.conversations.actions.telling import addresses
from coppice.conversations.circle import circle_of
from coppice.conversations.errors import NoReason, NothingSaid, NoTitle, NotTheirs, OnlyPost
from coppice.conversations.models import Mention, Post, Thread
from coppice.conversations.peace_models import Conduct, ConductYes, Distance, TalkStop
from coppice.conversations.places import Place
from coppice.conversations.reading_models import Draft
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.profiles.actions import introductions


@transaction.atomic
def keep_distance(place: Place, *, by: Any, kind: str) -> None:
    """Hear less of somebody in a community, or as before with an empty `kind`.

    Nobody learns of it, so the history has no entry either. Who is blocked is forgotten in what they have
    already written: they mention nobody who blocks them, and what waits to introduce the two to each other
    ends.
    """
    known = {"community": place.community, "person": by, "other_id": place.person_id}
    if not kind:
        Distance.objects.filter(**known).delete()
        return
    Distance.objects.update_or_create(**known, defaults={"kind": Distance.Kind(kind)})
    if kind == Distance.Kind.BLOCK:
        Mention.objects.filter(
            person=by, post__community=place.community, post__author=place.person_id
        ).delete()
        introductions.end_between(by.pk, place.person_id)


@transaction.atomic
def stop(place: Place, *, by: Any, until: date, reason: str) -> TalkStop:
    """Let somebody read and not write in a community until the end of a day there, and tell them kindly.

    Said again, it takes the place of what was said before. Raises NotTheirs, NoReason.
    """
    community = place.community
    if not circle_of(community).decides(by.pk, author_id=place.person_id):
        raise NotTheirs
    if not reason.strip():
        raise NoReason
    moment = datetime.combine(until, time(23, 59), community.zone)
    stopped, _is_new = TalkStop.objects.update_or_create(
        community=community,
        person_id=place.person_id,
        lifted_at=None,
        defaults={"until": moment, "reason": reason.strip(), "by": by, "at": timezone.now()},
    )
    _record("talk.stopped", stopped, by=by)
    for reader in addresses(Post(community=community), {place.person_id}):
        notices.stopped(stopped, to=reader)
    return stopped


@transaction.atomic
def lift(place: Place, *, by: Any) -> None:
    """Let somebody write again, and tell them. Raises NotTheirs."""
    if not circle_of(place.community).decides(by.pk, author_id=place.person_id):
        raise NotTheirs
    stops = TalkStop.objects.filter(community=place.community, person=place.person_id, lifted_at=None)
    for stopped in stops.select_related("community__program", "person"):
        stopped.lifted_at = timezone.now()
        stopped.save(update_fields=["lifted_at"])
        _record("talk.stop_lifted", stopped, by=by)
        for reader in addresses(Post(community=place.community), {place.person_id}):
            notices.lifted(stopped, to=reader)


@transaction.atomic
def arrange(thread: Thread, *, by: Any, what: str, wanted: bool) -> None:
    """Lock a conversation, so that only who leads writes in it, or pin it above the others; or undo that.

    `what` is "locked" or "pinned".
    """
    column = {"locked": "locked_at", "pinned": "pinned_at"}[what]
    rows = Thread.objects.filter(pk=thread.pk, **{f"{column}__isnull": wanted})
    if rows.update(**{column: timezone.now() if wanted else None}):
        record(
            f"thread.{what}" if wanted else f"thread.un{what}",
            scope=thread.community.program.scope,
            by=by,
            subject=thread,
            called=str(thread.get_kind_display()),
            detail={"community": thread.community_id},
        )


@transaction.atomic
def split(post: Post, *, by: Any, title: str, with_later: bool = False) -> Thread:
    """Move a post into a conversation of its own, of the same kind; who wrote it has begun it.

    With `with_later` all posts after it come along. Raises NoTitle, OnlyPost where nothing would stay behind.
    """
    title = one_line(title)
    if not title:
        raise NoTitle
    post = Post.objects.select_for_update(of=("self",)).select_related("author").get(pk=post.pk)
    old = (
        Thread.objects.select_for_update(of=("self",))
        .select_related("community__program")
        .get(pk=post.thread_id)
    )
    moved = [post.pk, *(_later_than(post) if with_later else [])]
    if not old.posts.visible().exclude(pk__in=moved).exists():
        raise OnlyPost
    thread = Thread.objects.create(
        community=old.community,
        kind=old.kind,
        title=title,
        topic=old.topic,
        started_by=post.author,
        starter_name=post.author_name,
        started_at=post.written_at,
        last_post_at=post.written_at,
    )
    Post.objects.filter(pk__in=moved).update(thread=thread)
    Draft.objects.filter(quoted__in=moved).update(quoted=None, quoted_text="")
    recount(old)
    recount(thread)
    for each in Post.objects.filter(pk__in=moved).select_related("thread", "author").order_by("pk"):
        finding.changed(each)
        each.community = old.community
        note("post.moved", each, by=by, **{"from": old.pk})
    return thread


def _later_than(post: Post) -> list[int]:
    """Ids of the posts that stand after one in its conversation."""
    later = Q(written_at__gt=post.written_at) | Q(written_at=post.written_at, pk__gt=post.pk)
    return list(Post.objects.filter(later, thread=post.thread_id).values_list("pk", flat=True))


@transaction.atomic
def write_conduct(community: Community, *, by: Any, text: str) -> Conduct:
    """Write the code of conduct anew as its next version; equal words change nothing. Raises NothingSaid."""
    text = text.strip()
    if not text:
        raise NothingSaid
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)  # one version after the other
    latest = Conduct.objects.filter(community=community).first()
    if latest is not None and latest.text == text:
        return latest
    written = Conduct.objects.create(
        community=community, number=latest.number + 1 if latest else 1, text=text, written_by=by
    )
    record(
        "talk.conduct_written",
        scope=community.program.scope,
        by=by,
        subject=community,
        detail={"number": written.number},
    )
    return written


@transaction.atomic
def say_yes(community: Community, *, by: Any, number: int) -> None:
    """Keep that somebody keeps to a version of the code of conduct, and since when; twice is once."""
    _yes, is_new = ConductYes.objects.get_or_create(community=community, person=by, number=number)
    if is_new:
        record(
            "talk.conduct_agreed",
            scope=community.program.scope,
            by=by,
            subject=community,
            about=by,
            detail={"number": number},
        )


def _record(verb: str, stopped: TalkStop, *, by: Any) -> None:
    record(
        verb,
        scope=stopped.community.program.scope,
        by=by,
        subject=stopped.community,
        about=stopped.person,
        detail={"until": stopped.until.isoformat()},
    )
