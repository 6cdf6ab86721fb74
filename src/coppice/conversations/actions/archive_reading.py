"""The job that reads an archive: entries become lines, writers get a row, a preview is counted."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import batched
from typing import IO, Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone, translation

from coppice.conversations.actions.archive_breaks import may_run
from coppice.conversations.actions.archives import forget_lines, progress_key, refuse, whole_file
from coppice.conversations.archive_writers import digest_of, people_by_digest
from coppice.conversations.import_models import Archive, ArchiveLine, Withdrawn, Writer
from coppice.conversations.importing import discourse, kinds, mails, sheets, slack, unpacking
from coppice.conversations.importing.errors import NothingInIt, TooManyEntries
from coppice.conversations.importing.joining import Stub, join
from coppice.conversations.importing.subjects import folded
from coppice.conversations.importing.values import MOST_ENTRIES, Entry, LeftOut, Reason
from coppice.conversations.models import LONGEST_POST, LONGEST_TITLE, Post
from coppice.lib import progress
from coppice.lib.batches import in_batches
from coppice.lib.errors import DomainError
from coppice.lib.jobs import alone

State = Archive.State
A_BATCH = 200
MANY_KEYS = 500


def read(archive_id: int) -> None:
    """Read an archive that came in; one that is read already, or being read, is left alone.

    Killed in between, it is read anew from the start. A file from which nothing can be taken is refused.
    """
    with alone(progress_key(archive_id)) as is_mine:
        archive = Archive.objects.filter(pk=archive_id, state=State.READING).first() if is_mine else None
        if archive is None or not may_run(archive):
            return
        try:
            _read(archive)
        except DomainError as refusal:
            refuse(archive_id, refusal)
        except _ThrownAway:
            forget_lines(archive)


class _ThrownAway(Exception):
    """Somebody threw the archive away while it was read."""


def _read(archive: Archive) -> None:
    with transaction.atomic():
        forget_lines(archive)
    reading = _Reading(archive)
    language = translation.override(archive.community.program.language)
    with language, whole_file(archive) as file, unpacking.unpacked(file) as unpacked:
        archive.kind = kinds.kind_of(unpacked, archive.name)
        if archive.kind == kinds.TABLE and not _is_clear(archive, unpacked):
            return
        for some in batched(_entries(archive, unpacked), A_BATCH):
            reading.take(some)
    if not reading.stubs and not reading.known:
        raise NothingInIt
    _tell(archive, "joining", len(reading.stubs))
    reading.join()
    _show(archive, reading)


def _entries(archive: Archive, file: IO[bytes]) -> Iterator[Entry | LeftOut]:
    file.seek(0)
    if archive.kind == kinds.SLACK:
        return slack.entries(file)
    if archive.kind == kinds.DISCOURSE:
        return discourse.entries(file, filename=archive.name)
    if archive.kind == kinds.TABLE:
        table = sheets.table_of(file, archive.name)
        columns = archive.said.get("columns") or sheets.guess(table)
        return sheets.entries(table, columns, archive.said.get("day_first"))
    return mails.entries(file)


def _is_clear(archive: Archive, file: IO[bytes]) -> bool:
    """Say whether a table can be read as it is; else somebody is asked what its columns say."""
    table, said = sheets.table_of(file, archive.name), archive.said
    columns = said.get("columns") or sheets.guess(table)
    if sheets.is_clear(table, columns, said.get("day_first")):
        return True
    with transaction.atomic():
        now = Archive.objects.select_for_update().get(pk=archive.pk)
        if now.state == State.READING:
            now.kind, now.state = archive.kind, State.ASKING
            now.said = {"guess": columns, "seen": [asdict(look) for look in sheets.looks(table)]}
            now.save(update_fields=["kind", "state", "said"])
    return False


@dataclass
class _Reading:
    """What is held while an archive is read: a stub of each entry, never its words."""

    archive: Archive
    stubs: list[Stub] = field(default_factory=list)
    known: dict[str, Stub] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    writers: dict[str, int] = field(default_factory=dict)
    last: datetime | None = None

    def __post_init__(self) -> None:
        self.people = people_by_digest(self.archive.community)
        self.now = timezone.now()

    def take(self, some: Iterable[Entry | LeftOut]) -> None:
        """Keep the next entries as lines, those left out as a number."""
        entries = []
        for each in some:
            if isinstance(each, LeftOut):
                self.left_out[each.reason] += 1
            elif each.key in self.seen:
                self.left_out[Reason.TWICE] += 1
            else:
                self.seen.add(each.key)
                entries.append(each)
        if len(self.seen) > MOST_ENTRIES:
            raise TooManyEntries
        here = keys_here(self.archive, [each.key for each in entries])
        lines = []
        with transaction.atomic():
            if not Archive.objects.filter(pk=self.archive.pk, state=State.READING).exists():
                raise _ThrownAway
            self._meet(entries)
            for each in entries:
                stub = self._stub(each)
                if each.key in here:
                    self.left_out[Reason.KNOWN] += 1
                    self.known[each.key] = stub
                else:
                    self.stubs.append(stub)
                    lines.append(self._line(each, stub))
            ArchiveLine.objects.bulk_create(lines)
        _tell(self.archive, "reading", len(self.seen))

    def join(self) -> None:
        """Find out which lines are one conversation, and which conversation is here already."""
        parents = {parent for stub in self.stubs for parent in stub.parents} - self.seen
        threads: dict[str, int] = {}
        for keys in batched([*self.known, *parents], MANY_KEYS):
            posts = Post.objects.filter(community=self.archive.community_id, source_key__in=keys)
            threads.update(posts.order_by().values_list("source_key", "thread"))
        stubs = [*self.known.values(), *self.stubs]
        found = join(stubs, {key: f"#{thread}" for key, thread in threads.items()})
        by_key = {stub.key: name for stub, name in zip(stubs, found, strict=True)}
        first: dict[str, Stub] = {}  # it names the conversation, should the one that is here go meanwhile
        for stub in sorted(self.stubs, key=lambda stub: stub.at):
            first.setdefault(by_key[stub.key], stub)
        lines = ArchiveLine.objects.filter(archive=self.archive).only("pk", "source_key")
        for some in in_batches(lines, MANY_KEYS):
            for line in some:
                name = by_key[line.source_key]
                is_here = name.startswith("#")
                line.thread_id = int(name[1:]) if is_here else None
                line.thread_key = first[name].key if is_here else name
            ArchiveLine.objects.bulk_update(some, ["thread", "thread_key"])

    def _meet(self, entries: Iterable[Entry]) -> None:
        """Give each writer who is new a row; who has one may be known by their address now."""
        new = {}
        for each in entries:
            digest = digest_of(each.address, each.name)
            if digest not in self.writers:
                new[digest] = Writer(
                    community=self.archive.community,
                    digest=digest,
                    name=each.name[:200],
                    has_address=bool(each.address),
                    person_id=self.people.get(digest),
                )
        if not new:
            return
        Writer.objects.bulk_create(new.values(), ignore_conflicts=True)
        for writer in Writer.objects.filter(community=self.archive.community, digest__in=new):
            self.writers[writer.digest] = writer.pk
            is_open = writer.person_id is None and writer.declined_at is None
            if is_open and writer.digest in self.people:
                writer.person_id = self.people[writer.digest]
                writer.save(update_fields=["person"])

    def _stub(self, each: Entry) -> Stub:
        at = min(each.at or self.last or self.now, self.now)
        self.last = at
        return Stub(each.key, at, folded(each.title), each.is_reply, each.parents, each.thread)

    def _line(self, each: Entry, stub: Stub) -> ArchiveLine:
        return ArchiveLine(
            archive=self.archive,
            writer_id=self.writers[digest_of(each.address, each.name)],
            source_key=each.key,
            title=each.title[:LONGEST_TITLE],
            markdown=each.markdown[:LONGEST_POST],
            original=each.original or (each.markdown if len(each.markdown) > LONGEST_POST else ""),
            written_at=stub.at,
            offset=each.offset,
            length=each.length,
            file_count=each.file_count,
            reactions={kind: [digest_of(who) for who in people] for kind, people in each.reactions.items()},
        )


def keys_here(archive: Archive, keys: Iterable[str]) -> set[str]:
    """Return which of these are posts of the community already, or were and are not to come again."""
    of_these = {"community": archive.community_id, "source_key__in": list(keys)}
    posts = Post.objects.filter(**of_these).order_by().values_list("source_key", flat=True)
    return {*posts, *Withdrawn.objects.filter(**of_these).values_list("source_key", flat=True)}


def _show(archive: Archive, reading: _Reading) -> None:
    """Count what the preview says."""
    lines = ArchiveLine.objects.filter(archive=archive)
    ends: Any = lines.aggregate(first=Min("written_at"), last=Max("written_at"))
    counts = {
        "posts": lines.count(),
        "threads": lines.filter(thread=None).order_by().values("thread_key").distinct().count(),
        "grown": lines.exclude(thread=None).order_by().values("thread").distinct().count(),
        "people": lines.order_by().values("writer").distinct().count(),
        "left_out": dict(reading.left_out),
    }
    with transaction.atomic():
        now = Archive.objects.select_for_update().get(pk=archive.pk)
        if now.state == State.READING:
            now.kind, now.counts, now.state = archive.kind, counts, State.PREVIEWED
            now.first_at, now.last_at = ends["first"], ends["last"]
            now.save(update_fields=["kind", "counts", "state", "first_at", "last_at"])


def _tell(archive: Archive, doing: str, done: int) -> None:
    progress.report(progress_key(archive.pk), done=done, total=0, doing=doing)
