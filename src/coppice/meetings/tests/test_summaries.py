"""The summary of a meeting: to all members, once, within an hour; each person's own first."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coppice.communities.actions import commitments, memberships
from coppice.communities.commitment_models import Commitment
from coppice.communities.links import commitment_path
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.lib.clock import beats
from coppice.meetings import tasks
from coppice.meetings.actions import summaries
from coppice.meetings.links import absence_path, answer_path, summary_path
from coppice.meetings.minutes_models import Decision, Lesson, Note, key_of
from coppice.meetings.models import MissedMeeting
from coppice.meetings.summaries import summary_of
from coppice.meetings.tests.factories import hold, make_meeting, reply
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

STARTS = datetime(2027, 5, 12, 14, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=1)


@pytest.fixture
def community():
    return make_community(name="Hedgerow", time_zone="UTC")


@pytest.fixture
def ana(community):
    return add_member(community, "Ana Leader", role=Membership.Role.LEADER)


@pytest.fixture
def ben(community):
    return add_member(community, "Ben Member")


@pytest.fixture
def meeting(community):
    return make_meeting(community, starts_at=STARTS)


def close(meeting, at=ENDS):
    meeting.closed_at = at
    meeting.save()


def commit(membership, meeting, what, *, by):
    return commitments.make(
        membership,
        what=what,
        by=by.person,
        source=Commitment.Source.MEETING,
        source_key=key_of(meeting, None),
        asking=commitments.Asking.LATER,
    )


def run_at(*moments: datetime) -> list[int]:
    """Run the task at each moment and return how many messages exist after it."""
    counts = []
    for moment in moments:
        with patch("django.utils.timezone.now", return_value=moment):
            tasks.send_summaries.call()
        counts.append(Message.objects.count())
    return counts


def minutes(number: int) -> datetime:
    return ENDS + timedelta(minutes=number)


def text_to(membership) -> str:
    return Message.objects.get(recipient=membership.person).text


def test_a_closed_meeting_is_summed_up_within_the_hour_and_once(meeting, ana, ben):
    close(meeting)

    assert run_at(minutes(0), minutes(14), minutes(15), minutes(30), minutes(60)) == [0, 0, 2, 2, 2]


@pytest.mark.parametrize("written", ["note", "decision", "lesson", "commitment"])
def test_a_meeting_that_nobody_closed_is_summed_up_when_something_was_written(meeting, ana, ben, written):
    if written == "note":
        Note.objects.create(meeting=meeting, text="Rides are short")
    elif written == "decision":
        Decision.objects.create(meeting=meeting, text="We meet at two")
    elif written == "lesson":
        Lesson.objects.create(meeting=meeting, text="Thank drivers")
    else:
        commit(ben, meeting, "Call the county", by=ben)

    assert run_at(minutes(30), minutes(45), minutes(60)) == [0, 2, 2]


def test_nothing_written_and_not_closed_is_no_mail(meeting, ana):
    Decision.objects.create(meeting=meeting, text="We meet at two", taken_back_at=ENDS)
    elsewhere = make_meeting(meeting.community, starts_at=STARTS - timedelta(days=400))
    commit(ana, elsewhere, "Call the county", by=ana)

    assert run_at(minutes(45), minutes(60)) == [0, 0]


@pytest.mark.parametrize("fields", [{"entered_afterwards": True}, {"cancelled_at": STARTS}])
def test_nobody_is_told_of_what_was_entered_or_cancelled(meeting, ana, fields):
    type(meeting).objects.update(closed_at=ENDS, **fields)

    assert (run_at(minutes(30)), summaries.send(meeting).summary_sent_at) == ([0], None)


def test_a_day_late_is_too_late_and_an_ended_community_is_left_alone(meeting, ana):
    close(meeting)
    late = run_at(minutes(24 * 60 + 1))
    meeting.community.ended_at = ENDS
    meeting.community.save()

    assert (late, run_at(minutes(30))) == ([0], [0])


def test_each_reads_their_own_first_then_what_was_decided_and_what_is_next(meeting, ana, ben):
    paused = add_member(meeting.community)
    memberships.pause(paused, by=paused.person)
    hold(meeting, present=[ana], absent=[ben])
    reply(meeting, ben, "not_coming")
    own = commit(ben, meeting, "Call the county", by=ben)
    commit(ana, meeting, "Write to the clinic", by=ana)
    Decision.objects.create(meeting=meeting, text="We meet at two", reason="Mornings are full")
    Lesson.objects.create(meeting=meeting, text="Thank drivers")
    Note.objects.create(meeting=meeting, text="Long talk")
    make_meeting(meeting.community, title="After the summer")

    summaries.send(meeting)

    text = text_to(ben)
    said = [
        "Say by one click how it is with what you committed to.",
        "Call the county",
        commitment_path(own, ben, state="done"),
        "1 of 2 were there.",
        "We meet at two (Why: Mornings are full)",
        "Ana Leader: Write to the clinic",
        "Thank drivers",
        "After the summer",
        summary_path(meeting, ben),
        "The notes stand on the meeting's page.",
    ]
    assert [each for each in said if each not in text] == []
    assert sorted(said, key=text.index) == said
    assert "We missed you" not in text
    assert ("1 of 2 were there. Ana Leader" in text_to(ana), "there. Ana Leader" in text) == (True, False)
    assert not Message.objects.filter(recipient=paused.person).exists()


def test_the_same_stands_on_a_page_of_their_own_without_an_account(client, meeting, ana, ben):
    hold(meeting, present=[ana, ben])
    commit(ben, meeting, "Call the county", by=ben)
    commit(ana, meeting, "Write to the clinic", by=ana)
    Decision.objects.create(meeting=meeting, text="We meet at two", reason="Mornings are full")
    Decision.objects.create(meeting=meeting, text="Taken back", taken_back_at=ENDS)
    Lesson.objects.create(meeting=meeting, text="Thank drivers")
    ahead = make_meeting(meeting.community, title="After the summer")

    text = client.get(summary_path(meeting, ben)).text
    to_leader = client.get(summary_path(meeting, ana)).text

    said = ["2 of 2 were there.", "Call the county", "We meet at two", "Write to the clinic", "Thank drivers"]
    assert sorted(said, key=text.index) == said
    assert [each in text for each in ("After the summer", answer_path(ahead, ben), "Taken back")] == [
        True,
        True,
        False,
    ]
    assert ("there. Ana Leader" in text, "there. Ana Leader, Ben Member" in to_leader) == (False, True)
    memberships.leave(ben, by=ben.person)
    assert client.get(summary_path(meeting, ben)).status_code == 404


def test_who_has_something_written_down_by_another_says_there_whether_it_is_right(meeting, ana, ben):
    own = commit(ben, meeting, "Call the county", by=ana)
    before = Message.objects.count()

    summaries.send(meeting)

    text = text_to(ben)
    assert (before, commitment_path(own, ben, word="not_mine") in text) == (0, True)
    assert commitment_path(own, ben, state="done") not in text


def test_what_somebody_calls_not_theirs_is_in_no_summary(meeting, ana, ben):
    own = commit(ben, meeting, "Call the county", by=ana)
    commitments.give_word(own, word=Commitment.Word.NOT_MINE, by=ben.person)

    summaries.send(meeting)

    assert ["Call the county" in text_to(each) for each in (ana, ben)] == [False, False]


def test_who_was_missing_is_asked_in_the_summary_and_not_again(meeting, ana, ben):
    hold(meeting, present=[ana], absent=[ben])
    close(meeting)
    run_at(minutes(15))

    with patch("django.utils.timezone.now", return_value=ENDS + timedelta(days=1)):
        tasks.ask_absent.call()

    assert text_to(ben).count(absence_path(meeting, ben)) == 4
    assert absence_path(meeting, ana) not in text_to(ana)
    assert list(MissedMeeting.objects.values_list("membership", flat=True)) == [ben.pk]
    assert Message.objects.count() == 2


def test_a_summary_asks_the_database_as_often_for_many_rows(meeting, ana):
    counts = []
    for _time in range(2):
        for number in range(3):
            Decision.objects.create(meeting=meeting, text=f"Decision {number}")
            commit(ana, meeting, f"Commitment {number}", by=ana)
        with CaptureQueriesContext(connection) as queries:
            summary = summary_of(meeting)
            assert summary.others(ana) == []
        counts.append((len(queries), len(summary.decisions)))

    assert counts == [(5, 3), (5, 6)]


def test_the_clock_looks_each_quarter_of_an_hour():
    own = {beat.task.module_path.rpartition(".")[2]: beat.minutes for beat in beats()}

    assert own["send_summaries"] == 15


def test_a_meeting_of_months_ago_that_is_closed_now_is_told_to_nobody(community, ana, ben):
    old = hold(make_meeting(community, starts_at=STARTS - timedelta(days=60)), present=[ana], absent=[ben])
    last_week = make_meeting(community, starts_at=STARTS - timedelta(days=6))
    close(old)

    assert run_at(minutes(20)) == [0]
    with patch("django.utils.timezone.now", return_value=minutes(20)):
        assert summaries.send(old).summary_sent_at is None
    assert not MissedMeeting.objects.exists()

    close(last_week)
    assert run_at(minutes(20)) == [2]
