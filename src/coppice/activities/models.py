"""Who sits with whom in a round of a step, and who is left out."""

from django.db import models
from django.db.models import F, Q

from coppice.lib.personal import Erasure, Personal
from coppice.live.models import Participant, Step


class DrawQuerySet(models.QuerySet["Draw"]):
    def that_were_held(self) -> "DrawQuerySet":
        """Draws by which people met: not those of a round whose beginning was taken back."""
        return self.filter(round__lte=F("step__round")).exclude(step__state=Step.State.PLANNED)


class Draw(models.Model):
    """Who sits with whom in one round of a step; `changes` counts how often tables were changed since."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="draws")
    round = models.PositiveSmallIntegerField()
    changes = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["step", "round"], name="one_draw_a_round")]

    def __str__(self) -> str:
        return f"{self.step}, {self.round}"


class Seat(models.Model):
    """One participant's place in a draw: at which table, and whose turn it is when (0 begins).

    Whoever is alone at a table waits for somebody. `changed` is the count of the draw's changes that set it.
    """

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="seats")
    table = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=0)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="seats")
    changed = models.PositiveIntegerField(default=0)

    personal = Personal(
        path="participant__person",
        exports=("draw__step__room__title", "draw__step__title", "draw__round", "table"),
        because="That two people met stays as a count; the place in the room that it points to is nameless.",
    )

    class Meta:
        ordering = ["table", "turn"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "participant"], name="one_seat_in_a_draw_each"),
            models.UniqueConstraint(fields=["draw", "table", "turn"], name="one_turn_at_a_table_each"),
            models.CheckConstraint(condition=Q(table__gte=1), name="tables_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.table}"


class Absence(models.Model):
    """That somebody is left out of draws until they say, or a host says, that they are here again."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="absence")
    since = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("participant__room__title", "since"),
        on_erasure=Erasure.DELETE,
    )

    def __str__(self) -> str:
        return str(self.participant)
