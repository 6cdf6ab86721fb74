"""Texting members who asked for it: on the day of a meeting, and when it is moved or cancelled shortly."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.meetings import text_notices
from coppice.meetings.actions.rows import current
from coppice.meetings.models import Meeting, MeetingReply
from coppice.meetings.queries import active_members
from coppice.notifications.text_models import Phone
from coppice.notifications.texts import phones

SHORTLY = timedelta(hours=48)


@transaction.atomic
def remind(meeting: Meeting) -> int:
    """Remind those who come, and those who have yet to say, that it is today; twice texts nobody twice.

    Returns how many have a text of it.
    """
    meeting = current(meeting)
    if not meeting.is_open:
        return 0
    staying_away = meeting.replies.filter(answer=MeetingReply.Answer.NOT_COMING).values("membership")
    coming = active_members(meeting.community).exclude(pk__in=staying_away)
    return sum(text_notices.today(meeting, to=to, phone=phone) is not None for to, phone in _reached(coming))


def tell_moved(meeting: Meeting, *, before: datetime) -> None:
    """Tell members that a meeting is moved, where it was to begin or now begins shortly.

    `before` is when it was to begin. Call it inside the transaction of the change.
    """
    if min(before, meeting.starts_at) <= timezone.now() + SHORTLY:
        for to, phone in _reached(active_members(meeting.community)):
            text_notices.moved(meeting, to=to, phone=phone)


def tell_cancelled(meeting: Meeting) -> None:
    """Tell members that a meeting that was to begin shortly is cancelled, inside the change's transaction."""
    if meeting.starts_at <= timezone.now() + SHORTLY:
        for to, phone in _reached(active_members(meeting.community)):
            text_notices.cancelled(meeting, to=to, phone=phone)


def _reached(members: Iterable[Membership]) -> Iterator[tuple[Membership, Phone]]:
    """Give the members of one community whose phone may be texted; three queries for however many."""
    members = list(members)
    list_key = members[0].community.list_key if members else ""
    found = phones.open_phones([each.person_id for each in members], list_key=list_key)
    for each in members:
        if each.person_id in found:
            yield each, found[each.person_id]
