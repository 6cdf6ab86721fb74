"""How far people have read, after an archive came in: what was brought is new to nobody."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from coppice.communities.models import Community, Membership
from coppice.conversations.models import Thread
from coppice.conversations.queries import NEVER
from coppice.conversations.reading_models import TalkReading, ThreadReading
from coppice.programs.models import Staff


def keep_up(community: Community, threads: Iterable[Thread], *, before: Mapping[int, datetime]) -> None:
    """Let everybody have read threads to their ends who had read them before; called in the transaction.

    `before` holds when the last post of a thread was written that was here already. Somebody to whom
    something was new in it has that still to read.
    """
    by_id = {thread.pk: thread for thread in threads}
    since = _since(community)
    readings = ThreadReading.objects.filter(thread__in=by_id, person__in=since)
    until = dict(_until(readings))
    rows = []
    for thread in by_id.values():
        for person, everything in since.items():
            own = until.get((person, thread.pk))
            read_at = own if own and (everything == NEVER or own > everything) else everything
            had_news = thread.pk in before and before[thread.pk] > read_at
            if thread.last_post_at > read_at and not had_news:
                rows.append(ThreadReading(thread=thread, person_id=person, read_until=thread.last_post_at))
    ThreadReading.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "thread"],
        update_fields=["read_until"],
        batch_size=500,
    )


def _since(community: Community) -> dict[int, datetime]:
    """Until when people have read everything here: as they said, else since they joined; staff never."""
    staff = Staff.objects.active().filter(provider=community.program.provider_id)
    members = Membership.objects.taking_part().filter(community=community)
    said = TalkReading.objects.filter(community=community).values_list("person_id", "read_until")
    return {
        **dict.fromkeys(staff.values_list("person_id", flat=True), NEVER),
        **{person: at or NEVER for person, at in members.values_list("person_id", "joined_at")},
        **dict(said),
    }


def _until(readings: Iterable[ThreadReading]) -> Iterator[tuple[tuple[int, int], datetime]]:
    for each in readings:
        if each.read_until is not None:
            yield (each.person_id, each.thread_id), each.read_until
