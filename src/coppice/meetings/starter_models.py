"""What a provider sets up once for all communities of a program: when and how each meets, and its leaders."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.lib.lines import LineField
from coppice.lib.personal import Personal
from coppice.meetings.recurrence import Rhythm
from coppice.meetings.series_models import Gathering, MeetingSeries
from coppice.programs.models import Program
from coppice.programs.validators import validate_day

POSITION_CHOICES = [
    (1, _("first")),
    (2, _("second")),
    (3, _("third")),
    (4, _("fourth")),
    (-1, _("last")),
]


class StarterPack(Gathering):
    """What every community of a program begins with; one to a program.

    `rhythm`, `every`, `weekday` (Monday is 0) and, by months, `position` are the cadence from `first_from`
    on, until each community ends; `clock` is by the clocks of `time_zone`, or of each community's own when
    that is empty. `spread` sets one community after another, so that the same people of the provider can be
    at all. `agenda` is the key of a ready agenda. With `for_new`, communities founded later get it by
    themselves. The `circle` is the community of all leaders, once it is founded; it meets once a month. While
    a job is to give the pack, `asked_at` says since when.
    """

    class Every(models.TextChoices):
        WEEKLY = Rhythm.WEEKLY.value, _("By weeks")
        MONTHLY = Rhythm.MONTHLY.value, _("By months")

    class Spread(models.TextChoices):
        NONE = "none", _("All at the same time")
        DAY = "day", _("Each on the next working day")
        CLOCK = "clock", _("One after another, four on a day")

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="starter_pack")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    rhythm = models.CharField(_("how it repeats"), max_length=10, choices=Every, default=Every.MONTHLY)
    every = models.PositiveSmallIntegerField(
        _("every how many weeks or months"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(26)],
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=list(WEEKDAYS.items()), default=2
    )
    position = models.SmallIntegerField(
        _("which of them in the month"), choices=POSITION_CHOICES, default=2, help_text=_("By months only.")
    )
    first_from = models.DateField(_("first meeting from"), validators=[validate_day])
    clock = models.TimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), default=60, validators=[MinValueValidator(10), MaxValueValidator(720)]
    )
    spread = models.CharField(_("who meets when"), max_length=10, choices=Spread, default=Spread.NONE)
    agenda = models.CharField(_("agenda of each meeting"), max_length=20, blank=True)
    for_new = models.BooleanField(_("communities founded later get it by themselves"), default=True)
    circle_name = LineField(
        _("name of the leaders' own group"),
        max_length=200,
        blank=True,
        help_text=_("All who lead are its members as long as they lead. Leave it empty for none."),
    )
    circle_weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=list(WEEKDAYS.items()), default=3
    )
    circle_position = models.SmallIntegerField(
        _("which of them in the month"), choices=POSITION_CHOICES, default=1
    )
    circle_clock = models.TimeField(_("starts at"), null=True, blank=True)
    circle_link = models.URLField(_("meeting link"), blank=True, max_length=500)
    circle = models.OneToOneField(
        Community, null=True, editable=False, on_delete=models.SET_NULL, related_name="leads_of"
    )
    asked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(circle_name="") | models.Q(circle_clock__isnull=False),
                name="circle_has_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.title


class GivenPack(models.Model):
    """That a community is to have the pack, and what came of it: a series, or the code of a refusal.

    `place` counts communities in the order in which they got it, from 0: it sets them one after another.
    """

    pack = models.ForeignKey(StarterPack, on_delete=models.CASCADE, related_name="given")
    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="starter_pack")
    place = models.PositiveIntegerField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_at = models.DateTimeField(null=True, editable=False)
    series = models.ForeignKey(
        MeetingSeries, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    refusal: Any = models.CharField(max_length=200, blank=True, editable=False)

    personal = Personal(
        path="asked_by",
        exports=("community__name", "given_at"),
        because="What a community was given belongs to it; who gave it has lost name and address.",
    )

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.pack} · {self.community}"
