"""The clock's entry point for photos."""

from django.tasks import task

from coppice.lib.clock import every
from coppice.photos import actions


@every(minutes=60)
@task()
def sweep_files() -> None:
    """Delete files that belong to no photo."""
    actions.sweep()
