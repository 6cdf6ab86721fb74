"""What whoever began a thread may do with it: correct it, and say that it is answered."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.conversations import finding
from coppice.conversations.circle import circle_of
from coppice.conversations.errors import NobodyHere, NotAQuestion, NoTitle, NotOfThisThread
from coppice.conversations.models import Help, Post, Thread
from coppice.conversations.signals import help_given, help_taken_back
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.programs.models import Topic


@transaction.atomic
def correct(thread: Thread, *, by: Any, kind: str, title: str, topic: Topic | None) -> Thread:
    """Correct a thread's title, kind and topic; equal values change nothing. Raises NoTitle."""
    title = one_line(title)
    if not title:
        raise NoTitle
    said = {"kind": Thread.Kind(kind), "title": title, "topic": topic}
    changed = sorted(name for name, value in said.items() if getattr(thread, name) != value)
    if not changed:
        return thread
    for name in changed:
        setattr(thread, name, said[name])
    if not thread.can_be_settled and thread.is_settled:
        _forget_help(thread, by=by)
        changed += ["settled_at", "settled_by"]
    thread.save(update_fields=changed)
    if "title" in changed:
        finding.retitled(thread)
    _note("thread.corrected", thread, by=by, about=thread.started_by, changed=changed)
    return thread


@transaction.atomic
def settle(thread: Thread, *, by: Any, post: Post | None = None, helpers: Collection[int] = ()) -> Thread:
    """Say that a question is answered or an ask helped: by a post, by people of the community, or otherwise.

    Said again, it is about somebody more. Who asked is never their own helper.
    Raises NotAQuestion, NotOfThisThread, NobodyHere.
    """
    thread = Thread.objects.select_for_update().select_related("community__program").get(pk=thread.pk)
    if not thread.can_be_settled:
        raise NotAQuestion
    if post is not None and post.thread_id != thread.pk:
        raise NotOfThisThread
    circle = circle_of(thread.community)
    if not all(each in circle.people for each in helpers):
        raise NobodyHere
    if not thread.is_settled:
        thread.settled_at, thread.settled_by = timezone.now(), by
        thread.save(update_fields=["settled_at", "settled_by"])
        _note("thread.settled", thread, by=by, about=thread.started_by)
    wrote = {post.author_id} if post is not None and post.author_id else set()
    for helper in sorted({*wrote, *helpers} - {thread.started_by_id}):
        given, is_new = Help.objects.get_or_create(
            thread=thread,
            helper_id=helper,
            defaults={
                "community": thread.community,
                "asker": thread.started_by,
                "post": post if helper in wrote else None,
            },
        )
        if is_new:
            help_given.send(sender=Help, help=given, by=by)
            _note("thread.helped", thread, by=by, about=given.helper, help=given.pk)
    return thread


@transaction.atomic
def unsettle(thread: Thread, *, by: Any) -> Thread:
    """Take back that a question is answered or an ask helped, with who is said to have helped."""
    thread = Thread.objects.select_for_update().select_related("community__program").get(pk=thread.pk)
    if thread.is_settled:
        _forget_help(thread, by=by)
        thread.save(update_fields=["settled_at", "settled_by"])
    return thread


def _forget_help(thread: Thread, *, by: Any) -> None:
    thread.helps.all().delete()
    thread.settled_at = thread.settled_by = None
    help_taken_back.send(sender=Help, thread=thread, by=by)
    _note("thread.unsettled", thread, by=by, about=thread.started_by)


def _note(verb: str, thread: Thread, *, by: Any, about: Any, **detail: Any) -> None:
    """Write an entry; it calls the thread by its kind, because its title is the word of whoever began it."""
    record(
        verb,
        scope=thread.community.program.scope,
        by=by,
        subject=thread,
        called=str(thread.get_kind_display()),
        about=about,
        detail={"community": thread.community_id, **detail},
    )
