"""Meeting, reply, attendance and pulse; the question when people can meet; feeds of meetings."""

import uuid
import zoneinfo
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coppice.accounts.feeds import SecretFeed, SecretFeedQuerySet
from coppice.communities.models import Community, Membership
from coppice.lib.personal import Erasure, Personal
from coppice.meetings.after_models import FollowUp, MissedMeeting
from coppice.meetings.busy_models import BusyTime
from coppice.meetings.series_models import Gathering, MeetingSeries
from coppice.meetings.starter_models import GivenPack, StarterPack
from coppice.meetings.time_poll_models import ProposedTime, TimeAnswer, TimePoll
from coppice.programs.models import Program, providers_of

__all__ = [
    "FEWEST_COUNTED",
    "Attendance",
    "BusyTime",
    "CalendarFeed",
    "FollowUp",
    "GivenPack",
    "MailedReply",
    "Meeting",
    "MeetingReply",
    "MeetingSeries",
    "MissedMeeting",
    "ProposedTime",
    "PulseAnswer",
    "StarterPack",
    "TimeAnswer",
    "TimePoll",
]

FEWEST_COUNTED = 5
"""So many answers of the day after come to the numbers shown at a time: fewer would tell who gave which."""

RUN_UNTIL = timedelta(days=1)
"""So long after its end a meeting can be run, and members write in it while nobody closed it."""


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, person: Any) -> "MeetingQuerySet":
        """Meetings of communities that the person staffs or takes part in; an invitation is not enough."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(
            Q(community__program__provider__in=providers_of(person))
            | Q(community__in=Membership.objects.taking_part().filter(person=person).values("community"))
        )

    def led_by(self, person: Any) -> "MeetingQuerySet":
        """Meetings of communities that the person leads, or whose program they staff."""
        return self.filter(
            Q(community__program__provider__in=providers_of(person))
            | Q(community__in=Membership.objects.leaders().filter(person=person).values("community"))
        )

    def of(self, community: Community) -> "MeetingQuerySet":
        return self.filter(community=community)

    def upcoming(self, at: datetime | Now | None = None) -> "MeetingQuerySet":
        return self.filter(ends_at__gte=at or timezone.now(), cancelled_at=None).order_by("starts_at")

    def past(self, at: datetime | None = None) -> "MeetingQuerySet":
        return self.filter(ends_at__lt=at or timezone.now(), cancelled_at=None).order_by("-starts_at")

    def held(self) -> "MeetingQuerySet":
        """Meetings whose attendance was taken."""
        return self.exclude(attendance_taken_at=None)


class Meeting(Gathering):
    """One meeting of a community: when, where, by what link.

    `starts_at` and `ends_at` are instants (UTC in the database); `time_zone` is the organizer's, in which the
    meeting was planned and the calendar file is written. `sequence` grows with every change that calendars
    must follow (RFC 5545, 3.8.7.4); `moved_in_sequence` is what it was when the time last changed. A meeting
    of a `series` knows its `strand` and the day that the rule gave it, which with the strand's clock is its
    RECURRENCE-ID; `is_exception` once it was changed by hand. `present_count` of `expected_count` is the
    attendance as it was taken: a member who leaves later changes neither. Of a meeting `entered_afterwards`
    nobody is ever told. While it goes on (`opened_at` until `closed_at`) it is at its `current_item` since
    `item_began_at`, and keeps that place when it is closed. `close_took_attendance` while the attendance is
    the one that the close took, which undoing the close takes back.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="meetings")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    series = models.ForeignKey(
        MeetingSeries,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="meetings",
        editable=False,
    )
    strand = models.PositiveSmallIntegerField(default=0, editable=False)
    original_day = models.DateField(null=True, blank=True, editable=False)
    is_exception = models.BooleanField(default=False, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    moved_in_sequence = models.PositiveIntegerField(default=0, editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    entered_afterwards = models.BooleanField(default=False, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    attendance_taken_at = models.DateTimeField(null=True, blank=True)
    present_count = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    expected_count = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    pulse_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    current_item = models.ForeignKey(
        "meetings.AgendaItem", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    item_began_at = models.DateTimeField(null=True, editable=False)
    summary_sent_at = models.DateTimeField(null=True, editable=False)
    close_took_attendance = models.BooleanField(default=False, editable=False)

    objects = MeetingQuerySet.as_manager()

    personal = Personal(
        path="planned_by",
        exports=("title", "starts_at"),
        because="The meeting belongs to its community; its planner has lost name and address.",
    )

    class Meta:
        indexes = [models.Index(fields=["community", "starts_at"]), models.Index(fields=["ends_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="meeting_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["series", "strand", "original_day"], name="each_day_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def original_start(self) -> datetime | None:
        """The start that the rule gave, by the series' clock (naive); None outside a series."""
        if self.series is None or self.original_day is None:
            return None
        return datetime.combine(self.original_day, self.series.clocks[self.strand])

    def zone_beside(self, zone: tzinfo) -> zoneinfo.ZoneInfo | None:
        """Return the organizer's zone when its clocks show another time than a reader's."""
        theirs = self.starts_at.astimezone(self.zone)
        return self.zone if theirs.utcoffset() != theirs.astimezone(zone).utcoffset() else None

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def is_long_over(self) -> bool:
        """Whether its day is over: it is no longer run, and members write no more."""
        return self.ends_at + RUN_UNTIL < timezone.now()

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_open(self) -> bool:
        """Whether people can still say that they come."""
        return not self.is_cancelled and not self.is_over


class MeetingReply(models.Model):
    """Whether a member comes; the latest answer counts."""

    class Answer(models.TextChoices):
        COMING = "coming", _("I'm coming")
        NOT_COMING = "not_coming", _("Can't make it")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="replies")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="meeting_replies")
    answer = models.CharField(max_length=10, choices=Answer)
    at = models.DateTimeField(auto_now=True)

    personal = Personal(
        path="membership__person",
        exports=("meeting__title", "answer", "at"),
        because="The count of answers stays; the membership it points to is nameless.",
    )

    class Meta:
        verbose_name_plural = "meeting replies"
        constraints = [models.UniqueConstraint(fields=["meeting", "membership"], name="one_reply_each")]

    def __str__(self) -> str:
        return self.get_answer_display()


class MailedReply(models.Model):
    """The latest answer that a member's calendar program mailed to an invitation: `said` is its PARTSTAT.

    `stamp` is when it was said (DTSTAMP), by which later and repeated mails are told apart.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="mailed_replies")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="mailed_replies")
    said = models.CharField(max_length=12)
    stamp = models.DateTimeField()
    at = models.DateTimeField(auto_now=True)

    personal = Personal(
        path="membership__person",
        exports=("meeting__title", "said", "stamp"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        verbose_name_plural = "mailed replies"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="one_mailed_reply_each")
        ]

    def __str__(self) -> str:
        return self.said


class Attendance(models.Model):
    """Whether one expected member was there; rows with `was_present` false are the denominator's other part.

    Until attendance is taken only those stand here who checked in. `minutes` is how long they were there,
    null the whole meeting; `arrived_at` when they checked in, and `how`. `asked_at` is when the one question
    of the day after left for somebody who was there.
    """

    class How(models.TextChoices):
        CODE = "code", pgettext_lazy("how somebody checked in", "By the code")
        ONLINE = "online", pgettext_lazy("how somebody checked in", "By their own link")
        LIST = "list", pgettext_lazy("how somebody checked in", "By the list of who leads")
        PAPER = "paper", pgettext_lazy("how somebody checked in", "From paper")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="attendances")
    was_present = models.BooleanField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True, editable=False)
    how = models.CharField(max_length=6, choices=How, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now=True)

    personal = (
        Personal(
            path="membership__person",
            exports=("meeting__title", "was_present", "minutes", "arrived_at", "how", "at"),
            because="The count of people present stays; the membership it points to is nameless.",
        ),
        Personal(path="taken_by", exports=(), because="Who took attendance has lost name and address."),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "membership"], name="one_attendance_each")]

    def __str__(self) -> str:
        return str(_("Present")) if self.was_present else str(_("Absent"))


class PulseAnswer(models.Model):
    """One member's answer the day after: was it worth my time (1 to 5), and one thing I will try.

    `counted` is the answer as the numbers that are shown hold it; it follows `worth` together with the
    answers of at least four others, so that no change of those numbers tells who answered what.
    """

    class Worth(models.IntegerChoices):
        VERY_MUCH = 5, _("5: very much")
        YES = 4, _("4: yes")
        PARTLY = 3, _("3: partly")
        HARDLY = 2, _("2: hardly")
        NOT_AT_ALL = 1, _("1: not at all")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="pulse_answers")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="pulse_answers")
    worth = models.PositiveSmallIntegerField(_("Was this meeting worth your time?"), choices=Worth)
    counted = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    will_try = models.CharField(_("one thing I will try"), max_length=500, blank=True)
    at = models.DateTimeField(auto_now=True)

    personal = Personal(
        path="membership__person",
        exports=("meeting__title", "worth", "will_try", "at"),
        on_erasure=Erasure.CLEAR,
        cleared={"will_try": ""},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="one_pulse_each"),
            models.CheckConstraint(condition=models.Q(worth__gte=1, worth__lte=5), name="worth_from_1_to_5"),
        ]

    def __str__(self) -> str:
        return str(self.get_worth_display())


class CalendarFeed(SecretFeed):
    """One secret address by which a person's calendar program reads meetings, until it is revoked.

    With neither `community` nor `program` it holds the meetings of everything the person takes part in. What
    they may not see any more is not in it.
    """

    PURPOSE, URL_NAME, VERB = "calendar-feed", "meetings:feed", "calendar_feed"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    community = models.ForeignKey(Community, null=True, on_delete=models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, null=True, on_delete=models.CASCADE, related_name="+")
    shows_links = models.BooleanField(_("with links and dial-in numbers"), default=True)

    objects = SecretFeedQuerySet["CalendarFeed"].as_manager()

    personal = Personal(
        path="person",
        exports=("community__name", "program__name", "shows_links", "made_at", "used_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(community=None, program=None),
                name="one_feed_of_ones_own",
            ),
            models.UniqueConstraint(fields=["person", "community"], name="one_feed_of_a_community_each"),
            models.UniqueConstraint(fields=["person", "program"], name="one_feed_of_a_program_each"),
        ]

    def __str__(self) -> str:
        return str(self.community or self.program or _("My meetings"))

    @property
    def wanted(self) -> dict[str, Any]:
        return {"community": self.community, "program": self.program, "shows_links": self.shows_links}

    @property
    def scope(self) -> str:
        """The program's record; of feeds of all that is one's own, one's own."""
        program = self.program or (self.community.program if self.community else None)
        return program.scope if program else f"person:{self.person_id}"

    @property
    def detail(self) -> dict[str, Any]:
        return {"with_links": self.shows_links}
