"""The job runner: does what was enqueued and what the clock calls, in threads of the server's process.

A job may be lost or run twice: it only does what its row says, and a sweep called by the clock drives again
what is stuck. So nothing here is kept for long, and killing the process harms nothing.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.tasks import TaskResult, task
from django.tasks.signals import task_finished
from huey import crontab
from huey.api import TaskWrapper
from huey.consumer import Consumer, Worker
from huey.contrib.djhuey import HUEY, close_db
from huey.contrib.djhuey.tasks_backend import KEY

from coppice.lib.clock import Beat, beats, every
from coppice.lib.jobs import sleepers

WORKERS = 2
LONGEST_NAP = 1.0
GRACE = 1.5


@every(minutes=1)
@task()
def heartbeat() -> None:
    """Leave a sign that the clock, the queue and a worker are alive."""
    _heartbeat_file().touch()


def heartbeat_age() -> float | None:
    """Return the seconds since the last sign of life of a job runner; None when there never was one."""
    try:
        return max(0.0, time.time() - _heartbeat_file().stat().st_mtime)
    except FileNotFoundError:
        return None


class LightSleeper(Worker):
    """Huey's worker, which a job wanted in its own process wakes at once: people wait for some of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.delay: float = self.default_delay
        self._called = threading.Event()
        sleepers.add(self._called)

    def sleep(self) -> None:
        """Wait for a call, the longer the longer none came; other processes put jobs into the queue, too."""
        if self._called.wait(min(self.delay, self.max_delay)):
            self._called.clear()
            self.delay = self.default_delay
        else:
            self.delay = min(self.delay * self.backoff, self.max_delay)


class Runner(Consumer):
    """Huey's consumer, which leaves the signals of the process to the server."""

    worker_class = LightSleeper

    def __init__(self) -> None:
        super().__init__(HUEY, workers=WORKERS, max_delay=LONGEST_NAP, shutdown_timeout=GRACE)
        self._scheduled = [_schedule(beat) for beat in beats()]
        task_finished.connect(_forget)
        self._watch = threading.Thread(target=self._keep_alive, name="job-watch", daemon=True)

    def start(self) -> None:
        """Start the workers, the scheduler and the watch that replaces a worker that died."""
        heartbeat.call()
        super().start()
        self._watch.start()

    def stop(self, graceful: bool = True) -> None:
        """Stop taking jobs, and wait at most `GRACE` seconds for those that run."""
        self.stop_flag.set()
        for sleeper in list(sleepers):
            sleeper.set()
        super().stop(graceful=graceful)
        if self._watch.is_alive():
            self._watch.join(timeout=GRACE)
        for scheduled in self._scheduled:
            scheduled.unregister()
        task_finished.disconnect(_forget)

    def _set_signal_handlers(self) -> None:
        """The server listens to signals and stops the runner."""

    def _keep_alive(self) -> None:
        while not self.stop_flag.wait(timeout=self._health_check_interval):
            self.check_worker_health()


def _schedule(beat: Beat) -> TaskWrapper:
    name = f"clock.{beat.task.module_path}"
    minutes = crontab(minute=f"*/{beat.minutes}")
    return HUEY.periodic_task(minutes, name=name)(close_db(_alone(beat.task.call)))


def _alone(function: Callable[[], None]) -> Callable[[], None]:
    """Let a call pass by while another one is going on."""
    running = threading.Lock()

    def call() -> None:
        if running.acquire(blocking=False):
            try:
                function()
            finally:
                running.release()

    return call


def _forget(*, task_result: TaskResult, **_: object) -> None:
    """Drop huey's record of a finished job, which it would keep for ever; the state is in the job's rows."""
    HUEY.get(KEY % task_result.id)


def _heartbeat_file() -> Path:
    return Path(settings.HOME) / "heartbeat"
