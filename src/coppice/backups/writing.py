"""Writing a backup."""

import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection

from coppice import __version__ as VERSION
from coppice.backups import postgres, sqlite
from coppice.backups.errors import CannotWrite
from coppice.backups.manifest import (
    FILES,
    MANIFEST,
    POSTGRES_COPY,
    SECRET,
    SQLITE_COPY,
    Manifest,
    digests_in,
    names_in,
)


def write(path: Path) -> Manifest:
    """Write a backup of the living installation to `path` and return what it holds.

    The database is one consistent moment; every file that a row names at that moment is there. The backup
    appears under its name only when it is whole, readable by its owner alone. Raises ToolMissing, ToolFailed,
    CannotWrite.
    """
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix="backup-") as folder:
        stage = Path(folder)
        rows = _stage_all(stage)
        manifest = Manifest(
            coppice=VERSION,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            database=connection.vendor,
            rows=rows,
            files=digests_in(stage),
        )
        (stage / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
        _pack(stage, path)
    _last().touch()
    return manifest


def age_of_last() -> timedelta | None:
    """Return how long ago a backup of this installation was made; None when there never was one."""
    try:
        made = _last().stat().st_mtime
    except FileNotFoundError:
        return None
    return max(timedelta(), datetime.now(UTC) - datetime.fromtimestamp(made, UTC))


def _last() -> Path:
    return Path(settings.HOME) / "last-backup"


def _stage_all(stage: Path) -> dict[str, int]:
    # Uploads are linked before and after the database: no deletion in between loses one that it names.
    _link_uploads(stage / FILES)
    if connection.vendor == "postgresql":
        rows = postgres.dump_to(stage / POSTGRES_COPY)
    else:
        rows = sqlite.copy_to(stage / SQLITE_COPY)
    _link_uploads(stage / FILES)
    secret = Path(settings.HOME) / SECRET
    if secret.exists():
        shutil.copy(secret, stage / SECRET)
    return rows


def _link_uploads(target: Path) -> None:
    uploads = Path(settings.MEDIA_ROOT)
    for name in names_in(uploads):
        copy = target / name
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(uploads / name, copy)


def _link_or_copy(file: Path, copy: Path) -> None:
    try:
        copy.hardlink_to(file)
    except FileNotFoundError:
        return  # deleted while we looked, so no row of this moment names it
    except OSError:
        shutil.copyfile(file, copy)


def _pack(stage: Path, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    try:
        part.touch(mode=0o600)
        part.chmod(0o600)
        with tarfile.open(part, "w:gz", compresslevel=6, dereference=True) as archive:
            archive.add(stage / MANIFEST, arcname=MANIFEST)
            for name in names_in(stage):
                if name != PurePosixPath(MANIFEST):
                    archive.add(stage / name, arcname=str(name))
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise CannotWrite from None
