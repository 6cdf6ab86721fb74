"""Drawing who meets whom: by `engines.pairing`, among those who are here, with as little change as can be."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from coppice.activities import queries
from coppice.activities.errors import NotOpen, TableChanged
from coppice.activities.models import Absence, Draw, Seat
from coppice.history.actions import record
from coppice.live.announcing import announce
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Step
from engines.pairing import Person, Problem, join, pair, repair

type Groups = list[list[int]]
"""Ids of participants who sit together."""


@transaction.atomic
def gather(step: Step, *, size: int = 2, joins: bool = True) -> None:
    """Give everybody who is here a place in the step's present round, in pairs or (size 4) in fours.

    The first time all is drawn: nobody sits with whom they sat in this room before, nor with a colleague,
    where that can be. Fours are the pairs of the last draw, two and two, or drawn anew (`joins` False). Later
    only those tables change to which somebody comes or from which somebody left; a draw that is complete
    stays as it is.
    """
    Step.objects.select_for_update().get(pk=step.pk)
    draw, is_new = Draw.objects.get_or_create(step=step, round=step.round)
    here = queries.present_in(step.room)
    seats = list(draw.seats.all())
    if is_new or not _is_complete(seats, here):
        _keep(draw, seats, _groups(draw, here, seats, size=size, joins=joins))
    sizes = sorted(len(at) for at in queries.tables_of(draw.seats.all()).values() if len(at) > 1)
    if sizes != draw.sizes:
        draw.sizes = sizes
        draw.save(update_fields=["sizes"])


@transaction.atomic
def leave_out(participant: Participant, *, step: Step, by: Any = None) -> None:
    """Leave somebody out who is not here: of the step's present round while it is open, and of draws to come.

    Whoever sat with them alone gets another place. `by` is the host who said so, None for a participant.
    """
    _absence, is_new = Absence.objects.get_or_create(participant=participant)
    if not is_new:
        return
    if step.is_open:
        Seat.objects.filter(draw__step=step, draw__round=step.round, participant=participant).delete()
    _settle(step)
    _note("live_room.left_out", participant, step=step, by=by)


@transaction.atomic
def bring_back(participant: Participant, *, step: Step, by: Any = None) -> None:
    """Give somebody a place again who was left out; one pair is three then, unless somebody waits."""
    gone, _by_model = Absence.objects.filter(participant=participant).delete()
    if gone:
        _settle(step)
        _note("live_room.taken_in", participant, step=step, by=by)


@transaction.atomic
def draw_again(step: Step) -> None:
    """Find a place for whoever waits in an open step. Raises NotOpen."""
    if not step.is_open:
        raise NotOpen
    _settle(step)


def miss(step: Step, *, participant: Participant, round: int, other_id: int) -> None:
    """Leave out somebody of a participant's own table, because they are not there. Raises TableChanged."""
    is_now = step.is_open and step.round == round
    seat = queries.seat_of(step, participant) if is_now else None
    others = [each for each in queries.people_at(seat) if each.pk == other_id] if seat else []
    if not others or other_id == participant.pk:
        raise TableChanged
    leave_out(others[0], step=step)


def _is_complete(seats: Sequence[Seat], here: Sequence[Participant]) -> bool:
    """Say whether everybody who is here has a place, nobody else has one, and nobody waits who need not."""
    if {seat.participant_id for seat in seats} != {each.pk for each in here}:
        return False
    return len(here) == 1 or all(len(table) > 1 for table in queries.tables_of(seats).values())


def _settle(step: Step) -> None:
    if step.is_open:
        kind_of(step).gather(step)
    announce(step.room_id)


def _note(verb: str, participant: Participant, *, step: Step, by: Any) -> None:
    if by is not None:
        room = step.room
        record(verb, scope=room.program.scope, by=by, subject=room, about=participant.person)


def _groups(
    draw: Draw, here: Sequence[Participant], seats: Sequence[Seat], *, size: int, joins: bool
) -> Groups:
    room = draw.step.room
    circles = queries.circles_of(room, here)
    people = tuple(Person(str(each.pk), circles=circles.get(each.pk, frozenset())) for each in here)
    problem = Problem(people, size=size, met=queries.met_in(room, but=draw))
    # The same draw asked for twice gives the same answer, another round another one.
    seed = draw.pk
    before = _ids(seats) or (_joined(draw, problem, seed=seed) if size == 4 and joins else [])
    if before:
        made = repair(problem, before, seed=seed).round
    else:
        made = pair(problem, seed=seed).rounds[0]
    return [
        *([int(one) for one in group.people] for group in made.groups),
        *([int(each.person)] for each in made.unplaced),
    ]


def _ids(seats: Iterable[Seat]) -> list[list[str]]:
    return [[str(seat.participant_id) for seat in at] for at in queries.tables_of(seats).values()]


def _joined(draw: Draw, problem: Problem, *, seed: int) -> list[list[str]]:
    """Join the tables of the last draw before this one two and two, of those who are still here."""
    here = {person.id for person in problem.people}
    tables = [[one for one in at if one in here] for at in _ids(queries.seats_before(draw))]
    made = join(replace(problem, size=2), [at for at in tables if at], seed=seed)
    return [list(group.people) for group in made.groups]


def _keep(draw: Draw, seats: Sequence[Seat], groups: Groups) -> None:
    """Write the tables that are not as they were; the others keep number, turns and mark."""
    before = {number: [seat.participant_id for seat in at] for number, at in queries.tables_of(seats).items()}
    order = {participant: place for at in before.values() for place, participant in enumerate(at)}
    began = queries.began_in(draw.step.room, but=draw)
    after = {
        number: sorted(group, key=lambda one: (order.get(one, len(order)), began.get(one, 0), one))
        for number, group in _numbered(groups, before)
    }
    stale = [number for number, at in before.items() if after.get(number) != at]
    fresh = [number for number, at in after.items() if before.get(number) != at]
    if seats:
        draw.changes += 1
        draw.save(update_fields=["changes"])
    draw.seats.filter(table__in=stale).delete()
    Seat.objects.bulk_create(
        Seat(draw=draw, table=number, turn=turn, participant_id=participant, changed=draw.changes)
        for number in fresh
        for turn, participant in enumerate(after[number])
    )


def _numbered(groups: Groups, before: dict[int, list[int]]) -> Iterable[tuple[int, list[int]]]:
    """Give each group the table at which most of its people sit, else the first that is free."""
    sits = {participant: number for number, at in before.items() for participant in at}
    taken: dict[int, list[int]] = {}
    rest = []
    for group in sorted(groups, key=len, reverse=True):
        at = [sits[one] for one in group if one in sits and sits[one] not in taken]
        if at:
            taken[max(at, key=at.count)] = group
        else:
            rest.append(group)
    free = (number for number in range(1, len(groups) + 1) if number not in taken)
    return [*taken.items(), *zip(free, rest, strict=False)]
