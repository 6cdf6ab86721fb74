"""Answering a poll, and what hosts keep off the wall."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from coppice.history.actions import record
from coppice.live.announcing import announce
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.models import Answer, Participant, Room, Step


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
    `late_until`: a phone may have been without a connection. A step that waits for the end of a quick poll
    within it is not closed. Raises NotBegun or NoLongerTaken. The history has no entry: an answer is its own
    record, written by one statement that needs no transaction of its own.
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
        is_late=not (step.round == round and (step.is_open or _waits(step))),
    )
    Answer.objects.bulk_create(
        [answer],
        update_conflicts=True,
        unique_fields=["step", "round", "participant"],
        update_fields=["picks", "number", "words", "is_late", "at"],
    )
    announce(step.room_id)


@transaction.atomic
def hide(answer: Answer, *, by: Any) -> None:
    """Keep words off every screen but the host's, whoever wrote the same in that round; the file has them."""
    if _mark(answer, is_hidden=True):
        _note("live_room.words_hidden", answer, by=by)


@transaction.atomic
def bring_back(answer: Answer, *, by: Any) -> None:
    """Show words again that were hidden, whoever wrote the same in that round."""
    if _mark(answer, is_hidden=False):
        _note("live_room.words_brought_back", answer, by=by)


def _waits(step: Step) -> bool:
    """Say whether the room is at a quick poll within this step, and comes back to it."""
    return Room.objects.going_on().filter(pk=step.room_id, current__within=step.pk).exists()


def _mark(answer: Answer, *, is_hidden: bool) -> int:
    # casefold() is Python's: the database knows no such comparison.
    others = answer.step.answers.filter(round=answer.round, is_hidden=not is_hidden)
    same = [
        key for key, words in others.values_list("pk", "words") if words.casefold() == answer.words.casefold()
    ]
    return Answer.objects.filter(pk__in=same).update(is_hidden=is_hidden)


def _note(verb: str, answer: Answer, *, by: Any) -> None:
    room = answer.step.room
    record(verb, scope=room.program.scope, by=by, subject=room)
    announce(room.pk)
