"""Dumping and loading a PostgreSQL database with its own tools."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection, transaction

from coppice.backups.errors import ToolFailed, ToolMissing

ENCRYPTION = {"sslmode", "sslrootcert"}


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
    _run_tool("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump))


def _run_tool(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools on the database that we are connected to."""
    program = shutil.which(tool)
    if program is None:
        raise ToolMissing
    connection.ensure_connection()
    place = connection.connection.info
    ours = {"host": place.host, "port": place.port, "user": place.user, "password": place.password}
    ours |= {
        name: value for name, value in place.get_parameters().items() if name in {"sslmode", "sslrootcert"}
    }
    known = {f"PG{name.upper()}": str(value) for name, value in ours.items() if value}
    command = [program, f"--dbname={place.dbname}", *arguments]
    if subprocess.run(command, env={**os.environ, **known}, check=False).returncode:  # noqa: S603
        raise ToolFailed
