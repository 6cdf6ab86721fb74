"""Rules that forms and models of communities share."""

from functools import cache
from zoneinfo import available_timezones


@cache
def time_zone_names() -> frozenset[str]:
    """Return the names of all time zones that this installation knows, read once."""
    return frozenset(available_timezones())
