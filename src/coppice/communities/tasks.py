"""The clock's entry points for communities."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.tasks import task
from django.utils import timezone

from coppice.communities.actions import charters, commitments, plans, trials
from coppice.communities.charter_models import Charter
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.communities.notices import commitments_occasion
from coppice.communities.plan_renewal import due_frames
from coppice.lib.clock import every
from coppice.notifications.models import Message

MORNING = 9
DAYS_BEFORE = 2
DAYS_AFTER = 14
ZONES = timedelta(days=1)  # no clock on earth is further from another


@every(minutes=15)
@task()
def remind_of_commitments() -> None:
    """From nine o'clock on, where the community is, remind members of what is due soon, and once of what was.

    Whoever had such a mail today waits until tomorrow; what was made less than two days before its day is not
    told of before it.
    """
    now = timezone.now()
    waiting = (
        Commitment.objects.open()
        .filter(
            due_on__gte=now.date() - timedelta(days=DAYS_AFTER) - ZONES,
            due_on__lte=now.date() + timedelta(days=DAYS_BEFORE) + ZONES,
            membership__state=Membership.State.ACTIVE,
            community__ended_at=None,
        )
        .select_related(
            "membership__community__program__provider", "membership__enrollment", "membership__person"
        )
    )
    before: dict[Membership, list[Commitment]] = defaultdict(list)
    after: dict[Membership, list[Commitment]] = defaultdict(list)
    for each in waiting:
        here = now.astimezone(each.membership.community.zone)
        if here.hour < MORNING:
            continue
        if _is_soon(each, here):
            before[each.membership].append(each)
        elif _is_late(each, here):
            after[each.membership].append(each)
    for membership in {**before, **after}:
        today = now.astimezone(membership.community.zone).date().isoformat()
        told = Message.objects.filter(occasion=commitments_occasion(membership.pk), period=today)
        if not told.exists():
            commitments.remind(membership, before=before[membership], after=after[membership])


@every(minutes=15)
@task()
def close_charters() -> None:
    """Once the last day to answer is over, where the community is, close the version; leaders hear of it."""
    now = timezone.now()
    for charter in Charter.objects.open().filter(closes_on__lte=now.date()).select_related("community"):
        if charter.is_due(now.astimezone(charter.community.zone).date()):
            charters.close(charter, by=None)


@every(minutes=15)
@task()
def remind_of_renewals() -> None:
    """From nine o'clock, 30 days before and on the day, remind leaders that their plan is looked at again."""
    now = timezone.now()
    for frame, renewal in due_frames(now):
        if now.astimezone(frame.community.zone).hour >= MORNING:
            plans.remind_of_renewal(frame.community, renewal)


def _is_soon(commitment: Commitment, here: datetime) -> bool:
    assert commitment.due_on is not None
    first = commitment.due_on - timedelta(days=DAYS_BEFORE)
    made_on = commitment.created_at.astimezone(here.tzinfo).date()
    return not commitment.reminded_before and first <= here.date() <= commitment.due_on and made_on < first


def _is_late(commitment: Commitment, here: datetime) -> bool:
    assert commitment.due_on is not None
    last = commitment.due_on + timedelta(days=DAYS_AFTER)
    return not commitment.reminded_after and commitment.due_on < here.date() <= last


@every(minutes=15)
@task()
def send_trials() -> None:
    """On Monday mornings, tell who has yet to answer an invitation what is new; four times at most."""
    trials.send_trials(timezone.now())
