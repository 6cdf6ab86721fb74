"""What is proposed and how hard times are judged, from plain people and from the roster."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings.models import MeetingReply
from coppice.meetings.tests.factories import make_meeting, reply
from coppice.meetings.time_finding import Attendee, judge, propose
from coppice.meetings.time_poll_board import attendees_of
from coppice.meetings.time_wording import sentences
from coppice.profiles.models import Audience, Profile
from engines.timefinding import Why

MONDAY = datetime(2027, 3, 1, tzinfo=UTC)
TWO_WEEKS = MONDAY + timedelta(days=14)


def test_people_of_one_place_get_several_days_and_times_of_day():
    found = propose(
        [Attendee(1, "Africa/Lagos"), Attendee(2, "Africa/Lagos")], first=MONDAY, last=TWO_WEEKS, minutes=50
    )

    assert [each.easy for each in found] == [2] * 6
    assert len({each.starts_at.date() for each in found}) == 6
    assert len({each.starts_at.time() for each in found}) > 3


def test_a_single_day_is_enough_to_choose_from():
    found = propose([Attendee(1, "Africa/Lagos")], first=MONDAY, last=MONDAY + timedelta(days=1), minutes=60)

    assert len(found) == 6
    assert found[0].easy == 1


def test_no_proposal_ends_after_the_last_day_or_lies_in_a_meeting():
    busy = ((MONDAY + timedelta(hours=9), MONDAY + timedelta(hours=10)),)
    people = [Attendee(1, "UTC", free_hours=frozenset({9, 10}), busy=busy)]

    found = propose(people, first=MONDAY, last=MONDAY + timedelta(hours=11), minutes=60)

    assert found[0].starts_at == MONDAY + timedelta(hours=10)
    assert max(each.starts_at for each in found) <= MONDAY + timedelta(hours=10)


@pytest.mark.parametrize(
    ("people", "hours"), [([], 24), ([Attendee(1, "UTC")], 0.5)], ids=["nobody", "no room"]
)
def test_nothing_is_proposed_without_people_or_room(people, hours):
    assert propose(people, first=MONDAY, last=MONDAY + timedelta(hours=hours), minutes=60) == []


def test_an_answer_goes_before_the_clock_and_other_meetings():
    start = MONDAY + timedelta(hours=2)
    busy = ((start, start + timedelta(hours=1)),)
    people = [Attendee(number, "UTC", busy=busy) for number in (1, 2, 3)] + [Attendee(4, "UTC")]

    judged = judge(people, starts_at=start, minutes=60, answers={1: "yes", 2: "if_need_be", 3: "no"})

    assert (judged.people, judged.easy, judged.hard, judged.cannot) == (4, 1, 2, 1)
    assert judged.score == 0 + 2**2 + 16**2 + 8**2
    assert judged.reasons == {Why.BUSY: 1, Why.NIGHT: 1, Why.IF_NEED_BE: 1}


def test_why_a_time_is_hard_is_said_without_names():
    people = [
        Attendee(1, "UTC"),
        Attendee(2, "UTC", free_hours=frozenset({24})),
        Attendee(3, "UTC", busy=((MONDAY, MONDAY + timedelta(hours=9)),)),
        Attendee(4, "Asia/Tokyo"),
        Attendee(5, "America/New_York"),
        Attendee(6, "Asia/Kolkata"),
    ]
    with translation.override("en"):
        words = sentences(judge(people, starts_at=MONDAY + timedelta(hours=6), minutes=60, answers={}))
        weekend = sentences(judge(people[:1], starts_at=MONDAY - timedelta(hours=12), minutes=60, answers={}))
        easy = sentences(judge(people[:1], starts_at=MONDAY + timedelta(hours=9), minutes=60, answers={}))
        late = sentences(judge(people[:1], starts_at=MONDAY + timedelta(hours=19), minutes=60, answers={}))

    assert words == [
        "Easy for 2 of 6.",
        "1 person has something else then.",
        "For 1 person it is early in the morning.",
        "For 1 person it is night.",
        "It is outside the hours that 1 person said they are free.",
    ]
    assert weekend == ["Easy for 0 of 1.", "For 1 person it is the weekend."]
    assert easy == ["Easy for everybody."]
    assert late == ["Easy for 0 of 1.", "For 1 person it is evening."]


@pytest.mark.django_db
def test_members_are_taken_with_the_hours_that_they_share_and_their_meetings():
    community = make_community(time_zone="Africa/Lagos")
    sharing, private, away, silent = (add_member(community, name) for name in ("A", "B", "C", "D"))
    paused = add_member(community, "E")
    Membership.objects.filter(pk=paused.pk).update(state=Membership.State.PAUSED)
    for each in (sharing, private):
        each.enrollment.attributes = {"free_hours": ["tue-08", "mon-14"]}
        each.enrollment.time_zone = "Pacific/Auckland"
        each.enrollment.save()
        each.person.time_zone = "Europe/Madrid"
        each.person.save()
    Profile.objects.create(enrollment=private.enrollment, hours_audience=Audience.STAFF)
    starts = timezone.now().replace(microsecond=0) + timedelta(days=3)
    meeting = make_meeting(community, starts_at=starts)
    make_meeting(community, starts_at=starts, cancelled_at=timezone.now())
    make_meeting(community, starts_at=starts + timedelta(days=30))
    reply(meeting, away, MeetingReply.Answer.NOT_COMING)

    found = attendees_of(community, first=starts - timedelta(days=1), last=starts + timedelta(days=1))

    busy = ((meeting.starts_at, meeting.ends_at),)
    assert found == [
        Attendee(sharing.pk, "Pacific/Auckland", frozenset({14, 32}), busy),
        Attendee(private.pk, "Europe/Madrid", None, busy),
        Attendee(away.pk, "Africa/Lagos", None, ()),
        Attendee(silent.pk, "Africa/Lagos", None, busy),
    ]


@pytest.mark.django_db
def test_looking_for_times_asks_as_little_for_many_as_for_few():
    community = make_community()
    for number in range(2):
        add_member(community, f"Person {number}")
    now = timezone.now()

    with CaptureQueriesContext(connection) as few:
        attendees_of(community, first=now, last=now + timedelta(days=14))
    for number in range(6):
        add_member(community, f"More {number}")
        make_meeting(community, starts_at=now + timedelta(days=number + 1))
    with CaptureQueriesContext(connection) as many:
        attendees_of(community, first=now, last=now + timedelta(days=14))

    assert (len(few), len(many)) == (2, 2)
