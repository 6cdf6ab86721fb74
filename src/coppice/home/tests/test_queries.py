"""The reads behind the board and Now: every figure is what the rows say."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import InvitationWord, Membership
from coppice.communities.queries import invited_without_mail
from coppice.communities.tests import factories
from coppice.home import board, queries
from coppice.meetings import actions as meetings
from coppice.meetings.models import Attendance, Meeting, MeetingReply
from coppice.meetings.queries import AttendanceFigures
from coppice.meetings.tests.test_starter import make_pack
from coppice.programs.models import Affiliation, FunderSeat, Organization
from coppice.stewardship.models import LeaderCheckIn, Snooze

pytestmark = pytest.mark.django_db
State, Role = Membership.State, Membership.Role


def make_meeting(community, *, days: float, **fields) -> Meeting:
    starts = timezone.now() + timedelta(days=days)
    return Meeting.objects.create(
        community=community,
        title=f"In {days} days",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        time_zone="UTC",
        **fields,
    )


def test_a_program_counts_each_person_and_organization_once_and_only_in_living_communities():
    program, other = factories.make_program(), factories.make_program()
    first, second = factories.make_community(program), factories.make_community(program)
    ended = factories.make_community(program, ended_at=timezone.now())
    twice = factories.enroll(program, organization="Casa Verde")
    Affiliation.objects.create(
        enrollment=twice, organization=Organization.objects.create(program=program, name="Plains Rides")
    )
    for community in (first, second):
        factories.add_member(community, enrollment=twice)
    factories.add_member(first, enrollment=factories.enroll(program, organization="Casa Verde"))
    invited = factories.enroll(program, organization="Later")
    for community in (first, second):
        factories.add_member(community, enrollment=invited, state=State.INVITED)
    pausing = factories.enroll(program, organization="Pausing")
    factories.add_member(first, enrollment=pausing, state=State.PAUSED)
    factories.add_member(ended, enrollment=factories.enroll(program, organization="Of the past"))
    elsewhere = factories.add_member(factories.make_community(other))
    asking = first.memberships.get(enrollment=invited)
    for membership, kind, answered_at in (
        (asking, InvitationWord.Kind.QUESTION, None),
        (asking, InvitationWord.Kind.WORRY, None),
        (asking, InvitationWord.Kind.QUESTION, timezone.now()),
        (asking, InvitationWord.Kind.DECLINING, None),
        (elsewhere, InvitationWord.Kind.QUESTION, None),
    ):
        InvitationWord.objects.create(membership=membership, kind=kind, text="When?", answered_at=answered_at)

    counts = queries.program_counts(program)

    assert counts == queries.ProgramCounts(
        communities=2, members=2, organizations=2, invited=1, waiting_words=2, without_mail=0
    )


def test_a_program_counts_those_without_mail_as_its_list_shows_them():
    program = factories.make_program()
    community, ended = factories.make_community(program), factories.make_community(program)
    ended.ended_at = timezone.now()
    ended.save()
    by_phone = {"email": "", "phone": "+1 555 010 0100", "contact_mode": "phone"}
    for state in (State.INVITED, State.ACTIVE, State.DECLINED):
        factories.add_member(community, enrollment=factories.enroll(program, **by_phone), state=state)
    unreached = factories.enroll(program, email="")
    gone = factories.enroll(program, **by_phone, ended_at=timezone.now())
    for enrollment in (unreached, gone, factories.enroll(program)):
        factories.add_member(community, enrollment=enrollment, state=State.INVITED)
    factories.add_member(ended, enrollment=factories.enroll(program, **by_phone), state=State.INVITED)
    elsewhere = factories.make_community()
    factories.add_member(
        elsewhere, enrollment=factories.enroll(elsewhere.program, **by_phone), state=State.INVITED
    )

    assert queries.program_counts(program).without_mail == 2
    assert invited_without_mail(program.pk).count() == 2


def test_an_empty_program_counts_nobody():
    counts = queries.program_counts(factories.make_program())

    assert counts == queries.ProgramCounts(
        communities=0, members=0, organizations=0, invited=0, waiting_words=0, without_mail=0
    )


def test_the_board_knows_the_latest_contact_the_next_meeting_and_the_first_leader(django_assert_num_queries):
    full, bare = factories.make_community(name="Full"), factories.make_community(name="Bare")
    leader = factories.add_member(full, "Tom Whitehorse", role=Role.LEADER)
    factories.add_member(full, "Second leader", role=Role.LEADER)
    factories.add_member(bare, "Paused leader", role=Role.LEADER, state=State.PAUSED)
    for days, spoken in ((40, date(2026, 9, 1)), (None, date(2026, 10, 1))):
        LeaderCheckIn.objects.create(
            community=full,
            spoken_on=spoken,
            mood="steady",
            next_on=spoken + timedelta(days=days) if days else None,
        )
    Snooze.objects.create(community=full, until=date(2026, 12, 1))
    make_meeting(full, days=9)
    make_meeting(full, days=1, cancelled_at=timezone.now())
    running = make_meeting(full, days=-0.01)
    make_meeting(full, days=-5, attendance_taken_at=timezone.now(), present_count=3, expected_count=4)
    make_meeting(full, days=-95, attendance_taken_at=timezone.now(), present_count=0, expected_count=4)
    make_meeting(bare, days=-3)
    factories.add_member(bare, "Ana", state="invited", role=Membership.Role.LEADER)

    with django_assert_num_queries(2):
        facts = queries.facts_of([full.pk, bare.pk])

    assert facts == {
        full.pk: queries.Facts(
            community=full.pk,
            name="Full",
            stage="potential",
            starts_on=full.starts_on,
            snoozed_until=date(2026, 12, 1),
            last_spoken_on=date(2026, 10, 1),
            next_call_on=None,
            next_meeting=running.pk,
            next_meeting_at=running.starts_at,
            leader=leader.enrollment.name,
            leader_phone=leader.enrollment.phone,
            is_leader_asked=False,
            is_circle=False,
            attendance=AttendanceFigures(present=3, expected=4, meetings=1, shares=(0.75,)),
        ),
        bare.pk: queries.Facts(
            community=bare.pk,
            name="Bare",
            stage="potential",
            starts_on=bare.starts_on,
            snoozed_until=None,
            last_spoken_on=None,
            next_call_on=None,
            next_meeting=None,
            next_meeting_at=None,
            leader=None,
            leader_phone=None,
            is_leader_asked=True,
            is_circle=False,
            attendance=queries.NO_MEETINGS,
        ),
    }


def test_the_group_of_all_who_lead_lacks_no_leader_on_the_board():
    circle = factories.make_community(name="Leaders' circle")
    make_pack(circle.program, circle=circle, circle_name="Leaders' circle", circle_clock="12:00")

    line = board.lines(circle.program, [circle.pk], on=timezone.localdate())[circle.pk]

    assert (line.led, line.sign, line.sign_url) == ("All who lead", "Steady", "")


def test_a_leader_who_was_erased_still_leads_on_the_board():
    community = factories.make_community()
    enrollment = factories.add_member(community, "Tom Whitehorse", role=Role.LEADER).enrollment
    enrollment.name = ""
    enrollment.save()

    line = board.lines(community.program, [community.pk], on=timezone.localdate())[community.pk]

    assert (line.leader, line.led, line.sign) == (
        "Somebody who left",
        "Led by Somebody who left",
        "Steady",
    )


def test_the_attendance_of_the_board_is_that_of_the_rows():
    community = factories.make_community()
    members = [factories.add_member(community) for _ in range(4)]
    held = make_meeting(community, days=-5)
    meetings.take_attendance(held, present=[each.pk for each in members[:3]], by=None)
    meetings.take_attendance(held, present=[members[0].pk], by=None)

    figure = queries.attendance(community)

    rows = Attendance.objects.filter(meeting__community=community)
    assert figure == AttendanceFigures(present=1, expected=4, meetings=1, shares=(0.25,))
    assert (figure.present, figure.expected) == (rows.filter(was_present=True).count(), rows.count())


def test_a_program_and_its_only_organization_reach_the_same():
    program = factories.make_program()
    community = factories.make_community(program)
    members = [
        factories.add_member(community, enrollment=factories.enroll(program, organization="Casa Verde"))
        for _ in range(6)
    ]
    held = ((6, 60, False), (3, 90, False), (2, 90, False), (0, 60, False), (5, 45, True))
    for present, minutes, cancelled in held:
        meeting = make_meeting(community, days=-5)
        meeting.ends_at = meeting.starts_at + timedelta(minutes=minutes)
        meeting.save()
        meetings.take_attendance(meeting, present=[each.pk for each in members[:present]], by=None)
        if cancelled:
            Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=timezone.now())
    make_meeting(community, days=-1)

    reaches = [
        queries.program_reach(program),
        queries.organization_reach(program.organizations.get()),
    ]

    assert (
        reaches
        == [
            queries.Reach(
                people=6, meetings=3, hours=4.0, contacts=11, contact_hours=13.5, expected=24, percent=46
            )
        ]
        * 2
    )


def test_a_board_of_many_pages_shows_its_calls_on_each(client: Client):
    program = factories.make_program(call_after_days=30)
    today = timezone.localdate()
    communities = [
        factories.make_community(
            program, name=f"Community {number:02}", starts_on=today - timedelta(days=number)
        )
        for number in range(45)
    ]
    for community in communities:
        factories.add_member(community, role=Role.LEADER)
    client.force_login(factories.make_staff(program))

    pages = [client.get(f"/programs/{program.pk}/?page={number}") for number in (1, 3, 99)]

    tables = [page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0] for page in pages]
    names = [re.findall(r'<a href="/communities/\d+/">(.+)</a>', table) for table in tables]
    assert names == [
        [f"Community {number:02}" for number in range(20)],
        [f"Community {number:02}" for number in range(40, 45)],
        [f"Community {number:02}" for number in range(40, 45)],
    ]
    assert [[line.name for line in page.context["calls"]] for page in pages] == [
        ["Community 44", "Community 43", "Community 42"]
    ] * 3


def test_the_headcount_of_now_counts_states_replies_and_ones_own():
    community = factories.make_community()
    meeting, other = make_meeting(community, days=3), make_meeting(community, days=9)
    members = [factories.add_member(community) for _ in range(6)]
    paused = factories.add_member(community, state=State.PAUSED)
    factories.add_member(community, state=State.INVITED)
    for membership, answer in zip(
        [*members[:4], paused], ["coming", "coming", "not_coming", "coming", "coming"], strict=True
    ):
        MeetingReply.objects.create(meeting=meeting, membership=membership, answer=answer)
    MeetingReply.objects.create(meeting=other, membership=members[5], answer="coming")

    def seen_by(membership, meeting=meeting):
        return queries.headcount(community, meeting, membership.person)

    assert seen_by(members[2]) == queries.Headcount(
        active=6, invited=1, replies=queries.Replies(coming=3, not_coming=1, unsaid=2, mine="not_coming")
    )
    assert [seen_by(each).replies.mine for each in (paused, members[5])] == ["coming", ""]
    assert seen_by(members[5], None) == queries.Headcount(
        active=6, invited=1, replies=queries.Replies(coming=0, not_coming=0, unsaid=6, mine="")
    )


def test_leaders_are_named_with_their_organizations_in_one_query(django_assert_num_queries):
    community = factories.make_community()
    enrollment = factories.enroll(community.program, "Tom Whitehorse", organization="Plains Rides")
    Affiliation.objects.create(
        enrollment=enrollment,
        organization=Organization.objects.create(program=community.program, name="Casa Verde"),
    )
    tom = factories.add_member(community, enrollment=enrollment, role=Role.LEADER)
    factories.add_member(community, "Ana", role=Role.LEADER)
    factories.add_member(community, "Gone", role=Role.LEADER, state=State.LEFT)

    with django_assert_num_queries(2):  # the other asks where Tom works
        standing = queries.standing(community, tom.person)

    assert standing.leaders == [
        queries.Leader("Tom Whitehorse", ["Casa Verde", "Plains Rides"]),
        queries.Leader("Ana", []),
    ]
    assert (standing.mine, standing.leads, standing.is_staff) == (tom, True, False)


def test_the_circle_of_all_who_lead_counts_as_no_community(client: Client):
    program = factories.make_program()
    community, circle = factories.make_community(program), factories.make_community(program)
    make_pack(program, circle=circle, circle_name="Leaders' circle", circle_clock="12:00")
    people = [factories.enroll(program, organization="Casa Verde") for _ in range(6)]
    members = [factories.add_member(community, enrollment=each) for each in people[:5]]
    leaders = [factories.add_member(circle, enrollment=each) for each in people]
    factories.add_member(circle, enrollment=factories.enroll(program, organization="Of the circle alone"))
    for place, there in ((community, members), (circle, leaders)):
        meeting = make_meeting(place, days=-5)
        meetings.take_attendance(meeting, present=[each.pk for each in there], by=None)
    organization = program.organizations.get(name="Casa Verde")
    staff, funder = factories.make_staff(program, "Gus Moe"), factories.make_person("Fay Ode")
    FunderSeat.objects.create(program=program, person=funder, name="Fay Ode")
    client.force_login(funder)
    hours = client.get(reverse("meetings:program_hours", args=[program.pk])).context["total"].figures

    counts, [card] = queries.program_counts(program), queries.my_programs(staff)
    reaches = [queries.program_reach(program), queries.organization_reach(organization)]

    assert (counts.communities, counts.members, counts.organizations, card.communities) == (1, 5, 1, 1)
    assert [(each.people, each.meetings, each.contacts) for each in reaches] == [(5, 1, 5)] * 2
    assert list(queries.communities_of_organization(organization)) == [community]
    assert (hours.meetings, hours.contacts) == (1, 5)
