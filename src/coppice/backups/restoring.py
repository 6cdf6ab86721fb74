"""Bringing a backup back."""

import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from coppice.backups import postgres, sqlite
from coppice.backups.errors import HomeInUse, NotABackup, WrongDatabase
from coppice.backups.manifest import (
    FILES,
    MANIFEST,
    POSTGRES_COPY,
    SECRET,
    SQLITE_COPY,
    Manifest,
    digests_in,
)


def restore(path: Path, *, replace: bool = False) -> Path | None:
    """Bring the backup at `path` into this home, where no server may be running.

    All of it is unpacked and compared with its manifest before anything here is touched. With `replace`, what
    was here is put into a folder of its own, which is returned (on PostgreSQL the old tables are dropped).
    Raises HomeInUse, NotABackup, WrongDatabase, ToolMissing, ToolFailed.
    """
    home = Path(settings.HOME)
    is_in_use = _is_in_use()
    if is_in_use and not replace:
        raise HomeInUse
    with tempfile.TemporaryDirectory(dir=home, prefix="restoring-") as folder:
        stage = Path(folder)
        _unpack(path, stage)
        manifest = _verified(stage)
        connection.close()
        if manifest.database == "postgresql":
            postgres.load_from(stage / POSTGRES_COPY)
        aside = _swap(stage, home)
    if is_in_use:
        return aside
    shutil.rmtree(aside)
    return None


def _is_in_use() -> bool:
    uploads = Path(settings.MEDIA_ROOT)
    return bool(connection.introspection.table_names()) or (uploads.is_dir() and any(uploads.iterdir()))


def _unpack(path: Path, stage: Path) -> None:
    try:
        with tarfile.open(path) as archive:
            archive.extractall(stage, filter="data")
    except (OSError, EOFError, tarfile.TarError):
        raise NotABackup from None


def _verified(stage: Path) -> Manifest:
    """Return the manifest, once everything unpacked is exactly what it says."""
    try:
        manifest = Manifest(**json.loads((stage / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise NotABackup from None
    (stage / MANIFEST).unlink()
    if digests_in(stage) != manifest.files:
        raise NotABackup
    if manifest.database != connection.vendor:
        raise WrongDatabase
    if manifest.database == "sqlite" and not sqlite.is_whole(stage / SQLITE_COPY, rows=manifest.rows):
        raise NotABackup
    return manifest


def _swap(stage: Path, home: Path) -> Path:
    """Move what is here aside and what was restored into its place; return the folder of the former."""
    places = {stage / FILES: Path(settings.MEDIA_ROOT), stage / SECRET: home / SECRET}
    if connection.vendor == "sqlite":
        places[stage / SQLITE_COPY] = Path(connection.settings_dict["NAME"])
    aside = Path(tempfile.mkdtemp(dir=home, prefix=f"before-{datetime.now(UTC):%Y%m%d-%H%M%S}-"))
    with _moving() as move:
        for restored, place in places.items():
            if restored.name != SECRET or restored.exists():
                for old in (place, *_companions(place)):
                    move(old, aside / old.name)
            move(restored, place)
    return aside


def _companions(place: Path) -> list[Path]:
    """SQLite's log and its index belong to the database file that they stand beside."""
    return [place.with_name(place.name + end) for end in ("-wal", "-shm")]


@contextmanager
def _moving() -> Iterator[Callable[[Path, Path], None]]:
    """Give a way to move things that exist; when one cannot be moved, all move back."""
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        if source.exists():
            source.rename(target)
            moved.append((source, target))

    try:
        yield move
    except OSError:
        for source, target in reversed(moved):
            target.rename(source)
        raise
