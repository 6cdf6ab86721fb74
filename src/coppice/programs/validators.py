"""Rules of form that several forms share."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` names an IANA time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list, such as America/Chicago."))


def time_zone_choices() -> list[tuple[str, str]]:
    """Return the zones people know by a city, as (key, words)."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    names = sorted(zone for zone in zoneinfo.available_timezones() if zone.startswith(areas))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]
