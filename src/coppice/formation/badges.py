"""Badges of a live room, who met whom, and who wants to stick together; models that `models` gives out."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.formation.marketplaces import OfferedTopic
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.live.models import Participant, Room, Step

LONGEST_ON_A_BADGE = 60
MOST_ON_A_BADGE = 3
"""So many interests, and so many skills, stand on a badge at most."""


class Badge(models.Model):
    """What one participant of a room wrote about themself; its `number` is how others say whom they met.

    `changes` counts what its owner did, for a phone to show the form anew. `kept_off` are the keys of lines
    that hosts hid and its owner then took away: written again, they are hidden still. `former_numbers` are
    those of badges that turned out to be its owner's as well: people wear them, and they lead here.
    """

    known_lines: "Sequence[BadgeLine] | None" = None

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="badges")
    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="badge")
    number = models.PositiveIntegerField()
    changes = models.PositiveIntegerField(default=0)
    kept_off: Any = models.JSONField(default=list, editable=False)
    former_numbers: Any = models.JSONField(default=list, editable=False)
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("room__title", "number", "former_numbers", "kept_off", "at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["room", "number"], name="one_badge_of_a_number")]

    def __str__(self) -> str:
        return f"{self.participant}, {self.number}"

    @property
    def lines_on(self) -> Sequence["BadgeLine"]:
        """Its lines, in their order: those that came with it, else asked for."""
        return self.known_lines if self.known_lines is not None else list(self.lines.all())


class BadgeLine(models.Model):
    """One interest or skill on a badge; `key` is its words without case and accents.

    Hosts take what does not belong there off all screens (`is_hidden`), and put it back.
    """

    class Kind(models.TextChoices):
        INTEREST = "interest", _("What draws me")
        SKILL = "skill", _("What I can bring")

    badge = models.ForeignKey(Badge, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=8, choices=Kind)
    words = LineField(max_length=LONGEST_ON_A_BADGE)
    key = models.CharField(max_length=2 * LONGEST_ON_A_BADGE)
    is_hidden = models.BooleanField(default=False)

    personal = Personal(
        path="badge__participant__person",
        exports=("badge__room__title", "kind", "words"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["badge", "kind", "key"], name="one_line_of_these_words_on_a_badge"
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_interest(self) -> bool:
        return self.kind == BadgeLine.Kind.INTEREST


class Encounter(models.Model):
    """That one participant noted in a round that they met who wears a badge; `at`: the last time."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="encounters")
    round = models.PositiveSmallIntegerField()
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="encounters")
    badge = models.ForeignKey(Badge, on_delete=models.CASCADE, related_name="encounters")
    at = models.DateTimeField(default=timezone.now)

    personal = (
        Personal(
            path="participant__person",
            exports=("step__room__title", "badge__number", "round", "at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(
            path="badge__participant__person",
            exports=("step__room__title", "round", "at"),
            on_erasure=Erasure.DELETE,
        ),
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "round", "participant", "badge"], name="one_encounter_a_round_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.badge}"


class Find(models.Model):
    """That a participant shares an interest on a badge, or could use a skill on it."""

    line = models.ForeignKey(BadgeLine, on_delete=models.CASCADE, related_name="finds")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="finds")
    at = models.DateTimeField(auto_now_add=True)

    personal = (
        Personal(
            path="participant__person",
            exports=("line__badge__room__title", "line__kind", "line__words", "at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(
            path="line__badge__participant__person",
            exports=("line__badge__room__title", "line__words", "at"),
            on_erasure=Erasure.DELETE,
        ),
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "participant"], name="one_find_of_a_line_each")
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.line}"


class Handshake(models.Model):
    """One participant's "let us stick together", to somebody (`to`) or to those of a group; the answer.

    A group is a topic on the room's board. With a yes `topic` is the group that both are in by it; before,
    it is set only where a group is asked. `words` are what a new group would be called.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        AGREED = "agreed", _("Both said yes")
        DECLINED = "declined", _("Not now")
        TAKEN_BACK = "taken_back", _("Taken back")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="handshakes")
    by = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="handshakes")
    to = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.CASCADE, related_name="offered_handshakes"
    )
    topic = models.ForeignKey(
        OfferedTopic, null=True, blank=True, on_delete=models.SET_NULL, related_name="handshakes"
    )
    words = LineField(max_length=LONGEST_ON_A_BADGE, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    personal = (
        Personal(
            path="by__person",
            exports=("room__title", "words", "topic__name", "state", "at", "answered_at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(
            path="to__person",
            exports=("room__title", "topic__name", "state", "at", "answered_at"),
            on_erasure=Erasure.DELETE,
        ),
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "to"], condition=Q(state="open"), name="one_open_handshake_with_somebody"
            ),
            models.UniqueConstraint(
                fields=["by", "topic"],
                condition=Q(state="open", to=None),
                name="one_open_handshake_with_a_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}, {self.get_state_display()}"
