"""A formation: its settings, its proposals and the places in them."""

import copy
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.formation.badges import Badge, BadgeLine, Encounter, Find, Handshake
from coppice.formation.frames import Frame, first_frame, frame_of
from coppice.formation.interests import Appearance, GuestInterest, Interest
from coppice.formation.marketplaces import Choice, Criterion, Marketplace, OfferedTopic, Offerer
from coppice.formation.mergers import TopicMerger
from coppice.formation.room_markets import EveningTopic, GuestWish, MarketRoom
from coppice.formation.wishes import Decider, Swap, SwapRequest
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.programs.models import Enrollment, Program, Topic, providers_of

__all__ = [
    "Appearance",
    "Badge",
    "BadgeLine",
    "Choice",
    "Criterion",
    "Decider",
    "Encounter",
    "EveningTopic",
    "Find",
    "Formation",
    "GuestInterest",
    "GuestWish",
    "Handshake",
    "Interest",
    "MarketRoom",
    "Marketplace",
    "OfferedTopic",
    "Offerer",
    "Place",
    "PlaceQuerySet",
    "Proposal",
    "ProposedCommunity",
    "Swap",
    "SwapRequest",
    "TopicMerger",
]

NOTHING_YET: Mapping[str, Any] = {"total": 0.0, "rules": {}, "broken": [], "clashes": []}


class FormationQuerySet(models.QuerySet["Formation"]):
    def visible_to(self, person: Any) -> "FormationQuerySet":
        if not person.is_authenticated:
            return self.none()
        return self.filter(program__provider__in=providers_of(person))


class Formation(models.Model):
    """One round of forming communities for a program, from its reason to its publication.

    `rules` holds what to keep together, apart or balanced, as a list of {"kind", "field", …} in the terms of
    formation.rules, and `aspects` what columns say and which topics there are, as formation.aspects has it.
    Each time it is worked out there is one proposal more; `on_table` is the one that the columns show, hand
    moves change and publication publishes.

    What a job works out is asked for here: from which `seed`, with how many `trials` (None: the usual
    number), beginning where the proposal `continues` ends, whether people moved by hand are let go
    (`lets_go`), how many may come elsewhere than in the proposal that it continues (`most_moves`; None:
    anybody), by whom and since when (`asked_by`, `asked_at`), and whether to stop with the best so far
    (`stop_asked`). `failed_at` is when the last job broke; None when it did not. `frame` is what the
    communities begin with, as formation.frames has it, and `published_by` who asked for it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Being set up")
        PROPOSING = "proposing", _("Being worked out")
        PROPOSED = "proposed", _("Proposed")
        IMPOSSIBLE = "impossible", _("Cannot hold")
        FAILED = "failed", _("Broke off")
        PUBLISHING = "publishing", _("Being published")
        PUBLISHED = "published", _("Published")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="formations")
    name = LineField(_("name"), max_length=120)
    reason = models.CharField(_("why form them beforehand"), max_length=20, choices=Community.Reason)
    minimum = models.PositiveSmallIntegerField(_("smallest size"), default=7)
    maximum = models.PositiveSmallIntegerField(_("largest size"), default=9)
    rules: Any = models.JSONField(default=list, blank=True)
    aspects: Any = models.JSONField(default=dict, blank=True, editable=False)
    on_table = models.ForeignKey(
        "Proposal", null=True, blank=True, editable=False, on_delete=models.RESTRICT, related_name="+"
    )
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    seed = models.PositiveIntegerField(default=1)
    trials = models.PositiveIntegerField(null=True, blank=True, editable=False)
    continues = models.ForeignKey(
        "Proposal", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    lets_go = models.BooleanField(default=False, editable=False)
    most_moves = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    stop_asked = models.BooleanField(default=False, editable=False)
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
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
    swaps_until = models.DateField(_("people may ask to change until"), null=True, blank=True)
    swaps_decided_by = models.CharField(
        _("who decides"), max_length=8, choices=Decider, default=Decider.MANAGER
    )

    objects = FormationQuerySet.as_manager()

    TERMS = ("reason", "minimum", "maximum", "rules", "aspects")
    """The fields that say what is asked for: each proposal keeps them as they were."""

    personal = (
        Personal(
            path="created_by",
            exports=("name", "created_at"),
            because="The formation is the program's record; its actor has lost name and address.",
        ),
        Personal(
            path="asked_by",
            exports=("name", "asked_at"),
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
    def places(self) -> "PlaceQuerySet":
        """The places of the proposal on the table; none before there is one."""
        return Place.objects.filter(proposal=self.on_table_id)

    @property
    def proposed_communities(self) -> "models.QuerySet[ProposedCommunity]":
        """The communities of the proposal on the table, in their order; none before there is one."""
        return ProposedCommunity.objects.filter(proposal=self.on_table_id)

    @property
    def outcome(self) -> Any:
        """What the engine said of the proposal on the table, or at last of why there can be none.

        As formation.outcomes has it; without scores before there is a proposal.
        """
        told = self.proposals.last() if self.is_impossible else self.on_table
        return told.outcome if told else NOTHING_YET

    @property
    def terms(self) -> dict[str, Any]:
        """Why, how large and by which rules, as plain values."""
        return {name: getattr(self, name) for name in self.TERMS}

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_impossible(self) -> bool:
        return self.state == self.State.IMPOSSIBLE

    @property
    def has_failed(self) -> bool:
        """Whether working it out broke: there is neither a proposal of it nor a reason why there is none."""
        return self.state == self.State.FAILED

    @property
    def has_failed_to_publish(self) -> bool:
        """Whether publishing it broke: nobody was invited, and it is as it was before."""
        return self.state == self.State.PROPOSED and self.failed_at is not None

    @property
    def is_shown(self) -> bool:
        """Whether its page shows the proposal on the table, and not how far a job is or what became of it."""
        return not (self.is_working or self.is_impossible or self.has_failed)

    @property
    def is_working(self) -> bool:
        """Whether a job is at it: it is being worked out, or published."""
        return self.state in {self.State.PROPOSING, self.State.PUBLISHING}

    @property
    def is_searching(self) -> bool:
        """Whether it is being worked out, so that this can be stopped."""
        return self.state == self.State.PROPOSING

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
        """What its communities begin with, as it was last written; at first the program's award.

        Where the award has begun they start on a Monday for which people can still be invited.
        """
        if self.frame:
            return frame_of(self.frame)
        today = timezone.localdate(timezone=self.program.zone)
        return first_frame(self.program.award_starts, self.program.award_ends, today=today)

    @property
    def has_swaps(self) -> bool:
        """Whether people may ask to change today, by the program's clock; the last day counts whole."""
        return (
            self.is_published
            and self.swaps_until is not None
            and timezone.localdate(timezone=self.program.zone) <= self.swaps_until
        )

    @property
    def members_agree(self) -> bool:
        return self.swaps_decided_by == Decider.MEMBERS

    @property
    def progress_key(self) -> str:
        """The name under which the job that works this out says how far it is."""
        return f"formation-{self.pk}-{self.seed}-{self.asked_at.timestamp():f}"

    @property
    def is_own_choice(self) -> bool:
        """Whether it came of a marketplace, where people chose for themselves."""
        return self.reason == Community.Reason.OWN_CHOICE

    @property
    def is_whole_cohort(self) -> bool:
        return self.reason == Community.Reason.WHOLE_COHORT


class Proposal(models.Model):
    """What came of working a formation out once: communities with places, or why there can be none.

    `settings` is what the engine was asked, as formation.inputs has it; with its people's answers, which
    their places keep, with `seed` and `trials` the same comes of it again. `objective` is the score (0 to 1)
    that the engine reached, `curve` how it came there: [share of the trials done, score so far], rising.
    `outcome` is the engine's scores, broken rules and clashes, as formation.outcomes has them; changes by
    hand are counted there, not in `objective`. `continued_from` is the proposal from whose places it began.
    `repeat_moved` says how many people had another place when it was last worked out again, to the same
    settings, at `repeated_at`.
    """

    formation = models.ForeignKey(Formation, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField(_("number"))
    name = LineField(_("name"), max_length=120, blank=True)
    note = models.TextField(_("note"), max_length=2_000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    seed = models.PositiveIntegerField()
    trials = models.PositiveIntegerField(default=0)
    objective = models.FloatField(null=True, blank=True)
    outcome: Any = models.JSONField(default=dict, blank=True)
    curve: Any = models.JSONField(default=list, blank=True)
    settings: Any = models.JSONField(default=dict, blank=True)
    continued_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    repeat_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    repeated_at = models.DateTimeField(null=True, blank=True, editable=False)
    repeat_moved = models.PositiveIntegerField(null=True, blank=True, editable=False)

    personal = Personal(
        path="made_by",
        exports=("number", "name", "note", "made_at"),
        because="The proposal is the program's record; its actor has lost name and address.",
    )

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["formation", "number"], name="proposal_number_once")]

    def __str__(self) -> str:
        return self.name or gettext("Proposal %(number)d") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("formation:kept", args=[self.pk])

    @property
    def is_impossible(self) -> bool:
        """Whether there can be no such proposal: what was asked cannot all hold."""
        return "clashes" in self.outcome

    @property
    def is_being_repeated(self) -> bool:
        """Whether somebody waits for it to be worked out again."""
        asked, done = self.repeat_asked_at, self.repeated_at
        return asked is not None and (done is None or done < asked)

    @property
    def repeat_key(self) -> str:
        """The name under which the job that works it out again says how far it is."""
        asked = self.repeat_asked_at.timestamp() if self.repeat_asked_at else 0
        return f"proposal-{self.pk}-{asked:f}"

    @property
    def is_on_table(self) -> bool:
        """Whether it is the one that its formation shows now."""
        return self.pk == self.formation.on_table_id

    @property
    def percent(self) -> int | None:
        """Its score of 100, as it stands now; None when there can be no such proposal."""
        return None if self.is_impossible else round(100 * self.outcome["total"])

    @property
    def weakest_percent(self) -> int | None:
        """The lowest score of a community, of 100; only where queries.proposals_of has read it."""
        weakest: float | None = getattr(self, "weakest", None)
        return None if weakest is None else round(100 * weakest)

    @property
    def terms(self) -> Mapping[str, Any]:
        """Why, how large and by which rules it was worked out: the formation's terms as they were."""
        return {"aspects": {}, **self.settings.get("terms", {})}  # older ones had no aspects

    def formation_then(self) -> Formation:
        """Return the formation with the terms of this proposal, and it on the table; not to be saved."""
        then = copy.copy(self.formation)
        for name, value in self.terms.items():
            setattr(then, name, value)
        then.on_table = self
        return then


class ProposedCommunity(models.Model):
    """One column of a proposal: a community that publication will make."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="proposed_communities")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = LineField(_("name"), max_length=200)
    purpose = models.TextField(_("what it is for"), blank=True)
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

    @property
    def formation(self) -> Formation:
        return self.proposal.formation


class PlaceQuerySet(models.QuerySet["Place"]):
    def current(self) -> "PlaceQuerySet":
        """Places of people who are still on the roster."""
        return self.filter(enrollment__ended_at=None)

    def asked(self) -> "PlaceQuerySet":
        """Places of people of whom the engine was told when it worked their proposal out."""
        return self.filter(came_late=False)

    def moved(self) -> "PlaceQuerySet":
        """Places into which people were put by hand, apart from those that are locked anyway."""
        return self.filter(moved_by_hand=True, is_locked=False)


class Place(models.Model):
    """One person's place in a proposal, with why.

    `answers` is what the engine was told of this person, as formation.inputs has it.
    `is_locked` keeps the place when the rest is worked out again, and so does `moved_by_hand` unless they are
    let go; `worked_out_position` is where the engine last put the person of its own accord. Whoever
    `came_late` was placed after the proposal was worked out, so the engine was not asked about them.
    """

    proposed_community = models.ForeignKey(ProposedCommunity, on_delete=models.CASCADE, related_name="places")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="places")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="places")
    answers: Any = models.JSONField(default=dict, blank=True, editable=False)
    reasons: Any = models.JSONField(default=list, blank=True)
    is_leader = models.BooleanField(_("leads"), default=False)
    is_locked = models.BooleanField(default=False)
    moved_by_hand = models.BooleanField(default=False)
    worked_out_position = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    came_late = models.BooleanField(default=False, editable=False)

    objects = PlaceQuerySet.as_manager()

    personal = Personal(
        path="enrollment__person",
        exports=("proposed_community__name", "answers", "reasons"),
        on_erasure=Erasure.CLEAR,
        cleared={"answers": {}, "reasons": []},
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "enrollment"], name="one_place_each")]

    def __str__(self) -> str:
        return f"{self.enrollment} · {self.proposed_community}"

    @property
    def formation(self) -> Formation:
        return self.proposal.formation

    @property
    def is_on_table(self) -> bool:
        """Whether it is a place in the proposal that its formation shows now."""
        return self.proposal_id == self.formation.on_table_id
