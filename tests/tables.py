"""A database with all tables and no row, made once for a run of tests and copied wherever one is wanted."""

import fcntl
import os
from pathlib import Path

from bench.installation import Installation

WALKED = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
"""What makes coverage follow a process that a test starts."""


def without_coverage(environment: dict[str, str]) -> dict[str, str]:
    """The environment for a process that a walk starts: passing through a line is not testing it."""
    return {name: value for name, value in environment.items() if name not in WALKED}


def empty_tables(folder: Path) -> Path:
    """Return the file in this folder, made by whoever asks first; all workers of a run share the folder."""
    made = folder / "tables" / "coppice.sqlite3"
    with (folder / "tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = folder / f"tables-{os.getpid()}"
            making.mkdir()
            place = Installation(making)
            place.environment = without_coverage(place.environment)
            place.migrate()
            making.rename(made.parent)
    return made
