"""Jobs that break, and jobs that would run twice at once."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import caches

from coppice.lib import jobs
from coppice.lib.jobs import alone, attempt
from coppice.lib.progress import is_lively, read, report


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def test_a_job_that_breaks_is_logged_and_something_is_done_instead(caplog):
    done = []

    assert attempt(lambda: done.append("job")) is True
    assert attempt(lambda: 1 / 0, otherwise=lambda: done.append("instead")) is False
    assert attempt(lambda: 1 / 0) is False

    assert done == ["job", "instead"]
    assert "ZeroDivisionError" in caplog.text


def test_nobody_interrupts_by_being_interrupted():
    def stopped():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(stopped)


def test_a_job_is_alone_until_it_ends_however_it_ends(home):
    with alone("one") as first, alone("one") as second, alone("other") as third:
        assert (first, second, third) == (True, False, True)
    with pytest.raises(ZeroDivisionError), alone("one"):
        raise ZeroDivisionError
    with alone("one") as again:
        assert again is True
    assert list(home.glob("jobs/*")) == []


def test_a_job_is_alone_among_threads():
    heard = []

    def beside():
        with alone("one") as is_alone:
            heard.append(is_alone)

    with alone("one"):
        thread = threading.Thread(target=beside)
        thread.start()
        thread.join()

    assert heard == [False]


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_lock_that_was_removed_on_the_way_holds_nothing(monkeypatch, home, is_replaced):
    flock = jobs.fcntl.flock

    def slow(file, mode):
        [path] = home.glob("jobs/*")
        path.unlink()
        if is_replaced:
            Path(path).touch()
        flock(file, mode)

    monkeypatch.setattr(jobs.fcntl, "flock", slow)
    with alone("one") as is_alone:
        assert is_alone is False


def test_a_job_is_lively_while_it_tells_something(monkeypatch):
    assert is_lively("job", within=timedelta(minutes=2)) is False
    report("job", done=1, total=2, doing="searching")
    assert is_lively("job", within=timedelta(minutes=2)) is True

    told_at = read("job").at
    monkeypatch.setattr(time, "time", lambda: told_at + 121)
    assert is_lively("job", within=timedelta(minutes=2)) is False
    caches["progress"].delete("job")
