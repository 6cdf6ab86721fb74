"""What talking costs: the list of conversations and a long one, and how many posts a second are taken.

2,000 threads with 20,000 posts in 50 communities of 12 people. The two pages take turns with a bare view
and a plain list of 20 rows on the same server (`bench.pages`). Then members post through the real form, eight
at once, while the mails of each post are written beside; at the end every accepted post is there once, and
each of its readers has one message of it. Queries are counted with few posts and with many.
"""

import json
import secrets
import sqlite3
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

from bench.browsers import Answer, Browser, crowd
from bench.installation import Installation, installation
from bench.machine import at_most, table, wanted
from bench.pages import costs_of
from bench.scene import Scene, seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coppice.conversations.models import Post

COMMUNITIES, PEOPLE, THREADS, POSTS, IN_THE_LONGEST = 50, 600, 2_000, 20_000, 300
FEW = (50, 600, 50, 100, 5)
WRITTEN, WRITERS = 400, 8
MOST_CPU, MOST_QUERIES = 12.0, 12
PATIENCE = 300
TOLD = "SELECT count(*) FROM conversations_post WHERE told_at IS NULL"
OURS = "SELECT id FROM conversations_post WHERE markdown LIKE 'Bench %'"
MESSAGES = (
    "SELECT occasion, count(*) FROM notifications_message WHERE occasion LIKE 'post:%' GROUP BY occasion"
)


def main() -> list[str]:
    """Measure pages, queries and posting; return the aims that are missed."""
    counts: dict[str, list[int]] = {}
    for size in (FEW, (COMMUNITIES, PEOPLE, THREADS, POSTS, IN_THE_LONGEST)):
        with installation(settings="bench.settings") as place:
            scene, longest = _scene(place, *size)
            for name, count in _queries(place, _pages(scene, longest)).items():
                counts.setdefault(name, []).append(count)
            if size == FEW:
                continue
            place.start()
            costs = costs_of(place, {**_pages(scene, longest), **BARE})
            aims = _post(place, scene, longest)
            place.stop()
    print(table(("queries", "few posts", "many posts"), [(name, *row) for name, row in counts.items()]))
    for name, (few, many) in counts.items():
        aims.append(at_most(f"{name}, CPU-ms on one connection", costs[name], MOST_CPU))
        aims.append(at_most(f"{name}, queries", many, MOST_QUERIES))
        aims.append(
            wanted(f"{name}, queries with many posts", many, f"{few}, as with few", is_met=few == many)
        )
    return [missed for aim in aims for missed in aim]


BARE = {"one query, bare": ("/bench/one-query/", ""), "20 rows, plain": ("/bench/twenty-rows/", "")}


def _pages(scene: Scene, longest: int) -> dict[str, tuple[str, str]]:
    return {
        "list of conversations": (f"/communities/{scene.communities[0]}/talk/", scene.member_session),
        "long conversation": (f"/threads/{longest}/", scene.member_session),
    }


def _scene(place: Installation, *size: int) -> tuple[Scene, int]:
    communities, people, *talk = size
    scene = seed(place, communities=communities, people=people, meetings=2)
    done = place.python("-m", "bench.talk", *map(str, talk))
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    print(f"{talk[0]:,} conversations with {talk[1]:,} posts in {communities} communities", flush=True)
    return scene, int(done.stdout)


def _queries(place: Installation, pages: dict[str, tuple[str, str]]) -> dict[str, int]:
    done = place.python("-m", "bench.queries", given=json.dumps(pages))
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return {name: count for name, (count, _cost) in json.loads(done.stdout).items()}


def _post(place: Installation, scene: Scene, longest: int) -> list[list[str]]:
    """Post as a crowd; return what was lost or doubled, of posts and of mails."""
    database = place.home / "coppice.sqlite3"

    def write(browser: Browser, number: int) -> Answer:
        fields = {"once": secrets.token_hex(12), "markdown": f"Bench {number}: who has a van on Fridays?"}
        return browser.post(f"/threads/{longest}/posts/", fields)

    visited = crowd(place.port, write, requests=WRITTEN, connections=WRITERS, session=scene.member_session)
    started = time.monotonic()
    while _one(database, TOLD) and time.monotonic() - started < PATIENCE:
        time.sleep(0.2)
    told = visited.elapsed + time.monotonic() - started
    with closing(sqlite3.connect(database)) as rows:
        written = {key for (key,) in rows.execute(OURS)}
        messages = dict(rows.execute(MESSAGES).fetchall())
    readers = PEOPLE // COMMUNITIES - 1
    wrong = [key for key in written if messages.get(f"post:{key}") != readers]
    waits = sorted(visited.seconds)
    rows_of_table = [
        ("posts accepted", visited.statuses.get(302, 0)),
        ("posts a second", f"{visited.count / visited.elapsed:.0f}"),
        (
            "p50 / p95 / p99 ms",
            " / ".join(f"{1000 * waits[int(len(waits) * at)]:.0f}" for at in (0.5, 0.95, 0.99)),
        ),
        ("mails written a second, all told", f"{sum(messages.values()) / told:.0f}"),
    ]
    print(table((f"posting, {WRITERS} at once", ""), rows_of_table), flush=True)
    return [
        wanted(
            "posts accepted",
            visited.statuses,
            f"{WRITTEN} redirects",
            is_met=visited.statuses == {302: WRITTEN},
        ),
        wanted("posts that are there", len(written), f"{WRITTEN}", is_met=len(written) == WRITTEN),
        wanted("posts with a mail too few or too many", len(wrong), "none", is_met=not wrong),
    ]


def _one(database: object, question: str) -> int:
    with closing(sqlite3.connect(str(database))) as rows:
        return int(rows.execute(question).fetchone()[0])


def fill(threads: int, posts: int, in_the_longest: int) -> int:
    """Write threads and posts in bulk, inside an installation; return the longest thread."""
    from datetime import timedelta

    from django.utils import timezone

    from coppice.communities.models import Membership
    from coppice.conversations.drawn import drawn
    from coppice.conversations.models import Post, Thread

    now = timezone.now()
    members: dict[int, list[Membership]] = {}
    for membership in Membership.objects.order_by("pk"):
        members.setdefault(membership.community_id, []).append(membership)
    places = list(members)
    kinds = list(Thread.Kind)
    made = Thread.objects.bulk_create(
        Thread(
            community_id=places[number % len(places)],
            kind=kinds[number % len(kinds)],
            title=f"Conversation {number + 1}",
            started_by_id=members[places[number % len(places)]][0].person_id,
            started_at=now - timedelta(hours=threads - number),
            last_post_at=now - timedelta(hours=threads - number),
            news_at=now - timedelta(hours=threads - number),
        )
        for number in range(threads)
    )
    lengths = [(posts - in_the_longest) // (threads - 1)] * threads
    lengths[0] = in_the_longest

    def written() -> "Iterator[Post]":
        for thread, length in zip(made, lengths, strict=True):
            who = members[thread.community_id]
            for number in range(length):
                at = thread.started_at + timedelta(seconds=number)
                words = f"Post {number + 1}. **What worked**: a list on the door, and a call the day before."
                author = who[number % len(who)].person_id
                yield Post(
                    thread=thread,
                    community_id=thread.community_id,
                    author_id=author,
                    markdown=words,
                    written_at=at,
                    told_at=at,
                    **drawn(words),
                )

    Post.objects.bulk_create(written(), batch_size=500)
    for thread, length in zip(made, lengths, strict=True):
        thread.post_count = length
        thread.last_post_at = thread.news_at = thread.started_at + timedelta(seconds=length)
    Thread.objects.bulk_update(made, ["post_count", "last_post_at", "news_at"], batch_size=200)
    return made[0].pk


if __name__ == "__main__":
    import django

    django.setup()
    print(fill(*map(int, sys.argv[1:])))
