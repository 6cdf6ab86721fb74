"""What a signed unsubscribe link says: which person leaves which list."""

import base64
import binascii
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

SIGNER_SALT = "coppice.unsubscribe"


@dataclass(frozen=True)
class Subscription:
    """One person on one list, such as "community:3"; or on several, with commas between."""

    person_id: int
    list_key: str

    @property
    def list_keys(self) -> list[str]:
        """Each of the lists."""
        return self.list_key.split(",")


def make_token(person_id: int, list_key: str) -> str:
    """Return the opaque token of one person's place on one list.

    It does not follow the person's `link_secret`: an unsubscribe link must go on working in old mails, and
    all that it can do is send less.
    """
    packed = base64.urlsafe_b64encode(f"{person_id} {list_key}".encode()).decode().rstrip("=")
    return Signer(salt=SIGNER_SALT).sign(packed)


def read_token(token: str) -> Subscription | None:
    """Return what the token says, or None when it was not made here."""
    try:
        packed = Signer(salt=SIGNER_SALT).unsign(token)
        person_id, _, list_key = (
            base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode().partition(" ")
        )
    except (BadSignature, binascii.Error, UnicodeDecodeError):
        return None
    return Subscription(person_id=int(person_id), list_key=list_key)


def unsubscribe_url(person_id: int, list_key: str) -> str:
    """Return the whole address that leaves the list by one POST (RFC 8058)."""
    return settings.BASE_URL + reverse("notifications:unsubscribe", args=[make_token(person_id, list_key)])
