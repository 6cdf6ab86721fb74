"""Writers of one SQLite file queue fairly, and nobody is told that the database is locked."""

import gc
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections, transaction
from django.db.utils import ConnectionHandler

from coppice.lib.sqlite.writers import WriterQueue

WRITERS = 50
SECONDS = 2.0


class Database:
    """A file of its own with one table, opened by one connection per thread as the server does."""

    def __init__(self, path: Path, *, timeout: float = 20) -> None:
        self.path = path
        self.handler = ConnectionHandler(
            {
                DEFAULT_DB_ALIAS: {
                    "ENGINE": "coppice.lib.sqlite",
                    "NAME": path,
                    "OPTIONS": {
                        "timeout": timeout,
                        "transaction_mode": "IMMEDIATE",
                        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                    },
                }
            }
        )
        self.run("CREATE TABLE IF NOT EXISTS note (id integer PRIMARY KEY, body text UNIQUE)")

    @property
    def connection(self):
        return self.handler[DEFAULT_DB_ALIAS]

    def run(self, query: str, params: tuple = ()) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(query, params)
            return cursor.fetchall() if cursor.description else []

    def write(self, body: str) -> None:
        self.run("INSERT INTO note (body) VALUES (%s)", (body,))

    def bodies(self) -> list[str]:
        return [body for (body,) in self.run("SELECT body FROM note ORDER BY id")]


@pytest.fixture
def database(tmp_path: Path, django_db_blocker) -> Iterator[Database]:
    with django_db_blocker.unblock():
        database = Database(tmp_path / "notes.sqlite3")
        yield database
        database.connection.close()


@pytest.fixture
def atomic(database: Database, monkeypatch: pytest.MonkeyPatch):
    """`transaction.atomic`, for the connections of this file."""
    monkeypatch.setattr("django.db.transaction.connections", database.handler)
    return transaction.atomic


def in_thread(function, *args) -> threading.Thread:
    thread = threading.Thread(target=function, args=args, daemon=True)
    thread.start()
    return thread


def until(condition, *, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def test_fifty_writers_all_get_their_turn(database: Database, atomic, capsys) -> None:
    waits: list[float] = []
    counts: list[int] = []
    failures: list[OperationalError] = []

    def write(number: int) -> None:
        done = 0
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            started = time.monotonic()
            try:
                with atomic():
                    waits.append(time.monotonic() - started)
                    database.write(f"{number}:{done}:first")
                    database.write(f"{number}:{done}:second")
            except OperationalError as failure:
                failures.append(failure)
            done += 1
        counts.append(done)
        database.connection.close()

    threads = [in_thread(write, number) for number in range(WRITERS)]
    for thread in threads:
        thread.join(timeout=30)

    with capsys.disabled():
        print(
            f"\n{WRITERS} writers: {sum(counts)} commits in {SECONDS:g} s, wait median "
            f"{statistics.median(waits) * 1000:.0f} ms, longest {max(waits) * 1000:.0f} ms"
        )
    assert failures == []
    assert len(database.bodies()) == 2 * sum(counts)
    assert max(counts) <= 2 * min(counts) + 3
    assert max(waits) < 10 * statistics.median(waits) + 0.5


def test_writers_come_in_the_order_in_which_they_asked(database: Database, atomic) -> None:
    writers = database.connection.writers

    with atomic():
        database.write("first")
        threads = []
        for place in range(5):
            threads.append(in_thread(database.write, f"waiting {place}"))
            until(lambda place=place: writers.length == place + 1)
    for thread in threads:
        thread.join(timeout=5)

    assert database.bodies() == ["first", *(f"waiting {place}" for place in range(5))]


def test_reading_does_not_wait_for_a_writer(database: Database, atomic) -> None:
    database.write("before")
    seen: list[list[str]] = []

    with atomic():
        database.write("during")
        in_thread(lambda: seen.append(database.bodies())).join(timeout=2)

    assert seen == [["before"]]


def test_an_insert_that_returns_its_key_ends_its_turn(database: Database) -> None:
    (key,) = database.run("INSERT INTO note (body) VALUES ('one') RETURNING id")[0]

    assert (key, database.connection.turn, database.connection.writers.held_for) == (1, None, 0.0)


def test_returned_rows_can_be_fetched_in_every_way(database: Database) -> None:
    rows = "INSERT INTO note (body) VALUES ('a'), ('b'), ('c'), ('d') RETURNING body"

    with database.connection.cursor() as cursor:
        cursor.execute(rows)
        fetched = [cursor.fetchone(), cursor.fetchmany(2), cursor.fetchall(), cursor.fetchone()]
        cursor.execute("DELETE FROM note RETURNING body")
        iterated = list(cursor)

    assert fetched == [("a",), [("b",), ("c",)], [("d",)], None]
    assert iterated == [("a",), ("b",), ("c",), ("d",)]


def test_a_nested_block_keeps_the_one_turn(database: Database, atomic) -> None:
    with atomic():
        outer = database.connection.turn
        with atomic():
            database.write("inner")
            inner = database.connection.turn
        after = database.connection.turn

    assert outer is not None
    assert [inner, after, database.connection.turn] == [outer, outer, None]


def test_a_rolled_back_transaction_hands_its_turn_on(database: Database, atomic) -> None:
    database.write("only once")

    with pytest.raises(IntegrityError), atomic():
        database.write("only once")

    assert database.connection.turn is None
    assert database.connection.writers.held_for == 0.0


def test_a_failed_single_write_hands_its_turn_on(database: Database) -> None:
    database.write("only once")

    with pytest.raises(IntegrityError):
        database.write("only once")

    assert database.connection.turn is None


def test_closing_inside_a_transaction_hands_the_turn_on(database: Database, atomic) -> None:
    with atomic():
        database.write("never kept")
        database.connection.close()

    assert database.connection.turn is None
    assert database.bodies() == []


def test_many_rows_at_once_are_one_turn(database: Database) -> None:
    with database.connection.cursor() as cursor:
        cursor.executemany("INSERT INTO note (body) VALUES (%s)", [("a",), ("b",)])

    assert database.bodies() == ["a", "b"]
    assert database.connection.turn is None


def test_writing_with_autocommit_off_keeps_the_turn_until_commit(database: Database) -> None:
    database.connection.set_autocommit(False)
    database.write("by hand")
    held = database.connection.turn
    database.connection.commit()
    database.connection.set_autocommit(True)

    assert held is not None
    assert database.connection.turn is None
    assert database.bodies() == ["by hand"]


def test_a_turn_that_does_not_come_in_time_is_refused(database: Database, atomic) -> None:
    hasty = Database(database.path, timeout=0.2)
    refusals: list[str] = []

    def write_too_late() -> None:
        try:
            hasty.write("late")
        except OperationalError as refusal:
            refusals.append(str(refusal))

    with atomic():
        in_thread(write_too_late).join(timeout=5)

    assert refusals == ["database is locked: no turn to write within 0.2 s"]
    assert hasty.connection.writers.length == 0
    hasty.write("afterwards")
    assert hasty.bodies() == ["afterwards"]
    hasty.connection.close()


def test_a_thread_that_dies_with_the_turn_does_not_block_the_others(database: Database, atomic) -> None:
    def die_in_a_transaction() -> None:
        atomic().__enter__()
        database.write("never committed")

    in_thread(die_in_a_transaction).join()
    gc.collect()
    database.write("after the dead")

    assert database.bodies() == ["after the dead"]


def test_a_waiting_writer_passes_over_a_holder_that_dies() -> None:
    queue = WriterQueue()
    holder = threading.Event()
    thread = in_thread(lambda: (queue.take(holder, timeout=1), holder.wait(5)))
    until(lambda: queue.held_for > 0)
    taken: list[object] = []
    waiter = in_thread(lambda: taken.append(queue.take(queue, timeout=5)))
    until(lambda: queue.length == 1)

    holder.set()
    thread.join()
    waiter.join(timeout=5)

    assert [turn is not None for turn in taken] == [True]


def test_a_turn_handed_on_twice_frees_nobody_else() -> None:
    queue = WriterQueue()
    first = queue.take(queue, timeout=1)
    assert first is not None
    first.hand_on()
    second = queue.take(queue, timeout=1)

    first.hand_on()

    assert second is not None
    assert queue.take(queue, timeout=0.05) is None


@pytest.mark.django_db
def test_the_test_database_itself_keeps_its_turn_through_a_test() -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite":
        pytest.skip("the tests run on PostgreSQL")

    with transaction.atomic():
        inside = connection.turn

    assert inside is not None
    assert connection.turn is inside
