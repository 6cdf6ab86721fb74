"""The job runner does what was enqueued, calls what the clock asks for, and keeps nothing."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.tasks import task
from huey.contrib.djhuey import HUEY
from huey.storage import SqliteStorage

from coppice.lib.clock import Beat
from coppice.lib.jobs import after_commit
from coppice.lib.runner import Runner, _alone, heartbeat_age

done: list[str] = []


@task()
def leave_word(word: str) -> None:
    """Say that it ran."""
    done.append(word)


@task()
def fail() -> None:
    """Fail as a job may."""
    raise RuntimeError("as the test wants it")


@task()
def be_called() -> None:
    """Say that the clock called."""
    done.append("called by the clock")


@pytest.fixture
def runner(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    """A running job runner with a queue and a home of its own, whose clock knows one task."""
    settings.HOME = tmp_path
    settings.TASKS = {"default": {"BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend"}}
    monkeypatch.setattr(HUEY, "immediate", False)
    monkeypatch.setattr(HUEY, "storage", SqliteStorage(filename=str(tmp_path / "queue.sqlite3")))
    monkeypatch.setattr("coppice.lib.runner.beats", lambda: (Beat(task=be_called, minutes=1),))
    done.clear()
    runner = Runner()
    runner.start()
    yield runner
    runner.stop()


def until(condition: Callable[[], object], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_what_was_enqueued_is_done_and_no_record_of_it_is_kept(runner: Runner) -> None:
    leave_word.enqueue("first")
    leave_word.enqueue("second")

    until(lambda: {"first", "second"} <= set(done))
    until(lambda: HUEY.storage.result_store_size() == 0)
    assert HUEY.storage.queue_size() == 0


def test_a_job_that_fails_stops_nothing(runner: Runner, caplog: pytest.LogCaptureFixture) -> None:
    fail.enqueue()
    leave_word.enqueue("afterwards")

    until(lambda: "afterwards" in done)
    until(lambda: HUEY.storage.result_store_size() == 0)
    assert "as the test wants it" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_job_wanted_in_this_process_does_not_wait_for_a_nap_to_end(
    runner: Runner,
) -> None:
    naps = [worker for worker, _ in runner.worker_threads]
    for worker in naps:
        worker.delay = worker.max_delay = 30  # as if nothing had been asked for in a long time
    time.sleep(0.3)  # those that fell asleep before this doze off anew

    after_commit(f"{__name__}.leave_word", word="at once")

    until(lambda: "at once" in done, seconds=5)
    assert [worker.delay for worker in naps if worker.delay < 30]


def test_a_runner_whose_workers_sleep_stops_at_once(runner: Runner) -> None:
    for worker, _ in runner.worker_threads:
        worker.delay = worker.max_delay = 30
    time.sleep(0.3)

    started = time.monotonic()
    runner.stop()

    assert time.monotonic() - started < 5
    assert not any(thread.is_alive() for _, thread in runner.worker_threads)


def test_the_clock_calls_its_tasks_from_the_start(runner: Runner) -> None:
    until(lambda: "called by the clock" in done)


def test_a_runner_gives_a_sign_of_life_when_it_starts(runner: Runner, tmp_path: Path) -> None:
    fresh = heartbeat_age()
    os.utime(tmp_path / "heartbeat", (time.time() - 500, time.time() - 500))

    assert fresh is not None
    assert fresh < 5
    assert 499 < (heartbeat_age() or 0) < 505


def test_there_is_no_sign_of_life_before_the_first_start(tmp_path: Path, settings) -> None:
    settings.HOME = tmp_path

    assert heartbeat_age() is None


def test_a_worker_that_died_is_replaced(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = threading.Thread(target=lambda: None)
    runner.worker_threads[0] = (runner.worker_threads[0][0], dead)

    runner.check_worker_health()

    assert [thread.is_alive() for _, thread in runner.worker_threads] == [True, True]


def test_a_call_passes_by_while_another_goes_on() -> None:
    entered, leave = threading.Event(), threading.Event()
    calls: list[int] = []

    def slow() -> None:
        calls.append(1)
        entered.set()
        leave.wait(5)

    call = _alone(slow)
    first = threading.Thread(target=call)
    first.start()
    entered.wait(5)
    call()
    leave.set()
    first.join()
    call()

    assert len(calls) == 2
