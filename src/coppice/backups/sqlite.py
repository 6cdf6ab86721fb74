"""Copying a SQLite database while others write to it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection


def copy_to(target: Path) -> dict[str, int]:
    """Copy the database as it is at one moment, and return the rows per table of that copy."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return _rows_of(copy)


def is_whole(copy: Path, *, rows: dict[str, int]) -> bool:
    """Whether a copy is sound and has these rows per table."""
    with closing(sqlite3.connect(copy)) as database:
        is_sound = database.execute("PRAGMA quick_check").fetchone() == ("ok",)
        return is_sound and _rows_of(database) == rows


def _rows_of(database: sqlite3.Connection) -> dict[str, int]:
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}  # noqa: S608
