"""Answering a poll."""

from collections.abc import Sequence

from coppice.live.announcing import announce
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.models import Answer, Participant, Step


def give(
    step: Step,
    *,
    participant: Participant,
    round: int,
    picks: Sequence[int] = (),
    number: int | None = None,
    words: str = "",
) -> None:
    """Keep a participant's one answer to one round of a step; a later one takes the place of an earlier one.

    What comes after the step was closed counts too, marked as late, while the room runs and until its
    `late_until`: a phone may have been without a connection. Raises NotBegun or NoLongerTaken. The history
    has no entry: an answer is its own record, written by one statement that needs no transaction of its own.
    """
    if not 1 <= round <= step.rounds_begun:
        raise NotBegun
    if not step.room.takes_answers:
        raise NoLongerTaken
    answer = Answer(
        step=step,
        participant=participant,
        round=round,
        picks=list(picks),
        number=number,
        words=words,
        is_late=not (step.is_open and step.round == round),
    )
    Answer.objects.bulk_create(
        [answer],
        update_conflicts=True,
        unique_fields=["step", "round", "participant"],
        update_fields=["picks", "number", "words", "is_late", "at"],
    )
    announce(step.room_id)
