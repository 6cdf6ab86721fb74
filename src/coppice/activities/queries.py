"""Reads of draws: who sits where, who waits, who is left out, who met before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from coppice.activities.models import Draw, Point, Seat, WriteUp
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Priority
from coppice.live.models import Participant, Room, Step
from coppice.live.queries import enrollment_of as enrollment_of
from coppice.profiles.models import Expertise, Need
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


FEW = 6
"""So many tables are looked at to say whether the same people sit together again."""


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
    """Return who sits where in the step's present round; None while nobody has a seat."""
    found = Seat.objects.filter(draw__step=step, draw__round=step.round).select_related("participant")
    seats = list(found)
    if not seats:
        return None
    tables = tuple(
        Table(number, tuple(seat.participant for seat in at)) for number, at in tables_of(seats).items()
    )
    return Drawn(
        seats[0].draw_id, tables, {seat.participant_id: seat.changed for seat in seats if seat.changed}
    )


def is_the_same_again(step: Step, found: Drawn) -> bool:
    """Whether at the first few tables the very same people sat together before; one query, of few rows."""
    tables = [{each.pk for each in table.people} for table in found.meeting[:FEW]]
    draws = Draw.objects.that_were_held().filter(step__room=step.room_id, pk__lt=found.draw_id)
    asked = Seat.objects.filter(
        draw=OuterRef("draw"), table=OuterRef("table"), participant__in=set[int]().union(*tables)
    )
    together: dict[tuple[int, int], set[int]] = defaultdict(set)
    rows = Seat.objects.filter(Exists(asked), draw__in=draws)
    for draw, table, participant in rows.values_list("draw", "table", "participant"):
        together[draw, table].add(participant)
    before = list(together.values())
    return bool(tables) and all(each in before for each in tables)


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


def seats_before(draw: Draw) -> list[Seat]:
    """Return the seats of the last draw that was made in the room before this one, by which people met."""
    made = Draw.objects.that_were_held().filter(step__room=draw.step.room_id, pk__lt=draw.pk)
    last = made.exclude(step=draw.step_id).order_by("-pk").first()
    return list(last.seats.all()) if last else []


def people_at(seat: Seat) -> list[Participant]:
    """Return everybody at the table of a seat, in the order of their turns."""
    return list(
        Participant.objects.filter(seats__draw=seat.draw_id, seats__table=seat.table).order_by("seats__turn")
    )


@dataclass(frozen=True)
class Marked:
    """Somebody who is left out (`absence`, its id), or about whom was written (`told`, how many times)."""

    participant: Participant
    absence: int
    told: int


def marked_in(room: Room) -> list[Marked]:
    """Return those of a room who are left out or about whom something was written, by name."""
    told = Sum("told_write_ups__changes", default=0)
    found = room.participants.annotate(told=told).filter(Q(told__gt=0) | Q(absence__isnull=False))
    return [
        Marked(each, each.absence.pk if hasattr(each, "absence") else 0, each.told)
        for each in found.select_related("absence").order_by("name", "pk")
    ]


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
    own = Seat.objects.filter(draw=OuterRef("draw"), table=OuterRef("table"), participant=participant)
    met = Seat.objects.filter(Exists(own), draw__in=draws).exclude(participant=participant)
    together = [seat.participant for seat in met.select_related("participant").order_by("draw", "turn")]
    return list(dict.fromkeys(together))


def meetings_at(step: Step) -> list[tuple[int, int]]:
    """Return who sat with whom in all rounds of a step that were held, both ways, as ids of participants.

    It reads what `Paired.met_in` fetched.
    """
    if step.state == Step.State.PLANNED:
        return []
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for draw in sorted(step.draws.all(), key=lambda each: each.round):
        if draw.round <= step.round:
            for seat in sorted(draw.seats.all(), key=lambda each: (each.table, each.turn)):
                together[draw.round, seat.table].append(seat.participant_id)
    return [(one, other) for at in together.values() for one in at for other in at if one != other]


def points_before(step: Step) -> list[Point]:
    """Return the lines that tables wrote in the last step before this one of the agenda that has any."""
    source = (
        Point.objects.filter(
            step__room=step.room_id, step__position__lt=step.position, round=F("step__round"), is_hidden=False
        )
        .exclude(table=None)
        .order_by("-step__position")
    )
    last = source.values("step")[:1]
    return list(Point.objects.filter(step=last, round=F("step__round"), is_hidden=False).exclude(table=None))


def points_offered(step: Step, participant: Participant, people: Iterable[Participant]) -> list[Point]:
    """Return what somebody may take over from the step before: their own notes, or lists of their table.

    `people` sit at their table now; notes that others wrote alone are theirs to show.
    """
    before = Point.objects.filter(
        step__room=step.room_id, step__position__lt=step.position, round=F("step__round")
    ).exclude(Q(words="") | Q(step__kind="dots"))
    last = before.order_by("-step__position").values("step")[:1]
    own = Q(table=None, participant=participant)
    seats = Seat.objects.filter(draw__step=OuterRef("step"), draw__round=OuterRef("round"))
    theirs = seats.filter(table=OuterRef("table"), participant__in=list(people))
    return list(before.filter(own | Exists(theirs), step=last, is_hidden=False))


def table_in(step: Step, participant: Participant, *, round: int) -> int | None:
    """Return the table at which somebody sat in a round of a step."""
    seats = Seat.objects.filter(draw__step=step, draw__round=round, participant=participant)
    return seats.values_list("table", flat=True).first()


def write_ups_about(participant: Participant) -> list[WriteUp]:
    """Return what others wrote about somebody in a room, the first first."""
    return list(participant.told_write_ups.select_related("by", "step"))


def write_ups_by(participant: Participant, *, step: Step) -> dict[int | None, WriteUp]:
    """Return what somebody wrote in the step's present round, by whom it is about."""
    return {
        each.about_id: each for each in WriteUp.objects.filter(step=step, round=step.round, by=participant)
    }


def shared_at(room: Room, people: Iterable[Participant]) -> list[WriteUp]:
    """Return what these people shared of the stories about them in a room."""
    shared = WriteUp.objects.filter(step__room=room, about__in=list(people), state=WriteUp.State.SHARED)
    return list(shared.select_related("about"))


@dataclass(frozen=True)
class Gist:
    """A line, those that are the same, and from how many tables (or people, without tables) it came."""

    point: Point
    same: tuple[Point, ...]
    count: int

    @property
    def words(self) -> str:
        return self.point.words


def gists(points: Iterable[Point]) -> list[Gist]:
    """Return what a round's lines come to, what most tables said first; the same words are one line."""
    kept = [point for point in points if point.words]
    roots = {point.pk: point for point in kept}
    by_words: dict[str, Point] = {}
    for point in kept:
        if point.merged_into_id is None:
            by_words.setdefault(point.words.casefold(), point)
    together: dict[int, list[Point]] = defaultdict(list)
    for point in kept:
        root = roots.get(point.merged_into_id or 0, point)
        root = by_words.get(root.words.casefold(), root)
        together[root.pk].append(point)
    made = [_gist(roots[pk], same) for pk, same in together.items()]
    return sorted(made, key=lambda gist: (-gist.count, gist.point.pk))


def _gist(root: Point, same: Iterable[Point]) -> Gist:
    # Points of one table count once; without a table each person's do.
    origins = {("table", each.table) if each.table else ("person", each.participant_id) for each in same}
    return Gist(root, tuple(each for each in same if each.pk != root.pk), len(origins))


def kept_points() -> QuerySet[Point]:
    """Return lines of steps, each with what came of it in its community.

    `is_kept`: it stands on the priority canvas. `is_promised`: it is somebody's commitment.
    """
    key = Concat(Value(f"{Point._meta.model_name}:"), Cast(OuterRef("pk"), CharField()))
    of = {"community": OuterRef("step__room__community"), "source_key": key}
    canvas = Priority.objects.on_the_canvas().filter(**of)
    return Point.objects.annotate(is_kept=Exists(canvas), is_promised=Exists(Commitment.objects.filter(**of)))


POINTS = Prefetch("points", kept_points())
"""What kinds whose results are lines have kept (`Kind.kept_in`), the same for all of a room."""


def key_of(written: Point | WriteUp) -> str:
    """Return the key by which a profile knows that a need or an offer came from this."""
    return f"{written._meta.model_name}:{written.pk}"


def kept_of(enrollment: Enrollment, written: Iterable[Point | WriteUp]) -> set[str]:
    """Return the keys of what of this stands, or stood, on somebody's profile."""
    keys = [key_of(each) for each in written]
    needs = Need.objects.filter(enrollment=enrollment, source_key__in=keys)
    offers = Expertise.objects.filter(enrollment=enrollment, source_key__in=keys)
    return {*needs.values_list("source_key", flat=True), *offers.values_list("source_key", flat=True)}
