"""What a backup says of itself, so that it can be checked before it is trusted."""

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MANIFEST = "manifest.json"
SECRET = "secret.key"  # noqa: S105
FILES = "files"
SQLITE_COPY = "coppice.sqlite3"
POSTGRES_COPY = "coppice.dump"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows per table, and the SHA-256 of every file, by its name in the backup."""

    coppice: str
    made_at: str
    database: str
    rows: dict[str, int]
    files: dict[str, str]

    @property
    def uploads(self) -> int:
        """How many uploaded files it holds."""
        return sum(name.startswith(f"{FILES}/") for name in self.files)


def names_in(folder: Path) -> list[PurePosixPath]:
    """Name every file under a folder, relative to it; none when the folder does not exist."""
    return sorted(PurePosixPath(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def digests_in(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under a folder, by its relative name."""
    return {str(name): _digest(folder / name) for name in names_in(folder)}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
