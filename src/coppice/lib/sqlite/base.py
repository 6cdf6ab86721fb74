"""The database backend: `ENGINE = "coppice.lib.sqlite"`.

A transaction takes its turn with its first statement (BEGIN IMMEDIATE, which Django sends when an atomic
block opens) and hands it on when it commits, rolls back or closes; a single write outside a transaction takes
its turn for itself alone. Reading outside a transaction never queues: no `atomic()` around what only reads.
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from sqlite3 import OperationalError
from typing import Any

from django.db.backends.sqlite3 import base

from coppice.lib.sqlite.writers import Turn, WriterQueue, writers_of

READS = re.compile(r"\s*(?:SELECT|PRAGMA|EXPLAIN|VALUES)\b", re.IGNORECASE)
DEFAULT_TIMEOUT = 5.0

real_path = cache(os.path.realpath)
_opening = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection, which knows its file's queue and whether it has the turn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turn: Turn | None = None

    @property
    def writers(self) -> WriterQueue:
        """The queue of this connection's database file."""
        name = str(self.settings_dict["NAME"])
        return writers_of(name if self.is_in_memory_db() else real_path(name))

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        with _opening:  # two connections that turn a new file to WAL together would fail
            return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> "Cursor":
        return self.connection.cursor(factory=lambda connection: Cursor(connection, self))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Take a turn unless this connection has it; keep it afterwards only while a transaction is open.

        Raises sqlite3.OperationalError when the turn does not come within the `timeout` of the settings.
        """
        if self.turn is None:
            timeout = float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT))
            self.turn = self.writers.take(self, timeout=timeout)
            if self.turn is None:
                raise OperationalError(f"database is locked: no turn to write within {timeout:g} s")
        try:
            yield
        finally:
            if not self.connection.in_transaction:
                self.hand_on()

    def hand_on(self) -> None:
        """Let the next writer have the turn, if this connection had it."""
        turn, self.turn = self.turn, None
        if turn is not None:
            turn.hand_on()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self.hand_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.hand_on()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.hand_on()


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose writes take turns."""

    def __init__(self, connection: Any, wrapper: DatabaseWrapper) -> None:
        super().__init__(connection)
        self.wrapper = wrapper
        self.returned: Iterator[Any] | None = None

    def execute(self, query: str, params: Any = None) -> "Cursor":
        self.returned = None
        if READS.match(query):
            super().execute(query, params)
            return self
        with self.wrapper.writing():
            super().execute(query, params)
            if self.description is not None and not self.connection.in_transaction:
                # Outside a transaction SQLite commits INSERT … RETURNING once its last row has been read.
                self.returned = iter(super().fetchall())
        return self

    def executemany(self, query: str, param_list: Any) -> "Cursor":
        self.returned = None
        with self.wrapper.writing():
            super().executemany(query, param_list)
        return self

    def fetchone(self) -> Any:
        return super().fetchone() if self.returned is None else next(self.returned, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return super().fetchmany(size) if self.returned is None else list(islice(self.returned, size))

    def fetchall(self) -> list[Any]:
        return super().fetchall() if self.returned is None else list(self.returned)

    def __next__(self) -> Any:
        return super().__next__() if self.returned is None else next(self.returned)
