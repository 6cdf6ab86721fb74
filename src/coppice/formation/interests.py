"""What people say of a marketplace's topics before they choose, and who agreed to be on its profile board."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.formation.marketplaces import Marketplace, OfferedTopic
from coppice.lib.personal import Erasure, Personal
from coppice.live.models import Participant
from coppice.programs.models import Enrollment


class Interest(models.Model):
    """How much a topic interests somebody of the roster; the latest word counts, and there is one.

    `guest` is the place in a live room from which they said it before the program knew them.
    """

    class Level(models.IntegerChoices):
        NO = 0, _("No")
        PERHAPS = 1, _("Perhaps")
        MUCH = 2, _("Much")

    topic = models.ForeignKey(OfferedTopic, on_delete=models.CASCADE, related_name="interests")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="interests")
    level = models.PositiveSmallIntegerField(choices=Level)
    said_at = models.DateTimeField(default=timezone.now, editable=False)
    guest = models.ForeignKey(
        Participant,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="interests",
    )

    personal = Personal(
        path="enrollment__person",
        exports=("topic__marketplace__name", "topic__name", "level", "said_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "enrollment"], name="one_interest_in_a_topic_each")
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.get_level_display()}"


class GuestInterest(models.Model):
    """What a guest of a live room said of a topic: a person's word once the program knows who they are."""

    topic = models.ForeignKey(OfferedTopic, on_delete=models.CASCADE, related_name="guest_interests")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="guest_interests")
    level = models.PositiveSmallIntegerField(choices=Interest.Level)
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    personal = Personal(
        path="participant__person",
        exports=("topic__marketplace__name", "topic__name", "level", "said_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "participant"], name="one_interest_of_a_guest_each")
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.get_level_display()}"


class Appearance(models.Model):
    """That somebody agreed to be shown on the profile board of a marketplace, until they take it back."""

    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE, related_name="appearances")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="appearances")
    since = models.DateTimeField(default=timezone.now, editable=False)

    personal = Personal(
        path="enrollment__person",
        exports=("marketplace__name", "since"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "enrollment"], name="one_appearance_each")
        ]

    def __str__(self) -> str:
        return f"{self.enrollment}, {self.marketplace}"
