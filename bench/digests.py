"""Digests: 100,000 are written and handed to a mail server on the loopback, each once, in constant memory."""

import json
import resource
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

from bench.installation import ROOT, installation
from bench.machine import at_most, table, wanted

if TYPE_CHECKING:
    from coppice.accounts.models import Person
    from coppice.communities.models import Community

DIGESTS, LINES, COMMUNITIES, OF_EACH = 100_000, 5, 100, 2
MILLISECONDS = 8.0  # of the processor for each
GROWTH = 40.0  # MB, from a tenth of the digests on
AT_ONCE = 500
OPTIONS = ("--count",)
PARTS = 10


def main(*words: str) -> list[str]:
    """Measure everything and return the aims that are missed; `--count 5000` makes it smaller."""
    count = int(words[1]) if words[:1] == ("--count",) else DIGESTS
    with _mail_server() as server, installation() as place:
        place.environment |= {
            "COPPICE_SMTP_HOST": "127.0.0.1",
            "COPPICE_SMTP_PORT": server.port,
            "COPPICE_BASE_URL": "https://coppice.example",
        }
        command = [sys.executable, "-m", "bench.digests", "inside", str(count)]
        done = subprocess.run(command, env=place.environment, capture_output=True, text=True, check=False)
        taken = server.count()
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout)
    both = {name: found["written"][name] + found["sent"][name] for name in ("seconds", "cpu")}
    both["messages"] = found["written"]["messages"]
    rows = [
        _row("written", found["written"]),
        _row("handed over", found["sent"]),
        _row("both", both),
    ]
    print(table(("digests", "messages", "seconds", "a minute", "CPU-ms each"), rows))
    print(
        f"A batch of readers takes {found['queries']:.1f} queries. Memory: {found['early']:.0f} MB after the "
        f"first tenth, {found['late']:.0f} MB after all. Mails that the server took: {taken}."
    )
    return [
        *wanted("mails that the server took", taken, str(count), is_met=taken == count),
        *at_most("milliseconds of the processor for a digest", _cpu(both), MILLISECONDS),
        *at_most("megabytes by which memory grows", found["late"] - found["early"], GROWTH),
    ]


def _row(name: str, step: dict[str, float]) -> tuple[object, ...]:
    rate = 60 * step["messages"] / step["seconds"]
    return (name, step["messages"], f"{step['seconds']:.0f}", f"{rate:,.0f}", f"{_cpu(step):.1f}")


def _cpu(step: dict[str, float]) -> float:
    return 1000 * step["cpu"] / step["messages"]


class _MailServer:
    """A process of its own that takes mail."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._asking, self._answering = process.stdin, process.stdout
        self.port = self._answering.readline().strip()

    def count(self) -> int:
        """Return how many mails came."""
        self._asking.write("\n")
        self._asking.flush()
        return int(self._answering.readline())


@contextmanager
def _mail_server() -> Iterator[_MailServer]:
    command = [sys.executable, "-m", "bench.digests", "serve"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        yield _MailServer(process)
        process.terminate()


# Inside an installation


def inside(count: int) -> dict[str, object]:
    """Make readers whose morning has come, tell them, and hand over the mails; read memory early and late."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from coppice.notifications import delivery, digests

    _make_readers(count // PARTS)
    with CaptureQueriesContext(connection) as queries:
        digests.tell_due()
    delivery.deliver_due()
    early = _megabytes()
    _make_readers(count - count // PARTS)
    return {
        "written": _timed(digests.tell_due),
        "sent": _timed(delivery.deliver_due),
        "queries": len(queries) * digests.BATCH / max(1, count // PARTS),
        "early": early,
        "late": _megabytes(),
    }


def _timed(act: Callable[[], int]) -> dict[str, float]:
    began, processor = time.perf_counter(), time.process_time()
    done = act()
    return {
        "messages": done,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - processor,
    }


def _megabytes() -> float:
    """What this process holds now, resident."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _make_readers(count: int) -> None:
    """People in two communities each, for whom five lines about three things wait, in English and Spanish."""
    from coppice.accounts.models import Person
    from coppice.communities.models import Membership
    from coppice.programs.models import Enrollment

    places, first = _communities(), Person.objects.count()
    for numbers in batched(range(first, first + count), AT_ONCE):
        people = Person.objects.bulk_create(
            Person(
                email=f"reader{number}@example.org",
                name=f"Reader {number}",
                language=("en", "es")[number % 2],
            )
            for number in numbers
        )
        enrollments = Enrollment.objects.bulk_create(
            Enrollment(program=places[0].program, person=person, name=person.name, email=person.email or "")
            for person in people
        )
        Membership.objects.bulk_create(
            Membership(
                community=community, person=each.person, enrollment=each, state=Membership.State.ACTIVE
            )
            for each in enrollments
            for community in _two(places, each.person_id)
        )
        _make_lines(people, places)


def _make_lines(people: list["Person"], places: list["Community"]) -> None:
    from coppice.notifications.models import Line

    now, posts = datetime.now(UTC), _posts(places)
    Line.objects.bulk_create(
        Line(
            person=person,
            occasion=f"post:{posts[place.pk][number][0]}",
            list_key=place.list_key,
            list_name=place.name,
            section=("answer", "meetings", "decisions", "other", "other")[number],
            object_key=f"thread:{posts[place.pk][number][1]}",
            kind="post",
            title="How do you find volunteer drivers in winter?",
            words="Ana Torres answered: We ask the churches first, and pay their fuel.",
            path=f"/communities/{place.pk}/talk/{number}/",
            rhythm="daily",
            to_address=person.email,
            at=now - timedelta(minutes=number),
            due_at=now,
        )
        for person in people
        for number in range(LINES)
        for place in [_two(places, person.pk)[number % OF_EACH]]
    )


def _posts(places: list["Community"]) -> dict[int, list[tuple[int, int]]]:
    """The five posts of each community, in three conversations, as their keys and their conversations'."""
    from coppice.conversations.models import Post, Thread

    if not Post.objects.exists():
        for place in places:
            threads = [
                Thread.objects.create(
                    community=place, kind=Thread.Kind.QUESTION, title="How do you find volunteer drivers?"
                )
                for _thread in range(1 + (LINES - 1) // 2)
            ]
            Post.objects.bulk_create(
                Post(
                    community=place,
                    thread=threads[number // 2],
                    author_name="Ana Torres",
                    markdown="We ask the churches first, and pay their fuel.",
                )
                for number in range(LINES)
            )
    found: dict[int, list[tuple[int, int]]] = {place.pk: [] for place in places}
    for place, *post in Post.objects.order_by("pk").values_list("community", "pk", "thread"):
        found[place].append((post[0], post[1]))
    return found


def _two(places: list["Community"], person_id: int) -> list["Community"]:
    return [places[person_id % len(places)], places[(person_id + 1) % len(places)]]


def _communities() -> list["Community"]:
    from coppice.communities.models import Community
    from coppice.programs.models import Program, Provider

    found = list(Community.objects.select_related("program"))
    if found:
        return found
    today = datetime.now(UTC).date()
    program = Program.objects.create(
        provider=Provider.objects.create(name="Coppice County"),
        name="Rural transport",
        award_starts=today - timedelta(days=30),
        award_ends=today + timedelta(days=300),
    )
    return [
        Community.objects.create(
            program=program,
            name=f"Rural transport {number}",
            starts_on=today,
            ends_on=today + timedelta(days=180),
        )
        for number in range(COMMUNITIES)
    ]


# A mail server that takes everything and counts it


class _Mail(socketserver.StreamRequestHandler):
    """One connection, which may bring many mails (RFC 5321)."""

    def handle(self) -> None:
        self._say(b"220 loopback")
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"EHLO":
                    self._say(b"250-loopback\r\n250 8BITMIME")
                case b"DATA":
                    self._say(b"354 go on")
                    self._read_mail()
                case b"QUIT":
                    self._say(b"221 bye")
                    return
                case _:
                    self._say(b"250 ok")

    def _read_mail(self) -> None:
        for line in self.rfile:
            if line == b".\r\n":
                break
        with _counting:
            _Mail.taken += 1
        self._say(b"250 taken")

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")

    taken = 0


_counting = threading.Lock()


def serve() -> None:
    """Take mail until the end, and tell the port, then, each time when asked by a line, how many came."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        for _asked in sys.stdin:
            print(_Mail.taken, flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        import django

        django.setup()
        print(json.dumps(inside(int(sys.argv[2]))))
