"""Reads of draws: who sits where, who waits, who is left out, who met before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coppice.activities.models import Absence, Draw, Seat
from coppice.live.models import Participant, Room, Step
from coppice.programs.models import Enrollment


@dataclass(frozen=True)
class Table:
    """People who sit together, in the order of their turns; one alone waits for somebody."""

    number: int
    people: tuple[Participant, ...]

    @property
    def has_paper(self) -> bool:
        """Whether somebody here has no phone that tells them their table."""
        return any(each.source == Participant.Source.PAPER for each in self.people)


@dataclass(frozen=True)
class Drawn:
    """A draw with its tables, and the marks of seats that were changed since it was made."""

    draw_id: int
    tables: tuple[Table, ...]
    changed: dict[int, int]

    @property
    def meeting(self) -> list[Table]:
        return [table for table in self.tables if len(table.people) > 1]

    @property
    def waiting(self) -> list[Participant]:
        return [table.people[0] for table in self.tables if len(table.people) == 1]

    @property
    def people(self) -> int:
        """How many people meet somebody."""
        return sum(len(table.people) for table in self.meeting)


def drawn(step: Step) -> Drawn | None:
    """Return who sits where in the step's present round; None before anything was drawn."""
    draw = Draw.objects.filter(step=step, round=step.round).first()
    if draw is None:
        return None
    seats = list(draw.seats.select_related("participant"))
    tables = tuple(
        Table(number, tuple(seat.participant for seat in at)) for number, at in tables_of(seats).items()
    )
    return Drawn(draw.pk, tables, {seat.participant_id: seat.changed for seat in seats if seat.changed})


def tables_of(seats: Iterable[Seat]) -> dict[int, list[Seat]]:
    """Return seats by their tables, each in the order of turns."""
    tables: dict[int, list[Seat]] = defaultdict(list)
    for seat in sorted(seats, key=lambda seat: (seat.table, seat.turn)):
        tables[seat.table].append(seat)
    return dict(tables)


def seat_of(step: Step, participant: Participant) -> Seat | None:
    """Return where somebody sits in the step's present round."""
    found = Seat.objects.filter(draw__step=step, draw__round=step.round, participant=participant)
    return found.first()


def people_at(seat: Seat) -> list[Participant]:
    """Return everybody at the table of a seat, in the order of their turns."""
    return list(
        Participant.objects.filter(seats__draw=seat.draw_id, seats__table=seat.table).order_by("seats__turn")
    )


def absent_in(room: Room) -> list[Participant]:
    """Return those who are left out, by name."""
    return list(room.participants.exclude(absence=None).order_by("name", "pk"))


def absence_marks(room: Room) -> dict[int, int]:
    """Return those who are left out, each with a mark of when that began."""
    return dict(Absence.objects.filter(participant__room=room).values_list("participant", "pk"))


def present_in(room: Room) -> list[Participant]:
    """Return those who take part in draws."""
    return list(room.participants.filter(absence=None).order_by("pk"))


def met_in(room: Room, *, but: Draw) -> tuple[tuple[str, ...], ...]:
    """Return who sat together in other draws of a room, by ids as the engine takes them."""
    together: dict[tuple[int, int], list[str]] = defaultdict(list)
    for draw, table, participant in (
        Seat.objects.filter(draw__step__room=room)
        .exclude(draw=but)
        .order_by("pk")
        .values_list("draw", "table", "participant")
    ):
        together[draw, table].append(str(participant))
    return tuple(tuple(people) for people in together.values())


def began_in(room: Room, *, but: Draw) -> dict[int, int]:
    """Return how often each participant of a room had the first turn in other draws."""
    times: dict[int, int] = defaultdict(int)
    found = Seat.objects.filter(draw__step__room=room, turn=0).exclude(draw=but)
    for participant in found.values_list("participant", flat=True):
        times[participant] += 1
    return times


def circles_of(room: Room, people: Iterable[Participant]) -> dict[int, frozenset[str]]:
    """Return the organizations of each participant whom the program's roster knows: who is a colleague."""
    known = {each.person_id: each.pk for each in people if each.person_id}
    circles: dict[int, set[str]] = defaultdict(set)
    rows: Any = (
        Enrollment.objects.current()
        .filter(program=room.program_id, person__in=known)
        .exclude(organizations=None)
        .values_list("person", "organizations")
    )
    for person, organization in rows:
        circles[known[person]].add(str(organization))
    return {participant: frozenset(each) for participant, each in circles.items()}


def met_by(participant: Participant, *, step: Step | None = None) -> list[Participant]:
    """Return whom somebody sat with in a room, or in one of its steps, in the order in which they met."""
    draws = Draw.objects.that_were_held().filter(step__room=participant.room_id)
    if step is not None:
        draws = draws.filter(step=step)
    own = Seat.objects.filter(draw__in=draws, participant=participant).values_list("draw", "table")
    met = Seat.objects.filter(draw__in=[draw for draw, _table in own]).exclude(participant=participant)
    at = set(own)
    together = [
        seat.participant
        for seat in met.select_related("participant").order_by("draw", "turn")
        if (seat.draw_id, seat.table) in at
    ]
    return list(dict.fromkeys(together))
