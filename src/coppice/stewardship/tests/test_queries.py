"""Which calls are coming, and when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.communities.tests.factories import add_member, make_community, make_program
from coppice.stewardship.models import LeaderCheckIn, Snooze
from coppice.stewardship.queries import coming_calls

pytestmark = pytest.mark.django_db


def test_coming_calls_are_listed_by_their_day(django_assert_num_queries):
    program = make_program(call_after_days=30)
    today = timezone.localdate(timezone=program.zone)
    begun = {"due": 40, "put off": 40, "by rule": 10, "agreed": 10, "no leader": 10}
    communities = {
        name: make_community(program, name=name, starts_on=today - timedelta(days=days))
        for name, days in begun.items()
    }
    for name, community in communities.items():
        if name != "no leader":
            add_member(community, f"Leader of {name}", role="leader")
    Snooze.objects.create(community=communities["put off"], until=today + timedelta(days=2))
    LeaderCheckIn.objects.create(
        community=communities["agreed"], spoken_on=today, mood="steady", next_on=today + timedelta(days=5)
    )

    with django_assert_num_queries(1):
        coming = coming_calls(program, on=today)

    assert [(call.community, call.leader, (call.on - today).days) for call in coming] == [
        ("put off", "Leader of put off", 2),
        ("agreed", "Leader of agreed", 5),
        ("by rule", "Leader of by rule", 20),
    ]
