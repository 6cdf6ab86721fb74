"""Instrument, wave, who was asked, and what they answered."""

import uuid
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.lib.languages import first_spoken
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.programs.models import Enrollment, Organization, Program, providers_of
from coppice.programs.validators import time_zone_names
from coppice.surveys import instruments
from coppice.surveys.reading import read_instrument

FEWEST_SHOWN = 5
"""Answers of fewer people than this are not shown to anybody: they would tell who gave them."""

MOST_REMINDERS = 2
BETWEEN_MAILS = timedelta(days=2)


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def visible_to(self, person: Any) -> "InstrumentQuerySet":
        """Instruments of programs that the person runs."""
        return self.filter(program__provider__in=providers_of(person))


class Instrument(models.Model):
    """Questions to ask, kept as they came in and never changed, so that each wave of it asks the same.

    `content` is the public JSON form (`instruments.written`).
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="instruments")
    name = LineField(_("name"), max_length=200)
    content = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("surveys:instrument", args=[self.pk])

    @cached_property
    def document(self) -> instruments.Instrument:
        """The questions as plain values."""
        return read_instrument(self.content)


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, person: Any) -> "WaveQuerySet":
        """Waves of programs that the person runs."""
        return self.filter(program__provider__in=providers_of(person))

    def open(self, at: datetime | None = None) -> "WaveQuerySet":
        return self.filter(closes_at__gt=at or timezone.now())


class Wave(models.Model):
    """One instrument asked of the people of a program from `opened_at` until `closes_at`.

    Asking again is another wave: people asked, responses and answers each belong to one.
    """

    class Anonymity(models.TextChoices):
        NAMED = "named", _("With names: those who run the program read who answered what")
        COUNTED = (
            "counted",
            _("Counted: answers show together with those of at least four others, once it is over"),
        )
        ANONYMOUS = "anonymous", _("Anonymous: as counted, and what was sent cannot be traced or changed")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="waves")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="waves")
    name = LineField(_("name"), max_length=200)
    anonymity = models.CharField(
        _("who sees the answers"), max_length=10, choices=Anonymity, default=Anonymity.COUNTED
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField()
    without_mail = models.PositiveIntegerField(default=0, editable=False)

    objects = WaveQuerySet.as_manager()

    personal = Personal(
        path="opened_by",
        exports=("name", "opened_at"),
        because="The wave belongs to its program; who opened it has lost name and address.",
    )

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")), name="wave_closes_after_it_opens"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("surveys:wave", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closes_at > timezone.now()

    @property
    def zone(self) -> ZoneInfo:
        return self.program.zone

    @property
    def last_day(self) -> date:
        """The last day on which people can answer, in the program's zone."""
        return (self.closes_at - timedelta(microseconds=1)).astimezone(self.zone).date()

    @property
    def reminders_due(self) -> int:
        """How many reminders the clock has sent by now to who does not answer: after half of the time, and
        two days before the end."""
        half = self.opened_at + (self.closes_at - self.opened_at) / 2
        return sum(moment <= timezone.now() for moment in (half, self.closes_at - BETWEEN_MAILS))

    @property
    def is_named(self) -> bool:
        return self.anonymity == self.Anonymity.NAMED

    @property
    def is_anonymous(self) -> bool:
        return self.anonymity == self.Anonymity.ANONYMOUS


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def waiting(self) -> "ParticipantQuerySet":
        """Who has not sent their answers, and is still on the roster."""
        return self.filter(has_answered=False, enrollment__ended_at=None)

    def due_a_mail(self) -> "ParticipantQuerySet":
        """Who waits for the mail that asks them, or for a reminder."""
        return self.waiting().filter(mails__lte=F("reminders"))

    def remindable(self) -> "ParticipantQuerySet":
        """Who can be reminded now: not more than twice, and no sooner than two days after the last mail."""
        before = timezone.now() - BETWEEN_MAILS
        return (
            self.waiting()
            .filter(asked_at__lt=before, reminders__lt=MOST_REMINDERS)
            .exclude(reminded_at__gte=before)
        )


class Participant(models.Model):
    """One person asked in one wave. `organization` is the one that they are counted in, as of the asking.

    One mail asks them, and one more is due for each of their `reminders`; `mails` counts those written.
    `has_answered` tells no time: in an anonymous wave the answers themselves lead to nobody.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="participants")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="survey_participations")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    mails = models.PositiveSmallIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    has_answered = models.BooleanField(default=False, editable=False)

    objects = ParticipantQuerySet.as_manager()

    personal = Personal(
        path="enrollment__person",
        exports=("wave__name", "asked_at", "has_answered"),
        because="The count of people asked stays; the enrollment it points to is nameless.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "enrollment"], name="asked_once_in_a_wave"),
            models.CheckConstraint(condition=Q(reminders__lte=MOST_REMINDERS), name="reminded_at_most_twice"),
        ]

    def __str__(self) -> str:
        return str(self.enrollment)

    @property
    def mail_address(self) -> str:
        """Where mail reaches this person for this program."""
        return self.enrollment.email or self.enrollment.person.email or ""

    @property
    def language(self) -> str:
        """The language in which this person reads: their own, the roster's, else the program's."""
        enrollment = self.enrollment
        return first_spoken(enrollment.person.language, enrollment.language, self.wave.program.language)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this person reads: their own, the roster's, else the program's."""
        wishes = self.enrollment.person.time_zone, self.enrollment.time_zone
        return next((ZoneInfo(key) for key in wishes if key in time_zone_names()), self.wave.zone)


class Response(models.Model):
    """What one person answers in one wave, kept page by page.

    It has the person as long as they can come back to it; an anonymous one loses them when it is sent, and
    then says no more than the day. Its id is random, so that its place among others tells nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="responses")
    participant = models.OneToOneField(
        Participant, null=True, blank=True, on_delete=models.CASCADE, related_name="response"
    )
    language = models.CharField(max_length=12, blank=True)
    is_sent = models.BooleanField(default=False, editable=False)
    sent_on = models.DateField(null=True, blank=True, editable=False)

    personal = Personal(
        path="participant__enrollment__person",
        exports=("wave__name", "language", "is_sent", "sent_on"),
        because="The count of answers stays; the enrollment it leads to is nameless.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_sent=False, sent_on=None) | Q(is_sent=True, sent_on__isnull=False),
                name="sent_on_a_day",
            )
        ]

    def __str__(self) -> str:
        return str(_("Sent")) if self.is_sent else str(_("Begun"))


class Answer(models.Model):
    """One answer, or one part of it: a choice among several, a row of a grid, a place in a ranking.

    `question` and `item` are keys of the instrument. A scale, a grid's row, a number and a place are in
    `number`; `text` is what somebody wrote in their own words.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    item = models.CharField(max_length=40, blank=True)
    number = models.FloatField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)

    personal = Personal(
        path="response__participant__enrollment__person",
        exports=("response__wave__name", "question", "item", "number", "day", "text"),
        on_erasure=Erasure.CLEAR,
        cleared={"text": ""},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question", "item"], name="one_answer_each")
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.item}".strip()
