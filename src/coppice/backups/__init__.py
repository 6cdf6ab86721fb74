"""Backing up a living installation into one file, and bringing it back elsewhere.

The file is a .tar.gz: `manifest.json`, the database (`coppice.sqlite3`, or `coppice.dump` made by pg_dump),
the uploaded files under `files/`, and `secret.key` when the installation keeps one. The key signs links and
sessions, and the rows name people: keep a backup as carefully as the installation itself. The queue of jobs
is not in it, because what is to be done stands in the rows.
"""

from coppice.backups.errors import (
    CannotWrite,
    HomeInUse,
    NotABackup,
    ToolFailed,
    ToolMissing,
    WrongDatabase,
)
from coppice.backups.manifest import Manifest
from coppice.backups.restoring import restore
from coppice.backups.writing import age_of_last, write

__all__ = [
    "CannotWrite",
    "HomeInUse",
    "Manifest",
    "NotABackup",
    "ToolFailed",
    "ToolMissing",
    "WrongDatabase",
    "age_of_last",
    "restore",
    "write",
]
