"""1,000 people vote in one room within ten seconds, on open phones; then 200 rooms of 12; then ten kills.

Every accepted vote counts exactly once, the wall shows it within 500 ms of the tap (p95), and the server
stays under 500 MB. One in twenty taps twice, with the same key. Then the server is killed ten times while 40
people vote; what was acknowledged is there, once.
"""

import asyncio
import json
import random
import secrets
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass

from bench.crowd import Vote, Wall, listen, post
from bench.installation import Installation, installation
from bench.machine import at_most, cpu_seconds, memory_peak, share, table, wanted

PEOPLE, SECONDS = 1000, 10.0
ROOMS, EACH, MINUTE = 200, 12, 60.0
VOTERS, KILLS, LONGEST_LIFE = 40, 10, 1.5
MOST_DELAY, MOST_MEMORY = 0.5, 500.0
CHOICES = 3
DOUBLED = 20
ANSWERS = "SELECT participant_id, picks, count(*) FROM live_answer GROUP BY participant_id, step_id, round"


@dataclass(frozen=True)
class Room:
    """One room with an open poll: its step, its wall's stream, and each participant's page and stream."""

    step: int
    wall: str
    people: list[tuple[int, str, str]]


def main() -> list[str]:
    """Measure all three; return what was missed."""
    missed = []
    for rooms, people, seconds in ((1, PEOPLE, SECONDS), (ROOMS, EACH, MINUTE)):
        with installation() as place:
            scene = seed(place, rooms=rooms, people=people)
            place.start()
            missed += asyncio.run(_evening(place, scene, seconds))
            place.stop()
    with installation() as place:
        [room] = seed(place, rooms=1, people=VOTERS)
        place.start()
        missed += asyncio.run(_storm(place, room))
        place.stop()
    return missed


async def _evening(place: Installation, rooms: list[Room], seconds: float) -> list[str]:
    assert place.server is not None
    got, walls = [0], [Wall() for _room in rooms]
    there = [one for room in rooms for one in room.people]
    open_streams = [asyncio.create_task(listen(place.port, path, got)) for _who, _page, path in there]
    for wall, room in zip(walls, rooms, strict=True):
        open_streams.append(asyncio.create_task(wall.watch(place.port, room.wall)))
    await asyncio.sleep(2 + len(open_streams) / 250)
    processor = cpu_seconds(place.server.pid)
    votes = [
        [Vote(participant, random.randrange(CHOICES)) for participant, _page, _path in room.people]
        for room in rooms
    ]
    began = time.monotonic()
    await asyncio.gather(
        *(
            _tap(place, room, page, vote, after=random.uniform(0, seconds))
            for room, of_room in zip(rooms, votes, strict=True)
            for vote, (_participant, page, _path) in zip(of_room, room.people, strict=True)
        )
    )
    took = time.monotonic() - began
    await asyncio.sleep(2)
    processor = cpu_seconds(place.server.pid) - processor
    peak = memory_peak(place.server.pid)
    for task in open_streams:
        task.cancel()
    delays = [delay for wall, of_room in zip(walls, votes, strict=True) for delay in wall.delays(of_room)]
    every = [vote for of_room in votes for vote in of_room]
    lost, doubled = _compare(place, every)
    answered = [vote.taken - vote.tapped for vote in every]
    statuses = sorted({status for vote in every for status in vote.statuses})
    name = f"{len(rooms)} room{'s' if len(rooms) > 1 else ''} of {len(rooms[0].people)}"
    rows = [
        ("streams open", len(open_streams)),
        ("votes, and those sent twice", f"{len(every)}, {sum(len(vote.statuses) > 1 for vote in every)}"),
        ("seconds from the first tap to the last answer", f"{took:.1f}"),
        ("statuses", statuses),
        ("accepted and lost", lost),
        ("counted twice", doubled),
        *_percentiles("tap to answer", answered),
        *_percentiles("tap to wall", delays),
        ("server's processor, s", f"{processor:.1f}"),
        ("server's memory at most, MB", f"{peak:.0f}"),
        ("bytes to phones", got[0]),
    ]
    print(table((name, ""), rows), flush=True)
    return [
        *wanted(f"{name}: statuses", statuses, "204 alone", is_met=statuses == [204]),
        *at_most(f"{name}: accepted and lost", lost, 0),
        *at_most(f"{name}: counted twice", doubled, 0),
        *at_most(f"{name}: tap to wall, p95 s", share(delays, 0.95), MOST_DELAY),
        *at_most(f"{name}: server's memory MB", peak, MOST_MEMORY),
    ]


def _percentiles(what: str, seconds: list[float]) -> list[tuple[str, str]]:
    return [(f"{what}, p{part * 100:.0f} ms", f"{share(seconds, part) * 1000:.0f}") for part in (0.5, 0.95)]


async def _tap(place: Installation, room: Room, page: str, vote: Vote, *, after: float) -> None:
    await asyncio.sleep(after)
    fields = {"pick": str(vote.pick), "round": "1", "once": secrets.token_hex(12)}
    address = f"{page}steps/{room.step}/answer/"
    vote.tapped = time.monotonic()
    twice = random.randrange(DOUBLED) == 0
    sent = [post(place.port, address, fields) for _time in range(2 if twice else 1)]
    vote.statuses = list(await asyncio.gather(*sent))
    vote.taken = time.monotonic()


async def _storm(place: Installation, room: Room) -> list[str]:
    latest: dict[int, int] = {}
    acknowledged, again, others, is_over = [0], [0], [], [False]

    async def vote_on(participant: int, page: str) -> None:
        while not is_over[0]:
            pick = random.randrange(CHOICES)
            fields = {"pick": str(pick), "round": "1", "once": secrets.token_hex(12)}
            while (status := await post(place.port, f"{page}steps/{room.step}/answer/", fields)) == 0:
                again[0] += 1
                await asyncio.sleep(0.05)
            if status == 204:
                acknowledged[0] += 1
                latest[participant] = pick
            else:
                others.append(status)

    voters = [asyncio.create_task(vote_on(participant, page)) for participant, page, _path in room.people]
    for _number in range(KILLS):
        await asyncio.sleep(random.uniform(0.1, LONGEST_LIFE))
        place.kill()
        await asyncio.to_thread(place.start)
    await asyncio.sleep(1)
    is_over[0] = True
    await asyncio.gather(*voters)
    lost, doubled = _compare(place, [Vote(participant, pick) for participant, pick in latest.items()])
    rows = [
        ("acknowledged votes", acknowledged[0]),
        ("sent again blindly", again[0]),
        ("answers that were neither", len(others)),
        ("acknowledged and lost", lost),
        ("counted twice", doubled),
    ]
    print(table((f"{KILLS} kills", ""), rows), flush=True)
    return [
        *wanted("acknowledged votes", acknowledged[0], "some", is_met=acknowledged[0] > 0),
        *at_most("kills: answers that were neither", len(others), 0),
        *at_most("kills: acknowledged and lost", lost, 0),
        *at_most("kills: counted twice", doubled, 0),
    ]


def _compare(place: Installation, votes: list[Vote]) -> tuple[int, int]:
    """Return how many votes are not there as they were last taken, and how many are there more than once."""
    with closing(sqlite3.connect(place.home / "coppice.sqlite3")) as database:
        rows = database.execute(ANSWERS).fetchall()
    there = {participant: json.loads(picks) for participant, picks, _count in rows}
    lost = sum(there.get(vote.participant) != [vote.pick] for vote in votes)
    return lost, sum(count > 1 for _participant, _picks, count in rows)


def seed(place: Installation, *, rooms: int, people: int) -> list[Room]:
    """Fill an installation's empty tables and return its rooms."""
    done = place.python("-m", "bench.live", str(rooms), str(people))
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    said = json.loads(done.stdout)
    return [Room(each["step"], each["wall"], [tuple(one) for one in each["people"]]) for each in said]


def fill(*, rooms: int, people: int) -> list[Room]:
    """Write the rows, in the process that calls it; Django is set up already."""
    from datetime import timedelta

    from django.utils import timezone

    from coppice.accounts.models import Person
    from coppice.live import links
    from coppice.live.actions import moves
    from coppice.live.actions.rooms import Plan, create
    from coppice.live.models import Participant
    from coppice.programs.actions import create_program, create_provider

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
    poll = Plan(
        kind="choice",
        title="Where shall we begin?",
        settings={"options": ["Rides", "Money", "Volunteers"], "several": False, "show_at_once": False},
    )
    made = []
    for number in range(rooms):
        room = create(program, title=f"Room {number}", by=staff, steps=[poll])
        step = room.steps.get()
        moves.open_step(step, by=staff)
        there = Participant.objects.bulk_create(
            Participant(room=room, name=f"Person {each}", language="en") for each in range(people)
        )
        streams = {one: links.Stream("phone", room.pk, "en", one.pk) for one in there}
        made.append(
            Room(
                step=step.pk,
                wall=links.stream_path(links.Stream("projector", room.pk, "en")),
                people=[
                    (one.pk, links.phone_path(one), links.stream_path(stream))
                    for one, stream in streams.items()
                ],
            )
        )
    return made


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps([asdict(each) for each in fill(rooms=int(sys.argv[1]), people=int(sys.argv[2]))]))
