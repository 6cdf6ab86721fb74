"""The clock: which tasks of the rooms are called again and again, and how often.

A room says so where the task stands, in its `tasks.py`:

    @every(minutes=1)
    @task()
    def sweep() -> None: ...

The job runner inside the server calls each of them; a call that is still going on is not started again beside
itself in the same process. A task that the clock calls asks its rows what is due, so running twice changes
nothing, and whatever is due on a certain day is due by its rows, not by the clock.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.tasks import Task
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Beat:
    """One task and the number of minutes between two calls, counted from the full hour."""

    task: Task
    minutes: int


_beats: dict[str, Beat] = {}


def every(*, minutes: int) -> Callable[[Task], Task]:
    """Have a task without arguments called every so many minutes; `minutes` divides an hour.

    Raises ValueError when it does not.
    """
    if minutes < 1 or 60 % minutes:
        raise ValueError(f"{minutes} minutes do not divide an hour")

    def register(task: Task) -> Task:
        _beats[task.module_path] = Beat(task=task, minutes=minutes)
        return task

    return register


def beats() -> tuple[Beat, ...]:
    """Return what the installed apps have registered, having imported their `tasks` modules."""
    autodiscover_modules("tasks")
    return tuple(_beats[path] for path in sorted(_beats))
