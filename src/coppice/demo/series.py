"""A group that meets by a rule: a series with one meeting moved and one cancelled."""

from datetime import time, timedelta

from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities.models import Community
from coppice.meetings import actions
from coppice.meetings.actions import series
from coppice.meetings.models import Meeting
from coppice.meetings.queries import active_members
from coppice.meetings.recurrence import Rhythm, Rule

WEDNESDAY, FOURTH = 2, 4
FIRST_IN = timedelta(days=30)


def tell(community: Community, *, by: Person) -> None:
    """Plan the fourth Wednesday of each month but August for a year, move the second, cancel the third."""
    first = timezone.localdate(timezone=community.zone) + FIRST_IN
    planned = series.plan(
        community,
        rule=Rule(
            rhythm=Rhythm.MONTHLY,
            weekdays=(WEDNESDAY,),
            position=FOURTH,
            first=first,
            last=first + timedelta(days=365),
            clocks=(time(14),),
            months_out=frozenset({8}),
        ),
        title="Boards that meet: the fourth Wednesday",
        minutes=90,
        time_zone=community.time_zone,
        by=by,
        mode=Meeting.Mode.HYBRID,
        link="https://meet.example/coppice-boards",
        place="Library, room 2",
        dial_in="+1 555 0142, code 2026",
        purpose="One board's question in depth, and what each of us will try.",
        access="Captions are on; write if you need an interpreter.",
        recording="The first half is recorded for who cannot come, and deleted after 30 days.",
    )
    for place, membership in enumerate(active_members(community)):
        if place % 2:
            series.reply_to_all(planned, membership=membership, answer="coming", by=membership.person)
    _first, second, third, *_others = planned.meetings.order_by("starts_at")
    later = timedelta(days=1, hours=2)
    actions.change(second, by=by, starts_at=second.starts_at + later, ends_at=second.ends_at + later)
    actions.cancel(third, by=by)
