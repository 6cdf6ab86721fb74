"""The clock's entry points for history."""

from django.tasks import task

from coppice.history import actions
from coppice.lib.clock import every


@every(minutes=60)
@task()
def forget_old_receipts() -> None:
    """Drop the receipts of forms sent a month ago."""
    actions.forget_old_receipts()
