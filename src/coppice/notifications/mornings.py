"""When a reader's morning is: the next time that a digest leaves, by the clocks where they are."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from coppice.notifications.models import Pace

MORNING = time(7)
MONDAY = 0


def next_morning(after: datetime, *, zone_key: str, rhythm: str) -> datetime:
    """Return the first 7:00 after a moment by the clocks of a zone; on a Monday for a weekly rhythm.

    It is counted in days of the calendar, so a change of the clocks between does not move it. A zone that
    nobody knows counts as the installation's.
    """
    zone = zone_of(zone_key)
    local = after.astimezone(zone)
    day = local.date()
    if rhythm == Pace.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    step = timedelta(days=7 if rhythm == Pace.WEEKLY else 1)
    morning = datetime.combine(day, MORNING, tzinfo=zone)
    return morning if morning > after else datetime.combine(day + step, MORNING, tzinfo=zone)


@lru_cache(maxsize=1024)
def zone_of(key: str) -> ZoneInfo:
    """Return a time zone by its name; the installation's for one that nobody knows."""
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)
