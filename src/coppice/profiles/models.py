"""What people need and offer, what stands for what they know, and the needs assessment of a whole roster."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.photos.models import FILES, Photo
from coppice.programs.models import Enrollment, Program, Topic, providers_of
from coppice.surveys.models import Wave

LONGEST_WORDS = 500
LONGEST_STORY = 2000


class NeedsAssessmentQuerySet(models.QuerySet["NeedsAssessment"]):
    def visible_to(self, person: Any) -> "NeedsAssessmentQuerySet":
        """Assessments of programs that the person runs."""
        return self.filter(wave__program__provider__in=providers_of(person))


class NeedsAssessment(models.Model):
    """That a wave asks how important each topic of a program is, and how confident people are in it."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="needs_assessment")

    objects = NeedsAssessmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.wave.name

    def get_absolute_url(self) -> str:
        return reverse("profiles:assessment", args=[self.pk])

    @property
    def last_day(self) -> date:
        """The last day on which people answer, by the program's clock."""
        return self.wave.last_day

    @property
    def is_open(self) -> bool:
        """Whether people can answer now."""
        return self.wave.is_open

    @property
    def program(self) -> Program:
        return self.wave.program


class Audience(models.TextChoices):
    """Who sees one thing that a person says of themself, beside the people who run the program."""

    STAFF = "staff", _("Only me and the people who run the program")
    COMMUNITIES = "communities", _("My communities")
    PROGRAM = "program", _("Everybody in the program")


class Source(models.TextChoices):
    """How a need or an offer came to be kept."""

    SELF = "self", pgettext_lazy("where a need came from", "Said by themself")
    PAPER = "paper", pgettext_lazy("where a need came from", "Entered from paper")
    ACTIVITY = "activity", pgettext_lazy("where a need came from", "Said at a live activity")
    MEETING = "meeting", pgettext_lazy("where a need came from", "Said at a meeting")


class Profile(models.Model):
    """What one person's page shows beside needs and offers, and who sees it.

    Time zone, languages and free hours stand in the roster row (`Enrollment`), which is their only place;
    here stands who may see them.
    """

    enrollment = models.OneToOneField(Enrollment, on_delete=models.CASCADE, related_name="profile")
    object_name = LineField(_("the object"), max_length=120, blank=True)
    object_story = models.TextField(_("its story"), max_length=LONGEST_STORY, blank=True)
    object_audience = models.CharField(max_length=12, choices=Audience, default=Audience.COMMUNITIES)
    hours_audience = models.CharField(max_length=12, choices=Audience, default=Audience.COMMUNITIES)
    languages_audience = models.CharField(max_length=12, choices=Audience, default=Audience.COMMUNITIES)

    personal = Personal(
        path="enrollment__person",
        exports=(
            "enrollment__program__name",
            "object_name",
            "object_story",
            "object_audience",
            "hours_audience",
            "languages_audience",
        ),
        on_erasure=Erasure.DELETE,
    )

    def __str__(self) -> str:
        return str(self.enrollment)


class ObjectPhoto(Photo):
    """The photo of a profile's object; seen by whom the object is."""

    profile = models.OneToOneField(Profile, on_delete=models.CASCADE, related_name="photo")

    personal = Personal(
        path="profile__enrollment__person",
        exports=("id", "profile__object_name", "alt", "added_at"),
        files=FILES,
        on_erasure=Erasure.DELETE,
    )


class SaidQuerySet[Row: "Said"](models.QuerySet[Row]):
    """What needs and offers are asked for alike."""

    def of_program(self, program: Program) -> "SaidQuerySet[Row]":
        """What people on a program's roster say now; nothing of who was taken off it."""
        return self.filter(enrollment__program=program, enrollment__ended_at=None)

    def shown_to(self, *audiences: str) -> "SaidQuerySet[Row]":
        """What is shared with one of these audiences."""
        return self.filter(audience__in=audiences)


class Said(models.Model):
    """What needs and offers have in common: whose, about which topic, in which words, seen by whom.

    `topic_said` is what the topic was called then, for when the program drops it. `source_key` names the job
    or act that wrote it, so that the same one twice writes once; "" where nobody would repeat it.
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="%(class)ss")
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("topic"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    topic_said = LineField(max_length=120, blank=True, editable=False)
    text = models.TextField(_("in your own words"), max_length=LONGEST_WORDS, blank=True)
    audience = models.CharField(
        _("who sees this"), max_length=12, choices=Audience, default=Audience.COMMUNITIES
    )
    source = models.CharField(max_length=10, choices=Source, default=Source.SELF)
    source_key = models.CharField(max_length=80, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(topic_said="", text=""), name="%(class)s_has_topic_or_words"),
            models.UniqueConstraint(
                fields=["enrollment", "source_key"],
                condition=~Q(source_key=""),
                name="one_%(class)s_per_source",
            ),
        ]

    @property
    def topic_name(self) -> str:
        """What its topic is called; as it was called then when the program dropped it; "" without one."""
        return self.topic.name if self.topic else self.topic_said

    @property
    def words(self) -> str:
        """What the person wrote, else the name of the topic."""
        return self.text or self.topic_name

    @property
    def program(self) -> Program:
        return self.enrollment.program


class Need(Said):
    """Something that a person needs."""

    class Urgency(models.TextChoices):
        NOW = "now", pgettext_lazy("how urgent a need is", "This week")
        SOON = "soon", pgettext_lazy("how urgent a need is", "In the next months")
        SOMETIME = "sometime", pgettext_lazy("how urgent a need is", "It can wait")

    class State(models.TextChoices):
        RAISED = "raised", pgettext_lazy("state of a need", "Raised")
        PRIORITIZED = "prioritized", pgettext_lazy("state of a need", "Put first")
        ADDRESSED = "addressed", pgettext_lazy("state of a need", "Helped")
        RETIRED = "retired", pgettext_lazy("state of a need", "No longer needed")

    urgency = models.CharField(_("how soon"), max_length=10, choices=Urgency, default=Urgency.SOON)
    state = models.CharField(_("where it stands"), max_length=12, choices=State, default=State.RAISED)

    objects = SaidQuerySet["Need"].as_manager()

    personal = Personal(
        path="enrollment__person",
        exports=("topic_said", "text", "urgency", "state", "audience", "source", "created_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta(Said.Meta):
        indexes = [models.Index(fields=["topic", "state"], name="needs_of_a_topic")]

    def __str__(self) -> str:
        return self.topic_name or str(_("A need in their own words"))

    @property
    def is_open(self) -> bool:
        """Whether somebody still needs it."""
        return self.state in OPEN_NEEDS


OPEN_NEEDS = (Need.State.RAISED, Need.State.PRIORITIZED)


class Expertise(Said):
    """An offer: something that a person knows, how well, and how much they would help with it."""

    class Level(models.TextChoices):
        BEGUN = "begun", pgettext_lazy("how deep somebody knows a thing", "I have tried it")
        DOES = "does", pgettext_lazy("how deep somebody knows a thing", "I do it often")
        SHOWS = "shows", pgettext_lazy("how deep somebody knows a thing", "I can show others")

    class Availability(models.TextChoices):
        CALL = "call", pgettext_lazy("how much somebody would help", "One short call")
        HOURS = "hours", pgettext_lazy("how much somebody would help", "An hour now and then")
        MORE = "more", pgettext_lazy("how much somebody would help", "More than that")

    class State(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("state of an offer", "You may ask me")
        PAUSED = "paused", pgettext_lazy("state of an offer", "Not at the moment")
        RETIRED = "retired", pgettext_lazy("state of an offer", "No longer offered")

    level = models.CharField(_("how well I know it"), max_length=10, choices=Level, default=Level.DOES)
    availability = models.CharField(
        _("how much I would help"), max_length=10, choices=Availability, default=Availability.CALL
    )
    state = models.CharField(_("may people ask"), max_length=10, choices=State, default=State.OFFERED)

    objects = SaidQuerySet["Expertise"].as_manager()

    personal = Personal(
        path="enrollment__person",
        exports=("topic_said", "text", "level", "availability", "state", "audience", "source", "created_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta(Said.Meta):
        verbose_name_plural = "expertise"
        indexes = [models.Index(fields=["topic", "state"], name="offers_of_a_topic")]

    def __str__(self) -> str:
        return self.topic_name or str(_("An offer in their own words"))

    @property
    def is_open(self) -> bool:
        """Whether the person still offers it, now or later."""
        return self.state in OPEN_OFFERS


OPEN_OFFERS = (Expertise.State.OFFERED, Expertise.State.PAUSED)


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def of_person(self, enrollment: Enrollment) -> "IntroductionQuerySet":
        """Those in which somebody needs or offers."""
        return self.filter(Q(need__enrollment=enrollment) | Q(offer__enrollment=enrollment))

    def since(self, moment: datetime) -> "IntroductionQuerySet":
        """Those that were proposed after a moment."""
        return self.filter(proposed_at__gt=moment)


def forget_what_was_told(collector: Any, field: Any, introductions: Any, using: str) -> None:
    """Leave introductions without a need or an offer that is deleted, and without the words of both.

    Nobody is left who may read them.
    """
    for name in TOLD:
        collector.add_field_update(introductions.model._meta.get_field(name), "", introductions)
    models.SET_NULL(collector, field, introductions, using)


TOLD = ("topic_said", "need_said", "offer_said")


class Introduction(models.Model):
    """That somebody who needs something and somebody who offers it are made known to each other.

    Both say yes before either learns who the other is, and no page tells which of them said no. Need or offer
    is None once its person was erased or deleted it: what remains counts. `is_among_members` says that it was
    asked for within a community, in which both see what the other shares with it. `topic_said`, `need_said`
    and `offer_said` are what it was about when it was asked, as far as the other one may read it: what is
    written later reaches nobody by an introduction.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("state of an introduction", "Waiting for a yes")
        INTRODUCED = "introduced", pgettext_lazy("state of an introduction", "Introduced")
        HELPED = "helped", pgettext_lazy("state of an introduction", "Helped")
        OVER = "over", pgettext_lazy("state of an introduction", "No longer needed")
        DECLINED = "declined", pgettext_lazy("state of an introduction", "Not this time")
        LAPSED = "lapsed", pgettext_lazy("state of an introduction", "No answer")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="introductions")
    need = models.ForeignKey(Need, null=True, on_delete=forget_what_was_told, related_name="introductions")
    offer = models.ForeignKey(
        Expertise, null=True, on_delete=forget_what_was_told, related_name="introductions"
    )
    topic_said = LineField(max_length=120, blank=True, editable=False)
    need_said = models.TextField(max_length=LONGEST_WORDS, blank=True, editable=False)
    offer_said = models.TextField(max_length=LONGEST_WORDS, blank=True, editable=False)
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_among_members = models.BooleanField(default=False)
    proposed_at = models.DateTimeField(default=timezone.now)
    need_agreed_at = models.DateTimeField(null=True)
    offer_agreed_at = models.DateTimeField(null=True)
    introduced_at = models.DateTimeField(null=True)
    asked_whether_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = IntroductionQuerySet.as_manager()

    personal = (
        Personal(
            path="need__enrollment__person",
            exports=("state", "proposed_at", "need_agreed_at", "introduced_at", "ended_at", "need_said"),
            on_erasure=Erasure.CLEAR,
            cleared=dict.fromkeys(TOLD, ""),
            because="It counts that somebody was helped; the need that it leads to is deleted.",
        ),
        Personal(
            path="offer__enrollment__person",
            exports=("state", "proposed_at", "offer_agreed_at", "introduced_at", "ended_at", "offer_said"),
            on_erasure=Erasure.CLEAR,
            cleared=dict.fromkeys(TOLD, ""),
            because="It counts that somebody helped; the offer that it leads to is deleted.",
        ),
        Personal(
            path="asked_by",
            exports=("proposed_at",),
            because="It counts that it was asked for; whoever asked has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["need", "offer"], name="one_introduction_of_two")]
        indexes = [
            models.Index(fields=["program", "state"], name="introductions_of_a_program"),
            models.Index(fields=["state", "introduced_at"], name="introductions_to_ask_about"),
        ]

    def __str__(self) -> str:
        return str(_("An introduction"))

    @property
    def is_open(self) -> bool:
        """Whether somebody may still say yes: nobody said no, and both stand by what they said."""
        return self.state == self.State.PROPOSED and all(
            row is not None and row.is_open and row.enrollment.ended_at is None
            for row in (self.need, self.offer)
        )

    @property
    def was_made(self) -> bool:
        """Whether both know each other by it."""
        return self.introduced_at is not None

    @property
    def asked_herself(self) -> bool:
        """Whether the one who needs it asked for it, with her words."""
        need = self.need
        return need is not None and self.asked_by_id == need.enrollment.person_id

    @property
    def need_words(self) -> str:
        """The need as the one who offers may read it, as it was asked; "" when it is gone.

        It is the topic alone until both said yes, unless its person asked herself: her words stand beside her
        name on boards.
        """
        return self._told(self.need_said) if self.need else ""

    @property
    def offer_words(self) -> str:
        """The offer as the one who needs may read it, as it was asked; "" when it is gone."""
        return self._told(self.offer_said) if self.offer else ""

    def _told(self, words: str) -> str:
        return words if self.asked_herself or self.was_made else self.topic_said

    def keep_what_may_be_told(self) -> None:
        """Copy what it is about from the need and the offer, as far as each shares it with the other.

        Whoever asks herself tells her words by that.
        """
        assert self.need is not None
        assert self.offer is not None
        self.topic_said = self.need.topic_name
        self.need_said = self.need.words if self.asked_herself else self._shared(self.need, self.need.words)
        self.offer_said = self._shared(self.offer, self.offer.words)

    def leave_out_what_is_kept_now(self) -> None:
        """Leave out words that their person has kept to fewer people since it was asked."""
        assert self.need is not None
        assert self.offer is not None
        if not self.asked_herself:
            self.need_said = self._shared(self.need, self.need_said)
        self.offer_said = self._shared(self.offer, self.offer_said)

    def _shared(self, row: Said, words: str) -> str:
        among = self.is_among_members and row.audience == Audience.COMMUNITIES
        return words if row.audience == Audience.PROGRAM or among else self.topic_said

    @property
    def topic_name(self) -> str:
        """What it is about, as it was called when it was asked; "" once both are gone."""
        row = self.need or self.offer
        return self.topic_said or (row.topic_name if row else "")


class Telling(models.Model):
    """What staff tell or ask one of two people whom no mail about their introduction reached.

    They do it by phone or on paper. `about` is the kind of mail that could not go. It is open until staff say
    that it is done, or an answer makes it needless.
    """

    class About(StrEnum):
        ASKED = "asked"
        MADE = "made"
        DECLINED = "declined"
        HELPED = "helped"
        THANKS = "thanks"

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="tellings")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=12)
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)

    personal = Personal(
        path="enrollment__person",
        exports=("about", "created_at", "told_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["introduction", "enrollment", "about"], name="one_telling_of_each_kind"
            )
        ]

    def __str__(self) -> str:
        return self.about

    @property
    def program(self) -> Program:
        return self.introduction.program

    @property
    def other(self) -> Enrollment | None:
        """Who the other one is; None once they are gone or off the roster."""
        rows = (self.introduction.need, self.introduction.offer)
        others = (row.enrollment for row in rows if row is not None and row.enrollment.ended_at is None)
        return next((each for each in others if each.pk != self.enrollment_id), None)

    @property
    def is_question(self) -> bool:
        """Whether they are asked for an answer, and not told something."""
        return self.about in (self.About.ASKED, self.About.HELPED)
