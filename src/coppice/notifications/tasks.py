"""The clock's entry points for mail."""

from django.tasks import task

from coppice.lib.clock import every
from coppice.notifications import delivery, digests, trust


@every(minutes=1)
@task()
def deliver_due() -> None:
    """Deliver every message that is due; safe to run twice or at once with another."""
    delivery.deliver_due()


@every(minutes=5)
@task()
def tell_digests() -> None:
    """Tell everybody whose morning has come what waited for them; running it twice changes nothing."""
    digests.tell_due()


@task()
def look_at_mail_records() -> None:
    """Ask DNS about our mail; a second look tells the same."""
    trust.look()
