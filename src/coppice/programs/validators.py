"""Rules that forms and models share."""

import zoneinfo
from datetime import date
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)


def validate_day(value: date) -> None:
    """Raise ValidationError for a day so far away that it is a slip of the keyboard."""
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValidationError(_("Give a day from the year 2000 to 2100."))


@cache
def time_zone_names() -> frozenset[str]:
    """Return the names of all time zones that this installation knows, read once."""
    return frozenset(zoneinfo.available_timezones())


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` names an IANA time zone."""
    if value not in time_zone_names():
        raise ValidationError(_("Choose a time zone from the list, such as America/Chicago."))
