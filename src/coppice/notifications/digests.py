"""Telling everybody whose morning has come what waited for them: in batches, each line once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from coppice.lib.jobs import after_commit, alone
from coppice.notifications.digest_mail import DigestWriter, occasion_of
from coppice.notifications.mailing_lists import still_on
from coppice.notifications.models import Line, Message, Mute, Pace
from coppice.notifications.mornings import next_morning, zone_of
from coppice.notifications.tellings import reworded, worth_telling

BATCH = 200
KEYS_AT_ONCE = 5000
PATIENCE = 5
"""So often in a row a batch is read anew because somebody changed it meanwhile; then the next run goes on."""
A_DAY = timedelta(days=1)
"""What would be told within a day of a digest is told in it: whose programs lie in two zones gets one."""

type Reader = tuple[int, str]
"""A person's id and the rhythm of the digest that is theirs."""


def tell_due() -> int:
    """Write the digest of everybody whose morning has come into the outbox, and return how many.

    A batch is read in the same few queries for however many readers, composed outside any transaction, and
    kept in one: the mails, and that their lines are told. Whatever ends a run leaves each line told or
    waiting, never in between; the next run goes on from there. Two runs at once do not happen on one machine,
    and on two the later one finds its lines told.
    """
    with alone("digests") as is_mine:
        if not is_mine:
            return 0
        now, writer, count, overtaken = timezone.now(), DigestWriter(), 0, 0
        while overtaken < PATIENCE and (readers := _due_readers(now)):
            digests = _digests_of(readers, now, writer)
            is_kept = _keep(digests, now)
            count += len(digests.messages) if is_kept else 0
            overtaken = 0 if is_kept else overtaken + 1
        return count


class _Digests:
    """A batch: the mails, the keys of lines that they tell, that nobody is told, and that wait on."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.told: list[int] = []
        self.dropped: list[int] = []
        self.later: dict[datetime, list[int]] = {}


def _due_readers(now: datetime) -> list[Reader]:
    due = Line.objects.due(now).order_by()
    return list(due.values_list("person_id", "rhythm").distinct()[:BATCH])


def _digests_of(readers: Sequence[Reader], now: datetime, writer: DigestWriter) -> _Digests:
    people = get_user_model()._default_manager.in_bulk({person for person, _rhythm in readers})
    wanted = set(readers)
    lines = [
        line
        for line in Line.objects.due(now + A_DAY).filter(person__in=people).order_by("-at", "-pk")
        if (line.person_id, line.rhythm) in wanted
    ]
    worth = _worth(lines, people, now)
    reworded(line for line in lines if line.pk in worth)
    told_today = _told_today(people, now)
    digests = _Digests()
    digests.dropped = [line.pk for line in lines if line.pk not in worth]
    groups: dict[Reader, list[Line]] = {}
    for line in lines:
        if line.pk in worth:
            groups.setdefault((line.person_id, line.rhythm), []).append(line)
    for (person_id, rhythm), group in groups.items():
        person = people[person_id]
        zone_key = person.time_zone or group[0].time_zone
        period = _period(now, rhythm, zone_key)
        keys = [line.pk for line in group]
        if (person_id, occasion_of(rhythm), period) in told_today:
            morning = next_morning(now, zone_key=zone_key, rhythm=rhythm)
            digests.later.setdefault(morning, []).extend(keys)
        else:
            digests.messages.append(writer.write(person, rhythm, group, period=period))
            digests.told += keys
    return digests


def _worth(lines: Sequence[Line], people: dict[int, Any], now: datetime) -> set[int]:
    """The keys of lines to tell: of people who are here, on their lists and want them, still true and new."""
    places = {(line.person_id, line.list_key) for line in lines}
    left = set(Mute.objects.current(now).filter(person__in=people).values_list("person_id", "list_key"))
    wanted = still_on(places) - left
    return worth_telling(
        line
        for line in lines
        if (line.person_id, line.list_key) in wanted
        and people[line.person_id].is_active
        and people[line.person_id].erased_at is None
        and (line.until is None or line.until > now)
    )


def _told_today(people: dict[int, Any], now: datetime) -> set[tuple[int, str, str]]:
    """Whose digest has been written already, as person, occasion and period."""
    days = [(now + timedelta(days=step)).date().isoformat() for step in (-1, 0, 1)]
    occasions = [occasion_of(rhythm) for rhythm in (Pace.DAILY, Pace.WEEKLY)]
    known = Message.objects.filter(recipient__in=people, occasion__in=occasions, period__in=days)
    return set(known.values_list("recipient_id", "occasion", "period"))


def _period(now: datetime, rhythm: str, zone_key: str) -> str:
    """The day of a digest where its reader is: one a day at most; the moment for what is wanted at once."""
    if rhythm == Pace.INSTANT:
        return f"{now:%Y%m%d%H%M%S%f}"
    return now.astimezone(zone_of(zone_key)).date().isoformat()


class _Overtaken(Exception):
    """Lines of a batch were told or taken back by somebody else meanwhile."""


def _keep(digests: _Digests, now: datetime) -> bool:
    """Keep a batch whole, and say whether it was so; else nothing has changed, and it is read anew."""
    try:
        with transaction.atomic():
            Message.objects.bulk_create(digests.messages)
            _mark(digests.told, told_at=now, message=_digest_of_line())
            _mark(digests.dropped, told_at=now)
            for morning, keys in digests.later.items():
                _mark(keys, due_at=morning)
            if digests.messages:
                after_commit("coppice.notifications.tasks.deliver_due")
    except (IntegrityError, _Overtaken):
        return False
    return True


def _mark(keys: Sequence[int], **changes: Any) -> None:
    for some in batched(keys, KEYS_AT_ONCE):
        if Line.objects.waiting().filter(pk__in=some).update(**changes) != len(some):
            raise _Overtaken


def _digest_of_line() -> Subquery:
    """The newest digest of a line's reader and rhythm: the one that was written just now."""
    occasion = Concat(Value(occasion_of("")), OuterRef("rhythm"), output_field=CharField())
    mine = Message.objects.filter(recipient=OuterRef("person"), occasion=occasion)
    return Subquery(mine.order_by("-pk").values("pk")[:1])
