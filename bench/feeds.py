"""Calendar feeds: one of 500 meetings is served in under 100 ms, with as many queries for 500 as for 5."""

import json
import sys
import time
from typing import TYPE_CHECKING

from bench.installation import installation
from bench.machine import at_most, table, wanted

if TYPE_CHECKING:
    from coppice.meetings.models import CalendarFeed

FEW, MANY, MILLISECONDS = 5, 500, 100.0
VISITS = 9


def main() -> list[str]:
    """Measure everything and return the aims that are missed."""
    with installation() as place:
        done = place.python("-m", "bench.feeds", "inside")
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    few, many = json.loads(done.stdout)
    rows = [
        (
            each["meetings"],
            each["queries"],
            f"{each['cpu']:.0f}",
            f"{each['took']:.0f}",
            each["bytes"] // 1000,
        )
        for each in (few, many)
    ]
    print(table(("meetings", "queries", "CPU-ms", "took ms", "kB"), rows))
    asked = many["queries"], few["queries"]
    return [
        *at_most(f"milliseconds of the processor for {MANY} meetings", many["cpu"], MILLISECONDS),
        *wanted("queries of the larger feed", asked[0], str(asked[1]), is_met=asked[0] == asked[1]),
        *wanted("meetings in the larger feed", many["meetings"], str(MANY), is_met=many["meetings"] == MANY),
    ]


def inside() -> list[dict[str, float]]:
    """Measure two feeds inside of an installation: the best of some visits, view and middleware included."""
    return [_measured(count) for count in (FEW, MANY)]


def _measured(count: int) -> dict[str, float]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from coppice.meetings.feeds import feed_path

    client, path = Client(headers={"host": "127.0.0.1"}), feed_path(_fed(count))
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    asked = len(queries)  # the next request empties the log
    cpu, took = [], []
    for _ in range(VISITS):
        began, processor = time.perf_counter(), time.process_time()
        client.get(path)
        cpu.append(1000 * (time.process_time() - processor))
        took.append(1000 * (time.perf_counter() - began))
    return {
        "meetings": answer.content.count(b"BEGIN:VEVENT"),
        "queries": asked,
        "cpu": min(cpu),
        "took": min(took),
        "bytes": len(answer.content),
    }


def _fed(count: int) -> "CalendarFeed":
    """Return the feed of a member of ten communities that meet in five zones, half of them past."""
    from datetime import timedelta
    from itertools import cycle

    from django.utils import timezone

    from coppice.communities.models import Membership
    from coppice.communities.tests.factories import add_member, make_community
    from coppice.meetings.actions import feeds
    from coppice.meetings.models import Meeting

    member = add_member(make_community(name="Group 0"), f"Reader of {count}")
    program, now = member.community.program, timezone.now()
    groups = [member.community, *(make_community(program, name=f"Group {number}") for number in range(1, 10))]
    Membership.objects.bulk_create(
        Membership(community=each, person=member.person, enrollment=member.enrollment, state="active")
        for each in groups[1:]
    )
    zones = cycle(
        ("America/New_York", "Pacific/Auckland", "Africa/Casablanca", "Europe/Dublin", "Asia/Kathmandu")
    )
    Meeting.objects.bulk_create(
        Meeting(
            community=groups[number % len(groups)],
            title=f"Meeting {number}: what each of us tried",
            purpose="A peer assist on one member's problem; bring a story of something that did not work.",
            link="https://meet.example.org/grove",
            place="Room 4, or +1 555 0100",
            time_zone=next(zones),
            starts_at=now + timedelta(hours=12 * (number - count // 2)),
            ends_at=now + timedelta(hours=12 * (number - count // 2) + 1),
        )
        for number in range(count)
    )
    return feeds.make(by=member.person)


if __name__ == "__main__" and sys.argv[1:] == ["inside"]:
    import django

    django.setup()
    print(json.dumps(inside()))
