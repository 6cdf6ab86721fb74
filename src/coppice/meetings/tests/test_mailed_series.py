"""Answers of calendar programs to a series: to one of its meetings, or to all that are to come."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings import errors
from coppice.meetings.actions import change
from coppice.meetings.actions.mailed_replies import Outcome, take
from coppice.meetings.actions.series import change_following
from coppice.meetings.itip_replies import Reply
from coppice.meetings.models import Meeting, MeetingReply
from coppice.meetings.series_files import uid_of
from coppice.meetings.tests.factories import make_series
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db
Answer = MeetingReply.Answer


@pytest.fixture
def community():
    return make_community(name="Hedgerow")


@pytest.fixture
def ben(community):
    return add_member(community, "Ben Member")


@pytest.fixture
def series(community, ben):
    return make_series(community)


def meetings_of(series) -> list[Meeting]:
    return list(series.meetings.select_related("series").order_by("original_day"))


def reply_of(series, member, *, said: str = "ACCEPTED", **told) -> Reply:
    address = member.enrollment.email
    return Reply(
        senders=frozenset({address}),
        uid=uid_of(series, 0),
        attendee=address,
        said=said,
        **{"stamp": timezone.now().astimezone(UTC), "sequence": series.sequence, **told},
    )


def answers(series) -> list[str]:
    replies = MeetingReply.objects.filter(meeting__series=series).order_by("meeting__original_day")
    return list(replies.values_list("answer", flat=True))


def test_what_is_said_of_a_series_is_said_of_all_to_come(series, ben):
    outcome = take(reply_of(series, ben, said="DECLINED"))

    assert outcome == Outcome.COUNTED
    assert answers(series) == [Answer.NOT_COMING] * len(meetings_of(series))


def test_one_meeting_is_answered_by_the_time_that_its_rule_gave_also_after_it_was_moved(series, ben):
    second = meetings_of(series)[1]
    by_rule = second.starts_at
    moved = by_rule + timedelta(hours=2)
    change(second, by=None, starts_at=moved, ends_at=moved + timedelta(hours=1))
    second.refresh_from_db()

    outcome = take(reply_of(series, ben, occurrence=by_rule, sequence=second.sequence))

    assert outcome == Outcome.COUNTED
    assert list(second.replies.values_list("answer", flat=True)) == [Answer.COMING]
    assert answers(series) == [Answer.COMING]
    with pytest.raises(errors.UnknownInvitation):
        take(reply_of(series, ben, occurrence=moved))


def test_an_answer_to_the_time_before_asks_again_by_one_mail(series, ben):
    before = reply_of(series, ben)
    change_following(
        meetings_of(series)[0],
        by=None,
        keeps_exceptions=True,
        fields={
            "clock": (meetings_of(series)[0].starts_at + timedelta(hours=3)).astimezone(series.zone).time()
        },
    )
    Message.objects.all().delete()

    outcome = take(before)

    assert (outcome, answers(series)) == (Outcome.ASKED_AGAIN, [])
    assert Message.objects.count() == 1
    series.refresh_from_db()
    assert take(reply_of(series, ben)) == Outcome.COUNTED


def test_a_time_proposed_for_a_series_reaches_leaders_once(community, series, ben):
    add_member(community, "Ana Leader", role="leader")
    Message.objects.all().delete()
    first = meetings_of(series)[0]

    outcome = take(
        replace(
            reply_of(series, ben, said="TENTATIVE"),
            is_counter=True,
            starts=first.starts_at + timedelta(hours=1),
            ends=first.ends_at + timedelta(hours=1),
        )
    )

    assert outcome in {Outcome.PASSED_ON, Outcome.MAYBE}
    assert Message.objects.count() == 1


def test_what_names_no_series_of_ours_or_one_that_is_over_changes_nothing(series, ben):
    known = reply_of(series, ben)
    stranger = replace(known, uid="00000000-0000-4000-8000-000000000000-0@coppice")
    with pytest.raises(errors.UnknownInvitation):
        take(stranger)

    series.meetings.update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=2, hours=-1)
    )
    with pytest.raises(errors.SeriesIsOver):
        take(known)

    assert answers(series) == []
