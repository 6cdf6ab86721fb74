"""Whether mail leaves: the way to the mail server, what waits in the outbox, and one mail to try."""

import smtplib
from datetime import timedelta

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, mailers
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.health.condition import Condition
from coppice.lib.mailers import PROVIDERS
from coppice.notifications.inbound_models import ReceivedMail
from coppice.notifications.models import Message
from coppice.notifications.text_models import TextMessage
from coppice.notifications.texts.providers import chosen
from coppice.notifications.texts.sending import NO_MORE

LONGEST_WAIT = timedelta(hours=1)
SHOWN_FOR = timedelta(days=7)


def mail() -> Condition:
    """Whether the mail server lets us in, and mail names a sender that is ours."""
    if settings.MAIL_BACKEND == "keep":
        return Condition("mail", True, _("Mail stays in the outbox: set COPPICE_SMTP_HOST to have it sent."))
    if settings.MAIL_FROM.rstrip(">").endswith("@localhost"):
        return Condition("mail", False, _("COPPICE_MAIL_FROM names no sender: give it an address of yours."))
    if settings.MAIL_BACKEND in PROVIDERS:
        words = _("%(provider)s takes our mail: a test mail shows whether its key is right.")
        return Condition("mail", True, words % {"provider": PROVIDERS[settings.MAIL_BACKEND].name})
    mailer = mailers.default
    try:
        mailer.open()
        mailer.close()
    except (OSError, smtplib.SMTPException) as failure:
        return Condition("mail", False, _("The mail server does not let us in: %s") % failure)
    return Condition("mail", True, _("The mail server lets us in."))


def outbox() -> Condition:
    """Whether mail has waited for long, or could not be sent this week."""
    now = timezone.now()
    try:
        late = Message.objects.due(now - LONGEST_WAIT).count()
        retried = Message.objects.filter(state=Message.State.WAITING, attempts__gt=1).count()
        failed = Message.objects.failed().filter(next_attempt_at__gt=now - SHOWN_FOR).count()
    except DatabaseError:
        return Condition("outbox", False, _("The outbox cannot be looked at: see to the database first."))
    if late:
        words = _("Mails that should have left an hour ago: %(count)d. Restart the server.")
        return Condition("outbox", False, words % {"count": late})
    if failed:
        words = _("Mails that could not be sent this week: %(count)d. Each program shows them under Mail.")
        return Condition("outbox", False, words % {"count": failed})
    if retried:
        words = _("Mails that are tried again, because the mail server did not take them: %(count)d.")
        return Condition("outbox", True, words % {"count": retried})
    return Condition("outbox", True, _("No mail is late."))


def arrivals() -> Condition:
    """Whether a mail that came in this week broke what reads it."""
    since = timezone.now() - SHOWN_FOR
    try:
        broken = ReceivedMail.objects.filter(state=ReceivedMail.State.FAILED, received_at__gt=since).count()
    except DatabaseError:
        return Condition("arrivals", False, _("What came in cannot be looked at: see to the database first."))
    if broken:
        words = _(
            "Mails that came in this week and could not be read: %(count)d. The log says why. "
            "Upgrade Coppice, then run `coppice read-again`."
        )
        return Condition("arrivals", False, words % {"count": broken})
    return Condition("arrivals", True, _("Every mail that came in this week was read."))


def texts() -> Condition:
    """Whether text messages can leave, and did this week."""
    try:
        chosen()
    except ImproperlyConfigured as wrong:
        return Condition("texts", False, str(wrong))
    week = TextMessage.objects.filter(created_at__gt=timezone.now() - SHOWN_FOR)
    try:
        failed = week.filter(state__in=[TextMessage.State.FAILED, TextMessage.State.UNSURE])
        count, last = failed.count(), failed.values_list("last_error", flat=True).first()
        held = week.filter(state=TextMessage.State.WITHHELD, last_error=NO_MORE).count()
    except DatabaseError:
        return Condition("texts", False, _("Texts cannot be looked at: see to the database first."))
    if count:
        words = _("Texts that the provider did not take this week: %(count)d. It last said: %(last)s")
        return Condition("texts", False, words % {"count": count, "last": last})
    if held:
        words = _(
            "Texts that were not sent this week because the month has had its number: %(count)d. See "
            "COPPICE_TEXT_A_MONTH and COPPICE_TEXT_SEGMENTS_A_MONTH."
        )
        return Condition("texts", True, words % {"count": held})
    return Condition("texts", True, _("The provider took every text of this week."))


def test_mail(address: str) -> Condition:
    """Send one mail past the outbox, and say what the mail server answered."""
    if settings.MAIL_BACKEND == "keep":
        return Condition(
            "test mail", False, _("Nothing is sent without a mail server: set COPPICE_SMTP_HOST.")
        )
    words = _("This mail shows that Coppice at %(address)s can send.") % {"address": settings.BASE_URL}
    message = EmailMessage(_("Mail works"), words, settings.MAIL_FROM, [address])
    try:
        mailers.default.send_messages([message])
    except (OSError, smtplib.SMTPException, AnymailError, ValueError) as failure:
        return Condition("test mail", False, _("The mail server did not take it: %s") % failure)
    words = _("The mail server took a mail to %(address)s: look for it, also among the unwanted mail.")
    return Condition("test mail", True, words % {"address": address})
