"""Who writes at a meeting, and by which door they came: signed in, or by the link in their mail."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.meetings.check_in_codes import OPENS_BEFORE
from coppice.meetings.links import answer_of
from coppice.meetings.minutes_models import Decision, Lesson, commitments_of, needs_of
from coppice.meetings.models import Meeting
from coppice.meetings.permissions import can_read_meeting
from coppice.meetings.queries import meeting_of, own_place
from coppice.profiles.models import Need

KINDS = ("note", "decision", "commitment", "need", "lesson")
"""What can be written down, in the order in which a page offers it."""


@dataclass(frozen=True)
class Hand:
    """One reader of a meeting that goes on.

    `membership` is None for program staff, `token` that of their link, "" where they are signed in: by a link
    nobody leads.
    """

    meeting: Meeting
    membership: Membership | None
    by: Any
    leads: bool
    token: str = ""

    @property
    def zone(self) -> tzinfo:
        """The zone in which they read times."""
        return self.membership.zone if self.membership else timezone.get_current_timezone()

    @property
    def can_write(self) -> bool:
        """Whether they write now: who leads, from an hour before; active members, until it is closed."""
        meeting, now = self.meeting, timezone.now()
        if meeting.is_cancelled or now < meeting.starts_at - OPENS_BEFORE:
            return False
        if self.leads:
            return True
        own = self.membership
        is_active = own is not None and own.state == Membership.State.ACTIVE
        return is_active and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether members write no more: it is closed, or its day is over."""
        meeting = self.meeting
        return meeting.closed_at is not None or meeting.is_long_over

    def address(self, name: str, *rest: object) -> str:
        """Return the address of a page of this meeting, under the link by which they came."""
        if self.token:
            return reverse(f"meetings:{name}_by_link", args=[self.token, *rest])
        return reverse(f"meetings:{name}", args=[self.meeting.pk, *rest])


def hand_of(person: Any, *, meeting_id: int) -> Hand:
    """Return who is signed in, at a meeting that they may know of; raises Http404 otherwise."""
    meeting = meeting_of(person, meeting_id=meeting_id)
    own = own_place(person, meeting.community)
    return Hand(meeting=meeting, membership=own.membership, by=person, leads=own.leads)


def hand_by_link(person: Any, *, token: str) -> tuple[Hand, Membership]:
    """Return the member behind a meeting's link, whoever is signed in; raises Http404 otherwise."""
    meeting, membership = answer_of(person, token=token)
    hand = Hand(meeting=meeting, membership=membership, by=membership.person, leads=False, token=token)
    return hand, membership


@dataclass(frozen=True)
class Writing:
    """A hand about to write a row of one kind."""

    hand: Hand
    kind: str


@dataclass(frozen=True)
class WrittenRow:
    """A hand and a row that was written, which it may or may not take back."""

    hand: Hand
    row: Decision | Lesson | Commitment | Need


def writing_of(person: Any, *, meeting_id: int, kind: str) -> Writing:
    """Return who is signed in, about to write; raises Http404 for a kind that there is not."""
    return _writing(hand_of(person, meeting_id=meeting_id), kind)


def writing_by_link(person: Any, *, token: str, kind: str) -> tuple[Writing, Membership]:
    """Return the member behind a link, about to write; raises Http404 for a kind that there is not."""
    hand, membership = hand_by_link(person, token=token)
    return _writing(hand, kind), membership


def row_of(person: Any, *, meeting_id: int, kind: str, row_id: int) -> WrittenRow:
    """Return who is signed in and a row of the meeting; raises Http404 otherwise."""
    return _row(hand_of(person, meeting_id=meeting_id), kind, row_id)


def row_by_link(person: Any, *, token: str, kind: str, row_id: int) -> tuple[WrittenRow, Membership]:
    """Return the member behind a link and a row of the meeting; raises Http404 otherwise."""
    hand, membership = hand_by_link(person, token=token)
    return _row(hand, kind, row_id), membership


def _writing(hand: Hand, kind: str) -> Writing:
    if kind not in KINDS:
        raise Http404
    return Writing(hand, kind)


def _row(hand: Hand, kind: str, row_id: int) -> WrittenRow:
    meeting = hand.meeting
    rows: dict[str, QuerySet[Any]] = {
        "decision": Decision.objects.filter(meeting=meeting),
        "lesson": Lesson.objects.filter(meeting=meeting),
        "commitment": commitments_of(meeting).select_related("membership"),
        "need": needs_of(meeting).select_related("enrollment"),
    }
    if kind not in rows:
        raise Http404
    return WrittenRow(hand, get_object_or_404(rows[kind], pk=row_id))


def can_follow(person: Any, hand: Hand) -> bool:
    """Say whether this person may follow the meeting: who may open it."""
    return hand.membership is not None or can_read_meeting(person, hand.meeting)


def can_lead_hand(person: Any, hand: Hand) -> bool:
    """Say whether this person leads the meeting, as `can_lead_meeting` does, without asking again."""
    return hand.leads


def can_check_in(person: Any, hand: Hand) -> bool:
    """Say whether this person checks in themself, and says what it was worth: who takes part."""
    return hand.membership is not None


def can_write(person: Any, thing: Writing | WrittenRow) -> bool:
    """Say whether this person writes at the meeting: active members, who leads, program staff."""
    own = thing.hand.membership
    return thing.hand.leads or (own is not None and own.state == Membership.State.ACTIVE)


def can_take_back(person: Any, thing: WrittenRow) -> bool:
    """Say whether this person may take a row back: who leads, who wrote it, whose word or need it is."""
    return can_write(person, thing) and is_theirs(thing.hand, thing.row)


def is_theirs(hand: Hand, row: Decision | Lesson | Commitment | Need) -> bool:
    """Say whether a row is a hand's to take back."""
    own = hand.membership
    if hand.leads or own is None:
        return hand.leads
    if isinstance(row, Need):
        return row.enrollment_id == own.enrollment_id
    return row.membership_id == own.pk
