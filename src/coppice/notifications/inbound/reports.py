"""What providers tell over HTTP of mail of ours: refused, put off, unwanted. It counts as by mail."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from time import time
from typing import Any

from anymail.signals import EventType, RejectReason
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.crypto import constant_time_compare

from coppice.notifications.inbound import bounces, pausing
from coppice.notifications.inbound.bounces import Kind
from coppice.notifications.inbound.leaving import leave_list_of
from coppice.notifications.inbound.reading import well_formed
from coppice.notifications.inbound.webhooks import Provider, events_of
from coppice.notifications.models import Message

MOST_KEPT = 50
YOUNGEST = 5 * 60
"""A signature with a time (Svix) holds for so many seconds."""

PROVIDERS = {
    "brevo": Provider("brevo.BrevoTrackingWebhookView"),
    "mailersend": Provider("mailersend.MailerSendTrackingWebhookView", key="signing_secret"),
    "mailgun": Provider("mailgun.MailgunTrackingWebhookView", key="webhook_signing_key"),
    "mailjet": Provider("mailjet.MailjetTrackingWebhookView"),
    "mandrill": Provider("mandrill.MandrillCombinedWebhookView", key="webhook_key"),
    "postmark": Provider("postmark.PostmarkTrackingWebhookView"),
    "resend": Provider("resend.ResendTrackingWebhookView"),
    "sparkpost": Provider("sparkpost.SparkPostTrackingWebhookView"),
}
UNWANTED = {EventType.COMPLAINED, EventType.UNSUBSCRIBED}
LATE = {EventType.DEFERRED, EventType.FAILED}
GONE = {RejectReason.INVALID, RejectReason.BOUNCED}
NO_RECIPIENT = {"10", "30"}
"""SparkPost's classes of bounces that say that there is nobody; all others may pass."""

type Webhook = Callable[[HttpRequest], int]


@dataclass(frozen=True)
class Told:
    """What one event says of a mail; `key` is the same each time that it is told."""

    kind: Kind
    said: str
    recipient: str
    message_id: str
    key: str


def webhook_of(person: Any, *, provider: str, secret: str) -> Webhook:
    """Return what takes a provider's reports; raises Http404 for a wrong secret, and where none is set."""
    wanted = settings.INBOUND_WEBHOOK_SECRET
    if not wanted or not constant_time_compare(secret, wanted) or provider not in PROVIDERS:
        raise Http404
    return lambda request: take_all(request, provider)


def take_all(request: HttpRequest, provider: str) -> int:
    """Take every report of a request, and return how many are new and of a mail of ours.

    Raises BadRequest when the request cannot be read or is not the provider's.
    """
    events = events_of(request, PROVIDERS[provider], key=settings.REPORTS_WEBHOOK_KEY)
    if provider == "resend" and settings.REPORTS_WEBHOOK_KEY:
        _require_svix(request, settings.REPORTS_WEBHOOK_KEY)
    told = [found for event in events if (found := _told(event, provider)) is not None]
    return sum(_take(each) for each in told)


def _told(event: Any, provider: str) -> Told | None:
    kind = _kind(event, provider)
    if kind is None:
        return None
    said = " ".join(str(event.mta_response or event.description or event.reject_reason or "").split())
    recipient = str(event.recipient or "").strip().lower()
    message_id = str(event.message_id or "").strip()
    # Some sign each repeat anew, so what an event is called does not say that it is the same.
    at = event.timestamp.isoformat() if event.timestamp else str(event.event_id)
    key = "|".join((provider, message_id, str(event.event_type), kind, recipient, at))
    return Told(
        kind=kind,
        said=well_formed(said),
        recipient=recipient,
        message_id=message_id,
        key=hashlib.blake2b(key.encode(errors="replace"), digest_size=12).hexdigest(),
    )


def _kind(event: Any, provider: str) -> Kind | None:
    """What an event means; None for what says nothing bad."""
    is_unwanted = event.event_type in UNWANTED or event.reject_reason == RejectReason.SPAM
    if is_unwanted:
        return Kind.COMPLAINT
    if event.event_type in LATE:
        return Kind.SOFT
    if event.event_type == EventType.REJECTED:
        return Kind.HARD if event.reject_reason in GONE else Kind.SOFT
    if event.event_type != EventType.BOUNCED:
        return None
    said = str(event.mta_response or "")
    is_soft = _is_called_soft(event.esp_event, provider) or (
        bool(bounces.STATUS.search(said)) and bounces.is_for_now(said)
    )
    return Kind.SOFT if is_soft else Kind.HARD


def _is_called_soft(said: Any, provider: str) -> bool:
    """Whether the provider itself calls a bounce one that may pass."""
    match provider:
        case "brevo" | "mandrill":
            return said.get("event") == "soft_bounce"
        case "mailersend":
            return (said.get("data") or {}).get("type") == "soft_bounced"
        case "mailjet":
            return not said.get("hard_bounce", False)
        case "postmark":
            return said.get("Type") != "HardBounce"
        case "resend":
            bounce = (said.get("data") or {}).get("bounce") or {}
            return bounce.get("type", "Permanent") != "Permanent"
        case "sparkpost":
            (event,) = said["msys"].values()
            return str(event.get("bounce_class")) not in NO_RECIPIENT
        case _:  # Mailgun says so by another kind of event
            return False


@transaction.atomic
def _take(told: Told) -> bool:
    """Do what a report says, once; one of no mail of ours, or of another address, does nothing."""
    if not told.message_id:
        return False
    ids = Q(provider_id=told.message_id) | Q(message_id__in=[told.message_id, f"<{told.message_id}>"])
    message = Message.objects.select_for_update(of=("self",)).select_related("recipient").filter(ids).first()
    if message is None or told.key in message.reports:
        return False
    if told.kind is not Kind.COMPLAINT and message.to_address.lower() != told.recipient:
        return False
    Message.objects.filter(pk=message.pk).update(reports=[*message.reports, told.key][-MOST_KEPT:])
    if told.kind is Kind.COMPLAINT:
        leave_list_of(message)
    else:
        pausing.note_refusal(message, is_hard=told.kind is Kind.HARD, said=told.said)
    return True


def _require_svix(request: HttpRequest, secret: str) -> None:
    """Raise BadRequest unless Svix signed a request just now, as it does for Resend."""
    number, at = request.headers.get("svix-id", ""), request.headers.get("svix-timestamp", "")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        is_young = abs(time() - int(at)) <= YOUNGEST
    except (binascii.Error, ValueError) as wrong:
        raise BadRequest("not signed") from wrong
    signed = hmac.new(key, f"{number}.{at}.".encode() + request.body, hashlib.sha256).digest()
    wanted = f"v1,{base64.b64encode(signed).decode()}"
    given = request.headers.get("svix-signature", "").split()
    if not is_young or not any(constant_time_compare(each, wanted) for each in given):
        raise BadRequest("not signed by the provider")
