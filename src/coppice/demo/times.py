"""A group that went quiet looks for a time: what its leader asks, and what most members have answered."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities.models import Community
from coppice.meetings.actions import time_polls
from coppice.meetings.models import TimeAnswer
from coppice.meetings.queries import active_members
from coppice.meetings.time_finding import propose
from coppice.meetings.time_poll_board import attendees_of

MINUTES = 60
TAKEN = 4
Said = TimeAnswer.Answer
ANSWERS = (Said.YES, Said.IF_NEED_BE, Said.YES, Said.NO, Said.YES)


def tell(community: Community, *, by: Person) -> None:
    """Ask for the four least hard times of a fortnight; two of three members have answered."""
    zone = community.zone
    begins = datetime.combine(timezone.localdate(timezone=zone) + timedelta(days=7), time(), tzinfo=zone)
    ends = begins + timedelta(days=14)
    people = attendees_of(community, first=begins, last=ends)
    found = propose(people, first=begins, last=ends, minutes=MINUTES)
    poll = time_polls.ask(
        community,
        title="Starting again: what keeps us from meeting?",
        minutes=MINUTES,
        time_zone=community.time_zone,
        starts=[each.starts_at for each in found[:TAKEN]],
        closes_on=timezone.localdate(timezone=zone) + timedelta(days=5),
        by=by,
    )
    times = list(poll.times.all())
    for place, membership in enumerate(active_members(community)):
        if place % 3 == 2:
            continue
        answers = {each.pk: str(ANSWERS[(place + turn) % len(ANSWERS)]) for turn, each in enumerate(times)}
        time_polls.answer(poll, membership=membership, answers=answers, by=membership.person)
