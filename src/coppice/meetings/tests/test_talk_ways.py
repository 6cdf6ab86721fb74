"""Finding a time from a conversation, and its line there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities import talk_ways
from coppice.communities.models import Membership
from coppice.communities.talk_ways import Trace, traces_of, ways_from
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings import links
from coppice.meetings.actions import time_polls
from coppice.meetings.models import TimePoll
from coppice.meetings.tests.factories import make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community(name="Rural transport", time_zone="UTC")


def test_a_leader_finds_a_time_from_a_conversation(community, client):
    leader = add_member(community, "Ana", role=Membership.Role.LEADER)
    member = add_member(community, "Ben")
    client.force_login(leader.person)

    [way] = ways_from(leader.person, community, 12)
    page = client.get(way.url).text
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    client.post(
        reverse("meetings:find_time", args=[community.pk]),
        {
            "title": "Winter",
            "minutes": 60,
            "first": day,
            "last": day,
            "time_zone": "UTC",
            "thread": 12,
            "own_day": day,
            "own_clock": "10:00",
            "closes_on": timezone.localdate().isoformat(),
        },
    )

    poll = reverse("meetings:time_poll", args=[TimePoll.objects.get().pk])
    assert "For the conversation" not in client.get(poll).text
    assert ways_from(member.person, community, 12) == []
    assert '<input type="hidden" name="thread" value="12"' in page
    assert TimePoll.objects.get().said_in == "thread:12"


def test_a_conversation_shows_what_it_led_to_each_by_their_own_way(community):
    leader = add_member(community, "Ana", role=Membership.Role.LEADER)
    member = add_member(community, "Ben")
    starts_at = timezone.now() + timedelta(days=9)
    poll = time_polls.ask(
        community,
        title="Winter",
        minutes=60,
        time_zone="UTC",
        starts=[starts_at],
        closes_on=starts_at.date(),
        by=leader.person,
        said_in="thread:12",
    )

    def traces(membership, **changed):
        TimePoll.objects.update(**changed)
        return traces_of(membership.person, community, 12)

    def trace(told, url):
        return [Trace(label="A time for “Winter”", told=told, url=url)]

    [open_one] = traces(member)
    assert open_one.url == links.times_path(poll, member)
    assert open_one.told.startswith("People can answer until")
    assert [each.url for each in traces(leader)] == [poll.get_absolute_url()]
    yesterday = timezone.localdate() - timedelta(days=1)
    assert traces(member, closes_on=yesterday) == trace("The time to answer is over.", "")
    assert traces(member, closed_at=timezone.now()) == trace("It was closed without a meeting.", "")
    meeting = make_meeting(community)
    assert traces(member, meeting=meeting) == trace("The meeting is planned.", meeting.get_absolute_url())
    assert traces_of(member.person, community, 13) == []


def test_who_came_from_a_conversation_finds_their_way_back(community, client, monkeypatch):
    leader = add_member(community, "Ana", role=Membership.Role.LEADER)
    client.force_login(leader.person)
    trace = Trace(label="Winter tires", told="", url="/threads/12/")
    monkeypatch.setattr(talk_ways, "_sources", [lambda _person, _community, pk: trace if pk == 12 else None])
    starts_at = timezone.now() + timedelta(days=9)
    asked = {"title": "Winter", "minutes": 60, "time_zone": "UTC", "starts": [starts_at]}
    poll = time_polls.ask(
        community, **asked, closes_on=starts_at.date(), by=leader.person, said_in="thread:12"
    )

    [way] = ways_from(leader.person, community, 12)
    looking, asked_page = client.get(way.url).text, client.get(poll.get_absolute_url()).text

    assert 'name="title" value="Winter tires"' in looking
    assert [page.count('href="/threads/12/"') for page in (looking, asked_page)] == [2, 1]
