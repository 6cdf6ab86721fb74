"""What people commit to: made, tried, done, dropped with a reason; and a gentle reminder."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.communities import notices
from coppice.communities.actions.rows import note
from coppice.communities.commitment_models import Commitment
from coppice.communities.errors import NotAMember, NothingSaid, ReasonMissing, TooManyCommitments
from coppice.communities.models import Membership
from coppice.programs.queries import NOBODY, known_as

State, Word = Commitment.State, Commitment.Word
MOST_OPEN = 30


@transaction.atomic
def make(
    membership: Membership,
    *,
    what: str,
    by: Any,
    due_on: date | None = None,
    source: str = Commitment.Source.OTHER,
    source_key: str = "",
) -> Commitment:
    """Write down what a member commits to.

    Rooms above call this for what came of a meeting or a live room, and name the thing in `source_key`; the
    same key again returns what is there. Whoever has it written down by somebody else is asked by one mail
    whether it is right; the room above that names a key asks itself. Raises NotAMember, NothingSaid,
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
        word=Word.ASKED if by and membership.person != by and membership.mail_address else "",
    )
    note("commitment.made", membership, by=by)
    if made.word and not source_key:
        writer = known_as(membership.community.program, [by.pk]).get(by.pk, NOBODY)
        notices.commitment_written(made, written_by=writer.name or membership.community.name)
    return made


@transaction.atomic
def give_word(commitment: Commitment, *, word: str, by: Any) -> Commitment:
    """Say of a commitment that somebody else wrote down whether it is right; `word` is RIGHT or NOT_MINE.

    One that is not theirs is dropped and counts for nothing, and stands again once they call it right. The
    same again, and a word about what one wrote oneself, change nothing.
    """
    now = _current(commitment)
    if not now.word or now.word == word:
        return now
    if word == Word.NOT_MINE:
        now.state, now.outcome = State.DROPPED, _("It is not theirs.")
        now.settled_at = timezone.now()
    elif now.word == Word.NOT_MINE:
        now.state, now.outcome, now.settled_at = State.MADE, "", None
    now.word = Word(word)
    now.save(update_fields=["word", "state", "outcome", "settled_at"])
    note("commitment.told", now.membership, by=by)
    return now


@transaction.atomic
def change(commitment: Commitment, *, what: str, due_on: date | None, by: Any) -> Commitment:
    """Change the words or the day of a commitment; another day is reminded of anew. Raises NothingSaid."""
    now = _current(commitment)
    if not what.strip():
        raise NothingSaid
    if (now.what, now.due_on) != (what, due_on):
        if now.due_on != due_on:
            now.reminded_before = now.reminded_after = False
        now.what, now.due_on = what, due_on
        now.save(update_fields=["what", "due_on", "reminded_before", "reminded_after"])
        note("commitment.changed", now.membership, by=by)
    return now


@transaction.atomic
def tell(commitment: Commitment, *, state: str, by: Any, outcome: str = "") -> Commitment:
    """Say what came of a commitment: tried, done, dropped with a reason, or that it stands as it was made.

    The same again changes nothing. Raises ReasonMissing for one that is dropped without a word.
    """
    now = _current(commitment)
    if state == Commitment.State.DROPPED and not outcome.strip():
        raise ReasonMissing
    if (now.state, now.outcome) != (state, outcome):
        if now.state != state:
            now.settled_at = None if state in OPEN else timezone.now()
        now.state, now.outcome = Commitment.State(state), outcome
        if now.word and now.membership.person == by:  # who tells what came of it calls it theirs
            now.word = Word.RIGHT
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
