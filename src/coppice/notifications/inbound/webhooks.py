"""Mail that a provider brings over HTTP: anymail reads what each of them sends, we take it as any other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from django.conf import settings
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.http import Http404, HttpRequest
from django.utils.crypto import constant_time_compare

from coppice.notifications.inbound import folders, reading, taking, turning_away
from coppice.notifications.inbound.envelopes import recipients

# A mail of 25 MB is a third longer in the letters of JSON.
LARGEST_REQUEST = 40 * 1024 * 1024
RAW = "raw"
NOT_OF_THE_PROVIDER = (AnymailError, AnymailWebhookValidationFailure, ImproperlyConfigured)
NOT_AS_TOLD = (LookupError, TypeError, ValueError, AttributeError, AssertionError)


@dataclass(frozen=True)
class Provider:
    """A provider that brings mail: anymail's view, and what it calls the key that the provider signs with."""

    view: str
    key: str = ""


PROVIDERS = {
    "brevo": Provider("brevo.BrevoInboundWebhookView", key="api_key"),
    "mailersend": Provider("mailersend.MailerSendInboundWebhookView", key="inbound_secret"),
    "mailgun": Provider("mailgun.MailgunInboundWebhookView", key="webhook_signing_key"),
    "mailjet": Provider("mailjet.MailjetInboundWebhookView"),
    "mandrill": Provider("mandrill.MandrillCombinedWebhookView", key="webhook_key"),
    "postmark": Provider("postmark.PostmarkInboundWebhookView"),
    "sparkpost": Provider("sparkpost.SparkPostInboundWebhookView"),
}


@dataclass(frozen=True)
class Brought:
    """One mail of a request: its bytes, and its envelope (None and "" where the provider does not tell)."""

    raw: bytes
    mail_from: str | None
    rcpt_to: str


type Webhook = Callable[[HttpRequest], Iterator[Brought]]


def webhook_of(person: Any, *, provider: str, secret: str) -> Webhook:
    """Return what reads a provider's requests; raises Http404 for a wrong secret, and where none is set."""
    wanted = settings.INBOUND_WEBHOOK_SECRET
    if not wanted or not constant_time_compare(secret, wanted):
        raise Http404
    if provider == RAW:
        return _raw
    if provider not in PROVIDERS:
        raise Http404
    return lambda request: _through_anymail(request, PROVIDERS[provider])


def take_all(request: HttpRequest, webhook: Webhook) -> int:
    """Take every mail of a request, and return how many are new.

    A mail that is not for us is left out, and one that is too large or too tangled is answered kindly:
    brought again they would be no better. Raises BadRequest when the request cannot be read or is not the
    provider's.
    """
    new = 0
    for brought in webhook(request):
        try:
            new += folders.take_file(brought.raw, mail_from=brought.mail_from, rcpt_to=brought.rcpt_to)
        except (taking.TooLarge, taking.TooTangled) as refused:
            turning_away.turn_away(brought.raw, refused, mail_from=brought.mail_from, rcpt_to=brought.rcpt_to)
        except taking.NotOurs:
            continue
    return new


def _raw(request: HttpRequest) -> Iterator[Brought]:
    """Read a whole mail (message/rfc822) as a worker or script of one's own posts it; `?from=` and `?to=`."""
    yield Brought(
        raw=_body(request), mail_from=request.GET.get("from"), rcpt_to=request.GET.get("to", "").lower()
    )


def _through_anymail(request: HttpRequest, provider: Provider) -> Iterator[Brought]:
    for event in events_of(request, provider, key=settings.INBOUND_WEBHOOK_KEY):
        message = getattr(event, "message", None)
        if message is None:
            continue
        recipient = (message.envelope_recipient or "").strip("<> ").lower()
        sender = message.envelope_sender
        raw = message.as_bytes()
        if recipient and taking.refusal(recipient) is not None:
            # Some name the mailbox that they brought it to, not the address that it was sent to.
            ours = recipients(reading.read(raw))
            recipient = ours[0] if ours else recipient
        yield Brought(raw=raw, mail_from=sender, rcpt_to=recipient)


def events_of(request: HttpRequest, provider: Provider, *, key: str) -> list[Any]:
    """Return what a request tells, as anymail reads it, once it is known to be the provider's.

    Raises BadRequest when it cannot be read or is not signed with the provider's `key`.
    """
    module, _dot, name = provider.view.partition(".")
    keys = {provider.key: key} if provider.key else {}
    view = getattr(import_module(f"anymail.webhooks.{module}"), name)
    if request.content_type == "application/json":
        request._body = _body(request)
    try:
        reader = view(webhook_secret=["our own secret is in the address"], **keys)
        reader.basic_auth = None
        reader.run_validators(request)
        return list(reader.parse_events(request))
    except (*NOT_OF_THE_PROVIDER, *NOT_AS_TOLD) as wrong:
        raise BadRequest("not what the provider sends") from wrong


def _body(request: HttpRequest) -> bytes:
    body = request.read(LARGEST_REQUEST + 1)
    if len(body) > LARGEST_REQUEST:
        raise BadRequest("larger than any mail that we take")
    return body
