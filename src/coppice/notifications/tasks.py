"""The clock's entry points for mail."""

from django.tasks import task


@task()
def deliver_due() -> None:
    """Deliver every message that is due; safe to run twice or at once with another."""
    from coppice.notifications import delivery

    delivery.deliver_due()
