"""What a conversation decides: the question, its options with what they mean, and what each member says."""

import zoneinfo
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coppice.communities.consents import WorkedThrough
from coppice.communities.models import Community, Membership
from coppice.conversations.models import Thread, untold_of
from coppice.conversations.peace_models import TalkStop
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.lib.questions import Given

LONGEST_BACKGROUND = 3000
LONGEST_OUTCOME = 3000
LONGEST_MEANING = 300
MOST_OPTIONS = 12
MOST_DOTS = 20
FEWEST_COUNTED = 5
"""Answers without names are counted from so many on."""

REMINDED_BEFORE = timedelta(days=1)


def hidden_question(decision: str) -> Callable[[Any], Q]:
    """Return which rows lead to a hidden question of somebody else; `decision` is the lookup there."""
    start = f"{decision}__" if decision else ""
    hidden, opener = f"{start}question_hidden_at__isnull", f"{start}opened_by"
    return lambda person: Q(**{hidden: False}) & ~Q(**{opener: person.pk})


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, person: Any) -> "DecisionQuerySet":
        """Decisions of communities that a person may know of; who may read them is `can_read`."""
        return self.filter(thread__community__in=Community.objects.visible_to(person))

    def undecided(self) -> "DecisionQuerySet":
        """Those whose outcome nobody has written yet."""
        return self.filter(outcome_at=None)

    def decided(self) -> "DecisionQuerySet":
        return self.exclude(outcome_at=None).order_by("-outcome_at", "-pk")

    def with_reasons_to_read(self) -> "DecisionQuerySet":
        """Those without names that are over and have reasons which wait, and nobody was asked to read."""
        waiting = Ballot.objects.filter(
            decision=OuterRef("pk"), words_hidden_at__isnull=False, remarks__isnull=True
        )
        over = Q(outcome_at__isnull=False) | Q(closes_at__lte=timezone.now())
        return self.filter(over, Exists(waiting), is_secret=True)

    def waiting_for(self, person_id: int | Given, *, at: datetime | Given) -> "DecisionQuerySet":
        """Open ones that a member has not answered and may answer: see `decision_board.asked_of`."""
        said = Ballot.objects.filter(decision=OuterRef("pk"), membership__person=person_id)
        here: dict[str, Any] = {"community": OuterRef("thread__community"), "person": person_id}
        members = Membership.objects.taking_part().filter(**here)
        leaders = Membership.objects.leaders().filter(**here)
        stops = TalkStop.objects.current(at).filter(**here)
        asking = self.undecided().filter(question_hidden_at=None)
        waiting = asking.filter(~Exists(said), Exists(members), ~Exists(stops), closes_at__gt=at)
        return waiting.filter(Q(thread__locked_at=None) | Exists(leaders))


class Decision(models.Model):
    """One question to a community in a thread; its outcome is always written in words.

    People answer until `closes_at`, or until the outcome is written. `time_zone` is the organizer's, in which
    `closes_at` was meant. With `is_secret` nobody sees who said what. `told_at`, `reminded_at`,
    `outcome_told_at` say when the mails were written, `wanted` how often whoever opened it was asked for its
    outcome, `edited_at` when it began to ask in other words, or its options in another order.
    While the question is hidden (`question_hidden_at`), with what belongs to it, nobody is asked and nobody
    answers.
    """

    class Kind(models.TextChoices):
        ONE = "one", pgettext_lazy("kind of a decision", "Choose one")
        SEVERAL = "several", pgettext_lazy("kind of a decision", "Choose several")
        DOTS = "dots", pgettext_lazy("kind of a decision", "Give dots")
        RANKING = "ranking", pgettext_lazy("kind of a decision", "Put in order")
        CONSENT = "consent", pgettext_lazy("kind of a decision", "Consent")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(_("how you decide"), max_length=8, choices=Kind)
    question = LineField(_("question"), max_length=200)
    background = models.TextField(_("what one should know"), max_length=LONGEST_BACKGROUND, blank=True)
    is_secret = models.BooleanField(_("without names"), default=False)
    dots = models.PositiveSmallIntegerField(_("dots for each person"), default=0)
    time_zone = models.CharField(_("time zone"), max_length=64)
    closes_at = models.DateTimeField(_("people answer until"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, editable=False)
    outcome = models.TextField(_("what was decided"), max_length=LONGEST_OUTCOME, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    outcome_at = models.DateTimeField(null=True, editable=False)
    question_hidden_at = models.DateTimeField(null=True, editable=False)
    outcome_hidden_at = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    wanted = models.PositiveSmallIntegerField(default=0, editable=False)
    outcome_told_at = models.DateTimeField(null=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    personal = (
        Personal(
            path="opened_by",
            exports=("thread__title", "question", "background", "opened_at"),
            untold={"thread__title": untold_of("thread")},
            because="A decision belongs to its community; who opened it has lost name and address.",
        ),
        Personal(
            path="outcome_by",
            exports=("question", "outcome", "outcome_at"),
            untold={"question": hidden_question("")},
            because="What was decided belongs to the community; who wrote it has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["closes_at"], name="undecided", condition=Q(outcome_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["thread"], condition=Q(outcome_at=None), name="one_decision_at_a_time"
            ),
            models.CheckConstraint(condition=Q(outcome_at=None) | ~Q(outcome=""), name="outcomes_have_words"),
        ]

    def __str__(self) -> str:
        return self.question if self.question_hidden_at is None else str(_("A question that is hidden"))

    def get_absolute_url(self) -> str:
        return reverse("conversations:decision", args=[self.pk])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def is_decided(self) -> bool:
        return self.outcome_at is not None

    @property
    def shown_outcome(self) -> str:
        """The outcome as everybody may read it; "" while there is none, or it is hidden."""
        return self.outcome if self.outcome_hidden_at is None else ""

    @property
    def is_open(self) -> bool:
        """Whether people can still answer, or change what they said."""
        return not self.is_decided and timezone.now() < self.closes_at

    @property
    def ended_at(self) -> datetime:
        """When people can answer no more: as planned, or since the outcome was written."""
        return min(self.closes_at, self.outcome_at) if self.outcome_at else self.closes_at

    @property
    def is_consent(self) -> bool:
        return self.kind == self.Kind.CONSENT

    @property
    def has_names(self) -> bool:
        return not self.is_secret

    def shows_counts(self, answered: int) -> bool:
        """Whether the counts of so many answers without names are shown, so that nobody answers any more."""
        return self.is_secret and not self.is_open and answered >= FEWEST_COUNTED

    @property
    def reminds_at(self) -> datetime:
        """When those who have not answered are reminded: a day before, or halfway through a shorter time."""
        return max(self.closes_at - REMINDED_BEFORE, self.opened_at + (self.closes_at - self.opened_at) / 2)


class Option(models.Model):
    """One of the answers, and what follows from it ("we move to Tuesdays from May")."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="options")
    label = LineField(_("option"), max_length=120)
    meaning = LineField(_("what it means"), max_length=LONGEST_MEANING, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "label"], name="each_option_once"),
        ]

    def __str__(self) -> str:
        return self.label


class Ballot(WorkedThrough):
    """What one member says; the latest counts.

    `words` is their reason; `stance` is what they say to a proposal, empty where there are options.
    `entered_by` typed it for somebody else, from paper or the phone; `mail_id` is the kept original of an
    answer by mail. `words_hidden_at` and `reply_hidden_at` say since when its words, and those with which
    `replied_by` answered an objection, are hidden or wait for a yes; what it chooses counts all the same.
    """

    class Stance(models.TextChoices):
        AGREE = "agree", _("I agree")
        NOTE = "note", _("I agree, with a note")
        ASIDE = "aside", _("I stand aside: I would not do it, and do not hinder it")
        OBJECT = "object", _("I object, and say why")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="ballots")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="ballots")
    stance = models.CharField(max_length=8, choices=Stance, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    mail_id = models.PositiveBigIntegerField(null=True, editable=False)
    words_hidden_at = models.DateTimeField(null=True, editable=False)
    reply_hidden_at = models.DateTimeField(null=True, editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    personal = (
        Personal(
            path="membership__person",
            exports=("decision__question", "stance", "words", "proposal", "reply", "is_resolved", "at"),
            untold={
                "decision__question": hidden_question("decision"),
                "reply": lambda _person: Q(reply_hidden_at__isnull=False),
            },
            on_erasure=Erasure.CLEAR,
            cleared={"words": "", "proposal": "", "reply": ""},
        ),
        Personal(path="entered_by", exports=(), because="Who typed it has lost name and address."),
        Personal(path="replied_by", exports=("reply",), because="Who answered has lost name and address."),
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["decision", "membership"], name="one_ballot_each")]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.membership_id}"

    @property
    def objects_to_it(self) -> bool:
        return self.stance == self.Stance.OBJECT


class Choice(models.Model):
    """One option that a member chose: with so many dots, or at which place of their order, else 1."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="choices")
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="choices")
    weight = models.PositiveSmallIntegerField(default=1)

    personal = Personal(
        path="ballot__membership__person",
        exports=("ballot__decision__question", "option__label", "weight"),
        untold={
            "ballot__decision__question": hidden_question("ballot__decision"),
            "option__label": hidden_question("ballot__decision"),
        },
        because="The count of answers stays; the membership it points to is nameless.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "option"], name="each_option_chosen_once")]

    def __str__(self) -> str:
        return f"{self.option_id}: {self.weight}"
