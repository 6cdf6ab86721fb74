"""The verbs of the weeks after a meeting: ask whether people tried it, ask who was missing, keep answers."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities.models import Membership
from coppice.meetings import after_notices, errors
from coppice.meetings.actions.rows import current
from coppice.meetings.after_board import missing_from, things_of
from coppice.meetings.models import FEWEST_COUNTED, FollowUp, Meeting, MissedMeeting
from coppice.meetings.queries import active_members


@transaction.atomic
def ask_follow_up(
    membership: Membership, *, due: Sequence[tuple[Meeting, FollowUp.After]]
) -> Sequence[FollowUp]:
    """Ask a member by one mail whether they tried what they meant to; return what they were asked.

    `due` names meetings, and after how many days. What was asked before is left out, so that twice is once;
    nobody is asked who is not active, whom mail does not reach, or who had such a mail today, from whatever
    community.
    """
    Person.objects.select_for_update().get(pk=membership.person_id)  # in several communities at once
    member = active_members(membership.community).filter(pk=membership.pk).first()
    if member is None or not member.mail_address or _was_asked_today(member):
        return ()
    known = set(member.follow_ups.values_list("meeting", "days"))
    now = timezone.now()
    asked = FollowUp.objects.bulk_create(
        FollowUp(meeting=meeting, membership=member, days=days, asked_at=now)
        for meeting, days in due
        if (meeting.pk, days) not in known
    )
    if not asked:
        return ()
    if after_notices.follow_up(member, asked=asked, things=things_of(asked)) is None:
        FollowUp.objects.filter(pk__in=[each.pk for each in asked]).delete()
        return ()
    return asked


@transaction.atomic
def answer_follow_up(follow_up: FollowUp, **said: Any) -> FollowUp:
    """Keep what somebody answered, or change it; `said` are fields of FollowUp. Raises SayWhetherTried.

    As with the pulse, the history tells nothing of it, and each number moves by at least five answers.
    """
    now = FollowUp.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=follow_up.pk)
    if said.get("tried") is None:
        raise errors.SayWhetherTried
    for name, value in said.items():
        setattr(now, name, value)
    now.answered_at = timezone.now()
    now.save(update_fields=["answered_at", *said])
    others = FollowUp.objects.filter(meeting=now.meeting_id, days=now.days)
    _count(others, "tried", "counted_tried")
    _count(others, "effect", "counted_effect")
    _count(others, "told_colleagues", "counted_told")
    return now


@transaction.atomic
def ask_absent(meeting: Meeting) -> Sequence[Membership]:
    """Ask everybody who was missing without having said so what it was; return who was asked.

    Each once for a meeting, and nobody of one that was cancelled or entered afterwards.
    """
    meeting = current(meeting)
    if meeting.is_cancelled or meeting.entered_afterwards:
        return ()
    asked = [each for each in missing_from(meeting) if after_notices.missed(meeting, to=each)]
    now = timezone.now()
    MissedMeeting.objects.bulk_create(
        MissedMeeting(meeting=meeting, membership=each, asked_at=now) for each in asked
    )
    return asked


@transaction.atomic
def answer_absent(
    meeting: Meeting, *, membership: Membership, reason: str, words: str, shows_name: bool
) -> MissedMeeting:
    """Keep why somebody was missing, or change it; `reason` is a MissedMeeting.Reason. Raises NotAsked.

    The history tells nothing of it, and the numbers move by at least five answers without a name.
    """
    absence = MissedMeeting.objects.select_for_update().filter(meeting=meeting, membership=membership).first()
    if absence is None:
        raise errors.NotAsked
    absence.reason, absence.words, absence.shows_name = MissedMeeting.Reason(reason), words, shows_name
    absence.answered_at = timezone.now()
    absence.save(update_fields=["reason", "words", "shows_name", "answered_at"])
    nameless = MissedMeeting.objects.filter(meeting__community=meeting.community_id, shows_name=False)
    _count(nameless, "reason", "counted")
    return absence


def _was_asked_today(membership: Membership) -> bool:
    zone = membership.community.zone
    last = FollowUp.objects.filter(membership__person=membership.person_id).order_by("-asked_at").first()
    return last is not None and timezone.localdate(last.asked_at, zone) == timezone.localdate(timezone=zone)


def _count(rows: QuerySet[Any], name: str, counted: str) -> None:
    """Bring what waits into the numbers shown once it is at least five answers, given or changed."""
    given, shown = {f"{name}__isnull": False}, {f"{counted}__isnull": False}
    waiting = rows.exclude(answered_at=None).filter(
        Q(**given) & ~Q(**shown) | ~Q(**given) & Q(**shown) | Q(**given, **shown) & ~Q(**{counted: F(name)})
    )
    if waiting.count() >= FEWEST_COUNTED:
        rows.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(**{counted: F(name)})
