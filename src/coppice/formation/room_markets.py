"""A marketplace in a live room, and what a guest chose there; models that `models` gives out."""

from typing import Any

from django.db import models

from coppice.formation.marketplaces import Marketplace, OfferedTopic
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.live.models import Participant, Room


class MarketRoom(models.Model):
    """A live room at which people choose on a marketplace; several rooms can share one board.

    `terms` are the sizes and waits that the room gave it last; empty for a board that was open before.
    """

    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="market")
    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE, related_name="rooms")
    terms: Any = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.room} · {self.marketplace}"

    @property
    def was_kept(self) -> bool:
        """Whether its topics were kept as they stood when the room ended."""
        return bool(self.evening_topics.all())


class EveningTopic(models.Model):
    """A topic as it stood when its room ended: what happened then stays, whatever becomes of the board.

    `much`, `perhaps` and `no` are how many said so of it; None where the room did not ask.
    """

    market_room = models.ForeignKey(MarketRoom, on_delete=models.CASCADE, related_name="evening_topics")
    topic = models.ForeignKey(OfferedTopic, on_delete=models.CASCADE, related_name="+")
    name = LineField(max_length=100)
    minimum = models.PositiveSmallIntegerField()
    maximum = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField()
    waiting = models.PositiveSmallIntegerField()
    guests = models.PositiveSmallIntegerField()
    much = models.PositiveSmallIntegerField(null=True, blank=True)
    perhaps = models.PositiveSmallIntegerField(null=True, blank=True)
    no = models.PositiveSmallIntegerField(null=True, blank=True)

    personal = Personal(
        path="topic__offered_by__person",
        exports=("market_room__room__title", "name"),
        because="It tells how many gathered around a topic's name, and nobody's name.",
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class GuestWish(models.Model):
    """What a guest of a room chose: it becomes a place as soon as the program knows who they are."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="topic_wish")
    topic = models.ForeignKey(OfferedTopic, on_delete=models.CASCADE, related_name="guest_wishes")

    personal = Personal(
        path="participant__person",
        exports=("topic__name",),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "guest wishes"

    def __str__(self) -> str:
        return f"{self.participant} · {self.topic}"
