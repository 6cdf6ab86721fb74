"""The clock's entry points for conversations, and the jobs that tell people of posts."""

from datetime import timedelta

from django.db.models import Q
from django.tasks import task
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations.actions import (
    archive_breaks,
    archive_bringing,
    archive_reading,
    archive_returning,
    archives,
    deciding,
    holding,
    telling,
)
from coppice.conversations.drawn import draw_the_rest
from coppice.conversations.import_models import AT_WORK, Archive
from coppice.conversations.models import FOLDER, Post
from coppice.conversations.moderation_models import Flag, HeldPost
from coppice.conversations.remark_models import Remark, RemarkFlag
from coppice.lib.clock import every
from coppice.lib.jobs import attempt
from coppice.photos import actions as photos

LEFT_ALONE = timedelta(minutes=2)
"""A post younger than this has its own job."""

TOLD_FOR = timedelta(days=3)
"""A post older than this is news no more."""

STUCK_AFTER = timedelta(minutes=3)
"""An archive at which no job was for so long is gone on with; one that is at work is not disturbed."""

DRAWN_AT_ONCE = 1_000
"""So many posts are drawn in a second or less of the processor."""


@task()
def tell(post_id: int) -> None:
    """Write the mails of one post."""
    telling.tell(post_id)


@task()
def tell_mentioned(post_id: int) -> None:
    """Write to whom a post names since it was changed."""
    telling.tell_mentioned(post_id)


@every(minutes=5)
@task()
def tell_what_is_left() -> None:
    """Write the mails of posts whose job was lost."""
    now = timezone.now()
    left = Post.objects.visible().filter(
        told_at=None, created_at__lt=now - LEFT_ALONE, created_at__gt=now - TOLD_FOR
    )
    for post_id in left.order_by("pk").values_list("pk", flat=True)[:200]:
        attempt(lambda post_id=post_id: telling.tell(post_id))  # type: ignore[misc]


@task()
def see_to_decision(decision_id: int) -> None:
    """Write the mails that one decision owes: that it asks, or what came of it."""
    deciding.see_to(decision_id)


@task()
def ask_again(decision_id: int, membership_ids: list[int]) -> None:
    """Ask those again whose answer a change put back."""
    deciding.ask_again(decision_id, membership_ids=membership_ids)


@every(minutes=5)
@task()
def see_to_decisions() -> None:
    """Write what decisions owe: mails whose job was lost, reminders, and the question for an outcome."""
    for decision_id in deciding.due():
        attempt(lambda decision_id=decision_id: deciding.see_to(decision_id))  # type: ignore[misc]


@every(minutes=60)
@task()
def tell_who_decides() -> None:
    """Write to who decides of what came after today's mail, once the day is another."""
    waiting = Q(pk__in=Flag.objects.open().filter(told_at=None).values("post__community")) | Q(
        pk__in=HeldPost.objects.waiting().filter(told_at=None).values("post__community")
    )
    waiting |= Q(pk__in=RemarkFlag.objects.open().filter(told_at=None).values("remark__community")) | Q(
        pk__in=Remark.objects.waiting().filter(told_at=None).values("community")
    )
    for community in Community.objects.filter(waiting).select_related("program__provider"):
        attempt(lambda community=community: holding.tell_deciders(community))  # type: ignore[misc]


@task()
def read_archive(archive_id: int) -> None:
    """Read one archive that came in."""
    _work_on(archive_id, Archive.State.READING)


@task()
def bring_archive_in(archive_id: int) -> None:
    """Make posts of one archive."""
    _work_on(archive_id, Archive.State.BRINGING)


@task()
def take_archive_back(archive_id: int) -> None:
    """Take back what one archive brought."""
    _work_on(archive_id, Archive.State.RETURNING)


WORK = {
    Archive.State.READING: archive_reading.read,
    Archive.State.BRINGING: archive_bringing.bring_in,
    Archive.State.RETURNING: archive_returning.take_back,
}


def _work_on(archive_id: int, state: Archive.State) -> None:
    attempt(lambda: WORK[state](archive_id), otherwise=lambda: archive_breaks.note_break(archive_id))


@every(minutes=1)
@task()
def sweep_archives() -> None:
    """Go on with archives whose job was lost."""
    stuck = Archive.objects.filter(state__in=AT_WORK, asked_at__lt=timezone.now() - STUCK_AFTER)
    for archive in list(stuck):
        if archives.claim(archive):
            _work_on(archive.pk, Archive.State(archive.state))


@every(minutes=5)
@task()
def draw_posts() -> None:
    """Draw posts that an archive brought, or that an older renderer drew."""
    draw_the_rest(most=DRAWN_AT_ONCE)


@every(minutes=60)
@task()
def sweep_files() -> None:
    """Delete files that no post and no archive names, and archives that nobody dealt with."""
    photos.sweep(folder=FOLDER)
    archives.sweep()
    archive_breaks.sweep(before=timezone.now() - archives.KEPT_FOR)
