"""The clock's entry points for mail."""

from django.tasks import task

from coppice.lib.clock import every
from coppice.notifications import delivery


@every(minutes=1)
@task()
def deliver_due() -> None:
    """Deliver every message that is due; safe to run twice or at once with another."""
    delivery.deliver_due()
