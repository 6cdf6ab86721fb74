"""The append-only record of changes, and one receipt per form sent."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coppice.lib.personal import Erasure, Personal


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, scope: str) -> "EntryQuerySet":
        """Entries of one program or provider, such as "program:7"."""
        return self.filter(scope=scope)


class Entry(models.Model):
    """One change: who did it, when, to what, in the same transaction as the change itself.

    `scope` names whose record it is ("program:7", "provider:2", or "person:5" for a person's own account).
    `verb` is a stable dotted code ("meeting.planned"); `subject_kind`, `subject_id` and `subject_name` tell
    of what, as it was called then; `detail` holds JSON of what changed, never somebody's free words.
    """

    scope = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The person whom the change concerns, when there is one."),
    )
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    subject_name = models.CharField(max_length=200, blank=True)
    detail: Any = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = EntryQuerySet.as_manager()

    personal = (
        Personal(
            path="actor",
            exports=("verb", "subject_kind", "at"),  # names of subjects are often those of others
            because="What was done stays; the actor it points to has lost name and address.",
        ),
        Personal(
            path="about",
            exports=("verb", "at"),
            on_erasure=Erasure.CLEAR,
            cleared={"subject_name": "", "detail": {}},
        ),
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["scope", "-at", "-id"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind}:{self.subject_id}"


class Receipt(models.Model):
    """One row per form sent, so that a double click or a blind retry counts once.

    `key` is a digest of the form's own random key and the person, `answers` of the path and of what was sent
    to it last; `at` is when. An answer without a body (a redirect) is given again from status and headers. Of
    one that `had_body` nothing but the status is kept, for pages hold names.
    """

    key = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    answers = models.CharField(max_length=64, default="")
    status = models.PositiveSmallIntegerField()
    headers: Any = models.JSONField(default=dict, blank=True)
    had_body = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now=True)

    personal = Personal(path="person", on_erasure=Erasure.DELETE)

    class Meta:
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return self.key
