"""What every meeting and every series of them tells of where and how people meet, and the series itself."""

import uuid
import zoneinfo
from datetime import date, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.lib.lines import LineField
from coppice.lib.personal import Personal
from coppice.meetings.recurrence import Instead, Rhythm, Rule
from coppice.programs.models import providers_of


class Gathering(models.Model):
    """Title, zone, and how people meet; `time_zone` is the IANA name of the organizer's."""

    class Mode(models.TextChoices):
        ONLINE = "online", _("Online")
        IN_PERSON = "in_person", _("In person")
        HYBRID = "hybrid", _("In person and online")
        PHONE = "phone", _("By phone")

    title = LineField(_("title"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=64)
    mode = models.CharField(_("how we meet"), max_length=10, choices=Mode, default=Mode.ONLINE)
    link = models.URLField(_("meeting link"), blank=True, max_length=500)
    place = LineField(_("place"), max_length=300, blank=True)
    dial_in = LineField(_("dial-in number"), max_length=300, blank=True)
    purpose = models.TextField(_("what we will do"), blank=True)
    access = LineField(_("access and interpreting"), max_length=300, blank=True)
    recording = LineField(_("recording notice"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


HOW_WE_MEET = ("mode", "link", "place", "dial_in", "purpose", "access", "recording")
"""The fields of a gathering that say where and how."""


class MeetingSeriesQuerySet(models.QuerySet["MeetingSeries"]):
    def visible_to(self, person: Any) -> "MeetingSeriesQuerySet":
        """Series of communities that the person staffs or takes part in."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(
            Q(community__program__provider__in=providers_of(person))
            | Q(community__in=Membership.objects.taking_part().filter(person=person).values("community"))
        )

    def led_by(self, person: Any) -> "MeetingSeriesQuerySet":
        """Series of communities that the person leads, or whose program they staff."""
        return self.filter(
            Q(community__program__provider__in=providers_of(person))
            | Q(community__in=Membership.objects.leaders().filter(person=person).values("community"))
        )


class MeetingSeries(Gathering):
    """Meetings of a community by one rule; each of them is a `Meeting` that was made with the series.

    `starts_on` and `ends_on` are days, `clock` and `other_clock` times of day by the clocks of `time_zone`;
    with an `other_clock` the two take turns. `weekdays` count Monday as 0, `months_out` January as 1, and
    `free_days` are ISO dates on which nobody meets. Each of the one or two strands is one recurring event of
    calendars; `sequence` grows with every change of its rule. What is changed from one date on goes on as
    another series, which `continues` this one.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="meeting_series")
    rhythm = models.CharField(max_length=10)
    every = models.PositiveSmallIntegerField(default=1)
    weekdays: Any = models.JSONField(default=list)
    position = models.SmallIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField()
    clock = models.TimeField(_("starts at"))
    other_clock = models.TimeField(_("the other time"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"))
    months_out: Any = models.JSONField(default=list, blank=True)
    free_days: Any = models.JSONField(default=list, blank=True)
    instead = models.CharField(max_length=12, default=Instead.SKIP.value)
    continues = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="continued_by"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MeetingSeriesQuerySet.as_manager()

    personal = Personal(
        path="planned_by",
        exports=("title", "created_at"),
        because="The series belongs to its community; its planner has lost name and address.",
    )

    class Meta:
        verbose_name_plural = "meeting series"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="series_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:series", args=[self.pk])

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def clocks(self) -> tuple[time, ...]:
        """The times of day, by strand."""
        return (self.clock,) if self.other_clock is None else (self.clock, self.other_clock)

    @property
    def rule(self) -> Rule:
        """The rule as the module of recurrence takes it."""
        return Rule(
            rhythm=Rhythm(self.rhythm),
            every=self.every,
            weekdays=tuple(self.weekdays),
            position=self.position,
            first=self.starts_on,
            last=self.ends_on,
            clocks=self.clocks,
            months_out=frozenset(self.months_out),
            free_days=frozenset(date.fromisoformat(day) for day in self.free_days),
            instead=Instead(self.instead),
        )
