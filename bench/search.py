"""Search: a page of results in 100 CPU-ms, among 100,000 posts on SQLite and a million on PostgreSQL.

`./run bench search` measures on SQLite, `./run bench search --postgres` on a PostgreSQL of its own. Words are
as frequent as in a language (Zipf), half of them written in their usual way and half of a long tail.
"""

import bisect
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bench.installation import Installation, installation
from bench.machine import at_most, cpu_seconds, table

if TYPE_CHECKING:
    from coppice.accounts.models import Person

OPTIONS = ("--postgres",)
POSTS = {"sqlite": 100_000, "postgresql": 1_000_000}
OF_A_COMMUNITY = 1_000
OF_ONE_PROVIDER = 0.8
WORDS_KNOWN, WORDS_OF_A_POST = 60_000, (12, 110)
TITLE_WORDS = 5
MILLISECONDS = 100.0
VISITS = 24
TOLD = (1_000, 100_000)
KIND = "post"
COPIES = 10
COPY = """
INSERT INTO search_document
    (kind, object_id, audience, title, words, language, path, at, moment, community_id, vector)
SELECT kind, object_id + copy * %(written)s, audience, title, words, language, path, later,
    extract(epoch FROM later)::bigint, community_id,
    ts_delete(vector, ARRAY[to_char(utc, '"m:"YYYYMM'), to_char(utc, '"w:"IYYYIW')])
    || array_to_tsvector(ARRAY[to_char(later_utc, '"m:"YYYYMM'), to_char(later_utc, '"w:"IYYYIW')])
FROM search_document, generate_series(1, %(copies)s) AS copy,
    LATERAL (SELECT at + copy * %(span)s AS later) AS moved,
    LATERAL (SELECT at AT TIME ZONE 'UTC' AS utc, later AT TIME ZONE 'UTC' AS later_utc) AS clocks
ORDER BY later
"""
START = datetime.now(UTC) - timedelta(days=1_000)


def main(*options: str) -> list[str]:
    """Measure everything and return the aims that are missed."""
    address = os.environ.get("COPPICE_DATABASE_URL", "") if "--postgres" in options else ""
    with installation() as place:
        if address:
            place.environment["COPPICE_DATABASE_URL"] = address
            place.migrate()
        figures = _inside(place)
    scene = f"{figures['posts']:,} posts in {figures['communities']:,} communities"
    print(f"{scene}, written in {figures['wrote']:.0f} s")
    rows = [
        (each["who"], each["what"], each["asked"], each["found"], *figures_of(each))
        for each in figures["searches"]
    ]
    print(table(("who", "what", "asked", "found", "CPU-ms", "p50 ms", "p95 ms"), rows))
    return [
        missed
        for each in figures["searches"]
        for missed in at_most(f"{each['what']} for {each['who']}, CPU-ms", each["cpu"], MILLISECONDS)
    ]


def _inside(place: Installation) -> dict[str, Any]:
    done = place.python("-m", "bench.search", "inside", patience=3_600)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def figures_of(search: dict[str, Any]) -> list[str]:
    """Milliseconds: of the processors, those of the database's server with them, and waited."""
    return [f"{search[name]:.0f}" for name in ("cpu", "p50", "p95")]


def inside() -> dict[str, Any]:
    """Write the posts and look for them, inside of an installation."""
    from django.db import connection

    count = int(os.environ.get("BENCH_POSTS", POSTS[connection.vendor]))
    began = time.perf_counter()
    communities = count // OF_A_COMMUNITY
    people = _people(communities)
    language = Language(pause=timedelta(days=1_000) / count)
    _write_posts(count, communities, language)
    wrote = time.perf_counter() - began
    searches = [
        {"who": who, **_measured(person, what, asked)}
        for who, person in people.items()
        for what, asked in language.asked().items()
    ]
    return {"posts": count, "communities": communities, "wrote": wrote, "searches": searches}


class Language:
    """Made-up words, the first ones said the most; and how much time passes from one post to the next."""

    def __init__(self, *, pause: timedelta) -> None:
        self.pause = pause
        self.chance = random.Random(7)
        starts = (*"bcdfghlmnprstv", "br", "ch", "gr", "pl", "st", "tr")
        parts = [f"{start}{vowel}" for start in starts for vowel in "aeiou"]
        ends = ["", "n", "r", "s", "l", "ting", "tion", "dad"]
        words: dict[str, None] = {}
        while len(words) < WORDS_KNOWN:
            count = 1 if len(words) < 60 else self.chance.choice((2, 2, 3, 3, 4))
            words["".join(self.chance.choices(parts, k=count)) + self.chance.choice(ends)] = None
        self.words = list(words)
        self.reach = list(itertools.accumulate(1 / (place + 3) for place in range(WORDS_KNOWN)))

    def text(self, count: int) -> str:
        """So many words, as often as each is said."""
        whole = self.reach[-1]
        return " ".join(
            self.words[bisect.bisect(self.reach, self.chance.random() * whole)] for _ in range(count)
        )

    def asked(self) -> dict[str, str]:
        """What is looked for: each sort of question by an example."""
        common = self.words[:3]
        usual = next(word for word in self.words[800:] if len(word) > 7)
        rare = next(word for word in self.words[30_000:] if len(word) > 7)
        other = next(word for word in self.words[300:] if len(word) > 5)
        return {
            "a typical word": usual,
            "two typical words": f"{other} {usual}",
            "a rare word": rare,
            "the commonest word": common[0],
            "three common words": " ".join(common),
            "a misspelt word": usual[:2] + usual[3] + usual[2] + usual[4:],
            "two misspelt words": f"{other[:3]}{other[4:]} {usual[:4]}x{usual[4:]}",
            "a beginning of 4": usual[:4],
            "a beginning of 6": usual[:6],
        }


def _people(communities: int) -> "dict[str, Person]":
    """Somebody in 5 communities, somebody in 40, and staff of four fifths of all."""
    from coppice.accounts.models import Person
    from coppice.communities.models import Community, Membership
    from coppice.programs.actions import create_program, create_provider
    from coppice.programs.models import Enrollment

    staff, other = (
        Person.objects.create_user(f"{name}@bench.example", name=name) for name in ("staff", "other")
    )
    today = START.date()
    programs = [
        create_program(
            create_provider(f"Provider of {who.name}", administrator=who),
            name="Bench program",
            award_starts=today,
            award_ends=today + timedelta(days=2_000),
            topics=["Food"],
            by=who,
        )
        for who in (staff, other)
    ]
    groups = Community.objects.bulk_create(
        Community(
            program=programs[place >= OF_ONE_PROVIDER * communities],
            name=f"Community {place}",
            starts_on=today,
            ends_on=today + timedelta(days=2_000),
        )
        for place in range(communities)
    )
    people = {"staff of most": staff}
    for count in (5, 40):
        person = Person.objects.create_user(f"member{count}@bench.example", name=f"Member {count}")
        enrollment = Enrollment.objects.create(program=programs[0], person=person, name=person.name)
        Membership.objects.bulk_create(
            Membership(community=group, person=person, enrollment=enrollment, state=Membership.State.ACTIVE)
            for group in groups[:count]
        )
        people[f"in {count} communities"] = person
    return people


def _write_posts(count: int, communities: int, language: Language) -> None:
    """Write documents as the index writes them; on PostgreSQL a tenth, which is then copied."""
    from django.db import connection

    from coppice.communities.models import Community
    from coppice.search import indexing, sources
    from coppice.search.models import Document

    places = list(Community.objects.order_by("pk").values_list("pk", "program__provider"))
    sources.register(
        sources.Source(
            kind=KIND,
            label="Posts",
            documents=lambda ids: _posts(ids, places, language),
            everything=Document.objects.none,
            visible_to=lambda person: Document.objects.filter(kind=KIND),
        )
    )
    Document.objects.all().delete()
    written = count if connection.vendor == "sqlite" else count // COPIES
    for start in range(0, written, TOLD[0]):
        ids = range(start + 1, start + TOLD[0] + 1)
        indexing.write(KIND, ids, _posts(ids, places, language))
        if not (start + TOLD[0]) % TOLD[1]:
            print(f"{start + TOLD[0]:,} posts", file=sys.stderr, flush=True)
    if written < count:
        _copy(written, pause=language.pause)


def _copy(written: int, *, pause: timedelta) -> None:
    """Say again what was written, later: writing a million one by one would take an hour."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_document_vector'")
        (remake,) = cursor.fetchone()
        cursor.execute("DROP INDEX search_document_vector")
        cursor.execute(COPY, {"written": written, "copies": COPIES - 1, "span": written * pause})
        cursor.execute(remake)
        for table in ("document", "word", "spelling"):
            cursor.execute(f"VACUUM ANALYZE search_{table}")


def _posts(ids: Any, places: Any, language: Language) -> Iterator[Any]:
    from coppice.search.models import Document

    for pk in ids:
        community, provider = places[pk % len(places)]
        yield Document(
            kind=KIND,
            object_id=pk,
            audience=[f"community:{community}", f"provider:{provider}"],
            title=language.text(TITLE_WORDS),
            words=language.text(language.chance.randint(*WORDS_OF_A_POST)),
            path=f"/posts/{pk}/",
            at=START + pk * language.pause,
            community_id=community,
        )


def _measured(person: "Person", what: str, asked: str) -> dict[str, Any]:
    """The whole page, view and middleware included, as often as `VISITS`."""
    from urllib.parse import quote

    from django.test import Client

    from coppice.search.queries import Wish, look

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person)
    path = f"/search/?q={quote(asked)}"
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    took = []
    processor = time.process_time() + _server_seconds()
    for _ in range(VISITS):
        began = time.perf_counter()
        client.get(path)
        took.append(1_000 * (time.perf_counter() - began))
    cpu = 1_000 * (time.process_time() + _server_seconds() - processor) / VISITS
    took.sort()
    found = look(person, Wish(asked), now=datetime.now(UTC))
    count = f"{len(found.document_ids)}{'+' if found.has_more else ''}{' near' if found.is_near else ''}"
    return {
        "what": what,
        "asked": asked,
        "found": count,
        "cpu": cpu,
        "p50": took[VISITS // 2],
        "p95": took[int(VISITS * 0.95)],
    }


def _server_seconds() -> float:
    """Processor time of PostgreSQL's processes that serve this database; SQLite has none of its own."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return sum(cpu_seconds(pid) for (pid,) in cursor.fetchall())


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(inside()))
