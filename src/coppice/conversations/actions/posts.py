"""Writing in threads: beginning one, replying, changing one's words, taking them back, reacting."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import DateTimeField, F, Max, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations import finding, notices
from coppice.conversations.actions.holding import hold, note
from coppice.conversations.circle import Circle, circle_of
from coppice.conversations.distance import away_from
from coppice.conversations.drawn import NOTHING, drawn
from coppice.conversations.errors import (
    NoSuchReaction,
    NothingSaid,
    NoTitle,
    NotOfThisThread,
    NotSaidThere,
    PostIsGone,
    TalkIsOver,
    TooManyFiles,
)
from coppice.conversations.files import MOST_FILES, GivenFile
from coppice.conversations.import_models import Brought, Withdrawn
from coppice.conversations.mentions import mentioned_in
from coppice.conversations.models import (
    LONGEST_QUOTE,
    AttachedPicture,
    Attachment,
    Mention,
    Post,
    PostVersion,
    Reaction,
    Thread,
)
from coppice.conversations.moderation_queue import must_wait
from coppice.conversations.peace_models import Distance
from coppice.conversations.quoting import says
from coppice.conversations.reading_models import Draft, ThreadReading
from coppice.history.actions import record
from coppice.lib.jobs import after_commit
from coppice.lib.lines import one_line
from coppice.notifications.models import Line, Message
from coppice.photos import actions as photos
from coppice.programs.models import Topic


@dataclass(frozen=True)
class Words:
    """What somebody says in one post.

    `mentions` are the ids of people it is meant for, beside those whom it names as @Name. `source_key` is
    what makes it one post though it comes twice; `mail_id` the kept original of a reply by mail.
    """

    markdown: str
    quoted: Post | None = None
    quoted_text: str = ""
    mentions: Collection[int] = ()
    files: Sequence[GivenFile] = ()
    via: str = Post.Via.PAGE
    source_key: str = ""
    mail_id: int | None = None
    written_at: datetime | None = None


@transaction.atomic
def start(
    community: Community, *, by: Any, kind: str, title: str, words: Words, topic: Topic | None = None
) -> Thread:
    """Begin a thread with its first post; others are told of it by a job after the commit.

    Where the first post of somebody new waits for a yes, nobody is told before that; so too in `reply`.
    The same `source_key` or `mail_id` a second time returns the thread of the first.
    Raises TalkIsOver, NoTitle, NothingSaid, TooManyFiles.
    """
    _require_life(community)
    if known := _known(community, words):
        return known.thread
    title = one_line(title)
    if not title:
        raise NoTitle
    at = words.written_at or timezone.now()
    thread = Thread.objects.create(
        community=community,
        kind=Thread.Kind(kind),
        title=title,
        topic=topic,
        started_by=by,
        started_at=at,
        last_post_at=at,
        news_at=None if words.via == Post.Via.ARCHIVE else at,
    )
    _write(thread, by=by, words=words)
    Draft.objects.filter(person=by, community=community, thread=None).delete()
    record(
        "thread.started",
        scope=community.program.scope,
        by=by,
        subject=thread,
        about=by,
        detail={"community": community.pk, "kind": thread.kind},
    )
    return thread


@transaction.atomic
def reply(thread: Thread, *, by: Any, words: Words) -> Post:
    """Write a post in a thread; others are told of it by a job after the commit.

    The same `source_key` or `mail_id` a second time returns the first post.
    Raises TalkIsOver, NothingSaid, NotOfThisThread, NotSaidThere, TooManyFiles.
    """
    _require_life(thread.community)
    if known := _known(thread.community, words):
        return known
    post = _write(thread, by=by, words=words)
    Draft.objects.filter(person=by, thread=thread).delete()
    return post


@transaction.atomic
def change(post: Post, *, by: Any, markdown: str) -> Post:
    """Let a post say something else; what it said stays to be read, and whom it names anew is told.

    The same words change nothing. Raises TalkIsOver, PostIsGone, NothingSaid.
    """
    _require_life(post.community)
    rows = Post.objects.select_for_update(of=("self",)).select_related("thread", "community__program")
    now = rows.filter(pk=post.pk).first()
    if now is None or not now.can_be_read:
        raise PostIsGone
    post = now
    markdown = markdown.strip()
    if not markdown:
        raise NothingSaid
    if markdown == post.markdown:
        return post
    PostVersion.objects.create(post=post, markdown=post.markdown)
    post.markdown, post.edited_at = markdown, timezone.now()
    known = drawn(markdown)
    post.html, post.first_words, post.drawn_as = known["html"], known["first_words"], known["drawn_as"]
    post.save(update_fields=["markdown", "edited_at", *known])
    note("post.changed", post, by=by)
    _mention(post, mentioned_in(markdown, circle_of(post.community)))
    if post.told_at is not None:
        after_commit("coppice.conversations.tasks.tell_mentioned", post_id=post.pk)
    return post


@transaction.atomic
def take_back(post: Post, *, by: Any) -> None:
    """Take a post back: its words, files and earlier versions are gone, and that it was there stays.

    A thread of which it is the only post, and that decides nothing, goes with it. Mails and lines of
    digests that have not left yet do not leave. Twice changes nothing.
    """
    thread = Thread.objects.select_for_update().filter(pk=post.thread_id).first()
    now = Post.objects.select_for_update().filter(pk=post.pk, taken_back_at=None).first()
    if thread is None or now is None:
        return
    note("post.taken_back", post, by=by)
    untell(post)
    if is_alone(post):
        withdraw(Post.objects.filter(pk=post.pk))
        thread.delete()
        return
    post.versions.all().delete()
    Brought.objects.filter(post=post).update(original="")
    post.attachments.all().delete()
    post.mentions.all().delete()
    Brought.objects.filter(post=post).update(original="")
    Post.objects.filter(quoted=post).update(quoted_text="")
    Draft.objects.filter(quoted=post).update(quoted=None, quoted_text="")
    Post.objects.filter(pk=post.pk).update(
        markdown="", quoted_text="", taken_back_at=timezone.now(), **NOTHING
    )
    untell_quotations(post)
    finding.changed(post)
    recount(thread)


@transaction.atomic
def react(post: Post, *, by: Any, kind: str) -> bool:
    """Say something to a post by one of the ready reactions, or take it back; return whether it stands now.

    Raises NoSuchReaction.
    """
    if kind not in Reaction.Kind:
        raise NoSuchReaction
    count, _rows = Reaction.objects.filter(post=post, person=by, kind=kind).delete()
    if count:
        return False
    Reaction.objects.get_or_create(post=post, person=by, kind=kind)
    return True


def recount(thread: Thread) -> None:
    """Set what a thread keeps of its posts after one of them was hidden, shown again or taken back.

    Call it inside the transaction of that change.
    """
    posts = thread.posts.visible()
    last = posts.order_by("-written_at", "-pk").first()
    thread.post_count = posts.count()
    thread.last_post_at = last.written_at if last else thread.started_at
    thread.news_at = posts.written_here().aggregate(at=Max("written_at"))["at"]
    thread.save(update_fields=["post_count", "last_post_at", "news_at"])


def withdraw(posts: QuerySet[Post]) -> None:
    """Let no archive bring posts again whose rows go for good; call it before, inside the transaction."""
    gone = posts.filter(via=Post.Via.ARCHIVE).order_by("pk").values_list("community_id", "source_key")
    Withdrawn.objects.bulk_create(
        [Withdrawn(community_id=community, source_key=key) for community, key in gone], ignore_conflicts=True
    )


def is_alone(post: Post) -> bool:
    """Say whether a post is all that its thread holds: no other post, and no decision."""
    thread = post.thread
    return not (thread.posts.exclude(pk=post.pk).exists() or thread.decisions.exists())


def untell(post: Post) -> bool:
    """Let no mail and no line of a digest leave that holds the words of a post and has not left yet.

    Returns whether there was one.
    """
    occasion = notices.occasion(post)
    mails, _rows = Message.objects.filter(occasion=occasion, state=Message.State.WAITING).delete()
    lines, _rows = Line.objects.waiting().filter(occasion=occasion).delete()
    return bool(mails or lines)


def untell_quotations(post: Post) -> None:
    """Have mails written anew that quote a post and have not left yet: without its words.

    Call it inside the transaction in which these can be read no longer.
    """
    for answer in Post.objects.visible().filter(quoted=post, told_at__isnull=False):
        waiting = Message.objects.filter(occasion=notices.occasion(answer), state=Message.State.WAITING)
        if waiting.delete()[0]:
            Post.objects.filter(pk=answer.pk).update(told_at=None)
            after_commit("coppice.conversations.tasks.tell", post_id=answer.pk)


def attach(post: Post, given: GivenFile) -> None:
    """Keep a file with a post, inside the transaction that writes it."""
    attachment = Attachment(post=post, name=given.name, content_type=given.content_type, size=given.size)
    if given.pictures is None:
        attachment.file.save(given.name, ContentFile(given.content), save=False)
    attachment.save(force_insert=True)
    if given.pictures is not None:
        photos.put(AttachedPicture, given.pictures, alt=given.alt, attachment=attachment)


def _write(thread: Thread, *, by: Any, words: Words) -> Post:
    markdown = words.markdown.strip()
    if not markdown:
        raise NothingSaid
    if len(words.files) > MOST_FILES:
        raise TooManyFiles
    if words.quoted is not None:
        if words.quoted.thread_id != thread.pk:
            raise NotOfThisThread
        if not says(words.quoted, words.quoted_text):
            raise NotSaidThere
    waits = words.via != Post.Via.ARCHIVE and must_wait(thread.community, by)
    post = Post.objects.create(
        thread=thread,
        community=thread.community,
        author=by,
        markdown=markdown,
        quoted=words.quoted,
        quoted_text=words.quoted_text.strip()[:LONGEST_QUOTE] if words.quoted else "",
        via=words.via,
        mail_id=words.mail_id,
        source_key=words.source_key,
        written_at=words.written_at or timezone.now(),
        told_at=timezone.now() if words.via == Post.Via.ARCHIVE else None,
        hidden_at=timezone.now() if waits else None,
        **drawn(markdown),
    )
    for each in words.files:
        attach(post, each)
    circle = circle_of(thread.community)
    _mention(post, mentioned_in(markdown, circle) | _present(words.mentions, circle))
    _read(thread, by=by, until=post.written_at)
    if waits:
        hold(post)
        return post
    at = Value(post.written_at, DateTimeField())
    Thread.objects.filter(pk=thread.pk).update(
        last_post_at=Greatest(F("last_post_at"), at),
        news_at=F("news_at") if words.via == Post.Via.ARCHIVE else Greatest(Coalesce("news_at", at), at),
        post_count=F("post_count") + 1,
    )
    if post.told_at is None:
        after_commit("coppice.conversations.tasks.tell", post_id=post.pk)
    return post


def _read(thread: Thread, *, by: Any, until: datetime) -> None:
    """Keep that somebody has read what stands above their own words."""
    ThreadReading.objects.bulk_create(
        [ThreadReading(thread=thread, person=by, read_until=until)],
        update_conflicts=True,
        unique_fields=["person", "thread"],
        update_fields=["read_until"],
    )


def _mention(post: Post, people: Collection[int]) -> None:
    if people:
        people = set(people) - away_from(post, kind=Distance.Kind.BLOCK)
    Mention.objects.bulk_create(
        [Mention(post=post, person_id=each) for each in sorted(people) if each != post.author_id],
        ignore_conflicts=True,
    )


def _present(people: Collection[int], circle: Circle) -> set[int]:
    return {each for each in people if circle.has(each)}


def _known(community: Community, words: Words) -> Post | None:
    posts = Post.objects.select_related("thread")
    if words.mail_id is not None:
        return posts.filter(mail_id=words.mail_id).first()
    if words.source_key:
        return posts.filter(community=community, source_key=words.source_key).first()
    return None


def _require_life(community: Community) -> None:
    if community.ended_at is not None:
        raise TalkIsOver
