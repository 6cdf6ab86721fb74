"""What people commit to: made, tried, done, dropped with a reason; and a gentle reminder."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities import notices
from coppice.communities.actions.rows import note
from coppice.communities.commitment_models import Commitment
from coppice.communities.errors import NotAMember, NothingSaid, ReasonMissing, TooManyCommitments
from coppice.communities.models import Membership

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
    same key again returns what is there. Raises NotAMember, NothingSaid, TooManyCommitments.
    """
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
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
    )
    note("commitment.made", membership, by=by)
    return made


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
        now.save(update_fields=["state", "outcome", "settled_at"])
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


OPEN = {Commitment.State.MADE, Commitment.State.TRIED}


def _current(commitment: Commitment) -> Commitment:
    return (
        Commitment.objects.select_for_update(of=("self",))
        .select_related(
            "membership__community__program__provider", "membership__enrollment", "membership__person"
        )
        .get(pk=commitment.pk)
    )
