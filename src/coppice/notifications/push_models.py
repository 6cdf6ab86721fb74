"""The browsers that people let us knock at."""

from hashlib import sha256

from django.conf import settings
from django.db import models

from coppice.lib.personal import Erasure, Personal


class PushSubscription(models.Model):
    """One browser of one person: where its maker takes messages for it, and the keys that only it can open.

    `endpoint` is an https address at the browser's maker; `key` and `secret` are what the browser gave
    (RFC 8291: its public key of P-256 and 16 bytes), in base64url. One browser belongs to whom it was last
    asked by. `browser` is how we call it to its owner. It is knocked at until the session ends in which it
    was given, which bears the `session_mark`.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.CharField(max_length=1000)
    endpoint_digest = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=120)
    secret = models.CharField(max_length=40)
    browser = models.CharField(max_length=80)
    session_mark = models.CharField(max_length=40, blank=True, db_index=True)
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(path="person", exports=("browser", "at"), on_erasure=Erasure.DELETE)

    def __str__(self) -> str:
        return self.browser

    @staticmethod
    def digest_of(endpoint: str) -> str:
        """What stands for an endpoint, which is too long to be unique by itself."""
        return sha256(endpoint.encode()).hexdigest()
