"""A formation: its settings, its proposal and the places in it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.formation.frames import Frame, frame_of
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.programs.models import Enrollment, Program, Topic, providers_of


class FormationQuerySet(models.QuerySet["Formation"]):
    def visible_to(self, person: Any) -> "FormationQuerySet":
        if not person.is_authenticated:
            return self.none()
        return self.filter(program__provider__in=providers_of(person))


class Formation(models.Model):
    """One round of forming communities for a program, from its reason to its publication.

    `rules` holds what to keep together, apart or balanced, as a list of {"kind", "field", …} in the terms of
    formation.rules; `outcome` the engine's scores, broken rules and clashes, as formation.outcomes has them.
    With `seed` the same people and rules give the same proposal. `asked_at` says since when it is worked out
    or published; `frame` is what the communities begin with, as formation.frames has it, and `published_by`
    who asked for it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Being set up")
        PROPOSING = "proposing", _("Being worked out")
        PROPOSED = "proposed", _("Proposed")
        IMPOSSIBLE = "impossible", _("Cannot hold")
        PUBLISHING = "publishing", _("Being published")
        PUBLISHED = "published", _("Published")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="formations")
    name = LineField(_("name"), max_length=120)
    reason = models.CharField(_("why form them beforehand"), max_length=20, choices=Community.Reason)
    minimum = models.PositiveSmallIntegerField(_("smallest size"), default=7)
    maximum = models.PositiveSmallIntegerField(_("largest size"), default=9)
    rules: Any = models.JSONField(default=list, blank=True)
    seed = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    outcome: Any = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    frame: Any = models.JSONField(default=dict, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects = FormationQuerySet.as_manager()

    personal = (
        Personal(
            path="created_by",
            exports=("name", "created_at"),
            because="The formation is the program's record; its actor has lost name and address.",
        ),
        Personal(
            path="published_by",
            exports=("name", "published_at"),
            because="The formation is the program's record; its actor has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("formation:formation", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_impossible(self) -> bool:
        return self.state == self.State.IMPOSSIBLE

    @property
    def is_working(self) -> bool:
        """Whether a job is at it: it is being worked out, or published."""
        return self.state in {self.State.PROPOSING, self.State.PUBLISHING}

    @property
    def can_change(self) -> bool:
        """Whether people can be moved by hand: there is a proposal, and it is not published yet."""
        return self.state == self.State.PROPOSED

    @property
    def can_be_removed(self) -> bool:
        """Whether it may go: nobody was invited by it, or is about to be."""
        return self.state not in {self.State.PUBLISHING, self.State.PUBLISHED}

    @property
    def begins_with(self) -> Frame:
        """What its communities begin with, as it was last written; at first the program's award."""
        if self.frame:
            return frame_of(self.frame)
        return Frame(starts_on=self.program.award_starts, ends_on=self.program.award_ends)

    @property
    def progress_key(self) -> str:
        """The name under which the job that works this out says how far it is."""
        return f"formation-{self.pk}-{self.seed}-{self.asked_at.timestamp():f}"

    @property
    def is_whole_cohort(self) -> bool:
        return self.reason == Community.Reason.WHOLE_COHORT


class ProposedCommunity(models.Model):
    """One column of a proposal: a community that publication will make."""

    formation = models.ForeignKey(Formation, on_delete=models.CASCADE, related_name="proposed_communities")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = LineField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField()
    minimum = models.PositiveSmallIntegerField()
    maximum = models.PositiveSmallIntegerField()
    score = models.FloatField(null=True, blank=True)
    named_by_hand = models.BooleanField(default=False, editable=False)
    community = models.OneToOneField(
        Community, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposed_as"
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "proposed communities"

    def __str__(self) -> str:
        return self.name


class PlaceQuerySet(models.QuerySet["Place"]):
    def current(self) -> "PlaceQuerySet":
        """Places of people who are still on the roster."""
        return self.filter(enrollment__ended_at=None)

    def moved(self) -> "PlaceQuerySet":
        """Places into which people were put by hand, apart from those that are locked anyway."""
        return self.filter(moved_by_hand=True, is_locked=False)


class Place(models.Model):
    """One person's place in a proposal, with why.

    `is_locked` keeps it when the rest is worked out again, and so does `moved_by_hand` unless they are
    let go; `worked_out_position` is where the engine last put the person of its own accord.
    """

    proposed_community = models.ForeignKey(ProposedCommunity, on_delete=models.CASCADE, related_name="places")
    formation = models.ForeignKey(Formation, on_delete=models.CASCADE, related_name="places")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="places")
    reasons: Any = models.JSONField(default=list, blank=True)
    is_leader = models.BooleanField(_("leads"), default=False)
    is_locked = models.BooleanField(default=False)
    moved_by_hand = models.BooleanField(default=False)
    worked_out_position = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    objects = PlaceQuerySet.as_manager()

    personal = Personal(
        path="enrollment__person",
        exports=("proposed_community__name", "reasons"),
        on_erasure=Erasure.CLEAR,
        cleared={"reasons": []},
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["formation", "enrollment"], name="one_place_each")]

    def __str__(self) -> str:
        return f"{self.enrollment} · {self.proposed_community}"
