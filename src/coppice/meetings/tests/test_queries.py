"""The figures that boards and meeting pages read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.next_steps import next_steps
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings.links import answer_path
from coppice.meetings.models import Meeting, MeetingReply, PulseAnswer
from coppice.meetings.queries import (
    AttendanceFigures,
    Pulse,
    Replies,
    WorthCount,
    attendance_by_community,
    pulse_of_meeting,
    replies_to,
)
from coppice.meetings.tests.factories import answer_pulse, hold, make_meeting, make_past_meeting, reply

pytestmark = pytest.mark.django_db


def held(community, *, days_ago: int, present: int, expected: int) -> Meeting:
    return make_past_meeting(
        community,
        days_ago=days_ago,
        attendance_taken_at=timezone.now(),
        present_count=present,
        expected_count=expected,
    )


def test_attendance_is_summed_by_community_in_one_query(django_assert_num_queries):
    steady, young, empty = make_community(), make_community(), make_community()
    for days_ago, present in ((40, 1), (30, 2), (20, 3), (10, 4)):
        held(steady, days_ago=days_ago, present=present, expected=4)
    held(young, days_ago=5, present=0, expected=6)
    make_past_meeting(empty)
    held(empty, days_ago=3, present=0, expected=0)

    with django_assert_num_queries(1):
        figures = attendance_by_community([steady.pk, young.pk, empty.pk])

    assert figures == {
        steady.pk: AttendanceFigures(present=10, expected=16, meetings=4, shares=(0.5, 0.75, 1.0)),
        young.pk: AttendanceFigures(present=0, expected=6, meetings=1, shares=(0.0,)),
    }
    assert [figures[steady.pk].percent, AttendanceFigures().percent] == [62, None]


def test_attendance_since_a_moment_counts_later_meetings_only():
    community = make_community()
    held(community, days_ago=40, present=1, expected=4)
    held(community, days_ago=10, present=4, expected=4)

    figures = attendance_by_community([community.pk], since=timezone.now() - timedelta(days=20))

    assert figures == {community.pk: AttendanceFigures(present=4, expected=4, meetings=1, shares=(1.0,))}


@pytest.mark.parametrize(
    ("shares", "falls"),
    [((), False), ((0.9, 0.5), False), ((0.9, 0.5, 0.4), True), ((0.9, 0.5, 0.5), False)],
)
def test_attendance_falls_twice_when_each_of_the_last_two_meetings_had_fewer(shares, falls):
    assert AttendanceFigures(shares=shares).has_fallen_twice == falls


def test_replies_name_every_active_member_once():
    community = make_community()
    ana, ben, cleo = (add_member(community, name) for name in ("Ana", "Ben", "Cleo"))
    paused = add_member(community, state=Membership.State.PAUSED)
    meeting = make_meeting(community)
    reply(meeting, ana)
    reply(meeting, paused)
    reply(meeting, ben, MeetingReply.Answer.NOT_COMING)

    assert replies_to(meeting) == Replies(coming=[ana], not_coming=[ben], yet_to_say=[cleo])


def test_pulse_hides_its_distribution_until_five_answered():
    community = make_community()
    members = [add_member(community) for _each in range(6)]
    meeting = hold(make_past_meeting(community), present=members)
    meeting.attendances.filter(membership__in=members[:5]).update(asked_at=timezone.now())
    tried = answer_pulse(meeting, members[0], 4, "Ask one open question")
    for member in members[1:3]:
        answer_pulse(meeting, member, 5)
    answer_pulse(meeting, members[5], 1)

    few = pulse_of_meeting(meeting)
    answer_pulse(meeting, members[3], 4)
    enough = pulse_of_meeting(meeting)

    worth = PulseAnswer.Worth
    assert few == Pulse(asked=6, answered=4, counted=0, distribution=[], will_try=[tried])
    assert enough == Pulse(
        asked=6,
        answered=5,
        counted=5,
        distribution=[
            WorthCount(worth.VERY_MUCH, 2),
            WorthCount(worth.YES, 2),
            WorthCount(worth.PARTLY, 0),
            WorthCount(worth.HARDLY, 0),
            WorthCount(worth.NOT_AT_ALL, 1),
        ],
        will_try=[tried],
    )


def test_the_numbers_of_a_pulse_move_by_five_answers_at_a_time():
    community = make_community()
    members = [add_member(community) for _each in range(12)]
    meeting = hold(make_past_meeting(community), present=members)

    def shown() -> list[int]:
        return [line.count for line in pulse_of_meeting(meeting).distribution]

    seen = []
    for member in members[:9]:
        answer_pulse(meeting, member, 4)
        seen.append(shown())
    answer_pulse(meeting, members[0], 1)
    seen.append(shown())

    assert seen == [*[[]] * 4, *[[0, 5, 0, 0, 0]] * 5, [0, 8, 0, 0, 1]]
    answer_pulse(meeting, members[9], 5)
    assert (shown(), pulse_of_meeting(meeting).answered) == ([0, 8, 0, 0, 1], 10)


def test_the_same_answer_again_is_no_step_towards_the_next_numbers():
    community = make_community()
    members = [add_member(community) for _each in range(10)]
    meeting = hold(make_past_meeting(community), present=members)
    for member in members[:9]:
        answer_pulse(meeting, member, 4)

    answer_pulse(meeting, members[0], 4)

    pulse = pulse_of_meeting(meeting)
    assert (pulse.answered, pulse.counted) == (9, 5)


def test_new_member_is_led_to_the_next_meeting():
    community = make_community()
    member = add_member(community)
    before = [step.url for step in next_steps(member)]

    meeting = make_meeting(community)

    assert answer_path(meeting, member) not in before
    assert answer_path(meeting, member) in [step.url for step in next_steps(member)]


def test_words_of_rows():
    community = make_community()
    member = add_member(community)
    meeting = hold(make_past_meeting(community), present=[member])

    assert [
        str(meeting),
        str(reply(meeting, member)),
        str(meeting.attendances.get()),
        str(answer_pulse(meeting, member, 5)),
    ] == ["First meeting", "I'm coming", "Present", "5: very much"]
