"""Addresses of ours that carry a signed token: for replies, for what cannot be delivered, for leaving a list.

What stands before an @ has at most 64 letters (RFC 5321, 4.5.3.1.1), and servers on the way change capitals:
so a token is the number of the message and a signature in letters and digits of one size.
"""

import base64
import hmac
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from coppice.notifications.models import Message

SIGNATURE_BYTES = 10


class Use(StrEnum):
    """What an address with a token is for."""

    REPLY = "reply"
    BOUNCE = "bounce"
    LEAVE = "leave"


@dataclass(frozen=True)
class Addressed:
    """An address that was made here: what it is for, and the message that it belongs to."""

    use: Use
    message: Message


def address(use: Use, message: Message) -> str:
    """Return the address of one message for one use; "" when no mail comes in here."""
    if not settings.MAIL_INBOUND_DOMAIN:
        return ""
    return f"{use}+{int_to_base36(message.pk)}-{_signature(use, message)}@{settings.MAIL_INBOUND_DOMAIN}"


def is_ours(mailbox: str) -> bool:
    """Say whether mail to this address comes in here."""
    domain = mailbox.rpartition("@")[2].lower()
    return bool(settings.MAIL_INBOUND_DOMAIN) and domain == settings.MAIL_INBOUND_DOMAIN


def read(mailbox: str) -> Addressed | None:
    """Return what an address says; None when it was not made here, or its person stopped their links."""
    local_part = mailbox.rpartition("@")[0].strip().lower()
    use, _plus, token = local_part.partition("+")
    number, _dash, signature = token.partition("-")
    if use not in set(Use) or not is_ours(mailbox):
        return None
    try:
        key = base36_to_int(number)
    except ValueError:
        return None
    message = Message.objects.select_related("recipient").filter(pk=key).first() if key < 2**63 else None
    if message is None or not hmac.compare_digest(
        signature.encode(errors="replace"), _signature(Use(use), message).encode()
    ):
        return None
    return Addressed(use=Use(use), message=message)


def _signature(use: Use, message: Message) -> str:
    """Sign a message for one use: a reply only for as long as the person's links hold."""
    secret = message.recipient.link_secret if use is Use.REPLY else ""
    salt = f"coppice.mail.{use}.{secret}"
    digest = salted_hmac(salt, f"{message.pk}.{message.recipient_id}", algorithm="sha256").digest()
    return base64.b32encode(digest[:SIGNATURE_BYTES]).decode().lower()
