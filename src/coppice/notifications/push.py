"""Knocking at browsers (Web Push, RFC 8030): locked for the browser alone, signed with our own key (VAPID).

No service of anybody's stands between: a message goes to the address that the browser's maker gave it.
"""

import http.client
import json
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import get_random_string
from py_vapid import Vapid02, b64urldecode, b64urlencode

from coppice.lib import outgoing
from coppice.lib.jobs import after_commit
from coppice.lib.outgoing import NotOutside
from coppice.notifications.errors import NotABrowser
from coppice.notifications.models import Line, Message
from coppice.notifications.push_models import PushSubscription

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the curve P-256, within which a private key lies (FIPS 186-5)."""

MARK = "push_mark"
MOST_BROWSERS = 10
SECONDS_TO_LIVE = 24 * 60 * 60
CLAIMED_FOR = 12 * 60 * 60
GONE = (404, 410)

logger = logging.getLogger(__name__)


def public_key() -> str:
    """Return our public key as browsers want it: an uncompressed point, in base64url."""
    return b64urlencode(_point(_private_key()))


@transaction.atomic
def subscribe(
    person: Any, *, endpoint: str, key: str, secret: str, browser: str, session_mark: str = ""
) -> PushSubscription:
    """Let messages that ask something of a person knock at this browser from now on.

    A browser that somebody else had used is theirs no longer; of more than ten the oldest is dropped. Raises
    NotABrowser when what came is not what browsers give.
    """
    try:
        outgoing.check(endpoint, exempt=settings.PUSH_TESTED_AT)
        is_right = len(endpoint) <= 1000 and len(b64urldecode(secret.encode())) == 16
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64urldecode(key.encode()))
    except (NotOutside, ValueError, UnicodeError) as wrong:
        raise NotABrowser from wrong
    if not is_right or len(key) > 120:
        raise NotABrowser
    subscription, _is_new = PushSubscription.objects.update_or_create(
        endpoint_digest=PushSubscription.digest_of(endpoint),
        defaults={
            "person": person,
            "endpoint": endpoint,
            "key": key,
            "secret": secret,
            "browser": browser[:80],
            "session_mark": session_mark,
        },
    )
    kept = PushSubscription.objects.filter(person=person).order_by("-pk").values_list("pk", flat=True)
    PushSubscription.objects.filter(person=person).exclude(pk__in=list(kept[:MOST_BROWSERS])).delete()
    return subscription


def mark(session: Any) -> str:
    """Return what a session is known by to the browsers given in it; it outlives a change of its key."""
    return str(session.setdefault(MARK, get_random_string(32)))


def forget_session(session: Mapping[str, Any]) -> None:
    """Knock no more at the browsers that were given in a session which ends."""
    if given_in := session.get(MARK):
        PushSubscription.objects.filter(session_mark=given_in).delete()


def announce(message: Message) -> None:
    """Have a job knock for a message that has left, if it asks something of its reader."""
    if message.digest_line.get("section") == Line.Section.ANSWER:
        after_commit("coppice.notifications.tasks.knock", message_id=message.pk)


def knock(message_id: int) -> None:
    """Knock at each browser of a message's reader. Twice shows the same once: the later takes its place."""
    message = Message.objects.filter(pk=message_id).select_related("recipient").first()
    if message is None or message.recipient.erased_at or not message.recipient.is_active:
        return
    for subscription in PushSubscription.objects.filter(person=message.recipient_id):
        _send(subscription, _content(message))


def _content(message: Message) -> bytes:
    """What the service worker shows: title, words, where a click leads, and the tag that replaces doubles."""
    said = message.digest_line
    told = {
        "title": (message.list_name or said["title"])[:100],
        "body": message.subject[:200],
        "url": said["path"] or reverse("notifications:preferences"),
        "tag": message.occasion,
    }
    return json.dumps(told).encode()


def _send(subscription: PushSubscription, content: bytes) -> None:
    body = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=b64urldecode(subscription.key.encode()),
        auth_secret=b64urldecode(subscription.secret.encode()),
        version="aes128gcm",
    )
    headers = {
        **_vapid(subscription.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(SECONDS_TO_LIVE),
        "Urgency": "normal",
    }
    try:
        status = outgoing.post(subscription.endpoint, body, headers, exempt=settings.PUSH_TESTED_AT)
    except NotOutside:
        status = GONE[0]
    except (OSError, http.client.HTTPException) as failure:
        logger.warning("A browser's maker did not answer: %s", failure)
        return
    if status in GONE:
        subscription.delete()
    elif status >= 300:
        logger.warning("A browser's maker answered %d", status)


def _vapid(endpoint: str) -> dict[str, str]:
    """The header that says who sends, good for half a day (RFC 8292)."""
    parts = urlsplit(endpoint)
    told = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + CLAIMED_FOR,
        "sub": settings.BASE_URL if settings.BASE_URL.startswith("https://") else _mailbox(),
    }
    signed: dict[str, str] = Vapid02(private_key=_private_key()).sign(told)
    return signed


def _mailbox() -> str:
    return "mailto:postmaster@localhost"


def _private_key() -> ec.EllipticCurvePrivateKey:
    """Our key, drawn from the installation's secret: it is kept, backed up and changed with that."""
    drawn = HKDF(hashes.SHA256(), length=48, salt=None, info=b"coppice web push").derive(
        settings.SECRET_KEY.encode()
    )
    return ec.derive_private_key(int.from_bytes(drawn) % (ORDER - 1) + 1, ec.SECP256R1())


def _point(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
