"""The clock's entry points for mail."""

from django.tasks import task

from coppice.lib.clock import every
from coppice.notifications import delivery, push, trust


@every(minutes=1)
@task()
def deliver_due() -> None:
    """Deliver every message that is due; safe to run twice or at once with another."""
    delivery.deliver_due()


@task()
def look_at_mail_records() -> None:
    """Ask DNS about our mail; a second look tells the same."""
    trust.look()


@task()
def knock(message_id: int) -> None:
    """Tell the browsers of a message's reader; twice shows the same once."""
    push.knock(message_id)
