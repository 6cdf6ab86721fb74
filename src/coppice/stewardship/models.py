"""What was said with a leader, and when to speak again."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.lib.personal import Erasure, Personal
from coppice.programs.models import providers_of
from coppice.programs.validators import FIRST_DAY, LAST_DAY, validate_day


class LeaderCheckInQuerySet(models.QuerySet["LeaderCheckIn"]):
    def visible_to(self, person: Any) -> "LeaderCheckInQuerySet":
        """Check-ins are for provider staff alone."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(community__program__provider__in=providers_of(person))


class LeaderCheckIn(models.Model):
    """One short conversation between the provider and a community's leader."""

    class Mood(models.TextChoices):
        THRIVING = "thriving", _("Thriving")
        STEADY = "steady", _("Steady")
        STRAINED = "strained", _("Strained")
        STUCK = "stuck", _("Stuck")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="leader_check_ins")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="leader_check_ins"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    spoken_on = models.DateField(_("date"), validators=[validate_day])
    mood = models.CharField(_("mood"), max_length=10, choices=Mood)
    blockers = models.TextField(_("what blocks"), blank=True)
    agreed_action = models.TextField(_("what we agreed"), blank=True)
    next_on = models.DateField(_("speak again on"), null=True, blank=True, validators=[validate_day])
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LeaderCheckInQuerySet.as_manager()

    personal = (
        Personal(
            path="leader",
            exports=("community__name", "spoken_on", "mood", "blockers", "agreed_action", "next_on"),
            on_erasure=Erasure.CLEAR,
            cleared={"blockers": "", "agreed_action": ""},
        ),
        Personal(path="by", exports=("spoken_on",), because="Staff who called have lost name and address."),
    )

    class Meta:
        ordering = ["-spoken_on", "-id"]
        indexes = [models.Index(fields=["community", "-spoken_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(spoken_on__gte=FIRST_DAY, spoken_on__lte=LAST_DAY)
                & (Q(next_on=None) | Q(next_on__gte=FIRST_DAY, next_on__lte=LAST_DAY)),
                name="check_in_is_of_our_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.community}, {self.spoken_on}"


class Snooze(models.Model):
    """A community put off the "Call today" list until a date."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="snooze")
    until = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    personal = Personal(path="by", exports=("until",), because="Staff who snoozed has lost name and address.")

    def __str__(self) -> str:
        return f"{self.community}, {self.until}"
