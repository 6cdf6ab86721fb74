"""Mail that is too large or too tangled, brought on a way whose carrier does not tell its sender: we do."""

from django.db import transaction
from django.utils import timezone

from coppice.lib.errors import DomainError
from coppice.notifications.inbound import reading, taking
from coppice.notifications.inbound.automatic import is_automatic
from coppice.notifications.inbound.envelopes import recipients, sender
from coppice.notifications.inbound.reading import well_formed
from coppice.notifications.inbound.returning import return_to_sender
from coppice.notifications.inbound_models import LONGEST_ADDRESS, ReceivedMail

HEADERS_KEPT = 64 * 1024
WHY = {taking.TooLarge: ReceivedMail.Outcome.TOO_LARGE, taking.TooTangled: ReceivedMail.Outcome.TOO_TANGLED}


def turn_away(
    raw: bytes, refused: DomainError, *, mail_from: str | None, rcpt_to: str, size: int = 0
) -> None:
    """Write down that a mail was not taken, and answer its sender kindly, once.

    For ways on which its carrier does not say so: over a port, the server that brought it does. `refused` is
    TooLarge or TooTangled; only the headers are looked at. A mail to nobody here, or by a machine, gets no
    answer. The same mail brought again changes nothing.
    """
    head = headers_of(raw)
    read = reading.read(head)
    named = [well_formed(rcpt_to).strip("<> ").lower()] if rcpt_to else recipients(read)
    ours = [each for each in named if taking.refusal(each) is None][:1]
    if not ours:
        return
    envelope_from = sender(read) if mail_from is None else mail_from
    envelope_from = well_formed(envelope_from).strip("<> ")[:LONGEST_ADDRESS]
    row = ReceivedMail(
        digest=reading.digest(read, ours[0]),
        envelope_from=envelope_from,
        envelope_to=ours[0],
        from_address=read.from_address,
        message_id=read.message_id,
        subject=read.subject,
        raw=head,
        size=size or len(raw),
        state=ReceivedMail.State.HANDLED,
        outcome=WHY[type(refused)],
        handled_at=timezone.now(),
    )
    with transaction.atomic(durable=True):
        if ReceivedMail.objects.filter(digest=row.digest).exists():
            return
        row.save()
        if not is_automatic(read, envelope_from=envelope_from):
            return_to_sender(row, why=WHY[type(refused)])


def headers_of(raw: bytes) -> bytes:
    """Return the headers of a mail, which may be all that can be read of it."""
    head = raw[:HEADERS_KEPT].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return head + b"\n\n"
