"""Asking the job runner for something, once the change that wants it has been committed."""

import threading
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

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
    and a sweep drives what is stuck.
    """
    wish = _Wish(task_path, tuple(sorted(arguments.items())))
    if wish not in (entry[1] for entry in transaction.get_connection().run_on_commit):
        transaction.on_commit(wish)
