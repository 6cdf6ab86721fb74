"""What is written down at a meeting: one's own notes, decisions, commitments, needs, lessons."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.actions import commitments
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.lib.lines import one_line
from coppice.meetings import errors
from coppice.meetings.actions.rows import current, note
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.hands import Hand, is_theirs
from coppice.meetings.minutes_models import Decision, Lesson, Note, key_of
from coppice.meetings.models import Meeting
from coppice.meetings.summaries import AT_THE_LATEST
from coppice.profiles.actions import saying
from coppice.profiles.models import Need, Source


@transaction.atomic
def write_note(hand: Hand, *, item: AgendaItem | None, text: str) -> Note | None:
    """Keep one's own notes under an item, in place of those before; without words they go.

    Nobody else's notes are touched. Raises MeetingIsCancelled, NotYet or MeetingIsClosed.
    """
    _refuse_unless_writing(hand)
    current(hand.meeting)
    own = own_notes(hand).filter(item=item).first()
    text = text.strip()
    if own is None and text:
        return Note.objects.create(
            meeting=hand.meeting, item=item, author=hand.membership, entered_by=hand.by, text=text
        )
    if own is None:
        return None
    if not text:
        own.delete()
        return None
    if own.text != text:
        own.text = text
        own.save(update_fields=["text", "changed_at"])
    return own


def own_notes(hand: Hand) -> Any:
    """Return the notes that a hand wrote: a member's by the membership, program staff's by who they are."""
    if hand.membership is not None:
        return hand.meeting.notes.filter(author=hand.membership)
    return hand.meeting.notes.filter(author=None, entered_by=hand.by)


@transaction.atomic
def decide(hand: Hand, *, item: AgendaItem | None, text: str, reason: str = "") -> Decision:
    """Write down what was decided, and why. Raises NothingWritten, and what `write_note` raises."""
    _refuse_unless_writing(hand)
    decision = Decision.objects.create(**_typed(hand, item, text), reason=reason.strip())
    note("decision.written", hand.meeting, by=hand.by)
    return decision


@transaction.atomic
def learn(hand: Hand, *, item: AgendaItem | None, text: str) -> Lesson:
    """Write down what was learned. Raises NothingWritten, and what `write_note` raises."""
    _refuse_unless_writing(hand)
    lesson = Lesson.objects.create(**_typed(hand, item, text))
    note("lesson.written", hand.meeting, by=hand.by)
    return lesson


@transaction.atomic
def commit(
    hand: Hand, *, item: AgendaItem | None, membership: Membership, what: str, due_on: date | None
) -> Commitment:
    """Write down who does what by when: one's own, or as who leads also somebody else's.

    Whom the summary of the meeting is still to reach is asked there whether it is right, others by a mail.
    Raises NotForOthers, what `commitments.make` raises, and what `write_note` raises.
    """
    _refuse_unless_theirs(hand, membership)
    is_told = is_told_by_summary(current(hand.meeting), membership)
    return commitments.make(
        membership,
        what=what,
        due_on=due_on,
        by=hand.by,
        source=Commitment.Source.MEETING,
        source_key=key_of(hand.meeting, item),
        asking=commitments.Asking.LATER if is_told else commitments.Asking.NOW,
    )


@transaction.atomic
def need(hand: Hand, *, item: AgendaItem | None, membership: Membership, text: str) -> Need:
    """Write down what a member needs; their communities see it, and they find it in their profile.

    Raises NotForOthers, what `saying.voice_need` raises, and what `write_note` raises.
    """
    _refuse_unless_theirs(hand, membership)
    return saying.voice_need(
        membership.enrollment,
        text=text.strip(),
        by=hand.by,
        source=Source.MEETING,
        source_key=key_of(hand.meeting, item),
    )


@transaction.atomic
def take_back(hand: Hand, row: Decision | Lesson | Commitment | Need) -> None:
    """Take back what was written: decisions and lessons can be put back, the others are deleted.

    Twice is once. Raises NotTheirs, and what `write_note` raises.
    """
    _refuse_unless_writing(hand)
    if not is_theirs(hand, row):
        raise errors.NotTheirs
    if isinstance(row, Commitment):
        commitments.withdraw(row, by=hand.by)
    elif isinstance(row, Need):
        saying.remove(row, by=hand.by)
    elif row.taken_back_at is None:
        row.taken_back_at = timezone.now()
        row.save(update_fields=["taken_back_at"])
        note("minutes.taken_back", hand.meeting, by=hand.by)


@transaction.atomic
def put_back(hand: Hand, row: Decision | Lesson) -> None:
    """Undo `take_back` of a decision or a lesson; twice is once. Raises what `take_back` raises."""
    _refuse_unless_writing(hand)
    if not is_theirs(hand, row):
        raise errors.NotTheirs
    if row.taken_back_at is not None:
        row.taken_back_at = None
        row.save(update_fields=["taken_back_at"])
        note("minutes.put_back", hand.meeting, by=hand.by)


def is_told_by_summary(meeting: Meeting, membership: Membership) -> bool:
    """Say whether a summary of the meeting is still to come, and will reach this member."""
    ended_at = meeting.closed_at or meeting.ends_at
    return (
        membership.state == Membership.State.ACTIVE
        and meeting.summary_sent_at is None
        and not meeting.is_cancelled
        and not meeting.entered_afterwards
        and meeting.community.ended_at is None
        and ended_at > timezone.now() - AT_THE_LATEST
    )


def _refuse_unless_theirs(hand: Hand, membership: Membership) -> None:
    _refuse_unless_writing(hand)
    if membership.community_id != hand.meeting.community_id:
        raise errors.NotYourMeeting
    if not hand.leads and membership != hand.membership:
        raise errors.NotForOthers


def _refuse_unless_writing(hand: Hand) -> None:
    if hand.can_write:
        return
    if hand.meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if hand.meeting.closed_at is None and not hand.meeting.has_begun:
        raise errors.NotYet
    own = hand.membership
    if own is not None and own.state == Membership.State.PAUSED and not hand.is_over:
        raise errors.Pausing
    raise errors.MeetingIsClosed


def _typed(hand: Hand, item: AgendaItem | None, text: str) -> dict[str, Any]:
    words = one_line(text)
    if not words:
        raise errors.NothingWritten
    return {
        "meeting": hand.meeting,
        "item": item,
        "membership": hand.membership,
        "entered_by": hand.by,
        "text": words,
    }
