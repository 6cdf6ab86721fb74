"""Letting the next digests tell of meetings that nobody was told of."""

from datetime import datetime

from django.db import transaction

from coppice.meetings.digest_lines import upcoming_lines
from coppice.notifications.actions import post


@transaction.atomic
def tell(now: datetime) -> int:
    """Keep a line for each meeting that somebody with a digest has not heard of; return how many."""
    lines = upcoming_lines(now)
    post([], lines)
    return len(lines)
