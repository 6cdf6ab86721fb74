"""The job that takes back what an archive brought: exactly that, and nothing that people did since."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from coppice.conversations.actions.archive_breaks import came_further, may_run
from coppice.conversations.actions.archives import forget_file, forget_lines, progress_key
from coppice.conversations.actions.posts import recount, withdraw
from coppice.conversations.decision_models import Decision
from coppice.conversations.import_models import Archive, Brought
from coppice.conversations.models import Help, Post, Reaction, Thread
from coppice.conversations.reading_models import Draft
from coppice.lib import progress
from coppice.lib.jobs import alone

State = Archive.State
A_BATCH = 50


def take_back(archive_id: int) -> None:
    """Take back what an archive brought, conversation by conversation; killed in between, it goes on.

    A conversation in which somebody answered, reacted or helped since, or changed their words, stays whole.
    Posts that somebody took back or hid before do not come again with the same file.
    """
    with alone(f"{progress_key(archive_id)}-back") as is_mine:
        archive = Archive.objects.filter(pk=archive_id, state=State.RETURNING).first() if is_mine else None
        if archive is None or not may_run(archive):
            return
        kept = set(touched_since(archive).values_list("pk", flat=True))
        threads = sorted(set(_threads_of(archive).values_list("pk", flat=True)) - kept)
        for start in range(0, len(threads), A_BATCH):
            _take_back(archive, threads[start : start + A_BATCH])
            key = progress_key(archive.pk)
            progress.report(key, done=start, total=len(threads), doing="returning")
        _finish(archive_id, kept=len(kept))


def touched_since(archive: Archive) -> QuerySet[Thread]:
    """Return the conversations of an archive in which somebody did something since it came."""
    return _threads_of(archive).filter(is_touched())


def came_of(archive: Archive) -> QuerySet[Thread]:
    """Return the conversations that an archive brought or wrote in, the latest first."""
    return _threads_of(archive).order_by("-last_post_at", "-pk")


def is_touched() -> Q:
    """Say of a thread that somebody wrote, began to, reacted, helped or changed something in it here."""
    own = Post.objects.filter(thread=OuterRef("pk")).exclude(via=Post.Via.ARCHIVE)
    changed = Post.objects.filter(thread=OuterRef("pk"), edited_at__isnull=False)
    reactions = Reaction.objects.filter(post__thread=OuterRef("pk"), at__gt=OuterRef("created_at"))
    helps = Help.objects.filter(thread=OuterRef("pk"))
    decisions = Decision.objects.filter(thread=OuterRef("pk"))
    begun = Draft.objects.filter(thread=OuterRef("pk")).exclude(markdown="")
    found = Q(settled_at__isnull=False)
    for rows in (own, changed, reactions, helps, decisions, begun):
        found |= Q(Exists(rows))
    return found


def _threads_of(archive: Archive) -> QuerySet[Thread]:
    brought = Brought.objects.filter(archive=archive, post__thread=OuterRef("pk"))
    return Thread.objects.filter(community=archive.community_id).filter(Exists(brought)).order_by()


@transaction.atomic
def _take_back(archive: Archive, thread_ids: Sequence[int]) -> None:
    if not Archive.objects.select_for_update().filter(pk=archive.pk, state=State.RETURNING).exists():
        return
    threads = Thread.objects.select_for_update(of=("self",)).filter(pk__in=thread_ids).exclude(is_touched())
    for thread in threads:
        posts = thread.posts.filter(brought__archive=archive)
        withdraw(posts.exclude(taken_back_at=None, hidden_at=None))
        posts.delete()
        if thread.posts.exists():
            recount(thread)
        else:
            thread.delete()
    came_further(archive)


@transaction.atomic
def _finish(archive_id: int, *, kept: int) -> None:
    archive = Archive.objects.select_for_update().get(pk=archive_id)
    if archive.state != State.RETURNING:
        return
    archive.state, archive.done_at = State.RETURNED, timezone.now()
    archive.counts["kept"] = kept
    archive.counts["stayed"] = archive.brought.count()
    archive.save(update_fields=["state", "done_at", "counts"])
    forget_file(archive)
    forget_lines(archive)
