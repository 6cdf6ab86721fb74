"""Practices: what a community tried and found out, as short answers that others read before it is out."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.library.models import LONGEST_NAME, LONGEST_TITLE, Item

LONGEST_ANSWER = 2000
LONGEST_LINE = 300
LONGEST_ORIGIN = 60
FRESH_FOR = timedelta(days=548)
"""Eighteen months: so long a practice counts as looked at."""
VOICES_WAIT = timedelta(days=14)
"""So long nothing is published while somebody whose story it is has not answered."""


class Evidence(models.TextChoices):
    """How anybody knows that something works."""

    ONCE = "once", _("Somebody tried it once")
    SEVERAL = "several", _("Several tried it")
    MEASURED = "measured", _("It was measured before and after")
    STUDIED = "studied", _("Others studied it")


class PracticeWords(models.Model):
    """The answers that a practice is made of; `title` is all of it in one sentence. Markdown, save two."""

    title = LineField(_("in one sentence"), max_length=LONGEST_TITLE)
    context = models.TextField(_("where and for whom"), max_length=LONGEST_ANSWER)
    done = models.TextField(_("what was done"), max_length=LONGEST_ANSWER)
    came = models.TextField(_("what came of it"), max_length=LONGEST_ANSWER)
    evidence = models.CharField(_("how we know"), max_length=10, choices=Evidence)
    source = LineField(_("source"), max_length=LONGEST_LINE, blank=True)
    watch_for = models.TextField(_("what to watch for"), max_length=LONGEST_ANSWER, blank=True)
    takes = models.TextField(_("what it takes"), max_length=LONGEST_ANSWER, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


WORDS = tuple(field.name for field in PracticeWords._meta.local_fields)
"""The names of these fields."""


class PracticeQuerySet(models.QuerySet["Practice"]):
    def visible_to(self, person: Any) -> "PracticeQuerySet":
        """Those of communities that the person may know of; a draft for who wrote it, leads, or is in it."""
        known = self.filter(community__in=Community.objects.visible_to(person))
        own = Membership.objects.taking_part().filter(person=person.pk)
        led = Membership.objects.leaders().filter(person=person.pk).values("community")
        asked = PracticeVoice.objects.filter(membership__in=own).values("practice")
        private = Q(added_by__in=own) | Q(community__in=led) | Q(pk__in=asked)
        return known.filter(Q(state__in=Practice.SHOWN) | private)

    def out(self) -> "PracticeQuerySet":
        """Those that are published, looked at lately or not."""
        return self.filter(state__in=Practice.OUT)

    def newest_first(self) -> "PracticeQuerySet":
        return self.order_by("-changed_at", "-pk")


class Practice(PracticeWords):
    """A case, a promising practice or a lesson of one community, as it stands now.

    `published_at` is when it was published last, `told_at` when everybody was told of that, `looked_at` when
    somebody last said that it holds, `asked_at` when whoever cares for it was asked that. `origin` names what
    of another room it began with ("thread:12").
    """

    class Kind(models.TextChoices):
        CASE = "case", _("Case")
        PROMISING = "promising", _("Promising practice")
        LESSON = "lesson", _("Lesson learned")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waits for a review")
        REVIEWED = "reviewed", _("Reviewed")
        PUBLISHED = "published", _("Published")
        STALE = "stale", _("May be out of date")
        ASIDE = "aside", _("Put aside")

    SHOWN = (State.ASKED, State.REVIEWED, State.PUBLISHED, State.STALE)
    OUT = (State.PUBLISHED, State.STALE)

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="practices")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    licence = models.CharField(
        _("whose it is"), max_length=10, choices=Item.Licence, default=Item.Licence.OWN
    )
    added_by = models.ForeignKey(
        Membership, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    origin = models.CharField(max_length=LONGEST_ORIGIN, blank=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)

    objects = PracticeQuerySet.as_manager()

    personal = Personal(
        path="added_by__person",
        exports=("community__name", "kind", "state", *WORDS, "licence", "added_at"),
        because="A practice belongs to its community; the membership that this points to is nameless.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["community", "-changed_at"], name="practices_newest_first"),
            models.Index(fields=["looked_at"], condition=Q(state="published"), name="practices_to_look_at"),
            models.Index(
                fields=["id"], condition=Q(state="published", told_at=None), name="practices_to_tell"
            ),
        ]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="practices_have_a_sentence")]

    def get_absolute_url(self) -> str:
        return reverse("library:practice", args=[self.pk])

    @property
    def is_out(self) -> bool:
        """Whether everybody of the community finds it."""
        return self.state in self.OUT

    @property
    def is_shown(self) -> bool:
        """Whether everybody of the community may read it, published or not."""
        return self.state in self.SHOWN

    @property
    def object_key(self) -> str:
        """What the outbox calls it."""
        return f"practice:{self.pk}"


class PracticeTopic(models.Model):
    """One word that a practice is about; `key` is the same for every way to write it large or small."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="topics")
    name = LineField(_("topic"), max_length=LONGEST_NAME)
    key = models.CharField(max_length=LONGEST_NAME * 3)

    personal = Personal(
        path="practice__added_by__person",
        exports=("practice__title", "name"),
        because="A word about a practice of its community; the membership behind it is nameless.",
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["key", "practice"])]
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="a_practice_has_a_topic_once")
        ]

    def __str__(self) -> str:
        return self.name


class PracticeVersion(PracticeWords):
    """What a published practice said from a moment on; `number` counts from 1 within it."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    added_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    personal = Personal(
        path="added_by__person",
        exports=(*WORDS, "number", "added_at"),
        because="A practice belongs to its community; the membership that this points to is nameless.",
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="versions_of_a_practice_are_counted")
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)d") % {"number": self.number})

    def get_absolute_url(self) -> str:
        return reverse("library:practice_version", args=[self.practice_id, self.number])


class PracticeVoice(models.Model):
    """Somebody whose story a practice is, and what they say to its being told; no name shows before a yes."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("Has not answered yet")
        NAMED = "named", _("Yes, and my name may stand there")
        NAMELESS = "nameless", _("Yes, without my name")
        NO = "no", _("No, please do not tell it")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="voices")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="practice_voices")
    answer = models.CharField(_("your answer"), max_length=10, choices=Answer, default=Answer.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    personal = Personal(
        path="membership__person",
        exports=("practice__title", "answer", "asked_at", "answered_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "membership"], name="somebody_is_asked_once_of_a_practice"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_answer_display())

    def is_waiting(self, at: datetime | None = None) -> bool:
        """Whether publishing waits for this answer."""
        return self.answer == self.Answer.ASKED and self.asked_at > (at or timezone.now()) - VOICES_WAIT


class PracticeReview(models.Model):
    """What another member says of a practice before it is published: what is good, what is missing."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="reviews")
    membership = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    is_ready = models.BooleanField(_("ready"))
    good = models.TextField(_("what is good"), max_length=LONGEST_ANSWER, blank=True)
    missing = models.TextField(_("what is missing"), max_length=LONGEST_ANSWER, blank=True)
    at = models.DateTimeField(default=timezone.now)

    personal = Personal(
        path="membership__person",
        exports=("practice__title", "is_ready", "good", "missing", "at"),
        on_erasure=Erasure.CLEAR,
        cleared={"good": "", "missing": ""},
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(_("Ready") if self.is_ready else _("Sent back"))


class PracticeTrial(models.Model):
    """That a member tried a practice, and in one line how it went."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="trials")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="practice_trials")
    words = LineField(_("how it went"), max_length=LONGEST_LINE, blank=True)
    at = models.DateTimeField(default=timezone.now)

    personal = Personal(
        path="membership__person",
        exports=("practice__title", "words", "at"),
        on_erasure=Erasure.CLEAR,
        cleared={"words": ""},
    )

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "membership"], name="a_practice_is_tried_once_by_each"
            )
        ]

    def __str__(self) -> str:
        return self.words
