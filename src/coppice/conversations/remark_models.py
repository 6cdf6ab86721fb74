"""What of a decision's words somebody is asked to look at: flagged, hidden, or waiting for a yes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from coppice.communities.models import Community
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.moderation_models import FlagOf, HeldPost
from coppice.lib.personal import Erasure, Personal


class RemarkQuerySet(models.QuerySet["Remark"]):
    def waiting(self) -> "RemarkQuerySet":
        """Reasons that nobody has looked at yet; none of whoever had themself erased."""
        return self.filter(held=HeldPost.State.WAITING).exclude(
            ballot__membership__person__erased_at__isnull=False
        )


class Remark(models.Model):
    """Words of a decision that one person wrote, once somebody flagged or hid them, or they wait for a yes.

    `author` is None for a reason without names: about that decides the program's staff, and never by whom it
    is. `held` is as with a first post, "" for what never waited. What is hidden or waits has its moment in
    the decision or the ballot as well (`HIDDEN_IN`), so that whatever reads these knows.
    """

    class Part(models.TextChoices):
        QUESTION = "question", pgettext_lazy("words of a decision", "The question")
        OUTCOME = "outcome", pgettext_lazy("words of a decision", "The outcome")
        ANSWER = "answer", pgettext_lazy("words of a decision", "A reason")
        REPLY = "reply", pgettext_lazy("words of a decision", "The answer to an objection")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="remarks")
    ballot = models.ForeignKey(Ballot, null=True, on_delete=models.CASCADE, related_name="remarks")
    part = models.CharField(max_length=8, choices=Part)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    held = models.CharField(max_length=8, choices=HeldPost.State, blank=True)
    told_at = models.DateTimeField(null=True, editable=False)
    hidden_at = models.DateTimeField(null=True, editable=False)
    hidden_reason = models.TextField(blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField(default=timezone.now)

    objects: Any = RemarkQuerySet.as_manager()

    personal = (
        Personal(
            path="author",
            exports=("part", "held", "hidden_at", "hidden_reason"),
            on_erasure=Erasure.CLEAR,
            cleared={"hidden_reason": ""},
        ),
        Personal(
            path="ballot__membership__person",
            on_erasure=Erasure.CLEAR,
            cleared={"hidden_reason": ""},
        ),
        Personal(
            path="hidden_by",
            exports=("part", "hidden_reason", "hidden_at"),
            because="Whoever hid it has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "part"], condition=Q(ballot=None), name="one_remark_a_part"
            ),
            models.UniqueConstraint(fields=["ballot", "part"], name="one_remark_a_part_of_a_ballot"),
        ]
        indexes = [
            models.Index(fields=["community"], name="remarks_that_wait", condition=Q(held="waiting")),
        ]

    def __str__(self) -> str:
        return str(self.get_part_display())

    @property
    def is_nameless(self) -> bool:
        """Whether nobody may learn who wrote it: a reason where answers have no names."""
        return self.part == self.Part.ANSWER and self.decision.is_secret

    @property
    def words(self) -> str:
        """What it says, as plain text; "" once its author had themself erased."""
        decision, ballot = self.decision, self.ballot
        if self.part == self.Part.OUTCOME:
            return decision.outcome
        if self.part == self.Part.REPLY:
            return ballot.reply if ballot else ""
        if self.part == self.Part.ANSWER:
            return "\n\n".join(filter(None, [ballot.words, ballot.proposal])) if ballot else ""
        options = [" · ".join(filter(None, [each.label, each.meaning])) for each in decision.options.all()]
        return "\n\n".join(filter(None, [decision.question, decision.background, "\n".join(options)]))


P = Remark.Part

HIDDEN_IN = {
    P.QUESTION: "question_hidden_at",
    P.OUTCOME: "outcome_hidden_at",
    P.ANSWER: "words_hidden_at",
    P.REPLY: "reply_hidden_at",
}
"""Where a decision (question, outcome) or a ballot (answer, reply) keeps since when its words are hidden."""


class RemarkFlagQuerySet(models.QuerySet["RemarkFlag"]):
    def open(self) -> "RemarkFlagQuerySet":
        """Flags that nobody has decided about, of words that can still be read."""
        return self.filter(decided_at=None, remark__hidden_at=None).exclude(HAS_NO_WORDS)


class RemarkFlag(FlagOf):
    """That somebody asks whoever decides to look at words of a decision, and why; see `Flag`."""

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="flags")

    objects: Any = RemarkFlagQuerySet.as_manager()

    personal = (
        Personal(
            path="flagged_by",
            exports=("remark__part", "reason", "words", "at"),
            on_erasure=Erasure.CLEAR,
            cleared={"flagged_by": None, "words": ""},
        ),
        Personal(path="remark__author", on_erasure=Erasure.CLEAR, cleared={"words": ""}),
        Personal(path="remark__ballot__membership__person", on_erasure=Erasure.CLEAR, cleared={"words": ""}),
        Personal(
            path="decided_by",
            exports=("remark__part", "decision", "decided_at"),
            because="Whoever decided has lost name and address.",
        ),
    )

    class Meta(FlagOf.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["remark", "flagged_by"],
                condition=Q(decided_at=None),
                name="one_open_flag_each_of_a_remark",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())


HAS_NO_WORDS = Q(
    remark__part__in=[P.ANSWER, P.REPLY], remark__ballot__membership__person__erased_at__isnull=False
)
"""Flags of what whoever had themself erased wrote as a reason, or was answered."""

REMARK_WAITS = Q(held=HeldPost.State.WAITING) | Q(
    pk__in=RemarkFlag.objects.filter(decided_at=None).values("remark"), hidden_at=None
)
"""Remarks about which somebody has to decide."""
