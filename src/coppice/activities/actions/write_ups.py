"""Writing up what somebody told, and deciding what of it others read."""

from django.db import transaction
from django.db.models import F

from coppice.activities.errors import NoSuchPerson, NoSuchWriteUp, TooLong, WordsMissing
from coppice.activities.models import LONGEST_WRITE_UP, Seat, WriteUp
from coppice.live.announcing import announce
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.models import Participant, Room, Step


@transaction.atomic
def write(step: Step, *, by: Participant, about_id: int, round: int, words: str) -> WriteUp:
    """Keep what `by` heard from somebody in a round; only its owner reads it.

    Written again, it takes the place of what stood there; what its owner has decided stands.
    Raises NotBegun, NoLongerTaken, WordsMissing, TooLong, NoSuchPerson.
    """
    _check(step, round)
    words = _checked(words)
    about = _told(step, by=by, about_id=about_id, round=round)
    write_up, is_new = WriteUp.objects.get_or_create(
        step=step, round=round, about=about, by=by, defaults={"words": words}
    )
    if not is_new and write_up.words != words:
        write_up.words = words
        _settle(write_up, write_up.state)
    announce(step.room_id)
    return write_up


@transaction.atomic
def share(room: Room, *, owner: Participant, write_up_id: int, words: str) -> None:
    """Share what somebody wrote about its owner, as she leaves it.

    Raises NoLongerTaken, NoSuchWriteUp, WordsMissing, TooLong.
    """
    if not room.takes_answers:
        raise NoLongerTaken
    write_up = _own(room, owner, write_up_id)
    write_up.shared_words = _checked(words)
    _settle(write_up, WriteUp.State.SHARED)
    announce(room.pk)


@transaction.atomic
def keep(room: Room, *, owner: Participant, write_up_id: int) -> None:
    """Share nothing of what somebody wrote about its owner, at any time. Raises NoSuchWriteUp."""
    write_up = _own(room, owner, write_up_id)
    write_up.shared_words = ""
    _settle(write_up, WriteUp.State.KEPT)
    announce(room.pk)


def _settle(write_up: WriteUp, state: str) -> None:
    write_up.state, write_up.changes = state, F("changes") + 1
    write_up.save(update_fields=["words", "shared_words", "state", "changes", "at"])


def _check(step: Step, round: int) -> None:
    if not 1 <= round <= step.rounds_begun:
        raise NotBegun
    if not step.room.takes_answers:
        raise NoLongerTaken


def _checked(words: str) -> str:
    words = "\n".join(words.strip().splitlines())
    if not words:
        raise WordsMissing
    if len(words) > LONGEST_WRITE_UP:
        raise TooLong
    return words


def _told(step: Step, *, by: Participant, about_id: int, round: int) -> Participant:
    """Return whom it is about; tables may have changed since a phone without a network wrote it."""
    about = Participant.objects.filter(room=step.room_id, pk=about_id).exclude(pk=by.pk).first()
    if about is None or not Seat.objects.filter(draw__step=step, draw__round=round, participant=by).exists():
        raise NoSuchPerson
    return about


def _own(room: Room, owner: Participant, write_up_id: int) -> WriteUp:
    about = WriteUp.objects.select_for_update().filter(step__room=room, about=owner)
    write_up = about.filter(pk=write_up_id).first()
    if write_up is None:
        raise NoSuchWriteUp
    return write_up
