"""300 people choose on a topic marketplace in a live room within a minute, with sizes and waitlists.

Two topics in five are wanted by more people than they hold. Every accepted choice counts exactly once, nobody
comes over a largest size, nobody waits where there is a place, and the wall shows each choice within a second
of the tap (p95). Each phone asks for its own part whenever the room tells it to, as a real one does; one in
twenty taps twice, with the same key. `--crowd`: 1,000 people and 40 topics in ten seconds, and 500 ms.
"""

import asyncio
import json
import random
import re
import secrets
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field

from bench.crowd import HEAD, Vote, Wall, post, stream
from bench.installation import HOST, Installation, installation
from bench.machine import at_most, cpu_seconds, memory_peak, share, table, wanted

LARGEST, SMALLEST = 30, 6
WANTED_MORE = 3
"""Two topics in five are wanted so many times as often as the others."""
MOST_MEMORY = 500.0
DOUBLED = 20
CHOICES = """
    SELECT live_participant.id, formation_choice.topic_id, formation_choice.is_waiting
    FROM formation_choice
    JOIN programs_enrollment ON programs_enrollment.id = formation_choice.enrollment_id
    JOIN live_participant ON live_participant.person_id = programs_enrollment.person_id
"""


OPTIONS = ("--crowd",)


@dataclass(frozen=True)
class Size:
    """How many people choose among how many topics in so many seconds, and the delay to the wall at most."""

    people: int
    topics: int
    seconds: float
    delay: float


EVENING, CROWD = Size(300, 12, 60.0, 1.0), Size(1000, 40, 10.0, 0.5)


@dataclass(frozen=True)
class Scene:
    """A room in which people choose: its step, its wall's stream, its topics, each one's page and stream."""

    step: int
    wall: str
    topics: list[int]
    people: list[tuple[int, str, str]]


@dataclass
class Phone:
    """A phone that looks on, and asks for its own part when its mark has changed."""

    participant: int
    page: str
    path: str
    got: int = 0
    asked: int = 0
    mark: bytes = b""
    asking: "asyncio.Task[None] | None" = field(default=None, repr=False)

    async def look_on(self, port: int) -> None:
        """Follow the room until it ends."""
        mine = re.compile(rb'[ "]%d:([0-9a-f]+)' % self.participant)
        held = b""
        with suppress(OSError):
            async for piece in stream(port, self.path):
                self.got += len(piece)
                held += piece
                *events, held = held.split(b"\n\n")
                marks = [found[1] for event in events if (found := mine.search(event))]
                if marks and marks[-1] != self.mark:
                    self.mark = marks[-1]
                    if self.asking is None or self.asking.done():
                        self.asking = asyncio.create_task(self._ask(port))

    async def _ask(self, port: int) -> None:
        """Ask until what came is of the mark that the room told last."""
        had = b""
        while had != self.mark:
            had = self.mark
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(HOST, port)
                writer.write(f"GET {self.page}own/ HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n".encode())
                self.got += len(await reader.read())
                writer.close()
                self.asked += 1


def main(*options: str) -> list[str]:
    """Measure it; return what was missed."""
    size = CROWD if options else EVENING
    with installation() as place:
        scene = seed(place, size)
        place.start()
        missed = asyncio.run(_evening(place, scene, size))
        place.stop()
    return missed


async def _evening(place: Installation, scene: Scene, size: Size) -> list[str]:
    assert place.server is not None
    wall, phones = Wall(), [Phone(*one) for one in scene.people]
    open_streams = [asyncio.create_task(each.look_on(place.port)) for each in phones]
    open_streams.append(asyncio.create_task(wall.watch(place.port, scene.wall)))
    await asyncio.sleep(2 + len(open_streams) / 250)
    processor = cpu_seconds(place.server.pid)
    weights = [WANTED_MORE if number % 5 < 2 else 1 for number in range(len(scene.topics))]
    taps = [Vote(each.participant, random.choices(scene.topics, weights)[0]) for each in phones]
    began = time.monotonic()
    await asyncio.gather(
        *(
            _tap(place, scene, phone.page, tap, after=random.uniform(0, size.seconds))
            for phone, tap in zip(phones, taps, strict=True)
        )
    )
    took = time.monotonic() - began
    await asyncio.sleep(3)
    processor = cpu_seconds(place.server.pid) - processor
    peak = memory_peak(place.server.pid)
    for task in (*open_streams, *(each.asking for each in phones if each.asking)):
        task.cancel()
    await asyncio.gather(*open_streams, return_exceptions=True)
    delays = wall.delays(taps)
    there = _choices(place)
    lost = sum(there[tap.participant, tap.pick] == 0 for tap in taps)
    doubled = sum(count - 1 for count in there.values()) + len(there) - len({who for who, _topic in there})
    places, waits = _fill(place)
    over = sum(max(0, count - LARGEST) for count in places.values())
    idle = sum(count for topic, count in waits.items() if places[topic] < LARGEST)
    statuses = sorted({status for tap in taps for status in tap.statuses})
    name = f"{len(taps)} people, {len(scene.topics)} topics of {LARGEST}"
    rows = [
        ("streams open", len(open_streams)),
        ("choices, and those sent twice", f"{len(taps)}, {sum(len(tap.statuses) > 1 for tap in taps)}"),
        ("places, waits, full topics", f"{places.total()}, {waits.total()}, {_full(places)}"),
        ("seconds from the first tap to the last answer", f"{took:.1f}"),
        ("statuses", statuses),
        ("accepted and lost", lost),
        ("counted twice", doubled),
        ("people over a largest size", over),
        ("people who wait where there is a place", idle),
        *_percentiles("tap to answer", [tap.taken - tap.tapped for tap in taps]),
        *_percentiles("tap to wall", delays),
        ("own parts that phones asked for", sum(each.asked for each in phones)),
        ("server's processor, s", f"{processor:.1f}"),
        ("server's memory at most, MB", f"{peak:.0f}"),
        ("bytes to phones", sum(each.got for each in phones)),
    ]
    print(table((name, ""), rows), flush=True)
    return [
        *wanted("statuses", statuses, "204 alone", is_met=statuses == [204]),
        *wanted("full topics", _full(places), "some", is_met=_full(places) > 0),
        *at_most("accepted and lost", lost, 0),
        *at_most("counted twice", doubled, 0),
        *at_most("people over a largest size", over, 0),
        *at_most("people who wait where there is a place", idle, 0),
        *at_most("tap to wall, p95 s", share(delays, 0.95), size.delay),
        *at_most("server's memory MB", peak, MOST_MEMORY),
    ]


def _percentiles(what: str, seconds: list[float]) -> list[tuple[str, str]]:
    return [(f"{what}, p{part * 100:.0f} ms", f"{share(seconds, part) * 1000:.0f}") for part in (0.5, 0.95)]


def _full(places: Counter[int]) -> int:
    return sum(count >= LARGEST for count in places.values())


async def _tap(place: Installation, scene: Scene, page: str, tap: Vote, *, after: float) -> None:
    await asyncio.sleep(after)
    fields = {"topic": str(tap.pick), "round": "1", "once": secrets.token_hex(12)}
    address = f"{page}steps/{scene.step}/choose/"
    tap.tapped = time.monotonic()
    sent = [post(place.port, address, fields) for _time in range(2 if random.randrange(DOUBLED) == 0 else 1)]
    tap.statuses = list(await asyncio.gather(*sent))
    tap.taken = time.monotonic()


def _rows(place: Installation) -> list[tuple[int, int, bool]]:
    with closing(sqlite3.connect(place.home / "coppice.sqlite3")) as database:
        return database.execute(CHOICES).fetchall()


def _choices(place: Installation) -> Counter[tuple[int, int]]:
    """How often each participant stands in each topic, with a place or a wait."""
    return Counter((participant, topic) for participant, topic, _is_waiting in _rows(place))


def _fill(place: Installation) -> tuple[Counter[int], Counter[int]]:
    """How many have a place in each topic, and how many wait for one."""
    rows = _rows(place)
    found = [Counter(topic for _who, topic, waits in rows if bool(waits) == is_it) for is_it in (False, True)]
    return found[0], found[1]


def seed(place: Installation, size: Size) -> Scene:
    """Fill an installation's empty tables and return its room."""
    done = place.python("-m", "bench.market", str(size.people), str(size.topics))
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    said = json.loads(done.stdout)
    return Scene(said["step"], said["wall"], said["topics"], [tuple(one) for one in said["people"]])


def fill(*, people: int, topics: int) -> Scene:
    """Write the rows, in the process that calls it; Django is set up already."""
    from datetime import timedelta

    from django.utils import timezone

    from coppice.accounts.models import Person
    from coppice.formation import actions
    from coppice.formation.models import MarketRoom
    from coppice.live import links
    from coppice.live.actions import moves
    from coppice.live.actions.rooms import Plan, create
    from coppice.live.models import Participant
    from coppice.programs.actions import create_program, create_provider
    from coppice.programs.models import Enrollment

    staff = Person.objects.create_user("staff@bench.example", name="Bench Staff")
    today = timezone.localdate()
    program = create_program(
        create_provider("Bench provider", administrator=staff),
        name="Bench program",
        award_starts=today,
        award_ends=today + timedelta(days=365),
        topics=[],
        by=staff,
    )
    names = [f"Person {number}" for number in range(people)]
    known = [Person.objects.create_user(None, name=name) for name in names]
    Enrollment.objects.bulk_create(Enrollment(program=program, person=each, name=each.name) for each in known)
    sizes = {"minimum": SMALLEST, "maximum": LARGEST, "waits": 1, "days": 2}
    plan = Plan(kind="market_choice", title="Choose your topic", settings=sizes)
    room = create(program, title="Choosing", by=staff, steps=[plan])
    step = room.steps.get()
    moves.open_step(step, by=staff)
    board = MarketRoom.objects.get(room=room).marketplace
    offered = [actions.put_up(board, name=f"Topic {number}", why="", by=staff).pk for number in range(topics)]
    there = Participant.objects.bulk_create(
        Participant(room=room, person=each, name=each.name, language="en") for each in known
    )
    streams = {one: links.Stream("phone", room.pk, "en", one.pk) for one in there}
    return Scene(
        step=step.pk,
        wall=links.stream_path(links.Stream("projector", room.pk, "en")),
        topics=offered,
        people=[(one.pk, links.phone_path(one), links.stream_path(each)) for one, each in streams.items()],
    )


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(asdict(fill(people=int(sys.argv[1]), topics=int(sys.argv[2])))))
