"""When a phone may ring: by day, where its owner is."""

from datetime import datetime, time, timedelta

from coppice.notifications.mornings import zone_of

FIRST, LAST = time(8), time(21)
"""From eight in the morning to nine in the evening: else US law forbids it (47 CFR 64.1200)."""


def first_by_day(at: datetime, *, zone_key: str) -> datetime:
    """Return the first moment from `at` on that lies within the hours, by the clocks of a zone."""
    local = at.astimezone(zone_of(zone_key))
    if FIRST <= local.time() < LAST:
        return at
    day = local.date() + timedelta(days=local.time() >= LAST)
    return datetime.combine(day, FIRST, tzinfo=local.tzinfo).astimezone(at.tzinfo)
