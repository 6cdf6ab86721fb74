"""What a meeting goes through: the items of its agenda, and those that members put into its box."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.meetings.models import Meeting

LONGEST_ITEM = 240
LONGEST_DETAIL = 2000


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, person: Any) -> "AgendaItemQuerySet":
        """Items of meetings that the person may open."""
        return self.filter(meeting__in=Meeting.objects.visible_to(person))

    def there(self) -> "AgendaItemQuerySet":
        """What is on the agenda or in its box, each in order."""
        return self.exclude(state=AgendaItem.State.TAKEN_OFF).order_by("position", "pk")

    def on_the_agenda(self) -> "AgendaItemQuerySet":
        """What the meeting goes through, in order."""
        return self.filter(state=AgendaItem.State.PLANNED).order_by("position", "pk")

    def in_the_box(self) -> "AgendaItemQuerySet":
        """What members asked for and no leader has taken up yet, the oldest first."""
        return self.filter(state=AgendaItem.State.ASKED).order_by("pk")


class AgendaItem(models.Model):
    """One thing that a meeting takes up: for how many minutes, and who leads it.

    `origin` names for good what it was made from ("need:12", "ready:training:2"; "" for somebody's own
    words), so that nothing is offered twice. `asked_by` put it into the box. `position` orders the agenda and
    means nothing else.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("in the box")
        PLANNED = "planned", _("on the agenda")
        TAKEN_OFF = "taken_off", _("taken off")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED, editable=False)
    position = models.PositiveIntegerField(default=0, editable=False)
    title = LineField(_("what it is about"), max_length=200)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=10, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ITEM)]
    )
    owner = models.ForeignKey(
        Membership,
        verbose_name=_("who leads it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    detail = models.TextField(_("what for, and how"), max_length=LONGEST_DETAIL, blank=True)
    origin = models.CharField(max_length=80, blank=True, editable=False)
    asked_by = models.ForeignKey(
        Membership, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AgendaItemQuerySet.as_manager()

    personal = (
        Personal(
            path="owner__person",
            exports=("meeting__title", "title"),
            because="The agenda belongs to its community; the membership it points to is nameless.",
        ),
        Personal(
            path="asked_by__person",
            exports=("meeting__title", "title", "detail", "created_at"),
            on_erasure=Erasure.DELETE,
        ),
    )

    class Meta:
        indexes = [models.Index(fields=["meeting", "state", "position"])]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="agenda_items_have_words"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_ITEM), name="agenda_items_take_minutes"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def format_key(self) -> str:
        """Which format of live rooms it was made from; "" for any other."""
        kind, _colon, key = self.origin.partition(":")
        return key if kind == "format" else ""
