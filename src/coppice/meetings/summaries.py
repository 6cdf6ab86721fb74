"""What the summary of a meeting says: who was there, what came of it in so many words, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.meetings.minutes_models import Decision, Lesson, Note, keys_of
from coppice.meetings.models import Meeting
from coppice.meetings.queries import presence_at

AFTER_CLOSING = timedelta(minutes=15)
"""So long a slip can be mended before everybody reads it."""

AFTER_THE_END = timedelta(minutes=40)
"""So long one may forget to close; with the clock's quarters the summary leaves within the hour."""

AT_THE_LATEST = timedelta(days=1)

NEWS_UNTIL = timedelta(days=7)
"""So long after its end a meeting is news: closed later, nobody is told of it or asked about it."""


@dataclass(frozen=True)
class Summary:
    """What came of one meeting. `there` holds the names of who was there, which those who lead read."""

    meeting: Meeting
    there: Sequence[Membership]
    decisions: Sequence[Decision]
    lessons: Sequence[Lesson]
    commitments: Sequence[Commitment]
    has_notes: bool
    following: Meeting | None

    def own(self, membership: Membership) -> list[Commitment]:
        """Return what a member committed to there and has yet to do."""
        return [each for each in self.commitments if each.membership_id == membership.pk and each.is_open]

    def others(self, membership: Membership) -> list[Commitment]:
        """Return what others committed to there."""
        return [each for each in self.commitments if each.membership_id != membership.pk]


def summary_of(meeting: Meeting) -> Summary:
    """Return what came of a meeting, as its mail and nobody's opinion tell it, in six queries."""
    commitments = meeting.community.commitments.filter(source_key__startswith=keys_of(meeting))
    return Summary(
        meeting=meeting,
        there=presence_at(meeting).there if meeting.attendance_taken_at else (),
        decisions=list(Decision.objects.filter(meeting=meeting).standing()),
        lessons=list(Lesson.objects.filter(meeting=meeting).standing()),
        commitments=list(
            commitments.theirs()
            .exclude(state=Commitment.State.DROPPED)
            .select_related("membership__enrollment")
            .order_by("due_on", "pk")
        ),
        has_notes=Note.objects.filter(meeting=meeting).exists(),
        following=Meeting.objects.of(meeting.community).upcoming().exclude(pk=meeting.pk).first(),
    )


def due_for_summary(now: datetime) -> QuerySet[Meeting]:
    """Return meetings of which everybody is due to read what came of them, in one query.

    A while after they were closed; or after their end, when something was written and nobody closed them.
    """
    of_it = {"meeting": OuterRef("pk")}
    written = (
        Exists(Note.objects.filter(**of_it))
        | Exists(Decision.objects.filter(**of_it, taken_back_at=None))
        | Exists(Lesson.objects.filter(**of_it, taken_back_at=None))
        | Exists(
            Commitment.objects.filter(
                community=OuterRef("community"),
                source_key__startswith=Concat(
                    Value("meeting:"), Cast(OuterRef("pk"), CharField()), Value(":")
                ),
            )
        )
    )
    closed = Q(
        closed_at__lte=now - AFTER_CLOSING, closed_at__gt=now - AT_THE_LATEST, ends_at__gt=now - NEWS_UNTIL
    )
    ended = Q(closed_at=None, ends_at__lte=now - AFTER_THE_END, ends_at__gt=now - AT_THE_LATEST)
    return Meeting.objects.filter(
        closed | (ended & Q(written)),
        summary_sent_at=None,
        cancelled_at=None,
        entered_afterwards=False,
        community__ended_at=None,
    ).select_related("community")
