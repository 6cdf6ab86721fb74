"""The question when people can meet: a poll, the times that it proposes, and who can at which."""

import zoneinfo
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.lib.lines import LineField
from coppice.lib.personal import Personal
from coppice.programs.models import providers_of


class TimePollQuerySet(models.QuerySet["TimePoll"]):
    def visible_to(self, person: Any) -> "TimePollQuerySet":
        """Questions of communities that the person staffs or takes part in."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(
            Q(community__program__provider__in=providers_of(person))
            | Q(community__in=Membership.objects.taking_part().filter(person=person).values("community"))
        )

    def led_by(self, person: Any) -> "TimePollQuerySet":
        """Questions of communities that the person leads, or whose program they staff."""
        return self.filter(
            Q(community__program__provider__in=providers_of(person))
            | Q(community__in=Membership.objects.leaders().filter(person=person).values("community"))
        )

    def waiting(self) -> "TimePollQuerySet":
        """Questions that nobody has closed, the one that ends first before the others."""
        return self.filter(closed_at=None).order_by("closes_on", "pk")


class TimePoll(models.Model):
    """The question to a community when its people can meet: several times, each answered by each member.

    `time_zone` is the organizer's. People answer until `closes_on` is over by the community's clock, or until
    a leader closes it; `meeting` is what was planned from it. `said_in` names the conversation that it
    came from ("thread:12"), empty for none.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="time_polls")
    title = LineField(_("what we meet for"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    closes_on = models.DateField(_("last day to answer"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    said_in = models.CharField(max_length=40, blank=True, editable=False)
    meeting = models.ForeignKey(
        "meetings.Meeting",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="time_polls",
        editable=False,
    )

    objects = TimePollQuerySet.as_manager()

    personal = Personal(
        path="asked_by",
        exports=("title", "asked_at"),
        because="The question belongs to its community; who asked it has lost name and address.",
    )

    class Meta:
        indexes = [models.Index(fields=["community", "closed_at"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:time_poll", args=[self.pk])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_open(self) -> bool:
        """Whether people can still answer, or change what they said."""
        return not self.is_closed and timezone.localdate(timezone=self.community.zone) <= self.closes_on


class ProposedTime(models.Model):
    """One of the times that a question asks for."""

    poll = models.ForeignKey(TimePoll, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField(_("starts"))

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["poll", "starts_at"], name="each_time_asked_once")]

    def __str__(self) -> str:
        return self.starts_at.isoformat(timespec="minutes")

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.poll.duration


class TimeAnswer(models.Model):
    """Whether one member can at one time; the latest counts. `entered_by` typed it for somebody else."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        IF_NEED_BE = "if_need_be", _("If need be")
        NO = "no", _("No")

    time = models.ForeignKey(ProposedTime, on_delete=models.CASCADE, related_name="answers")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="time_answers")
    answer = models.CharField(max_length=10, choices=Answer)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now=True)

    personal = (
        Personal(
            path="membership__person",
            exports=("time__poll__title", "time__starts_at", "answer", "at"),
            because="The count of answers stays; the membership it points to is nameless.",
        ),
        Personal(path="entered_by", exports=(), because="Who typed it has lost name and address."),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["time", "membership"], name="one_time_answer_each")]

    def __str__(self) -> str:
        return self.get_answer_display()
