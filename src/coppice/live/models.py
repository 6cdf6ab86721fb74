"""A live room, its steps, who takes part, what hosts did, and the answers to a poll."""

import math
import zoneinfo
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.programs.models import Program, providers_of

LONGEST_STEP = 240
SECRET_LENGTH = 22


def new_secret() -> str:
    """Return what one participant's link is signed with."""
    return get_random_string(SECRET_LENGTH)


class RoomQuerySet(models.QuerySet["Room"]):
    def hosted_by(self, person: Any) -> "RoomQuerySet":
        """Rooms that a person may host: as staff of the program, or as a leader of the room's community."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(
            Q(program__provider__in=providers_of(person))
            | Q(community__in=Membership.objects.leaders().filter(person=person).values("community"))
        )

    def visible_to(self, person: Any) -> "RoomQuerySet":
        """Rooms that a person may know of: those they host, and those of a community that they are in."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(
            Q(program__provider__in=providers_of(person))
            | Q(community__in=Membership.objects.taking_part().filter(person=person).values("community"))
        )

    def going_on(self) -> "RoomQuerySet":
        """Rooms that can be entered by their code."""
        return self.exclude(state=Room.State.ENDED)

    def with_links_to_send(self) -> "RoomQuerySet":
        """Rooms whose host asked for the link to be sent, which has not been done."""
        is_undone = Q(link_sent_at=None) | Q(link_sent_at__lt=F("link_asked_at"))
        return self.going_on().filter(is_undone, link_asked_at__isnull=False)


class Room(models.Model):
    """An evening or a quarter of an hour: steps that people go through together, each on their own screen.

    `code` ("FERN-27") is what people type to join; no two rooms that go on share one. `current` is the step
    on all screens. After the end people can add what they missed until `late_until`. `link_asked_at` is when
    a host last asked that members be sent the link, `link_sent_at` when that had last been done. Since the
    last move hosts turned the wall to its next page `wall_turn` times.
    """

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="live_rooms")
    community = models.ForeignKey(
        Community, null=True, blank=True, on_delete=models.CASCADE, related_name="live_rooms"
    )
    title = LineField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=12)
    time_zone = models.CharField(_("time zone"), max_length=64)
    code = models.CharField(max_length=16, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.READY, editable=False)
    current = models.ForeignKey(
        "Step", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    wall_turn = models.PositiveSmallIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    late_until = models.DateTimeField(null=True, blank=True, editable=False)
    link_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    link_sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RoomQuerySet.as_manager()

    personal = Personal(
        path="created_by",
        exports=("title", "created_at"),
        because="The room belongs to its program; whoever opened it has lost name and address.",
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(state="ended"), name="one_going_room_per_code"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("live:room", args=[self.pk])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def spoken_code(self) -> str:
        """The code as people read it aloud: "FERN 27"."""
        return self.code.replace("-", " ")

    @property
    def list_key(self) -> str:
        """The mailing list that an unsubscribe leaves: the community's, or that of the program's rooms."""
        return self.community.list_key if self.community else f"live-rooms:{self.program_id}"

    @property
    def is_running(self) -> bool:
        return self.state == Room.State.RUNNING

    @property
    def is_ended(self) -> bool:
        return self.state == Room.State.ENDED

    @property
    def takes_answers(self) -> bool:
        """Whether people can still add something: while the room runs, and late ones for the time set."""
        if self.is_ended:
            return self.late_until is not None and timezone.now() < self.late_until
        return self.is_running


class Step(models.Model):
    """One thing that everybody in the room does, of a `kind` that a room of Coppice registered.

    `settings` are the kind's own. `round` counts how often the step was begun; answers belong to a round, so
    a repetition starts afresh and loses nothing. The clock had `seconds_left` when it
    began to run (`runs_since`), and has them still when it stands; a step without minutes has no clock. A
    quick poll is asked `within` another step, which goes on afterwards.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("To come")
        OPEN = "open", _("Now")
        CLOSED = "closed", _("Done")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    kind = models.CharField(max_length=30, editable=False)
    title = LineField(_("title"), max_length=120, help_text=_("What everybody sees in large letters."))
    prompt = models.TextField(
        _("what to do"), blank=True, max_length=600, help_text=_("One or two sentences, for every screen.")
    )
    script = models.TextField(
        _("notes for the host"), blank=True, max_length=4000, help_text=_("Only hosts see these.")
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_STEP)],
        help_text=_("Leave it empty for no timer."),
    )
    settings: Any = models.JSONField(default=dict, editable=False)
    within = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="quick_polls", editable=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED, editable=False)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    rounds_begun = models.PositiveSmallIntegerField(default=0, editable=False)
    seconds_left = models.FloatField(null=True, blank=True, editable=False)
    runs_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seconds_left=None) | Q(seconds_left__gte=0), name="clock_has_time_or_none"
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=LONGEST_STEP),
                name="step_of_1_to_240_minutes",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == Step.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == Step.State.CLOSED

    @property
    def was_begun(self) -> bool:
        """Whether anybody can have answered: what was asked then stays as it was."""
        return self.rounds_begun > 0

    @property
    def has_clock(self) -> bool:
        return self.seconds_left is not None

    @property
    def is_paused(self) -> bool:
        return self.seconds_left is not None and self.runs_since is None

    @property
    def ends_at(self) -> datetime | None:
        """When a clock that runs has nothing left; None for one that stands still, and without one."""
        if self.seconds_left is None or self.runs_since is None:
            return None
        return self.runs_since + timedelta(seconds=self.seconds_left)

    def stop_clock(self) -> None:
        """Let the clock stand still with what it has."""
        left = self.left()
        self.seconds_left, self.runs_since = None if left is None else left.total_seconds(), None

    def set_clock(self, seconds: float | None, *, runs: bool = True) -> None:
        """Put so many seconds on the clock, or take it away (None); let it run from now or stand still."""
        self.seconds_left = seconds
        self.runs_since = timezone.now() if runs and seconds is not None else None

    @property
    def clock_end(self) -> int:
        """The moment at which a running clock ends, in milliseconds, as browsers count; 0 when none runs."""
        return round(self.ends_at.timestamp() * 1000) if self.ends_at else 0

    @property
    def clock_left(self) -> str:
        """The time left as a clock shows it: "06:42"."""
        seconds = math.ceil((self.left() or timedelta()).total_seconds())
        return f"{seconds // 60:02d}:{seconds % 60:02d}"

    def left(self, at: datetime | None = None) -> timedelta | None:
        """Return the time left on the clock, never less than none; None without a clock."""
        if self.seconds_left is None:
            return None
        ran = (at or timezone.now()) - self.runs_since if self.runs_since else timedelta()
        return max(timedelta(seconds=self.seconds_left) - ran, timedelta())


class Participant(models.Model):
    """Somebody in a room: by phone, by the link of a mail, or written in from paper by a host.

    `name` is what the roster calls them, or what a guest typed. `person` is set for somebody that the program
    knows; `guest_name` is what they were called before a guest's place became theirs, "" when it was theirs
    from the start. `secret` signs their own link; without one no link holds. `claimed_with` is a digest of
    the person's link secret at that moment: as long as it is that, the guest's link goes on holding.
    `came_by` is the token of a place that was merged into this one, for the page that is opened by it, and
    `came_confirmed` whether the person said themself that it was theirs. `is_confirmed` says the same of a
    guest's place: a host's word makes it a person's in the room, and no more.
    """

    came_by = ""
    came_confirmed = False

    class Source(models.TextChoices):
        PHONE = "phone", _("By phone")
        LINK = "link", _("By account or mail")
        PAPER = "paper", _("On paper")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="live_participations",
    )
    name = LineField(_("name"), max_length=80)
    source = models.CharField(max_length=10, choices=Source, default=Source.PHONE)
    language = models.CharField(max_length=12, blank=True)
    guest_name = LineField(max_length=80, blank=True, editable=False)
    secret = models.CharField(max_length=SECRET_LENGTH, default=new_secret, editable=False)
    claimed_with = models.CharField(max_length=64, blank=True, editable=False)
    is_confirmed = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="person",
        exports=("room__title", "name", "guest_name", "source", "language", "joined_at"),
        on_erasure=Erasure.CLEAR,
        cleared={"name": "", "guest_name": "", "language": "", "secret": "", "claimed_with": ""},
    )

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "person"], condition=~Q(person=None), name="one_place_in_a_room_each"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(_("Somebody who left"))

    @property
    def is_guest(self) -> bool:
        """Whether the program does not know who this is; somebody whose name went with an erasure is none."""
        return self.person_id is None and bool(self.name)

    @property
    def speaks_for_person(self) -> bool:
        """Whether whoever holds this link may do what is the person's own also outside of the room.

        They came by their account or mail, or said themself that the guest's place is theirs.
        """
        if self.person_id is None:
            return False
        return self.came_confirmed if self.came_by else not self.guest_name or self.is_confirmed

    @property
    def was_claimed(self) -> bool:
        """Whether a guest's place became this person's, so that it can be a guest's again."""
        return self.person_id is not None and bool(self.guest_name)


class FormerPlace(models.Model):
    """A guest's place that was merged into another place of the same person: its link leads to that one.

    `old_id` and `secret` are the merged participant's, `claimed_with` and `is_confirmed` as a participant has
    them.
    """

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="former_places")
    old_id = models.PositiveBigIntegerField(unique=True)
    secret = models.CharField(max_length=SECRET_LENGTH)
    claimed_with = models.CharField(max_length=64)
    is_confirmed = models.BooleanField(default=False)

    personal = Personal(
        path="participant__person",
        exports=("participant__room__title",),
        on_erasure=Erasure.DELETE,
    )

    def __str__(self) -> str:
        return str(self.participant)


class Move(models.Model):
    """Something that a host did with the room's steps, and how they stood before, so that it can be undone.

    `before` is {"state": …, "current": id, "steps": {id: {"state", "round", "left", "is_paused"}}}: the time
    left in seconds, not the moment of the end, because the time of a mistake is nobody's.
    """

    class Verb(models.TextChoices):
        OPENED = "opened", _("opened a step")
        CLOSED = "closed", _("closed a step")
        PAUSED = "paused", _("stopped the clock")
        RESUMED = "resumed", _("let the clock run")
        LENGTHENED = "lengthened", _("added a minute")
        REPEATED = "repeated", _("began a step again")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="moves")
    verb = models.CharField(max_length=12, choices=Verb)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    before: Any = models.JSONField(default=dict)

    personal = Personal(
        path="by",
        exports=("room__title", "verb", "at"),
        because="How the evening went stays; whoever hosted has lost name and address.",
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.get_verb_display())


class Answer(models.Model):
    """What one participant answered to one round of a poll; the latest answer counts, and there is one.

    `picks` are places in the step's list of options, counted from 0: one or several of a choice, all of a
    ranking with the most important first. `number` is a place on a scale. `is_late` marks what came after the
    step was closed. Words that `is_hidden` marks are on no screen but the host's, whatever is sent in their
    place, until a host brings them back.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="answers")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField()
    picks: Any = models.JSONField(default=list)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    words = LineField(max_length=120, blank=True)
    is_late = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False, editable=False)
    at = models.DateTimeField(auto_now=True)

    personal = Personal(
        path="participant__person",
        exports=("step__title", "round", "picks", "number", "words", "at"),
        on_erasure=Erasure.CLEAR,
        cleared={"words": ""},
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "round", "participant"], name="one_answer_a_round_each")
        ]

    def __str__(self) -> str:
        return self.words or str(self.number if self.number is not None else self.picks)
