"""What is asked some time after a meeting: did you try it, and of who was missing, what it was."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal

LONGEST_STORY = 1000
LONGEST_STEP = 240
LONGEST_EXCUSE = 500


class FollowUp(models.Model):
    """Whether one member tried, 30 or 90 `days` after a meeting, what they meant to try; asked once each.

    `tried` goes from 0 to 3, `effect` from 1 to 5 (mission.md, section 4). A `counted_…` is the answer as the
    numbers that are shown hold it: it follows together with those of at least four others, as with the pulse.
    `may_show` is whether the community may read the words, with the name.
    """

    class After(models.IntegerChoices):
        MONTH = 30, _("30 days later")
        QUARTER = 90, _("90 days later")

    class Tried(models.IntegerChoices):
        NO = 0, _("0: not yet")
        A_LITTLE = 1, _("1: a little")
        MOSTLY = 2, _("2: for the most part")
        FULLY = 3, _("3: fully")

    class Effect(models.IntegerChoices):
        VERY_MUCH = 5, _("5: a great deal")
        MUCH = 4, _("4: much")
        SOME = 3, _("3: something")
        LITTLE = 2, _("2: little")
        NONE = 1, _("1: nothing")

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="follow_ups")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="follow_ups")
    days = models.PositiveSmallIntegerField(choices=After)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    tried = models.PositiveSmallIntegerField(_("Did you try it?"), choices=Tried, null=True, blank=True)
    story = models.TextField(
        _("What helped, or what stood in the way?"), max_length=LONGEST_STORY, blank=True
    )
    told_colleagues = models.BooleanField(_("Did you tell colleagues about it?"), null=True, blank=True)
    effect = models.PositiveSmallIntegerField(_("What did it change?"), choices=Effect, null=True, blank=True)
    next_step = LineField(_("What comes next?"), max_length=LONGEST_STEP, blank=True)
    may_show = models.BooleanField(
        _("You may show my group, with my name, what I tried and these words"), default=False, blank=True
    )
    counted_tried = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    counted_effect = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    counted_told = models.BooleanField(null=True, blank=True, editable=False)

    personal = Personal(
        path="membership__person",
        exports=(
            "meeting__title",
            "days",
            "asked_at",
            "answered_at",
            "tried",
            "story",
            "told_colleagues",
            "effect",
            "next_step",
            "may_show",
        ),
        on_erasure=Erasure.CLEAR,
        cleared={"story": "", "next_step": "", "may_show": False},
    )

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership", "days"], name="asked_once_each_time"),
            models.CheckConstraint(condition=Q(tried=None) | Q(tried__lte=3), name="tried_from_0_to_3"),
            models.CheckConstraint(
                condition=Q(effect=None) | Q(effect__gte=1, effect__lte=5), name="effect_from_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(tried__isnull=False), name="a_follow_up_says_whether_tried"
            ),
        ]
        indexes = [models.Index(fields=["membership", "asked_at"])]

    def __str__(self) -> str:
        return self.get_days_display()

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


class MissedMeeting(models.Model):
    """Why a member who had not said no was missing; asked once for each meeting, gently.

    `counted` is the reason as the numbers that are shown hold it: it follows together with those of at least
    four others. `shows_name` is whether who leads may read reason and words by name.
    """

    class Reason(models.TextChoices):
        COULD_NOT = "could_not", _("I could not make it this time")
        TIME = "time", _("The time does not suit me")
        NOT_USEFUL = "not_useful", _("It is not useful to me now")
        PAUSE = "pause", _("I want to pause for a while")

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="absences")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="absences")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("What was it?"), max_length=10, choices=Reason, blank=True)
    words = LineField(_("a word about it"), max_length=LONGEST_EXCUSE, blank=True)
    shows_name = models.BooleanField(_("Whoever leads may read this with my name"), default=False, blank=True)
    counted = models.CharField(max_length=10, choices=Reason, blank=True, editable=False)

    personal = Personal(
        path="membership__person",
        exports=("meeting__title", "asked_at", "answered_at", "reason", "words", "shows_name"),
        on_erasure=Erasure.CLEAR,
        cleared={"words": "", "shows_name": False},
    )

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="one_absence_each"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(reason=""), name="an_absence_says_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
