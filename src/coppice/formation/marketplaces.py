"""A topic marketplace: topics that people offer, and who chose which; models that `models` gives out."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.live.models import Participant
from coppice.programs.models import Enrollment, Program, providers_of

LARGEST = 200
MOST_WAITS = 5


class Offerer(models.TextChoices):
    """Who may put a topic up."""

    EVERYBODY = "everybody", _("Everybody on the roster")
    STAFF = "staff", _("Only we do")


class MarketplaceQuerySet(models.QuerySet["Marketplace"]):
    def visible_to(self, person: Any) -> "MarketplaceQuerySet":
        """Marketplaces of programs that a person runs, or on whose roster they are."""
        if not person.is_authenticated:
            return self.none()
        enrolled = Enrollment.objects.current().filter(person=person).values("program")
        return self.filter(Q(program__provider__in=providers_of(person)) | Q(program__in=enrolled))

    def unsettled(self) -> "MarketplaceQuerySet":
        """Marketplaces of which nothing has been made yet."""
        return self.filter(formation=None)


class Marketplace(models.Model):
    """A board of topics on which a program's people choose their own communities, open for some days.

    `closes_on` is its last day, by the program's clock, and counts whole. Sizes are people in a topic.
    Everybody has one place at most, and waits for `waits` other topics at most. `formation` is the round
    that was made of it; as long as there is none, it is open or waits for the staff. `is_online`: its people
    are written to; a live room's board is not until the staff say so.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="marketplaces")
    name = LineField(_("name"), max_length=120)
    minimum = models.PositiveSmallIntegerField(
        _("smallest size"), default=6, validators=[MinValueValidator(1), MaxValueValidator(LARGEST)]
    )
    maximum = models.PositiveSmallIntegerField(
        _("largest size"), default=12, validators=[MinValueValidator(1), MaxValueValidator(LARGEST)]
    )
    closes_on = models.DateField(_("last day"))
    offered_by = models.CharField(
        _("who may offer a topic"), max_length=10, choices=Offerer, default=Offerer.EVERYBODY
    )
    waits = models.PositiveSmallIntegerField(
        _("how many waitlists beside one's place"), default=2, validators=[MaxValueValidator(MOST_WAITS)]
    )
    is_online = models.BooleanField(default=True, editable=False)
    formation = models.OneToOneField(
        "formation.Formation", null=True, blank=True, on_delete=models.SET_NULL, related_name="marketplace"
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = MarketplaceQuerySet.as_manager()

    personal = Personal(
        path="opened_by",
        exports=("name", "opened_at"),
        because="The marketplace is the program's record; its actor has lost name and address.",
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum__gte=1, maximum__gte=F("minimum"), maximum__lte=LARGEST),
                name="marketplace_sizes_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("formation:marketplace", args=[self.pk])

    @property
    def today(self) -> date:
        """The day by the program's clock."""
        return timezone.localdate(timezone=self.program.zone)

    @property
    def is_settled(self) -> bool:
        """Whether a round was made of it."""
        return self.formation_id is not None

    @property
    def is_open(self) -> bool:
        """Whether people choose and offer today."""
        return not self.is_settled and self.today <= self.closes_on

    @property
    def days_left(self) -> int:
        """Days until the last one; 0 on the last day itself, negative after it."""
        return (self.closes_on - self.today).days

    @property
    def everybody_offers(self) -> bool:
        return self.offered_by == Offerer.EVERYBODY

    @property
    def list_key(self) -> str:
        """The mailing list that an unsubscribe leaves."""
        return f"marketplace:{self.pk}"


class OfferedTopicQuerySet(models.QuerySet["OfferedTopic"]):
    def visible_to(self, person: Any) -> "OfferedTopicQuerySet":
        """Topics as the staff work on them: of programs that this person runs."""
        return self.filter(marketplace__program__provider__in=providers_of(person))

    def standing(self) -> "OfferedTopicQuerySet":
        """Topics that were neither made part of another nor hidden."""
        return self.filter(merged_into=None, hidden_at=None)


class OfferedTopic(models.Model):
    """A topic put up on a marketplace: by somebody of the roster (`offered_by`), or by the staff (nobody).

    `guest` is whose place in a live room it was put up from by somebody whom the program did not know yet.
    `offerer_leads`: whoever offered it said they would lead it. `own_maximum` is its own largest size, where
    the staff gave it one. After `closed_at` nobody comes in, after `hidden_at` it is on no board and nobody's
    place. `merged_into` is what it became part of, `asked_into` where its people are asked to go.
    """

    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE, related_name="topics")
    name = LineField(_("topic"), max_length=100)
    why = models.TextField(_("why it is worth our time"), max_length=600, blank=True)
    offered_by = models.ForeignKey(
        Enrollment, null=True, blank=True, on_delete=models.SET_NULL, related_name="offered_topics"
    )
    guest = models.ForeignKey(
        Participant,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="offered_topics",
    )
    offerer_leads = models.BooleanField(_("they would lead it"), default=False)
    own_maximum = models.PositiveSmallIntegerField(_("largest size"), null=True, blank=True)
    offered_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="merged"
    )
    asked_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    origin = models.CharField(max_length=40, blank=True, editable=False)

    objects = OfferedTopicQuerySet.as_manager()

    personal = tuple(
        Personal(
            path=path,
            exports=("marketplace__name", "name", "why", "offerer_leads", "offered_at"),
            because=(
                "Others have gathered around the topic's name; whoever offered it has lost name and address, "
                "and why they did goes as well (formation.receivers)."
            ),
        )
        for path in ("offered_by__person", "guest__person")
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "name"], condition=Q(merged_into=None), name="one_topic_of_a_name"
            ),
            models.UniqueConstraint(
                fields=["marketplace", "origin"], condition=~Q(origin=""), name="one_topic_of_an_origin"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("formation:offered_topic", args=[self.pk])

    @property
    def program(self) -> Program:
        return self.marketplace.program

    @property
    def maximum(self) -> int:
        """So many people at most have a place in it."""
        return self.own_maximum or self.marketplace.maximum

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_standing(self) -> bool:
        """Whether it is on the board: neither part of another nor hidden."""
        return self.merged_into_id is None and self.hidden_at is None

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None


class ChoiceQuerySet(models.QuerySet["Choice"]):
    def places(self) -> "ChoiceQuerySet":
        """Choices that are a place, of people who are on the roster; none in a hidden topic."""
        return self.filter(is_waiting=False, enrollment__ended_at=None, topic__hidden_at=None)

    def waiting(self) -> "ChoiceQuerySet":
        """Choices that wait for a place, of people who are on the roster, the first to come first."""
        rows = self.filter(is_waiting=True, enrollment__ended_at=None, topic__hidden_at=None)
        return rows.order_by("since", "pk")


class Choice(models.Model):
    """One person's place in a topic, or their wait for one (`is_waiting`) since a moment.

    `marketplace` is that of the topic: a person has one place in it at most. `from_paper`: the staff entered
    it for them. `stays`: asked to go along into another topic, they said no. `guest`: the place in a live
    room from which they chose it before the program knew them.
    """

    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE, related_name="choices")
    topic = models.ForeignKey(OfferedTopic, on_delete=models.CASCADE, related_name="choices")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="topic_choices")
    is_waiting = models.BooleanField(default=False)
    from_paper = models.BooleanField(default=False)
    stays = models.BooleanField(default=False)
    guest = models.ForeignKey(
        Participant,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="topic_choices",
    )
    since = models.DateTimeField(default=timezone.now)

    objects = ChoiceQuerySet.as_manager()

    personal = Personal(
        path="enrollment__person",
        exports=("topic__name", "is_waiting", "from_paper", "since"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "enrollment"], name="one_choice_of_a_topic"),
            models.UniqueConstraint(
                fields=["marketplace", "enrollment"],
                condition=Q(is_waiting=False),
                name="one_place_in_a_marketplace",
            ),
        ]
        indexes = [models.Index(fields=["marketplace", "enrollment"], name="choices_of_one_person")]

    def __str__(self) -> str:
        return f"{self.enrollment} · {self.topic}"


class Criterion(models.Model):
    """A line of "who is this for", written by somebody who has a place in the topic."""

    topic = models.ForeignKey(OfferedTopic, on_delete=models.CASCADE, related_name="criteria")
    written_by = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="written_criteria")
    text = LineField(_("who is this for?"), max_length=160)
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    personal = Personal(
        path="written_by__person",
        exports=("topic__name", "text", "written_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return self.text
