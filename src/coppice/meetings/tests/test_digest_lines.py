"""Meetings in digests: what is ahead and untold, what came of them, and what an invited person hears."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings import notices, tasks
from coppice.meetings.actions import summaries
from coppice.meetings.digest_lines import news_for_invited
from coppice.meetings.minutes_models import Decision
from coppice.meetings.tests.factories import make_meeting
from coppice.notifications import wishes
from coppice.notifications.models import Line, Message, Pace

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 5, 12, 14, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    with patch("django.utils.timezone.now", return_value=NOW):
        yield


@pytest.fixture
def community():
    return make_community(name="Hedgerow", time_zone="UTC")


def reader(community, name, pace):
    membership = add_member(community, name)
    wishes.choose(membership.person, list_key=community.list_key, pace=pace)
    return membership


def test_a_digest_tells_of_meetings_of_its_time_that_nobody_told_its_reader_of(community):
    daily, weekly = reader(community, "Ana", Pace.DAILY), reader(community, "Ben", Pace.WEEKLY)
    told, _instant = reader(community, "Cora", Pace.DAILY), add_member(community, "Dan")
    near = make_meeting(community, starts_at=NOW + timedelta(days=1), title="Near")
    far = make_meeting(community, starts_at=NOW + timedelta(days=6), title="Far")
    make_meeting(community, starts_at=NOW + timedelta(days=1), title="Off", cancelled_at=NOW)
    notices.planned(near, to=told)

    for _ in range(2):
        tasks.tell_what_is_ahead.call()

    lines = set(Line.objects.values_list("person", "title", "until"))
    assert lines == {
        (daily.person_id, "Near", near.starts_at),
        (weekly.person_id, "Near", near.starts_at),
        (weekly.person_id, "Far", far.starts_at),
    }
    assert "Thursday 13 May, 14:00 to" in Line.objects.filter(title="Near")[0].words


def test_nobody_is_asked_about_when_no_meeting_is_near(django_assert_num_queries):
    with django_assert_num_queries(3):  # a transaction, and one question
        tasks.tell_what_is_ahead.call()


def test_a_summary_waits_for_the_digest_of_whom_it_can_wait_for(community):
    daily, instant = reader(community, "Ana", Pace.DAILY), add_member(community, "Dan")
    meeting = make_meeting(community, starts_at=NOW - timedelta(hours=2), title="Monthly")
    Decision.objects.create(meeting=meeting, text="We meet at two")

    summaries.send(meeting)

    assert list(Message.objects.values_list("recipient", flat=True)) == [instant.person_id]
    line = Line.objects.get()
    assert (line.person_id, line.section, line.title) == (daily.person_id, "decisions", "Monthly")
    assert line.words == "What came of it: 1 decision"


def test_an_invited_person_hears_how_many_meetings_there_are_and_no_more(community):
    make_meeting(community, starts_at=NOW + timedelta(days=1), title="Secret")
    make_meeting(community, starts_at=NOW + timedelta(days=40))

    news = news_for_invited([community], NOW - timedelta(weeks=1))

    assert [each.words() for each in news[community.pk]] == ["1 meeting within two weeks"]
