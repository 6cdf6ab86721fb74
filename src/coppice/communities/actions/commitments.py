"""What people commit to: made, tried, done, dropped with a reason; and a gentle reminder."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities import notices
from coppice.communities.actions.rows import note
from coppice.communities.commitment_models import Commitment
from coppice.communities.errors import (
    NotAMember,
    NothingSaid,
    NotTheirCommitment,
    ReasonMissing,
    TooManyCommitments,
)
from coppice.communities.models import Membership
from coppice.programs.queries import NOBODY, known_as

State, Word = Commitment.State, Commitment.Word
MOST_OPEN = 30


class Asking(Enum):
    """How somebody learns what was written down for them: by a mail at once, by a mail of a room above that
    is yet to come, or not at all, since they wrote the words themself."""

    NOW = "now"
    LATER = "later"
    NEVER = "never"


@transaction.atomic
def make(
    membership: Membership,
    *,
    what: str,
    by: Any,
    due_on: date | None = None,
    source: str = Commitment.Source.OTHER,
    source_key: str = "",
    asking: Asking = Asking.NOW,
) -> Commitment:
    """Write down what a member commits to.

    Rooms above call this for what came of a meeting or a live room, and name the thing in `source_key`; the
    same key again returns what is there. Whoever has it written down by somebody else is asked by one mail
    whether it is right, unless the caller says by `asking` that it asks itself, or need not; whoever pauses
    finds the question on their page when they come back, and gets no mail. Raises NotAMember, NothingSaid,
    TooManyCommitments.
    """
    membership = _held(membership)
    if membership.state not in {Membership.State.ACTIVE, Membership.State.PAUSED}:
        raise NotAMember
    if not what.strip():
        raise NothingSaid
    if source_key:
        known = membership.community.commitments.filter(source_key=source_key).first()
        if known:
            return known
    if membership.commitments.open().count() >= MOST_OPEN:
        raise TooManyCommitments
    made = Commitment.objects.create(
        community_id=membership.community_id,
        membership=membership,
        what=what,
        due_on=due_on,
        source=source,
        source_key=source_key,
        word="" if asking == Asking.NEVER else _word_on(membership, by),
    )
    note("commitment.made", membership, by=by)
    if made.word and asking == Asking.NOW and membership.state == Membership.State.ACTIVE:
        _ask(made, by)
    return made


@transaction.atomic
def give_word(commitment: Commitment, *, word: str, by: Any) -> Commitment:
    """Say of a commitment that somebody else wrote down whether it is right; `word` is RIGHT or NOT_MINE.

    One that is not theirs counts for nothing and waits for nothing; once they call it right it stands again
    as it stood. The same again, and a word about what one wrote oneself, change nothing.
    """
    now = _current(commitment)
    if not now.word or now.word == word:
        return now
    now.word = Word(word)
    now.save(update_fields=["word"])
    note("commitment.told", now.membership, by=by)
    return now


@transaction.atomic
def change(commitment: Commitment, *, what: str, due_on: date | None, by: Any) -> Commitment:
    """Change the words or the day of a commitment; another day is reminded of anew.

    Whose it is has said yes to other words or another day: when somebody else changes them, they are asked
    by a mail of its own whether it is right. Raises NothingSaid, and NotTheirCommitment for what its person
    calls not theirs, which only they change.
    """
    now = _current(commitment)
    if not what.strip():
        raise NothingSaid
    if (now.what, now.due_on) != (what, due_on):
        _refuse_over_their_word(now, by)
        if now.due_on != due_on:
            now.reminded_before = now.reminded_after = False
        now.what, now.due_on = what, due_on
        now.word = (now.word and Word.RIGHT) if now.membership.person == by else _word_on(now.membership, by)
        now.save(update_fields=["what", "due_on", "reminded_before", "reminded_after", "word"])
        note("commitment.changed", now.membership, by=by)
        if now.word == Word.ASKED:
            _ask(now, by, period=f"{timezone.now():%Y%m%d%H%M%S%f}")
    return now


@transaction.atomic
def tell(commitment: Commitment, *, state: str, by: Any, outcome: str = "") -> Commitment:
    """Say what came of a commitment: tried, done, dropped with a reason, or that it stands as it was made.

    The same again changes nothing. Whose it is calls it right by telling of it. Raises ReasonMissing for one
    that is dropped without a word, and NotTheirCommitment as `change` does.
    """
    now = _current(commitment)
    if state == Commitment.State.DROPPED and not outcome.strip():
        raise ReasonMissing
    word = Word.RIGHT if now.word and now.membership.person == by else now.word
    if (now.state, now.outcome, now.word) != (state, outcome, word):
        _refuse_over_their_word(now, by)
        if now.state != state:
            now.settled_at = None if state in OPEN else timezone.now()
        now.state, now.outcome, now.word = Commitment.State(state), outcome, word
        now.save(update_fields=["state", "outcome", "settled_at", "word"])
        note("commitment.told", now.membership, by=by)
    return now


@transaction.atomic
def withdraw(commitment: Commitment, *, by: Any) -> None:
    """Delete a commitment that was written down by mistake; the record keeps that it was. Twice is once."""
    now = Commitment.objects.filter(pk=commitment.pk).select_related(
        "membership__community__program__provider", "membership__enrollment", "membership__person"
    )
    for each in now:
        note("commitment.withdrawn", each.membership, by=by)
        each.delete()


@transaction.atomic
def remind(membership: Membership, *, before: Sequence[Commitment], after: Sequence[Commitment]) -> None:
    """Write one mail about what is due soon, and what was due; each is told of once before and once after.

    What was told of meanwhile is left out, so that twice is once; without anything left, no mail is written.
    """
    pks = [each.pk for each in (*before, *after)]
    rows = {
        each.pk: each for each in Commitment.objects.select_for_update(of=("self",)).filter(pk__in=pks).open()
    }
    soon = [rows[each.pk] for each in before if each.pk in rows and not rows[each.pk].reminded_before]
    late = [rows[each.pk] for each in after if each.pk in rows and not rows[each.pk].reminded_after]
    if not soon and not late:
        return
    Commitment.objects.filter(pk__in=[each.pk for each in soon]).update(reminded_before=True)
    Commitment.objects.filter(pk__in=[each.pk for each in late]).update(reminded_after=True)
    notices.commitments_due(membership, soon=soon, late=late)
    note("commitments.reminded", membership, by=None)


OPEN = {State.MADE, State.TRIED}


def _word_on(membership: Membership, by: Any) -> str:
    """Return the word on what `by` writes for a member: they are asked where somebody else did, by mail."""
    return Word.ASKED if by and membership.person != by and membership.mail_address else ""


def _ask(commitment: Commitment, by: Any, *, period: str = "") -> None:
    community = commitment.membership.community
    writer = known_as(community.program, [by.pk]).get(by.pk, NOBODY)
    notices.commitment_written(commitment, written_by=writer.name or community.name, period=period)


def _refuse_over_their_word(commitment: Commitment, by: Any) -> None:
    if commitment.word == Word.NOT_MINE and commitment.membership.person != by:
        raise NotTheirCommitment


def _held(membership: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",))
    return rows.select_related("community__program__provider", "enrollment", "person").get(pk=membership.pk)


def _current(commitment: Commitment) -> Commitment:
    return (
        Commitment.objects.select_for_update(of=("self",))
        .select_related(
            "membership__community__program__provider", "membership__enrollment", "membership__person"
        )
        .get(pk=commitment.pk)
    )
