"""What the verbs of meetings and of time polls share: the row as it stands, the record, who takes part."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from coppice.communities.models import Membership
from coppice.history.actions import record
from coppice.meetings import errors
from coppice.meetings.models import Meeting, MeetingSeries, TimePoll
from coppice.meetings.validators import PLANNED_AHEAD


def current[Row: (Meeting, MeetingSeries, TimePoll)](row: Row) -> Row:
    """Return a row as it stands now, held until the transaction ends."""
    rows = type(row).objects.select_for_update(of=("self",))
    return rows.select_related("community__program__provider").get(pk=row.pk)


def takes_part(membership: Membership) -> bool:
    """Say whether a membership is active or paused."""
    return Membership.objects.taking_part().filter(pk=membership.pk).exists()


def refuse_unless_in_reach(starts_at: datetime) -> None:
    """Raise StartsInPast or StartsTooLate for a start that nobody can plan."""
    now = timezone.now()
    if starts_at <= now:
        raise errors.StartsInPast
    if starts_at > now + PLANNED_AHEAD:
        raise errors.StartsTooLate


def refuse_unless_to_come(meeting: Meeting) -> None:
    """Raise MeetingIsCancelled or MeetingHasBegun for what can no longer be changed."""
    if meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if meeting.has_begun:
        raise errors.MeetingHasBegun


def note(
    verb: str, row: Meeting | MeetingSeries | TimePoll, *, by: Any, about: Any = None, **detail: Any
) -> None:
    """Write in the history of the program what was done with a meeting, a series or a poll."""
    record(
        verb,
        scope=row.community.program.scope,
        by=by,
        subject=row,
        called=f"{row} · {row.community}",
        about=about,
        detail={"community": row.community_id, **detail},
    )
