"""Asking the job runner for something once a change is committed, and running it: alone, and to an end."""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from weakref import WeakSet

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

sleepers: "WeakSet[threading.Event]" = WeakSet()
"""The events of those in this process who wait for a job: set as soon as one is in the queue."""


@dataclass(frozen=True)
class _Wish:
    """One task wanted after the commit, with its arguments as sorted pairs."""

    task_path: str
    arguments: tuple[tuple[str, Any], ...]

    def __call__(self) -> None:
        import_string(self.task_path).enqueue(**dict(self.arguments))
        for sleeper in list(sleepers):
            sleeper.set()


def after_commit(task_path: str, **arguments: Any) -> None:
    """Enqueue the task at `task_path` ("coppice.formation.tasks.propose") when the open transaction commits.

    The same wish made twice in one transaction is one job. The task is named, not imported: tasks stand above
    the actions that want them. A lost or doubled job costs nothing, because a job only does what its row says
    and a sweep drives what is stuck; so a queue that is out of reach is logged, and breaks nobody's page.
    """
    wish = _Wish(task_path, tuple(sorted(arguments.items())))
    if wish not in (entry[1] for entry in transaction.get_connection().run_on_commit):
        transaction.on_commit(wish, robust=True)


logger = logging.getLogger(__name__)


def attempt(job: Callable[[], object], *, otherwise: Callable[[], object] | None = None) -> bool:
    """Do a job and say whether it went well; one that breaks is logged, and `otherwise` is done.

    Whatever breaks a job must not leave its row waiting for ever, nor keep other rows from their turn.
    This is the one place that catches every error.
    """
    try:
        job()
    except Exception:
        logger.exception("A job broke")
        if otherwise is not None:
            otherwise()
        return False
    return True


@contextmanager
def alone(key: str) -> Iterator[bool]:
    """Hold a job's name while it runs; yields whether nobody else holds it, in any thread or process.

    The system drops it with the process, however that ends.
    """
    folder = Path(settings.HOME) / "jobs"
    folder.mkdir(exist_ok=True)
    path = folder / f"{blake2b(key.encode(), digest_size=12).hexdigest()}.lock"
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        if not _is_still(path, file.fileno()):  # whoever held it has removed it meanwhile
            yield False
            return
        try:
            yield True
        finally:
            path.unlink()


def _is_still(path: Path, number: int) -> bool:
    """Whether the open file `number` is the one that lies at this path now."""
    try:
        return path.stat().st_ino == os.fstat(number).st_ino
    except FileNotFoundError:
        return False
