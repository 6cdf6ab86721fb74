"""The job that makes posts of an archive's lines: a few per transaction, so that it may end anytime."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coppice.communities.models import Community
from coppice.conversations import finding
from coppice.conversations.actions import posts
from coppice.conversations.actions.archive_breaks import came_further, may_run
from coppice.conversations.actions.archive_reading import keys_here
from coppice.conversations.actions.archives import forget_file, forget_lines, progress_key, whole_file
from coppice.conversations.archive_writers import people_by_digest
from coppice.conversations.files import GivenFile, those_taken
from coppice.conversations.import_models import Archive, ArchiveLine, Brought, Writer
from coppice.conversations.importing import unpacking
from coppice.conversations.importing.mbox import mail_at
from coppice.conversations.importing.values import Reason
from coppice.conversations.models import LONGEST_POST, LONGEST_TITLE, Post, Reaction, Thread
from coppice.lib import progress
from coppice.lib.jobs import alone
from coppice.lib.markdown import to_words
from coppice.notifications.inbound.reading import is_too_tangled, read

State = Archive.State
A_BATCH = 100
QUESTION = ("?", "？", "؟")


def bring_in(archive_id: int) -> None:
    """Make posts of an archive's lines until none is left; killed in between, it goes on where it was.

    Nobody is mailed and nothing of it is new to anybody.
    """
    with alone(progress_key(archive_id)) as is_mine:
        archive = Archive.objects.filter(pk=archive_id).first() if is_mine else None
        if archive is None or archive.state != State.BRINGING or not may_run(archive):
            return
        with _file_of(archive) as file:
            while lines := _next(archive):
                files = {line.pk: _files(file, line) for line in lines if line.file_count}
                if not _bring(archive_id, lines, files):
                    return
                _tell(archive)
        _finish(archive_id)


@contextmanager
def _file_of(archive: Archive) -> Iterator[IO[bytes] | None]:
    """The file, while some line has files in it."""
    if not archive.lines.filter(file_count__gt=0).exists():
        yield None
        return
    with whole_file(archive) as file, unpacking.unpacked(file) as unpacked:
        yield unpacked


def _next(archive: Archive) -> list[ArchiveLine]:
    return list(archive.lines.select_related("writer", "thread")[:A_BATCH])


def _files(file: IO[bytes] | None, line: ArchiveLine) -> tuple[list[GivenFile], list[str]]:
    """The files of one line, read outside any transaction, and the names of those that may not be kept."""
    raw = mail_at(file, offset=line.offset, length=line.length) if file else b""
    if not raw or is_too_tangled(raw):
        return [], []
    return those_taken([(each.name, each.content) for each in read(raw).files])


@transaction.atomic
def _bring(archive_id: int, lines: Sequence[ArchiveLine], files: dict[int, Any]) -> bool:
    """Make posts of some lines, which are gone then; say whether the archive is still to be brought in."""
    archive = Archive.objects.select_for_update().get(pk=archive_id)
    if archive.state != State.BRINGING:
        return False
    community = Community.objects.select_for_update(of=("self",)).get(pk=archive.community_id)
    archive.community = community
    known = keys_here(archive, [line.source_key for line in lines])
    new = [line for line in lines if line.source_key not in known]
    threads = _threads(community, new)
    with translation.override(community.program.language):
        written = [_post(line, threads[line.pk], files.get(line.pk)) for line in new]
    Post.objects.bulk_create(written)
    Brought.objects.bulk_create(
        Brought(archive=archive, post=post, writer=line.writer, original=line.original)
        for line, post in zip(new, written, strict=True)
    )
    for line, post in zip(new, written, strict=True):
        for each in files.get(line.pk, ([], []))[0]:
            posts.attach(post, each)
    _react(new, written)
    _count(threads.values(), written)
    finding.changed(*written)
    ArchiveLine.objects.filter(pk__in=[line.pk for line in lines]).delete()
    _add(archive, brought=len(written), known=len(lines) - len(new), files=files)
    came_further(archive)
    return True


def _threads(community: Community, lines: Sequence[ArchiveLine]) -> dict[int, Thread]:
    """The conversation of each line, by the line's id; those that are not here yet are begun."""
    here = Thread.objects.filter(
        community=community, source__in={line.thread_key for line in lines if line.thread_key}
    )
    by_key = {thread.source: thread for thread in here}
    by_id: dict[int, Thread] = {thread.pk: thread for thread in by_key.values()}
    new: dict[str, Thread] = {}
    for line in lines:
        key = line.thread_key or line.source_key
        if line.thread is None and key not in by_key and key not in new:
            new[key] = _thread(community, line, key)
    Thread.objects.bulk_create(new.values())
    by_key |= new
    return {
        line.pk: by_id.setdefault(line.thread.pk, line.thread)
        if line.thread is not None
        else by_key[line.thread_key or line.source_key]
        for line in lines
    }


def _thread(community: Community, line: ArchiveLine, key: str) -> Thread:
    title = line.title or to_words(line.markdown)[:LONGEST_TITLE]
    is_question = title.rstrip(" \"'»”)").endswith(QUESTION)
    return Thread(
        community=community,
        kind=Thread.Kind.QUESTION if is_question else Thread.Kind.UPDATE,
        title=title,
        started_by_id=line.writer.person_id,
        starter_name="" if line.writer.person_id else line.writer.name,
        started_at=line.written_at,
        last_post_at=line.written_at,
        news_at=None,
        source=key,
    )


def _post(line: ArchiveLine, thread: Thread, files: Any) -> Post:
    text = line.markdown
    if refused := files[1] if files else []:
        note = _("(Not taken along: %(names)s)") % {"names": ", ".join(refused)}
        text = f"{text[: max(0, LONGEST_POST - len(note) - 2)]}\n\n{note}"[:LONGEST_POST]
    return Post(
        thread=thread,
        community_id=thread.community_id,
        author_id=line.writer.person_id,
        author_name="" if line.writer.person_id else line.writer.name,
        markdown=text,
        via=Post.Via.ARCHIVE,
        source_key=line.source_key,
        written_at=line.written_at,
        told_at=timezone.now(),
    )


def _react(lines: Sequence[ArchiveLine], written: Sequence[Post]) -> None:
    """Keep the reactions of those whom their address told."""
    wanted = {digest for line in lines for digests in line.reactions.values() for digest in digests}
    if not wanted:
        return
    community = written[0].thread.community
    said = Writer.objects.filter(community=community, digest__in=wanted).exclude(person=None)
    people = people_by_digest(community) | dict(said.values_list("digest", "person_id"))
    Reaction.objects.bulk_create(
        [
            Reaction(post=post, person_id=people[digest], kind=kind, at=post.written_at)
            for line, post in zip(lines, written, strict=True)
            for kind, digests in line.reactions.items()
            for digest in digests
            if digest in people
        ],
        ignore_conflicts=True,
    )


def _count(threads: Any, written: Sequence[Post]) -> None:
    """Add new posts to what threads keep of theirs."""
    by_id = {thread.pk: thread for thread in threads}
    for post in written:
        thread = by_id[post.thread_id]
        is_first = thread.post_count == 0
        thread.last_post_at = post.written_at if is_first else max(thread.last_post_at, post.written_at)
        thread.started_at = min(thread.started_at, post.written_at)
        thread.post_count += 1
    Thread.objects.bulk_update(by_id.values(), ["last_post_at", "started_at", "post_count"])


def _add(archive: Archive, *, brought: int, known: int, files: dict[int, Any]) -> None:
    counts = archive.counts
    counts["brought"] = counts.get("brought", 0) + brought
    left_out = counts.setdefault("left_out", {})
    refused = sum(len(names) for _taken, names in files.values())
    for reason, number in ((Reason.KNOWN, known), (Reason.FILES, refused)):
        if number:
            left_out[reason] = left_out.get(reason, 0) + number
    archive.save(update_fields=["counts"])


@transaction.atomic
def _finish(archive_id: int) -> None:
    archive = Archive.objects.select_for_update().get(pk=archive_id)
    if archive.state == State.BRINGING:
        archive.state, archive.done_at = State.BROUGHT, timezone.now()
        archive.save(update_fields=["state", "done_at"])
        forget_file(archive)
        forget_lines(archive)


def _tell(archive: Archive) -> None:
    done = Brought.objects.filter(archive=archive).count()
    total = archive.counts.get("posts", 0)
    progress.report(progress_key(archive.pk), done=min(done, total), total=total, doing="bringing")
