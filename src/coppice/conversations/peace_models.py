"""Keeping the peace: distance that one takes from another, a stop for a person, the code of conduct."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coppice.communities.models import Community
from coppice.conversations.moderation_models import LONGEST_REASON
from coppice.lib.personal import Erasure, Personal
from coppice.lib.questions import Given

LONGEST_CONDUCT = 10_000


class Distance(models.Model):
    """That `person` wants to hear less of `other` in a community; nobody else ever learns of it."""

    class Kind(models.TextChoices):
        MUTE = "mute", pgettext_lazy("distance from a person", "Muted")
        BLOCK = "block", pgettext_lazy("distance from a person", "Blocked")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    at = models.DateTimeField(default=timezone.now)

    personal = (
        Personal(path="person", exports=("community__name", "kind", "at"), on_erasure=Erasure.DELETE),
        Personal(path="other", on_erasure=Erasure.DELETE),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "person", "other"], name="one_distance_each")
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class TalkStopQuerySet(models.QuerySet["TalkStop"]):
    def current(self, at: datetime | Given | None = None) -> "TalkStopQuerySet":
        """Stops that hold now, or then."""
        return self.filter(lifted_at=None, until__gt=at or timezone.now())


class TalkStop(models.Model):
    """That somebody may read and not write in a community until a moment, and why."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    reason = models.TextField(_("why"), max_length=LONGEST_REASON)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, editable=False)

    objects: Any = TalkStopQuerySet.as_manager()

    personal = (
        Personal(
            path="person",
            exports=("community__name", "until", "reason", "at", "lifted_at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(
            path="by",
            exports=("community__name", "until", "at"),
            because="Whoever said it has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"], condition=Q(lifted_at=None), name="one_stop_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.person_id}"


class Conduct(models.Model):
    """One version of how people of a community treat each other, as Markdown; the highest number counts."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="conducts")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("how we treat each other"), max_length=LONGEST_CONDUCT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField(default=timezone.now)

    personal = Personal(
        path="written_by",
        exports=("community__name", "number", "text", "at"),
        because="It is the community's text; whoever wrote it down has lost name and address.",
    )

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="one_conduct_a_number")]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.number}"


class ConductYes(models.Model):
    """That somebody said they keep to the code of conduct of a community, in which version and when.

    Version 0 is the text that every community has until it writes its own.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    personal = Personal(path="person", exports=("community__name", "number", "at"), on_erasure=Erasure.DELETE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "person", "number"], name="one_yes_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.person_id}"
