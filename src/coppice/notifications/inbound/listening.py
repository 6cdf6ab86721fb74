"""The port of ours that mail servers bring mail to, by SMTP or LMTP (RFC 5321, RFC 2033)."""

import asyncio
import logging
import signal
import threading
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import translation

from coppice.lib.errors import DomainError
from coppice.notifications.inbound import taking

logger = logging.getLogger(__name__)

# Real mails have lines longer than the 998 letters that RFC 5321 allows; we break nobody's.
LONGEST_LINE = 1024 * 1024
MOST_RECIPIENTS = 100
TAKEN = "250 2.0.0 We have it"
CODES: dict[type[DomainError], str] = {taking.TooLarge: "552 5.3.4", taking.TooTangled: "554 5.6.0"}
LATER = "451 4.3.0 We cannot write it down now; bring it again"


class Taker:
    """Takes mail over a port: says 250 when the mail is in the database, and never before."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = taking.refusal(address.strip("<> ").lower())
        if refusal is not None:
            return f"550 5.1.1 {_in_english(refusal())}"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients at once; bring the others after these"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        status = await asyncio.to_thread(_take, envelope)
        return "\r\n".join([status] * len(envelope.rcpt_tos)) if isinstance(server, LMTP) else status


def _take(envelope: Envelope) -> str:
    content = envelope.original_content or b""
    close_old_connections()
    try:
        taking.take(content, mail_from=envelope.mail_from or "", rcpt_tos=envelope.rcpt_tos)
    except DomainError as refusal:
        code = CODES.get(type(refusal), "550 5.1.1")
        return f"{code} {_in_english(refusal)}"
    except (DatabaseError, OSError):
        logger.exception("A mail that was brought could not be written down")
        return LATER
    finally:
        close_old_connections()
    return TAKEN


def _in_english(refusal: DomainError) -> str:
    """Return a refusal as mail servers pass it on, in ASCII letters (RFC 5321, 4.2)."""
    with translation.override("en"):
        return str(refusal.sentence)


class Smtp(SMTP):
    line_length_limit = LONGEST_LINE


class Lmtp(LMTP):
    """LMTP, which answers for each recipient also when the mail itself cannot be taken (RFC 2033, 4.2)."""

    line_length_limit = LONGEST_LINE

    async def push(self, status: Any) -> None:
        is_of_the_mail = isinstance(status, str) and status.startswith(
            ("552 Error: Too much", "500 Line too")
        )
        recipients = len(self.envelope.rcpt_tos) if self.envelope else 1
        for _recipient in range(recipients if is_of_the_mail else 1):
            await super().push(status)


class Listener(Controller):
    """The port, in a thread of its own."""

    def __init__(self, *, host: str, port: int, is_lmtp: bool = False) -> None:
        self.is_lmtp = is_lmtp
        super().__init__(
            Taker(),
            hostname=host,
            port=port,
            data_size_limit=taking.LARGEST,
            enable_SMTPUTF8=True,
            server_hostname=settings.MAIL_INBOUND_DOMAIN or "localhost",
            ident="Coppice",
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            timeout=120,
        )

    def factory(self) -> SMTP:
        return (Lmtp if self.is_lmtp else Smtp)(self.handler, **self.SMTP_kwargs)


def listen(*, host: str, port: int, is_lmtp: bool) -> Listener:
    """Open the port and return it listening; `stop` ends it. Raises OSError when it cannot be opened."""
    listener = Listener(host=host, port=port, is_lmtp=is_lmtp)
    listener.start()
    return listener


def wait_for_the_end(listener: Listener) -> None:
    """Listen until the process is told to stop (SIGTERM or SIGINT)."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    listener.stop()
