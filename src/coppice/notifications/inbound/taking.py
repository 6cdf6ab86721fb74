"""Taking a mail from its carrier: once it is a row, the carrier may forget it, and never before."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError
from coppice.lib.jobs import after_commit
from coppice.notifications.inbound import addresses, reading
from coppice.notifications.inbound.reading import well_formed
from coppice.notifications.inbound_models import LONGEST_ADDRESS, ReceivedMail

LARGEST = 25 * 1024 * 1024


class TooLarge(DomainError):
    """A mail with more bytes than we take."""

    code = "mail_too_large"
    sentence = _("This mail is larger than 25 MB. Send the files another way, such as by a link.")


class TooTangled(DomainError):
    """A mail that is built so that nobody could read it in time."""

    code = "mail_too_tangled"
    sentence = _("This mail is built in too many parts to be read. Send it as plain words.")


class NotOurs(DomainError):
    """A mail for an address whose mail does not come in here."""

    code = "mail_not_ours"
    sentence = _("Mail to this address does not come in here.")


def refusal(mailbox: str) -> type[DomainError] | None:
    """Say why mail to an address cannot be taken, before it is brought; None when it can."""
    calendar = settings.CALENDAR_REPLIES_TO.lower()
    is_here = addresses.is_ours(mailbox) or (settings.MAIL_INBOUND_DOMAIN and mailbox.lower() == calendar)
    return None if is_here and len(mailbox) <= LONGEST_ADDRESS else NotOurs


def require_readable(raw: bytes) -> None:
    """Raise TooLarge or TooTangled for a mail that nothing may try to read."""
    if len(raw) > LARGEST:
        raise TooLarge
    if reading.is_too_tangled(raw):
        raise TooTangled


def take(raw: bytes, *, mail_from: str, rcpt_tos: Sequence[str]) -> int:
    """Write one mail down, once for each of its addresses here, and return how many are new.

    `mail_from` and `rcpt_tos` are of the envelope (RFC 5321); an empty `mail_from` is a mail that nobody is
    to answer. The same mail brought again, together or later, by whatever way, changes nothing. When this
    returns, the mail is in the database for good. Raises TooLarge, TooTangled, and NotOurs where no address
    is ours.
    """
    require_readable(raw)
    recipients = list(dict.fromkeys(well_formed(each).strip("<> ").lower() for each in rcpt_tos))
    recipients = [each for each in recipients if refusal(each) is None]
    if not recipients:
        raise NotOurs
    read = reading.read(raw)
    rows = [
        ReceivedMail(
            digest=reading.digest(read, recipient),
            envelope_from=well_formed(mail_from).strip("<> ")[:LONGEST_ADDRESS],
            envelope_to=recipient,
            from_address=read.from_address,
            message_id=read.message_id,
            subject=read.subject,
            raw=raw,
            size=len(raw),
        )
        for recipient in recipients
    ]
    digests = [row.digest for row in rows]
    with transaction.atomic(durable=True):
        known = ReceivedMail.objects.filter(digest__in=digests).count()
        ReceivedMail.objects.bulk_create(rows, ignore_conflicts=True)
        after_commit("coppice.notifications.tasks.handle_received")
    return len(rows) - known
