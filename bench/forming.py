"""What forming communities costs: proposing, the studio's pages, a move, publication with its invitations.

A roster of the seeded generator is brought in by the command line; then the same actions, tasks and pages as
people use run inside that installation, and processor time of the process is counted. Pages are asked for by
Django's own client, so their figures hold rendering and queries, not the server's loop. Last, `bench.waiting`
has a browser wait for proposals of the real server.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import waiting
from bench.installation import Installation, installation
from bench.machine import table

if TYPE_CHECKING:
    from coppice.formation.models import Formation

PEOPLE = (84, 600, 1000, 5000)
ROUNDS = 5
MOST_QUERIES = 12
LIGHT = {"studio": 400_000, "one person, part": 60_000, "a move, part": 80_000, "a swap, part": 80_000}
"""The most bytes (before compression) that a page or a part of one may weigh, whatever the size."""
JUDGED = 1000
QUICK = {
    "studio": 150,
    "one person, part": 50,
    "a move, part": 100,
    "a swap, part": 100,
    "publish, request": 30,
    "ask, request": 200,
}
"""The most CPU-ms with so many people."""
PAGES = {
    "list",
    "studio",
    "one person, whole page",
    "one person, part",
    "before publication",
    "after publication",
}


@dataclass(frozen=True)
class Figures:
    """One step: processor milliseconds, and for pages what they ask and weigh (gzip not counted)."""

    step: str
    cpu: float
    queries: int = 0
    size: int = 0
    elements: int = 0


def main() -> list[str]:
    """Measure each size; return what is not light, quick, or asks more often with more people."""
    met: dict[str, dict[int, Figures]] = {}
    for people in PEOPLE:
        figures = _measured(people)
        rows = [
            (each.step, f"{each.cpu:.0f}", each.queries or "", each.size or "", each.elements or "")
            for each in figures
        ]
        print(table((f"{people:,} people", "CPU-ms", "queries", "bytes", "elements"), rows), flush=True)
        for each in figures:
            met.setdefault(each.step, {})[people] = each
    return [*_faults(met), *waiting.main()]


def _faults(met: dict[str, dict[int, Figures]]) -> Iterator[str]:
    for step, by_people in met.items():
        counts = {each.queries for each in by_people.values()}
        if step in PAGES and (len(counts) > 1 or max(counts) > MOST_QUERIES):
            yield f"{step}: {sorted(counts)} queries"
        heaviest = max(each.size for each in by_people.values())
        if heaviest > LIGHT.get(step, heaviest):
            yield f"{step}: {heaviest:,} bytes"
        if by_people[JUDGED].cpu > QUICK.get(step, by_people[JUDGED].cpu):
            yield f"{step}: {by_people[JUDGED].cpu:.0f} CPU-ms with {JUDGED:,} people"


def _measured(people: int) -> list[Figures]:
    with installation(settings="bench.settings") as place:
        bring_in(place, people)
        done = place.python("-m", "bench.forming")
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return [Figures(**each) for each in json.loads(done.stdout)]


def bring_in(place: Installation, people: int) -> None:
    """Write a roster file of so many people into a home, and make its staff."""
    roster = Path(place.home) / "roster.csv"
    for words in (
        ("make-roster", str(roster), "--people", str(people)),
        ("create-admin", "staff@bench.example", "--name", "Bench Staff", "--provider", "Bench provider"),
    ):
        done = place.coppice(*words)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])


def set_up(roster: Path) -> "Formation":
    """Bring a roster in as its pages do, and ask for a proposal of it with three rules."""
    from django.utils import timezone

    from coppice.accounts.models import Person
    from coppice.formation import actions
    from coppice.formation.rules import Kind, Rule
    from coppice.programs import actions as programs

    staff = Person.objects.get(email="staff@bench.example")
    today = timezone.localdate()
    program = programs.create_program(
        staff.staff_posts.get().provider,
        name="Bench program",
        award_starts=today,
        award_ends=today.replace(year=today.year + 1),
        topics=["Housing"],
        by=staff,
    )
    roster_import = programs.begin_import(program, content=roster.read_bytes(), filename="r.csv", by=None)
    programs.read_import(roster_import.pk)  # a large file is read and compared by a job
    roster_import.refresh_from_db()
    programs.match_columns(roster_import, chosen={}, by=None)
    programs.compare_import(roster_import.pk)
    roster_import.refresh_from_db()
    programs.start_applying(roster_import, by=None)
    programs.apply_import(roster_import.pk)
    return actions.start(
        program,
        name="Bench",
        reason="stable_team",
        minimum=9,
        maximum=11,
        rules=[
            Rule(Kind.BALANCED, "attribute:Years in the field"),
            Rule(Kind.BALANCED, "job_title"),
            Rule(Kind.ALIKE, "area"),
        ],
        by=staff,
    )


def inside(roster: Path) -> list[Figures]:
    """Measure one size, in the process that calls it; Django is set up already."""
    import time

    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from django.utils import timezone

    from bench.scene import _session_of
    from coppice.formation import actions, tasks
    from coppice.formation.models import Place
    from coppice.formation.publishing import ready
    from coppice.formation.queries import mark_on_table

    formation = set_up(roster)
    program, staff, today = formation.program, formation.created_by, timezone.localdate()
    figures = []

    def timed(step: str, work: Callable[[], Any], *, rounds: int = 1) -> Any:
        answer = None
        before = time.process_time()
        for _ in range(rounds):
            answer = work()
        cpu = (time.process_time() - before) * 1000 / rounds
        with CaptureQueriesContext(connection) as asked:
            if rounds > 1:
                answer = work()
        text = getattr(answer, "content", b"")
        figures.append(Figures(step, cpu, len(asked), len(text), text.count(b"<") - text.count(b"</")))
        if text and answer.status_code != 200:
            raise RuntimeError(f"{step} answered {answer.status_code}")
        return answer

    timed("propose", lambda: tasks.propose.call(formation_id=formation.pk))
    formation.refresh_from_db()
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = _session_of(staff)
    place = Place.objects.order_by("pk").first()
    assert place is not None
    studio = reverse("formation:formation", args=[formation.pk])
    panel = reverse("formation:place", args=[place.pk])
    client.get(studio)
    timed("studio", lambda: client.get(studio), rounds=ROUNDS)
    timed("one person, whole page", lambda: client.get(panel), rounds=ROUNDS)
    part = {"HX-Request": "true", "HX-Target": "panel"}
    timed("one person, part", lambda: client.get(panel, headers=part), rounds=ROUNDS)
    timed("list", lambda: client.get(reverse("formation:formations", args=[program.pk])), rounds=ROUNDS)
    columns = list(formation.proposed_communities.all())
    with_room = [
        each for each in columns if each.places.count() < each.maximum and each != place.proposed_community
    ]
    homes = [place.proposed_community, with_room[0]]

    def move(**headers: Any) -> Any:
        homes.reverse()
        address = reverse("formation:move", args=[place.pk])
        return client.post(address, {"to": homes[0].pk}, follow=True, headers=headers)

    timed("a move, whole page", move, rounds=ROUNDS)
    timed("a move, part", lambda: move(**part), rounds=ROUNDS)
    partner = Place.objects.exclude(proposed_community__in=homes).order_by("pk").first()
    assert partner is not None
    swap = reverse("formation:swap", args=[place.pk])
    with_partner = {"with": partner.pk}
    timed("a swap, part", lambda: client.post(swap, with_partner, headers=part), rounds=ROUNDS)
    publication = reverse("formation:publication", args=[formation.pk])
    timed("before publication", lambda: client.get(publication), rounds=ROUNDS)
    frame = {"starts_on": today, "ends_on": today.replace(year=today.year + 1), "asked": "A meeting a month"}
    frame |= {"seen": mark_on_table(formation)}
    timed("publish, request", lambda: client.post(publication, frame))
    formation.refresh_from_db()
    made = timed("publish, job: made ready", lambda: ready(formation))
    with CaptureQueriesContext(connection) as asked:
        timed("publish, job: its transaction", lambda: actions.publish(formation, ready=made))
    figures[-1] = replace(figures[-1], queries=len(asked))
    timed("after publication", lambda: client.get(publication), rounds=ROUNDS)
    asking = {"name": "Once more", "reason": "stable_team", "minimum": 9, "maximum": 11, "usual": "on"}
    rounds = reverse("formation:formations", args=[program.pk])
    timed("ask, request", lambda: client.post(rounds, asking | {"about": "nothing"}))
    return figures


if __name__ == "__main__":
    import django
    from django.conf import settings

    django.setup()
    print(json.dumps([asdict(each) for each in inside(settings.HOME / "roster.csv")]))
