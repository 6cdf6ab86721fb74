"""Kind answers to mail that we can do nothing with: one to an address and day, and none to machines."""

import smtplib
import uuid
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.template import Context, Engine
from django.utils import timezone, translation

from coppice.lib.languages import first_spoken
from coppice.notifications.inbound_models import ReceivedMail, ReturnNote

MOST_IN_A_DAY = 500
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 60, 6 * 60, 24 * 60))
KEPT_FOR = timedelta(days=30)


def return_to_sender(mail: ReceivedMail, *, why: ReceivedMail.Outcome, language: str = "") -> None:
    """Write a kind answer to whoever sent a mail, inside the caller's transaction.

    Nobody gets more than one in a day, and all together not more than some hundred: senders can be forged,
    and then it is somebody else who gets our answer. The answer tells nothing about any person.
    """
    address = (mail.envelope_from or mail.from_address).lower()
    today = timezone.localdate()
    try:
        validate_email(address)
    except ValidationError:
        return
    if ReturnNote.objects.filter(day=today).count() >= MOST_IN_A_DAY:
        return
    words = {"mail": mail, "why": why.value, "base_url": settings.BASE_URL}
    with translation.override(first_spoken(language)):
        text = Engine.get_default().get_template("notifications/email/returned.txt")
        subject = Engine.get_default().get_template("notifications/email/returned.subject.txt")
        context = Context(words, autoescape=False)
        ReturnNote.objects.get_or_create(
            to_address=address,
            day=today,
            defaults={
                "subject": " ".join(subject.render(context).split())[:300],
                "text": text.render(context).strip() + "\n",
                "in_reply_to": mail.message_id,
                "message_id": f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname}>",
            },
        )


def deliver_due(connection: BaseEmailBackend) -> None:
    """Hand over the answers whose turn has come; one that is refused for good is given up silently."""
    now = timezone.now()
    for note in ReturnNote.objects.filter(sent_at=None, next_attempt_at__lte=now).order_by("pk")[:100]:
        is_last = note.attempts >= len(PAUSES)
        claimed = ReturnNote.objects.filter(pk=note.pk, attempts=note.attempts).update(
            attempts=note.attempts + 1, next_attempt_at=now + PAUSES[min(note.attempts, len(PAUSES) - 1)]
        )
        if not claimed:
            continue
        try:
            connection.send_messages([_mail(note)])
        except (smtplib.SMTPRecipientsRefused, ValueError):
            is_last = True
        except (OSError, smtplib.SMTPException, AnymailError):
            connection.close()
            if not is_last:
                continue
        ReturnNote.objects.filter(pk=note.pk).update(sent_at=timezone.now())


def sweep() -> None:
    """Forget answers that are old."""
    ReturnNote.objects.filter(day__lt=timezone.localdate() - KEPT_FOR).delete()


def _mail(note: ReturnNote) -> EmailMessage:
    headers = {
        "Message-ID": note.message_id,
        "Date": format_datetime(timezone.now()),
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
    }
    if note.in_reply_to.isascii() and note.in_reply_to.startswith("<"):
        headers |= {"In-Reply-To": note.in_reply_to, "References": note.in_reply_to}
    return EmailMessage(note.subject, note.text, settings.MAIL_FROM, [note.to_address], headers=headers)
