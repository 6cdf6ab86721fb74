"""When somebody has something else, as their own calendar said: times alone, and for themself alone."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from coppice.lib.personal import Erasure, Personal


class BusyTimeQuerySet(models.QuerySet["BusyTime"]):
    def visible_to(self, person: Any) -> "BusyTimeQuerySet":
        """A person's own: nobody else reads one, only what they count for together with others."""
        return self.filter(person=person) if person.is_authenticated else self.none()


class BusyTime(models.Model):
    """One time at which a person has something else. What it is, and where, was never kept.

    It goes as soon as it is over; all go when a newer calendar takes their place.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="busy_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = BusyTimeQuerySet.as_manager()

    personal = Personal(path="person", exports=("starts_at", "ends_at"), on_erasure=Erasure.DELETE)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["person", "ends_at"]), models.Index(fields=["ends_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="busy_has_length"
            )
        ]

    def __str__(self) -> str:
        return _("%(start)s to %(end)s") % {"start": self.starts_at, "end": self.ends_at}
