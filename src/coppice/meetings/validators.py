"""Rules about times that forms and actions of meetings share."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PLANNED_AHEAD = timedelta(days=5 * 365 + 1)


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """Return the instant at which clocks of `zone` show this time on this day.

    None when they never do, because they are put forward over it; the first of two when they are put back.
    """
    moment = datetime.combine(day, clock, tzinfo=zone)
    shown = moment.astimezone(UTC).astimezone(zone)
    return moment if shown.replace(tzinfo=None) == moment.replace(tzinfo=None) else None
