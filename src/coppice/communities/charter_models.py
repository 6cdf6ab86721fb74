"""A community's charter: what it is drafted from, versions that were proposed, and who consents to each."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities import consents
from coppice.communities.consents import LONGEST_CONSENT as LONGEST_CONSENT  # where forms look for it
from coppice.communities.models import Community, Membership
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.programs.validators import validate_day

LONGEST_PART = 3000
UNDONE_WITHIN = timedelta(minutes=15)
"""So long whoever closed a charter before its last day can let people answer again."""


class CharterText(models.Model):
    """The parts that a charter has beside the plan."""

    mission = models.TextField(_("mission"), max_length=LONGEST_PART, blank=True)
    scope = models.TextField(_("what belongs to it, and what does not"), max_length=LONGEST_PART, blank=True)
    sponsor = LineField(_("sponsor"), max_length=240, blank=True)
    norms = models.TextField(_("how we treat each other"), max_length=LONGEST_PART, blank=True)
    confidentiality = models.TextField(_("what stays among us"), max_length=LONGEST_PART, blank=True)

    class Meta:
        abstract = True


PARTS = ("mission", "scope", "sponsor", "norms", "confidentiality")


class CharterDraft(CharterText):
    """What a community's next charter would say; the plan is added when it is proposed."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="charter_draft")

    def __str__(self) -> str:
        return self.mission[:80]


class CharterQuerySet(models.QuerySet["Charter"]):
    def visible_to(self, person: Any) -> "CharterQuerySet":
        return self.filter(community__in=Community.objects.visible_to(person))

    def open(self) -> "CharterQuerySet":
        """Those that people are asked about."""
        return self.filter(state=Charter.State.PROPOSED)


class Charter(CharterText):
    """One version of a charter, as it was proposed: its words never change.

    `plan` is the action plan of that day, as [[question, text], …]. People answer until `closes_on`, by the
    community's clock; `closed_by` is who ended that before.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Everybody is asked")
        ADOPTED = "adopted", _("Adopted")
        NOT_ADOPTED = "not_adopted", _("Not adopted")
        REPLACED = "replaced", _("Replaced by a newer one")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="charters")
    number = models.PositiveIntegerField()
    plan: Any = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(default=timezone.now)
    closes_on = models.DateField(_("people answer until"), validators=[validate_day])
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    personal = Personal(
        path="closed_by",
        exports=("community__name", "number", "closed_at"),
        because="A charter belongs to its community; whoever closed it has lost name and address.",
    )

    objects = CharterQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="a_charter_has_one_of_each_version"),
            models.UniqueConstraint(
                fields=["community"], condition=Q(state="proposed"), name="one_charter_is_asked_about"
            ),
        ]

    def __str__(self) -> str:
        return _("Version %(number)d") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("communities:charter_version", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PROPOSED

    def can_be_reopened_by(self, person: Any) -> bool:
        """Whether somebody closed it themself a short while ago, before its last day was over."""
        if self.closed_by_id is None or self.closed_by_id != person.pk or self.closed_at is None:
            return False
        was_closed = self.state in {self.State.ADOPTED, self.State.NOT_ADOPTED}
        return was_closed and timezone.now() < self.closed_at + UNDONE_WITHIN

    def is_due(self, on: date) -> bool:
        """Whether the last day to answer is over."""
        return self.is_open and self.closes_on < on


class Consent(consents.WorkedThrough):
    """What one member says about one version."""

    class Answer(models.TextChoices):
        AGREE = "agree", _("I agree")
        NOTE = "note", _("I agree, with a note")
        OBJECT = "object", _("I object, and say why")

    Way = consents.Way

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="consents")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="consents")
    answer = models.CharField(max_length=8, choices=Answer)
    answered_at = models.DateTimeField(default=timezone.now)

    personal = Personal(
        path="membership__person",
        exports=("charter__number", "answer", "words", "proposal", "reply", "is_resolved", "answered_at"),
        on_erasure=Erasure.CLEAR,
        cleared={"words": "", "proposal": "", "reply": ""},
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["charter", "membership"], name="one_answer_each_to_a_charter")
        ]

    def __str__(self) -> str:
        return self.get_answer_display()

    @property
    def objects_to_it(self) -> bool:
        return self.answer == self.Answer.OBJECT
