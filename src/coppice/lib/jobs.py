"""Asking the job runner for something, once the change that wants it has been committed."""

from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string


def after_commit(task_path: str, **arguments: Any) -> None:
    """Enqueue the task at `task_path` ("coppice.formation.tasks.propose") when the open transaction commits.

    The task is named, not imported: tasks stand above the actions that want them. A lost or doubled job costs
    nothing, because a job only does what its row says and a sweep drives what is stuck.
    """
    transaction.on_commit(lambda: import_string(task_path).enqueue(**arguments))
