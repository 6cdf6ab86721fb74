"""The verbs of somebody's own busy times: bring them from a calendar, throw them away, forget the past."""

from datetime import datetime, tzinfo
from typing import Any

from django.db import transaction

from coppice.accounts.models import Person
from coppice.meetings.busy_apart import read_apart
from coppice.meetings.busy_reading import Read, Reader
from coppice.meetings.models import BusyTime


def bring(person: Any, content: bytes, *, zone: tzinfo, address: str, now: datetime) -> Read:
    """Keep when a calendar file says that its owner is busy, in place of what was kept before.

    Returns the times, and how many events were left out. Nothing else of the file is kept, and the history
    says nothing of it. Raises CalendarTooLarge or CalendarNotRead.
    """
    addresses = frozenset(each.lower() for each in (address, person.email) if each)
    read = read_apart(content, Reader(zone, addresses), now=now)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # who brings two at once keeps the later one
        BusyTime.objects.filter(person=person).delete()
        BusyTime.objects.bulk_create(
            BusyTime(person=person, starts_at=each.starts_at, ends_at=each.ends_at) for each in read.times
        )
    return read


def throw_away(person: Any) -> None:
    """Delete all busy times of somebody at once."""
    BusyTime.objects.filter(person=person).delete()


def forget(*, before: datetime) -> None:
    """Delete busy times that were over by then."""
    BusyTime.objects.filter(ends_at__lte=before).delete()
