"""Dumping and loading a PostgreSQL database with its own tools."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection, transaction

from coppice.backups.errors import ToolFailed, ToolMissing


def dump_to(target: Path) -> dict[str, int]:
    """Dump the database as it is at one moment, and return the rows per table of that moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run_tool("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        rows = {}
        for name in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            rows[name] = cursor.fetchone()[0]
    return rows


def load_from(dump: Path) -> None:
    """Replace the tables by those of the dump, in one transaction."""
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
    _run_tool("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(dump))


def _run_tool(tool: str, *arguments: str) -> None:
    place = connection.settings_dict
    known = {f"PG{key}": str(place[key]) for key in ("HOST", "PORT", "USER", "PASSWORD") if place.get(key)}
    known["PGDATABASE"] = str(place["NAME"])
    program = shutil.which(tool)
    if program is None:
        raise ToolMissing
    if subprocess.run([program, *arguments], env={**os.environ, **known}, check=False).returncode:  # noqa: S603
        raise ToolFailed
