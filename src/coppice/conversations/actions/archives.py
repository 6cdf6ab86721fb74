"""An archive comes in, is thrown away, is said to be brought in or taken back; jobs do the long work."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.crypto import get_random_string

from coppice.communities.models import Community
from coppice.conversations.errors import (
    ArchiveGone,
    DatesUnclear,
    NoTextColumn,
    TooManyArchives,
    WrongPiece,
)
from coppice.conversations.import_models import OPEN, Archive, ArchiveLine, Writer
from coppice.conversations.importing.errors import ArchiveTooLarge, NothingInIt
from coppice.conversations.importing.sheets import Field
from coppice.history.actions import record
from coppice.lib.errors import DomainError
from coppice.lib.files import delete_strays, files_in, random_name
from coppice.lib.jobs import after_commit
from coppice.lib.lines import one_line

State = Archive.State
PIECES = "talk-archives"
MOST_OPEN = 5
KEPT_FOR = timedelta(days=30)
"""How long an archive waits for somebody to deal with it."""
LEFT_ALONE = timedelta(hours=3)
"""A stored piece younger than this may belong to a row that is not committed yet."""
AT_ONCE = 500
JOBS = {
    State.READING: "read_archive",
    State.BRINGING: "bring_archive_in",
    State.RETURNING: "take_archive_back",
}


def take(community: Community, file: Any, *, key: str, by: Any) -> Archive:
    """Keep a file that a form sent whole, and have it read; the same `key` again is the same archive.

    Raises ArchiveTooLarge, NothingInIt, TooManyArchives.
    """
    known = Archive.objects.filter(key=key, community=community, by=by).first()
    if known is not None:
        return known
    _check(community, file.size)
    stored = default_storage.save(random_name(PIECES), file)
    try:
        with transaction.atomic():
            archive = _announced(community, name=file.name, size=file.size, marks="", key=key, by=by)
            archive.pieces, archive.received = [stored], file.size
            _have_read(archive)
    except IntegrityError:  # the same form was sent twice at once
        default_storage.delete(stored)
        return Archive.objects.get(key=key, community=community, by=by)
    return archive


@transaction.atomic
def begin(community: Community, *, name: str, size: int, marks: str, by: Any) -> Archive:
    """Announce a file of so many bytes that comes in pieces; one that began before goes on.

    Raises ArchiveTooLarge, NothingInIt, TooManyArchives.
    """
    waiting = Archive.objects.filter(community=community, by=by, state=State.ARRIVING)
    known = waiting.filter(name=_plain_name(name), size=size, marks=one_line(marks)[:64]).first()
    if known is not None:
        return known
    _check(community, size)
    return _announced(community, name=name, size=size, marks=marks, key="", by=by)


def append(archive: Archive, piece: bytes, *, offset: int) -> Archive:
    """Put the next piece of a file behind those that are here; with the last one it is read.

    `offset` counts the bytes before it. Raises WrongPiece when something else is to come next.
    """
    is_next = offset == archive.received and archive.state == State.ARRIVING
    if not is_next or not piece or offset + len(piece) > archive.size:
        raise WrongPiece
    stored = default_storage.save(random_name(PIECES), ContentFile(piece))
    with transaction.atomic():
        now = Archive.objects.select_for_update().get(pk=archive.pk)
        if now.received != offset or now.state != State.ARRIVING:
            transaction.on_commit(partial(default_storage.delete, stored), robust=True)
        else:
            now.received += len(piece)
            now.pieces = [*now.pieces, stored]
            now.save(update_fields=["received", "pieces"])
            if now.received == now.size:
                _have_read(now)
    if stored not in now.pieces:
        raise WrongPiece
    return now


@transaction.atomic
def say_columns(archive: Archive, *, columns: Sequence[str], day_first: bool | None) -> Archive:
    """Say what the columns of a table hold, and in which order its dates are written; it is read again.

    Raises ArchiveGone, NoTextColumn, and DatesUnclear where only the order tells a date.
    """
    archive = locked(archive)
    if archive.state != State.ASKING:
        raise ArchiveGone
    seen = archive.said["seen"]
    if Field.TEXT not in columns:
        raise NoTextColumn
    is_open = any(look["is_open"] for look, column in zip(seen, columns, strict=True) if column == Field.AT)
    if is_open and day_first is None:
        raise DatesUnclear
    archive.said = {"columns": list(columns), "day_first": day_first if is_open else None}
    archive.save(update_fields=["said"])
    begin_work(archive, State.READING)
    return archive


@transaction.atomic
def bring_in(archive: Archive, *, people: Mapping[int, int], by: Any) -> Archive:
    """Say that what an archive holds is to become posts, which a job does; twice starts it once.

    `people` say who writers are that nobody's address told, by the ids of `Writer`: as the preview suggested,
    and nobody else. Raises ArchiveGone when it is neither previewed nor being brought in.
    """
    archive = locked(archive)
    if archive.state in (State.BRINGING, State.BROUGHT):
        return archive
    if archive.state != State.PREVIEWED:
        raise ArchiveGone
    for writer in Writer.objects.filter(community=archive.community, person=None, pk__in=people):
        writer.person_id, writer.is_said = people[writer.pk], True
        writer.save(update_fields=["person", "is_said"])
    begin_work(archive, State.BRINGING)
    _note("archive.brought", archive, by=by)
    return archive


@transaction.atomic
def take_back(archive: Archive, *, by: Any) -> Archive:
    """Say that what an archive brought is to go again, which a job does; twice starts it once.

    Conversations in which somebody did something since stay whole. Raises ArchiveGone when nothing came.
    """
    archive = locked(archive)
    if archive.state in (State.RETURNING, State.RETURNED):
        return archive
    is_broken = archive.state == State.BROKEN and archive.has_brought
    if not is_broken and archive.state not in (State.BROUGHT, State.BRINGING):
        raise ArchiveGone
    begin_work(archive, State.RETURNING)
    _note("archive.taken_back", archive, by=by)
    return archive


@transaction.atomic
def throw_away(archive: Archive) -> None:
    """Throw away an archive that nobody brought in, with its file; twice changes nothing.

    One that stopped before anything of it came is thrown away too. Raises ArchiveGone when it was brought in
    meanwhile.
    """
    archive = locked(archive)
    if archive.state in (State.DROPPED, State.REFUSED):
        return
    is_broken = archive.state == State.BROKEN and not archive.has_brought
    if not is_broken and archive.state not in (*OPEN, State.READING):
        raise ArchiveGone
    archive.state, archive.done_at = State.DROPPED, timezone.now()
    archive.save(update_fields=["state", "done_at"])
    forget_file(archive)
    forget_lines(archive)


@transaction.atomic
def refuse(archive_id: int, refusal: DomainError) -> None:
    """End an archive from which nothing can be brought in; said in the language of who brought it."""
    archive = Archive.objects.select_for_update().get(pk=archive_id)
    if archive.state != State.READING:
        return
    by, program = archive.by, archive.community.program
    with translation.override((by and by.language) or program.language):
        sentence = str(refusal.sentence)
    archive.state, archive.done_at = State.REFUSED, timezone.now()
    archive.refusal = {"code": refusal.code, "sentence": sentence}
    archive.save(update_fields=["state", "done_at", "refusal"])
    forget_file(archive)
    forget_lines(archive)


def claim(archive: Archive) -> bool:
    """Take over an archive whose job seems lost, for one caller at a time; say whether it was still so."""
    unchanged = Archive.objects.filter(pk=archive.pk, state=archive.state, asked_at=archive.asked_at)
    return bool(unchanged.update(asked_at=timezone.now()))


def sweep(*, now: datetime | None = None) -> int:
    """Throw away what nobody dealt with for thirty days, and delete stored pieces that no row names.

    Returns how many stray pieces went.
    """
    now = now or timezone.now()
    found = files_in(PIECES)
    for archive in Archive.objects.filter(state__in=OPEN, created_at__lt=now - KEPT_FOR):
        throw_away(archive)
    named = {piece for pieces in Archive.objects.values_list("pieces", flat=True) for piece in pieces}
    return delete_strays(found, named=named, before=now - LEFT_ALONE)


@contextmanager
def whole_file(archive: Archive) -> Iterator[IO[bytes]]:
    """Give the file of an archive, on disk while it is needed."""
    with tempfile.TemporaryFile() as whole:
        for name in archive.pieces:
            with default_storage.open(name) as piece:
                shutil.copyfileobj(piece, whole, 1024 * 1024)
        whole.seek(0)
        yield whole


def begin_work(archive: Archive, state: str) -> None:
    """Have a job do what a state asks, counted from the start; inside the caller's transaction."""
    archive.state, archive.asked_at = state, timezone.now()
    archive.attempts, archive.broken_at, archive.trace = 0, "", ""
    archive.save(update_fields=["state", "asked_at", "attempts", "broken_at", "trace"])
    after_commit(f"coppice.conversations.tasks.{JOBS[State(state)]}", archive_id=archive.pk)


def locked(archive: Archive) -> Archive:
    """Return an archive as it is now, held until the transaction ends."""
    rows = Archive.objects.select_for_update(of=("self",)).select_related("community__program__provider")
    return rows.get(pk=archive.pk)


def forget_file(archive: Archive) -> None:
    """Let the stored file of an archive go with the commit, and the cells that were shown of a table."""
    for piece in archive.pieces:
        transaction.on_commit(partial(default_storage.delete, piece), robust=True)
    archive.pieces, archive.said = [], {}
    archive.save(update_fields=["pieces", "said"])


def forget_lines(archive: Archive) -> None:
    """Drop the lines of an archive, and its writers who have written nothing here."""
    lines = ArchiveLine.objects.filter(archive=archive)
    lines._raw_delete(lines.db)
    Writer.objects.filter(community=archive.community_id, lines=None, brought=None).delete()


def progress_key(archive_id: int) -> str:
    """The name under which the jobs tell how far they are."""
    return f"talk-archive-{archive_id}"


def _check(community: Community, size: int) -> None:
    if size < 1:
        raise NothingInIt
    if size > settings.LARGEST_ARCHIVE:
        raise ArchiveTooLarge
    waiting = Archive.objects.filter(community=community, state__in=(*OPEN, State.READING))
    if waiting.count() >= MOST_OPEN:
        raise TooManyArchives


def _announced(community: Community, *, name: str, size: int, marks: str, key: str, by: Any) -> Archive:
    return Archive.objects.create(
        community=community,
        by=by,
        key=key or get_random_string(32),
        name=_plain_name(name),
        size=size,
        marks=one_line(marks)[:64],
    )


def _have_read(archive: Archive) -> None:
    archive.save()
    begin_work(archive, State.READING)


def _note(verb: str, archive: Archive, *, by: Any) -> None:
    record(
        verb,
        scope=archive.community.program.scope,
        by=by,
        subject=archive,
        called=str(archive.get_kind_display()),
        detail={"community": archive.community_id},
    )


def _plain_name(name: str) -> str:
    """A file's own name without the folders that some browsers send along."""
    return one_line(name.replace("\\", "/").rpartition("/")[2])[-255:] or "archive"
