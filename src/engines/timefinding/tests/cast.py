"""People of the world and their free and busy times, made up."""

import random
from datetime import UTC, datetime, timedelta

from engines.timefinding import Person, Span

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
ZONES = ("Pacific/Honolulu", "America/New_York", "Africa/Lagos", "Asia/Kathmandu", "Pacific/Auckland")


def span(start, minutes=60):
    """So many minutes from an instant."""
    return Span(start, start + timedelta(minutes=minutes))


def crowd(count, *, days=14, seed=1, zones=ZONES):
    """People in several zones: a third told usual hours, all are busy here and there and answered a poll."""
    draw = random.Random(seed)
    return tuple(_person(draw, number, days, zones) for number in range(count))


def _person(draw, number, days, zones):
    some = [MONDAY + timedelta(minutes=15 * draw.randrange(days * 96)) for _ in range(6)]
    usual = frozenset(24 * day + hour for day in range(5) for hour in range(9, 17) if draw.random() < 0.7)
    return Person(
        f"p{number:03}",
        draw.choice(zones),
        usual=usual if draw.random() < 0.3 else None,
        busy=tuple(span(start, draw.choice((30, 60, 90))) for start in some[:4]),
        free=(span(some[4], 180),),
        if_need_be=(span(some[5], 180),),
    )
