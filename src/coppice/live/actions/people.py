"""Who takes part: joining by code, and being written in from paper."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.live.announcing import announce
from coppice.live.errors import NameMissing, RoomHasEnded
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Room, Step
from coppice.programs.models import Enrollment

LONGEST_NAME = 80


@transaction.atomic
def join(room: Room, *, name: str, language: str, person: Any = None) -> Participant:
    """Let somebody in, and return their place: a guest by name, or a person that the program knows.

    A person has one place in a room, whatever they come with. Once it has ended, somebody known can still
    come in while late answers are taken. Raises NameMissing, RoomHasEnded.
    """
    room = Room.objects.get(pk=room.pk)
    if room.is_ended and not (person is not None and room.takes_answers):
        raise RoomHasEnded
    name = one_line(name)[:LONGEST_NAME]
    if not name:
        raise NameMissing
    if person is None:
        participant = Participant.objects.create(room=room, name=name, language=language)
    else:
        participant, _is_new = Participant.objects.get_or_create(
            room=room,
            person=person,
            defaults={"name": name, "language": language, "source": Participant.Source.LINK},
        )
    gather(room)
    announce(room.pk)
    return participant


@transaction.atomic
def write_in(room: Room, *, names: Sequence[str], by: Any, is_afterwards: bool = False) -> list[Participant]:
    """Write people in from a paper list, and return those who are new.

    A name that one person of the program's roster has is that person; who is there already is not written in
    twice. Raises NameMissing, and RoomHasEnded unless somebody enters afterwards what was on paper.
    """
    if not is_afterwards and Room.objects.get(pk=room.pk).is_ended:
        raise RoomHasEnded
    wanted: dict[str, str] = {}
    for line in filter(None, (one_line(each)[:LONGEST_NAME] for each in names)):
        wanted.setdefault(line.casefold(), line)
    if not wanted:
        raise NameMissing
    people = people_called(room, set(wanted))
    there = set(room.participants.values_list("person", flat=True))
    written = {each.casefold() for each in room.participants.values_list("name", flat=True)}
    new = [
        Participant(
            room=room,
            name=name,
            person_id=people.get(key),
            language=room.language,
            source=Participant.Source.PAPER,
        )
        for key, name in wanted.items()
        if key not in written and not {people.get(key)} & there - {None}
    ]
    Participant.objects.bulk_create(new)
    record("live_room.written_in", scope=room.program.scope, by=by, subject=room, detail={"count": len(new)})
    gather(room)
    announce(room.pk)
    return new


@transaction.atomic
def take_out(participant: Participant, *, by: Any) -> None:
    """Take somebody out who is not in the room, with whatever they answered; their link opens nothing."""
    room = participant.room
    record("live_room.taken_out", scope=room.program.scope, by=by, subject=room, about=participant.person)
    participant.delete()
    gather(room)
    announce(room.pk)


def gather(room: Room) -> None:
    """Tell the step that is open who is here now."""
    step = Step.objects.filter(room=room, state=Step.State.OPEN).select_related("room").first()
    if step is not None:
        kind_of(step).gather(step)


def people_called(room: Room, wanted: set[str]) -> dict[str, int]:
    """Return people of the roster by their name in small letters, where only one is called so."""
    called: dict[str, list[int]] = {}
    for name, person in (
        Enrollment.objects.current().filter(program=room.program_id).values_list("name", "person")
    ):
        if name.casefold() in wanted:
            called.setdefault(name.casefold(), []).append(person)
    return {name: people[0] for name, people in called.items() if len(people) == 1}
