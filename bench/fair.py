"""Fifty writers of one SQLite file: how long each waits, with our queue and with Django's own backend.

Both backends have the same settings: WAL, full sync, BEGIN IMMEDIATE, 20 s of patience. They take turns, so
that what else the machine does falls on both.
"""

import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import at_most, share, table

WRITERS = 50
SECONDS = 3.0
ROUNDS = 3
BACKENDS = {"coppice.lib.sqlite": "turns (ours)", "django.db.backends.sqlite3": "chance (Django's)"}


@dataclass
class Waits:
    """Seconds from asking for a transaction until it had begun and ended, and how many failed."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    rounds: list[int] = field(default_factory=list)


def main() -> list[str]:
    """Measure both; missed when a writer of ours failed or waited far longer than the others."""
    import django
    from django.conf import settings

    settings.configure()
    django.setup()
    met = {engine: Waits() for engine in BACKENDS}
    for _ in range(ROUNDS):
        for engine, waits in met.items():
            with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
                before = len(waits.seconds)
                _write(engine, Path(folder) / "fair.sqlite3", waits)
                waits.rounds.append(len(waits.seconds) - before)
    rows = [
        (
            BACKENDS[engine],
            f"{statistics.median(waits.rounds) / SECONDS:.0f}",
            f"{statistics.median(waits.seconds) * 1000:.1f}",
            f"{share(waits.seconds, 0.99) * 1000:.0f}",
            f"{max(waits.seconds) * 1000:.0f}",
            waits.failures,
        )
        for engine, waits in met.items()
    ]
    print(table((f"{WRITERS} writers", "commits/s", "median ms", "p99 ms", "longest ms", "failed"), rows))
    ours = met["coppice.lib.sqlite"]
    longest, most = max(ours.seconds), 10 * statistics.median(ours.seconds) + 0.5
    return [
        *at_most("longest turn, s (ten medians and a half)", longest, most),
        *at_most("writers that failed", ours.failures, 0),
    ]


def _write(engine: str, path: Path, waits: Waits) -> None:
    from django.db import OperationalError
    from django.db.utils import ConnectionHandler

    options = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    handler = ConnectionHandler({"default": {"ENGINE": engine, "NAME": path, "OPTIONS": options}})
    with handler["default"].cursor() as cursor:
        cursor.execute("CREATE TABLE note (id integer PRIMARY KEY, body text)")
    lock = threading.Lock()
    deadline = time.monotonic() + SECONDS

    def write() -> None:
        own: list[float] = []
        failures = 0
        connection = handler["default"]
        while time.monotonic() < deadline:
            started = time.monotonic()
            try:
                # What atomic() does, for connections that are not Django's global ones.
                connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
                with connection.cursor() as cursor:
                    cursor.execute("INSERT INTO note (body) VALUES (%s)", ("x" * 200,))
                connection.commit()
                connection.set_autocommit(True)
            except OperationalError:
                failures += 1
                connection.close()
            own.append(time.monotonic() - started)
        connection.close()
        with lock:
            waits.seconds += own
            waits.failures += failures

    threads = [threading.Thread(target=write, daemon=True) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    handler["default"].close()
