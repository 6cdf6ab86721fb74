"""What becomes of an archive whose job breaks: tried a few times, then it stops, and people are told."""

import sys
import traceback
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from coppice.conversations import archive_notices as notices
from coppice.conversations.actions.archives import (
    begin_work,
    forget_file,
    forget_lines,
    locked,
    throw_away,
)
from coppice.conversations.actions.telling import addresses
from coppice.conversations.errors import ArchiveGone
from coppice.conversations.import_models import AT_WORK, MOST_ATTEMPTS, Archive
from coppice.conversations.models import Post
from coppice.programs.queries import keepers

State = Archive.State
LONGEST_TRACE = 10_000


def may_run(archive: Archive) -> bool:
    """Count that a job begins at an archive, and say whether it may; where too many broke, it is given up.

    Counted before the work, so that a job counts as well that took its whole process with it.
    """
    if archive.attempts >= MOST_ATTEMPTS:
        _give_up(archive)
        return False
    Archive.objects.filter(pk=archive.pk, state=archive.state).update(attempts=F("attempts") + 1)
    return True


def came_further(archive: Archive) -> None:
    """Count from the start again: part of the work is done for good. Called in its transaction."""
    Archive.objects.filter(pk=archive.pk).exclude(attempts=0).update(attempts=0)


def note_break(archive_id: int) -> None:
    """Keep where the job of an archive broke, called while the error is handled; the last try ends it.

    Only places in the code are kept: what an error says may hold somebody's words.
    """
    kind, _error, places = sys.exc_info()
    trace = "".join(traceback.format_tb(places)) + (kind.__name__ if kind else "")
    Archive.objects.filter(pk=archive_id, state__in=AT_WORK).update(trace=trace[-LONGEST_TRACE:])
    archive = Archive.objects.filter(pk=archive_id, attempts__gte=MOST_ATTEMPTS).first()
    if archive is not None:
        _give_up(archive)


@transaction.atomic
def try_again(archive: Archive, *, by: Any) -> Archive:
    """Go on with an archive that stopped, as after an upgrade; twice starts it once.

    Raises ArchiveGone when it was dealt with meanwhile.
    """
    archive = locked(archive)
    if archive.state in AT_WORK:
        return archive
    if archive.state != State.BROKEN:
        raise ArchiveGone
    begin_work(archive, archive.broken_at)
    return archive


def sweep(*, before: datetime) -> None:
    """End archives that stopped before a moment and that nobody tried again: what they brought stays."""
    for archive in Archive.objects.filter(state=State.BROKEN, done_at__lt=before):
        if archive.has_brought:
            _end(archive)
        else:
            throw_away(archive)


@transaction.atomic
def _give_up(archive: Archive) -> None:
    """Stop, and tell whoever brought it in and who looks after the installation; once."""
    archive = locked(archive)
    if archive.state not in AT_WORK:
        return
    archive.state, archive.broken_at = State.BROKEN, archive.state
    archive.done_at = timezone.now()
    archive.save(update_fields=["state", "broken_at", "done_at"])
    people = {archive.by_id} if archive.by_id else set()
    period = f"{archive.done_at:%Y%m%d%H%M%S%f}"
    for reader in addresses(Post(community=archive.community), people):
        notices.stopped(archive, to=reader, period=period)
    for person in keepers():
        notices.stopped_for_keepers(archive, to=person, period=period)


@transaction.atomic
def _end(archive: Archive) -> None:
    archive = locked(archive)
    if archive.state == State.BROKEN:
        archive.state = State.BROUGHT
        archive.counts["brought"] = archive.brought.count()
        archive.save(update_fields=["state", "counts"])
        forget_file(archive)
        forget_lines(archive)
