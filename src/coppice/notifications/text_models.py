"""The phones that people let us text, and every text message that leaves."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from coppice.lib.personal import Erasure, Personal

LONGEST_NUMBER = 16
"""A plus and fifteen digits (ITU-T E.164)."""


class PhoneQuerySet(models.QuerySet["Phone"]):
    def open(self) -> "PhoneQuerySet":
        """Phones that may be texted: their owner proved that they hold them, and has not said stop."""
        return self.filter(confirmed_at__isnull=False, stopped_at=None)


class Phone(models.Model):
    """The one number of a person that we may text, in E.164 ("+15551234567"); nobody else ever sees it.

    Whoever proved it last holds it, and nobody else. Until `confirmed_at` only a code goes there;
    `code_digest` is what is kept of it, good until `code_until` for five `tries`. From `stopped_at` on, when
    STOP was answered, nothing goes there.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="text_phone"
    )
    number = models.CharField(max_length=LONGEST_NUMBER, db_index=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = PhoneQuerySet.as_manager()

    personal = Personal(
        path="person", exports=("number", "at", "confirmed_at", "stopped_at"), on_erasure=Erasure.DELETE
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(confirmed_at__isnull=False), name="one_holder_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number[:2]}…{self.number[-2:]}"

    @property
    def is_open(self) -> bool:
        """Whether it may be texted."""
        return self.confirmed_at is not None and self.stopped_at is None


class StoppedNumber(models.Model):
    """A number whose holder answered STOP, as a digest: nothing goes there until START, whoever enters it."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest[:8]

    @staticmethod
    def digest_of(number: str) -> str:
        """What stands for a number, and cannot be read back without the installation's secret."""
        return salted_hmac("coppice.text.stopped", number, algorithm="sha256").hexdigest()

    @classmethod
    def holds(cls, number: str) -> bool:
        """Say whether nothing may go to a number."""
        return cls.objects.filter(digest=cls.digest_of(number)).exists()


class TextMessageQuerySet(models.QuerySet["TextMessage"]):
    def due(self, at: datetime | None = None) -> "TextMessageQuerySet":
        """Texts whose turn has come."""
        return self.filter(state=TextMessage.State.WAITING, next_attempt_at__lte=at or timezone.now())

    def counted(self) -> "TextMessageQuerySet":
        """Texts that cost something, or will."""
        states = TextMessage.State
        return self.exclude(state__in=[states.WITHHELD, states.FAILED])


class TextMessage(models.Model):
    """One text message to one person, once for its occasion and period.

    `kind` says what it is: a `code` to prove a number, an `answer` to STOP and HELP, or a `notice`, which
    goes only to an open phone, by day, and until a moment. `key` is the same for every attempt. `segments`
    is what it costs. A text whose worker died, or whose provider hung up, before it was known whether it
    left, is `unsure`: it is never sent again.
    """

    class Kind(models.TextChoices):
        CODE = "code", _("Code")
        ANSWER = "answer", _("Answer")
        NOTICE = "notice", _("Notice")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        UNSURE = "unsure", _("Sent, as far as we know")
        FAILED = "failed", _("Could not be sent")
        WITHHELD = "withheld", _("Not wanted, or no more this month")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="texts")
    number = models.CharField(max_length=LONGEST_NUMBER, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind)
    occasion = models.CharField(max_length=100)
    period = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=40, blank=True)
    list_key = models.CharField(max_length=60, blank=True)
    words = models.TextField(blank=True)
    segments = models.PositiveSmallIntegerField()
    time_zone = models.CharField(max_length=64, blank=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = TextMessageQuerySet.as_manager()

    personal = Personal(
        path="person",
        exports=("number", "words", "created_at", "sent_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "occasion", "period"], name="one_text_per_occasion")
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="text_turn"),
            models.Index(fields=["scope", "created_at"], name="texts_of_scope"),
        ]

    def __str__(self) -> str:
        return self.occasion
