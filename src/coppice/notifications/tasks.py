"""The clock's entry points for mail."""

from django.tasks import task

from coppice.lib.clock import every
from coppice.notifications import delivery, digests, push, trust
from coppice.notifications.inbound import handling, sweeping
from coppice.notifications.texts import sending


@every(minutes=1)
@task()
def deliver_due() -> None:
    """Deliver every message that is due; safe to run twice or at once with another."""
    delivery.deliver_due()


@every(minutes=1)
@task()
def handle_received() -> None:
    """Do what every mail says that came in and is not done; safe to run twice or at once with another."""
    handling.handle_due()


@every(minutes=60)
@task()
def sweep_received() -> None:
    """Forget mails that led to nothing and are old, and delete files that belong to no mail."""
    sweeping.sweep()


@every(minutes=5)
@task()
def tell_digests() -> None:
    """Tell everybody whose morning has come what waited for them; running it twice changes nothing."""
    digests.tell_due()


@task()
def look_at_mail_records() -> None:
    """Ask DNS about our mail; a second look tells the same."""
    trust.look()


@task()
def knock(message_id: int) -> None:
    """Tell the browsers of a message's reader; twice shows the same once."""
    push.knock(message_id)


@every(minutes=1)
@task()
def deliver_texts() -> None:
    """Hand over every text message that is due; safe to run twice or at once with another."""
    sending.deliver_due()


@every(minutes=60)
@task()
def sweep_texts() -> None:
    """Forget text messages that are old."""
    sending.sweep()
