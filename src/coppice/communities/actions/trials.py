"""Trial digests: what people hear of a community while they have yet to answer its invitation."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from coppice.communities import notices, trials
from coppice.communities.models import Membership
from coppice.lib.batches import in_batches
from coppice.notifications.actions import post
from coppice.notifications.models import Message, Mute

MOST = 4
"""So many weeks a trial lasts: whoever has not answered then wants no more of it."""

LONGEST = timedelta(weeks=MOST + 2)
NOT_BEFORE = timedelta(days=3)
MORNING = 7
BATCH = 200


def send_trials(now: datetime) -> int:
    """Tell everybody who is invited what is new, on their Monday morning; return to how many.

    At most four weeks, one mail a week and membership, none when nothing is new. The same few queries for
    each batch of people; what was sent is not sent again, however often this runs.
    """
    waiting = Membership.objects.filter(
        state=Membership.State.INVITED,
        invited_at__gt=now - LONGEST,
        invited_at__lt=now - NOT_BEFORE,
        community__ended_at=None,
        enrollment__ended_at=None,
        person__erased_at=None,
        person__is_active=True,
    ).select_related("community__program__provider", "enrollment", "person")
    return sum(
        _send([each for each in some if _is_their_monday(each, now)], now)
        for some in in_batches(waiting, BATCH)
    )


def _is_their_monday(membership: Membership, now: datetime) -> bool:
    """Whether it is Monday from seven o'clock on where the person is; or Tuesday, when Monday was missed."""
    here = now.astimezone(membership.zone)
    return (here.weekday() == 0 and here.hour >= MORNING) or here.weekday() == 1


def _send(memberships: Sequence[Membership], now: datetime) -> int:
    heard: dict[str, list[Message]] = {}
    for message in Message.objects.filter(
        occasion__in=[notices.trial_occasion(each) for each in memberships]
    ).only("occasion", "period", "created_at"):
        heard.setdefault(message.occasion, []).append(message)
    people = {each.person_id for each in memberships}
    left = set(Mute.objects.current(now).filter(person__in=people).values_list("person_id", "list_key"))
    open_for = [
        each
        for each in memberships
        if (each.person_id, each.community.list_key) not in left
        and _may_have_another(each, heard.get(notices.trial_occasion(each), []), now)
    ]
    communities = {each.community_id: each.community for each in open_for}
    news = trials.news_of(list(communities.values()), since=now - timedelta(weeks=1)) if communities else {}
    mails = [
        mail
        for each in open_for
        if each.community_id in news
        and (mail := notices.trial(each, news=news[each.community_id], week=_week(each, now)))
    ]
    if mails:
        with transaction.atomic():
            post(mails)
    return len(mails)


def _may_have_another(membership: Membership, heard: Sequence[Message], now: datetime) -> bool:
    """Whether this invitation's trial goes on and has no digest of this week."""
    of_it = [message for message in heard if message.created_at >= membership.invited_at]
    return len(of_it) < MOST and all(message.period != _week(membership, now) for message in heard)


def _week(membership: Membership, now: datetime) -> str:
    year, week, _day = now.astimezone(membership.zone).isocalendar()
    return f"{year}-W{week:02}"
