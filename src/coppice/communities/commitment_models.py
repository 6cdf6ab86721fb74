"""What people of a community committed to, by when, where it came from, and what came of it."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.programs.validators import FIRST_DAY, LAST_DAY, validate_day

LONGEST_COMMITMENT = 240
LONGEST_OUTCOME = 1000


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, person: Any) -> "CommitmentQuerySet":
        return self.filter(community__in=Community.objects.visible_to(person))

    def theirs(self) -> "CommitmentQuerySet":
        """All but those that their person calls not theirs, which count for nothing anywhere."""
        return self.exclude(word=Commitment.Word.NOT_MINE)

    def of_people_here(self) -> "CommitmentQuerySet":
        """Those of members who are in, whether active or pausing."""
        return self.filter(membership__in=Membership.objects.taking_part())

    def open(self) -> "CommitmentQuerySet":
        """Those that wait for an outcome: made, or tried and not done yet, and not called not theirs."""
        return self.theirs().filter(state__in=[Commitment.State.MADE, Commitment.State.TRIED])

    def due(self, on: date) -> "CommitmentQuerySet":
        """Those whose day has come, and those done before it; without what its person calls not theirs."""
        return self.theirs().filter(Q(due_on__lte=on) | Q(state=Commitment.State.DONE))


class Commitment(models.Model):
    """One person's word that they do something.

    `source` is what it came from; a room above names the thing in `source_key` ("meeting:12"), once for each.
    `outcome` is what came of it: how it went, or why it was dropped. `word` is what its person says about a
    commitment that somebody else wrote down or changed for them; empty where nobody needs to ask. What they
    call not theirs keeps its state and outcome, and neither counts.
    """

    class State(models.TextChoices):
        MADE = "made", _("Not begun yet")
        TRIED = "tried", _("Tried")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    class Source(models.TextChoices):
        PLAN = "plan", _("The action plan")
        MEETING = "meeting", _("A meeting")
        ROOM = "room", _("A live room")
        OTHER = "other", _("Something else")

    class Word(models.TextChoices):
        ASKED = "asked", _("They have yet to say whether it is right")
        RIGHT = "right", _("That is right")
        NOT_MINE = "not_mine", _("That is not mine")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="commitments")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="commitments")
    what = LineField(_("what"), max_length=LONGEST_COMMITMENT)
    due_on = models.DateField(_("by when"), null=True, blank=True, validators=[validate_day])
    source = models.CharField(_("where it came from"), max_length=8, choices=Source, default=Source.OTHER)
    source_key = models.CharField(max_length=80, blank=True, editable=False)
    state = models.CharField(_("how it stands"), max_length=8, choices=State, default=State.MADE)
    outcome = models.TextField(_("what came of it"), max_length=LONGEST_OUTCOME, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    word = models.CharField(max_length=8, choices=Word, blank=True, editable=False)
    reminded_before = models.BooleanField(default=False, editable=False)
    reminded_after = models.BooleanField(default=False, editable=False)

    objects = CommitmentQuerySet.as_manager()

    personal = Personal(
        path="membership__person",
        exports=(
            "community__name",
            "what",
            "due_on",
            "source",
            "state",
            "outcome",
            "word",
            "created_at",
            "settled_at",
        ),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="commitments_have_words"),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(outcome=""), name="dropping_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=FIRST_DAY, due_on__lte=LAST_DAY),
                name="commitments_are_of_our_time",
            ),
            models.UniqueConstraint(
                fields=["community", "source_key"],
                condition=~Q(source_key=""),
                name="a_source_makes_a_commitment_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="commitments_that_wait",
                condition=Q(state__in=["made", "tried"]),
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.MADE, self.State.TRIED} and self.word != self.Word.NOT_MINE
