"""Threads that meet in one database, as they do in the server."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connections


@pytest.fixture
def own_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Let the test have a SQLite file that it may replace; PostgreSQL stays as it is."""
    usual = connections["default"]
    if usual.vendor != "sqlite":
        yield
        return
    path = tmp_path / "threads.sqlite3"
    usual.ensure_connection()
    with sqlite3.connect(path) as copy:
        usual.connection.backup(copy)
    copy.close()
    name = connections.settings["default"]["NAME"]
    connections.settings["default"]["NAME"] = str(path)
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual
        connections.settings["default"]["NAME"] = name


def at_once(*functions: Callable[[], None], seconds: float = 60) -> None:
    """Run the functions in threads that start together; raises what the first of them raised."""
    start = threading.Barrier(len(functions))
    raised: list[BaseException] = []

    def run(function: Callable[[], None]) -> None:
        try:
            start.wait(timeout=seconds)
            function()
        except BaseException as exception:  # noqa: BLE001  a thread's failure is the test's failure
            raised.append(exception)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[function], daemon=True) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds)
    assert not any(thread.is_alive() for thread in threads), "a thread did not end in time"
    if raised:
        raise raised[0]
