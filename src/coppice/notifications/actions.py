"""Putting a message into the outbox, and taking it to its recipient."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from coppice.lib.jobs import after_commit
from coppice.notifications.models import Message, Mute


@dataclass(frozen=True)
class Attachment:
    """A small text file that travels with a message, such as a calendar invitation."""

    filename: str
    content_type: str
    text: str


def send(
    *,
    recipient: Any,
    occasion: str,
    template: str,
    context: dict[str, Any],
    scope: str = "",
    period: str = "",
    list_key: str = "",
    list_name: str = "",
    sender_name: str = "",
    thread: str = "",
    to_address: str = "",
    language: str = "",
    time_zone: str = "",
    attachments: Sequence[Attachment] = (),
) -> Message | None:
    """Write one message into the outbox, inside the caller's transaction; it leaves after commit.

    `template` names a folder-and-stem such as "meetings/email/planned": its `.subject.txt`, `.txt` and `.html`
    are rendered in the reader's language (theirs, else `language`) and time zone (theirs, else `time_zone`).
    The same (recipient, occasion, period) is never written twice: the second call returns the first message.
    Returns None when the recipient has no address, or has muted `list_key`. `to_address` overrides the
    account's address with the one that a program's roster knows. Messages of one `thread` share References.
    """
    address = to_address or recipient.email or ""
    if not address or recipient.erased_at is not None:
        return None
    if list_key and Mute.objects.filter(person=recipient, list_key=list_key).exists():
        return None
    existing = Message.objects.filter(recipient=recipient, occasion=occasion, period=period).first()
    if existing is not None:
        return existing
    zone = recipient.time_zone or time_zone or settings.TIME_ZONE
    with translation.override(recipient.language or language or settings.LANGUAGE_CODE), timezone.override(zone):
        words = {
            **context,
            "recipient": recipient,
            "base_url": settings.BASE_URL,
            "list_key": list_key,
            "list_name": list_name,
        }
        subject = " ".join(render_to_string(f"{template}.subject.txt", words).split())
        text = render_to_string(f"{template}.txt", words).strip() + "\n"
        html = render_to_string(f"{template}.html", words)
    message, is_new = Message.objects.get_or_create(
        recipient=recipient,
        occasion=occasion,
        period=period,
        defaults={
            "to_address": address,
            "scope": scope,
            "list_key": list_key,
            "list_name": list_name,
            "sender_name": sender_name,
            "subject": subject[:300],
            "text": text,
            "html": html,
            "attachments": [asdict(attachment) for attachment in attachments],
            "message_id": f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname}>",
            "thread": thread,
        },
    )
    if is_new:
        after_commit("coppice.notifications.tasks.deliver_due")
    return message
