"""Who may do what with a live room."""

from typing import Any

from coppice.live.models import Answer, Participant, Room, Step
from coppice.programs.models import providers_of


def can_host(person: Any, room: Room) -> bool:
    """Say whether this person may host the room: program staff, and leaders of the room's community."""
    runs = room.program.provider_id in providers_of(person)  # known without asking again
    return runs or Room.objects.hosted_by(person).filter(pk=room.pk).exists()


def can_read_room(person: Any, room: Room) -> bool:
    """Say whether this person may read what came of it: who may host it, and members of its community."""
    runs = room.program.provider_id in providers_of(person)
    return runs or Room.objects.visible_to(person).filter(pk=room.pk).exists()


def can_host_step(person: Any, step: Step) -> bool:
    """Say whether this person may change the step and take the room through it: who may host its room."""
    return can_host(person, step.room)


def can_host_act(person: Any, act: tuple[Step, str]) -> bool:
    """Say whether this person may do what a step's kind lets hosts do: who may host its room."""
    return can_host(person, act[0].room)


def can_host_new_step(person: Any, new: tuple[Room, Any]) -> bool:
    """Say whether this person may add a step: who may host the room."""
    return can_host(person, new[0])


def can_host_participant(person: Any, participant: Participant) -> bool:
    """Say whether this person may take the participant out: who may host the room."""
    return can_host(person, participant.room)


def can_host_answer(person: Any, answer: Answer) -> bool:
    """Say whether this person may hide an answer and bring it back: who may host its room."""
    return can_host(person, answer.step.room)
