"""The pages that join rooms: board, calls, set-up, Now, counts."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice import cli
from coppice.accounts.models import Person
from coppice.communities import actions
from coppice.communities.actions import charters, plans
from coppice.communities.models import InvitationWord, Membership
from coppice.communities.plan_questions import ASKED
from coppice.communities.tests import factories
from coppice.conversations.tests.factories import begin, make_circle
from coppice.home import queries
from coppice.meetings.models import Attendance, Meeting
from coppice.programs.models import Affiliation, Enrollment, FunderSeat, Organization, Staff
from coppice.stewardship import actions as stewardship

pytestmark = pytest.mark.django_db


def community_of(people: int, *, leader: bool = True):
    made = factories.make_community(
        name="Rural transport",
        starts_on=timezone.localdate() - timedelta(days=60),
        ends_on=timezone.localdate() + timedelta(days=60),
    )
    for place in range(people):
        role = Membership.Role.LEADER if leader and place == 0 else Membership.Role.MEMBER
        factories.add_member(made, f"Person {place}", state="active", role=role)
    return made


def hold(community, present: int, *, days_ago: int) -> Meeting:
    starts = timezone.now() - timedelta(days=days_ago)
    meeting = Meeting.objects.create(
        community=community,
        title="Monthly meeting",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        time_zone="UTC",
        attendance_taken_at=starts,
        present_count=present,
        expected_count=community.memberships.active().count(),
    )
    for place, membership in enumerate(community.memberships.active().order_by("pk")):
        Attendance.objects.create(meeting=meeting, membership=membership, was_present=place < present)
    return meeting


def test_the_board_tells_attendance_with_its_denominator_and_whom_to_call(client: Client) -> None:
    community = community_of(6)
    for present, days in ((6, 50), (4, 30), (1, 10)):
        hold(community, present, days_ago=days)
    client.force_login(factories.make_staff(community.program))

    page = client.get(f"/programs/{community.program_id}/").content.decode()

    assert "11 of 18 came" in page
    assert "61 %" in page
    assert "Attendance fell for two meetings in a row." in page
    assert "You have not spoken yet." in page
    assert "Call today" in page


def test_after_a_check_in_the_community_leaves_the_list(client: Client) -> None:
    community = community_of(6)
    client.force_login(factories.make_staff(community.program))
    before = client.get(f"/programs/{community.program_id}/leader-calls/").content.decode()

    stewardship.log_check_in(community, spoken_on=stewardship.today(community), mood="steady", by=None)

    after = client.get(f"/programs/{community.program_id}/leader-calls/")
    board = client.get(f"/programs/{community.program_id}/").content.decode()
    assert f"/communities/{community.pk}/check-ins/new/" in before
    assert (after.context["lines"], [call.community_id for call in after.context["coming"]]) == (
        [],
        [community.pk],
    )
    assert "Steady" in board
    assert "Spoke today" in board


def test_a_falling_community_that_was_spoken_to_still_shows_its_sign(client: Client) -> None:
    community = community_of(6)
    for present, days in ((6, 50), (4, 30), (1, 10)):
        hold(community, present, days_ago=days)
    today = stewardship.today(community)
    stewardship.log_check_in(
        community, spoken_on=today, next_on=today + timedelta(days=20), mood="steady", by=None
    )
    client.force_login(factories.make_staff(community.program))

    page = client.get(f"/programs/{community.program_id}/").content.decode()

    assert "Attendance falls" in page


def test_an_agreed_day_that_has_come_is_said(client: Client) -> None:
    community = community_of(6)
    today = stewardship.today(community)
    stewardship.log_check_in(
        community, spoken_on=today - timedelta(days=9), next_on=today, mood="steady", by=None
    )
    client.force_login(factories.make_staff(community.program))

    page = client.get(f"/programs/{community.program_id}/leader-calls/").content.decode()

    assert "You agreed to speak again by now." in page
    assert "Last spoke 9 days ago." in page


def test_a_community_without_a_leader_needs_one(client: Client) -> None:
    community = community_of(5, leader=False)
    client.force_login(factories.make_staff(community.program))

    page = client.get(f"/programs/{community.program_id}/").content.decode()

    assert "Needs a leader" in page
    assert f'<a href="/communities/{community.pk}/people/"' in page
    assert "No leader yet" in page


def test_a_board_with_nobody_to_call_says_when_the_next_call_is_due(client: Client) -> None:
    community = community_of(5)
    stewardship.log_check_in(
        community,
        spoken_on=timezone.localdate(timezone=community.program.zone),
        next_on=date(2099, 12, 3),
        mood="steady",
        by=None,
    )
    client.force_login(factories.make_staff(community.program))

    page = client.get(f"/programs/{community.program_id}/").content.decode()
    community.memberships.leaders().update(state="left")
    without_leader = client.get(f"/programs/{community.program_id}/").content.decode()

    assert "Nobody today. The next call is due on 3 December 2099." in page
    assert "The next call is due" not in without_leader


def test_the_board_counts_what_waits_for_an_answer_and_questions_come_first(client: Client) -> None:
    community = community_of(5)
    kinds = InvitationWord.Kind
    for membership, kind, answered in zip(
        community.memberships.order_by("pk"),
        (kinds.QUESTION, kinds.WORRY, kinds.EXPERIENCE, kinds.QUESTION, kinds.DECLINING),
        (None, None, None, timezone.now(), None),
        strict=True,
    ):
        InvitationWord.objects.create(
            membership=membership, kind=kind, text=f"Wrote {membership.pk}", answered_at=answered
        )
    elsewhere = factories.add_member(factories.make_community())
    InvitationWord.objects.create(membership=elsewhere, kind=kinds.QUESTION, text="Elsewhere")
    client.force_login(factories.make_staff(community.program))
    words = f"/programs/{community.program_id}/invitation-words/"

    before = client.get(f"/programs/{community.program_id}/").content.decode()
    listed = client.get(words).context["page"]
    InvitationWord.objects.update(answered_at=timezone.now())
    after = client.get(f"/programs/{community.program_id}/").content.decode()

    assert "What invited people wrote (3)</a>" in before
    assert "What invited people wrote</a>" in after
    assert [(word.kind, word.answered_at is None) for word in listed] == [
        ("question", True),
        ("experience", True),
        ("worry", True),
        ("question", False),
        ("declining", True),
    ]


def test_the_board_leads_to_those_without_email_who_have_yet_to_answer(client: Client) -> None:
    community = community_of(3)
    client.force_login(factories.make_staff(community.program))
    board, listed = f"/programs/{community.program_id}/", f"/programs/{community.program_id}/without-email/"

    before = client.get(board).content.decode()
    waiting = community.memberships.order_by("pk")[0]
    waiting.enrollment.contact_mode = "phone"
    waiting.enrollment.save()
    Membership.objects.filter(pk=waiting.pk).update(state=Membership.State.INVITED)
    after = client.get(board).content.decode()

    assert listed not in before
    assert f'href="{listed}">Invited without email (1)</a>' in after


def test_a_funder_at_the_board_is_told_that_it_is_not_open_to_them(client: Client) -> None:
    community = community_of(5)
    funder = factories.make_person("Frances")
    FunderSeat.objects.create(program=community.program, person=funder)
    client.force_login(funder)

    refused = client.get(f"/programs/{community.program_id}/")

    assert refused.status_code == 403
    assert "This is not open to you" in refused.content.decode()
    assert "You can see this" not in refused.content.decode()


def test_an_empty_program_shows_the_way_to_its_five_steps(client: Client) -> None:
    program = factories.make_program()
    client.force_login(factories.make_staff(program))

    board = client.get(f"/programs/{program.pk}/").content.decode()
    setup = client.get(f"/programs/{program.pk}/setup/").content.decode()

    assert f"/programs/{program.pk}/setup/" in board
    assert "1 of 5 steps done." in setup


def test_all_five_steps_done_lead_to_the_board(client: Client) -> None:
    community = community_of(5)
    program = community.program
    program.mail_tested_at = timezone.now()
    program.save()
    client.force_login(factories.make_staff(program))

    setup = client.get(f"/programs/{program.pk}/setup/").content.decode()

    assert "5 of 5 steps done." in setup
    assert "Go to the program board" in setup


def test_now_offers_a_leader_the_next_step(client: Client) -> None:
    community = community_of(5)
    leader = community.memberships.leaders().get().person
    client.force_login(leader)

    page = client.get(f"/communities/{community.pk}/").content.decode()

    assert "Week 9 of 18" in page
    assert f"/communities/{community.pk}/meetings/new/" in page


def test_now_leads_from_the_plan_to_the_charter_and_back_to_whoever_is_asked(client: Client) -> None:
    community = community_of(5)
    leader = community.memberships.leaders().get().person
    member = community.memberships.order_by("pk").last().person
    meet(community, began=timedelta(days=-3))
    address = f"/communities/{community.pk}/"
    client.force_login(leader)

    empty = client.get(address).content.decode()
    for question in ASKED:
        plans.answer(community, question=question, text="Said", by=None)
    whole = client.get(address).content.decode()
    charters.propose(community, closes_on=timezone.localdate() + timedelta(days=9), by=None)
    asked = client.get(address).content.decode()
    client.force_login(member)
    of_member = client.get(address).content.decode()

    assert "0 of the ten questions of your plan are answered." in empty
    assert f"{address}plan/potential/" in empty
    assert f"{address}charter/draft/" in whole
    assert "Agree how you will work together" not in asked
    for page in (asked, of_member):
        assert "The charter is ready to be agreed to" in page
        assert f'href="{address}charter/"' in page


def test_now_lets_a_member_answer_for_the_next_meeting(client: Client) -> None:
    community = community_of(5)
    starts = timezone.now() + timedelta(days=3)
    meeting = Meeting.objects.create(
        community=community,
        title="First meeting",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        time_zone="UTC",
    )
    client.force_login(community.memberships.order_by("pk").last().person)

    page = client.get(f"/communities/{community.pk}/").content.decode()

    assert f'action="/meetings/{meeting.pk}/reply/"' in page
    assert "0 coming, 0 can&#x27;t, 5 yet to say" in page or "0 coming, 0 can't, 5 yet to say" in page


def meet(community, *, began: timedelta, title: str = "First meeting") -> Meeting:
    """A meeting of one hour that began that long ago."""
    starts = timezone.now() - began
    return Meeting.objects.create(
        community=community,
        title=title,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        time_zone="UTC",
        link="https://meet.example.org/grove",
    )


@pytest.mark.parametrize("began", [timedelta(minutes=10), timedelta(hours=2)])
def test_now_asks_a_leader_for_the_attendance_during_a_meeting_and_after(client: Client, began) -> None:
    community = community_of(5)
    meeting = meet(community, began=began)
    client.force_login(community.memberships.leaders().get().person)
    address = f"/meetings/{meeting.pk}/attendance/"
    is_on = began < timedelta(hours=1)
    first = f"/meetings/{meeting.pk}/run/" if is_on else address
    main = re.compile(rf'class="button button-main"\s+href="{first}"')

    waiting = client.get(f"/communities/{community.pk}/").content.decode()
    meeting.attendance_taken_at = timezone.now()
    meeting.save()
    taken = client.get(f"/communities/{community.pk}/").content.decode()

    assert main.search(waiting)
    assert waiting.count(address) == 1
    assert waiting.count("button-main") == 1
    assert ("Meeting now" in waiting) == is_on
    assert ("Who was there?" in waiting) == (not is_on)
    assert address not in taken


def test_an_older_meeting_without_attendance_waits_below_the_one_going_on(client: Client) -> None:
    community = community_of(5)
    older, running = meet(community, began=timedelta(days=9)), meet(community, began=timedelta(minutes=9))
    client.force_login(community.memberships.leaders().get().person)

    page = client.get(f"/communities/{community.pk}/").content.decode()

    first, then = (page.index(f"/meetings/{each.pk}/attendance/") for each in (running, older))
    assert first < then


@pytest.mark.parametrize("began", [timedelta(minutes=10), timedelta(hours=2)])
def test_a_member_is_not_asked_whether_they_come_once_it_has_begun(client: Client, began) -> None:
    community = community_of(5)
    meeting = meet(community, began=began)
    client.force_login(community.memberships.order_by("pk").last().person)

    now = client.get(f"/communities/{community.pk}/").content.decode()
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()

    is_running = began < timedelta(hours=1)
    assert f'action="/meetings/{meeting.pk}/reply/"' not in now + page
    assert "/attendance/" not in now + page
    assert ("Meeting now" in now) == is_running
    assert ("Join by this link" in page) == is_running


@pytest.mark.parametrize(
    ("people", "there", "shown", "hidden"),
    [(5, 5, (5, 1, 5), 0), (4, 3, (None, None, None), 7), (13, 1, (13, None, None), 5)],
)
def test_funders_see_counts_and_nothing_about_fewer_than_five(
    client: Client, people: int, there: int, shown: tuple[int | None, ...], hidden: int
) -> None:
    community = community_of(people)
    hold(community, there, days_ago=10)
    funder = factories.make_person("Frances")
    FunderSeat.objects.create(program=community.program, person=funder)
    client.force_login(funder)

    page = client.get(f"/programs/{community.program_id}/summary/").content.decode()

    reach = queries.program_reach(community.program)
    assert (reach.people, reach.meetings, reach.contacts) == shown
    assert "Person 0" not in page
    assert page.count("hidden: fewer than five people") == hidden


@pytest.mark.parametrize(
    ("stay", "leave", "people", "meetings"), [(2, 3, None, 1), (2, 2, None, None), (5, 0, 5, 1)]
)
def test_counts_go_by_everybody_counted_whoever_left_included(
    client: Client, stay: int, leave: int, people: int | None, meetings: int | None
) -> None:
    community = community_of(stay + leave)
    organization = Organization.objects.create(program=community.program, name="Plains Rides")
    for membership in community.memberships.all():
        Affiliation.objects.create(enrollment=membership.enrollment, organization=organization)
    hold(community, stay + leave, days_ago=10)
    for membership in community.memberships.order_by("pk")[:leave]:
        actions.leave(membership, by=membership.person)

    of_program = queries.program_reach(community.program)
    of_organization = queries.organization_reach(organization)

    assert of_program == of_organization
    assert (of_program.people, of_program.meetings) == (people, meetings)
    assert of_program.contacts == (stay + leave if meetings else None)


def test_five_members_of_whom_fewer_were_ever_expected_show_no_meeting(client: Client) -> None:
    community = community_of(4)
    hold(community, 2, days_ago=10)
    factories.add_member(community)

    reach = queries.program_reach(community.program)

    assert (reach.people, reach.meetings, reach.contacts) == (5, None, None)


def test_nothing_held_is_told_of_enough_people() -> None:
    reach = queries.program_reach(community_of(5).program)

    assert (reach.people, reach.meetings, reach.contacts, reach.percent) == (5, 0, 0, None)


def test_a_lead_reads_no_number_of_fewer_than_five(client: Client) -> None:
    community = community_of(4)
    organization = Organization.objects.create(program=community.program, name="Plains Rides")
    for place, membership in enumerate(community.memberships.order_by("pk")):
        Affiliation.objects.create(
            enrollment=membership.enrollment, organization=organization, is_lead=place == 1
        )
    client.force_login(community.memberships.order_by("pk")[1].person)

    page = client.get(f"/organizations/{organization.pk}/").content.decode()

    assert "Fewer than five of your people take part." in page
    assert "fewer than five of your people</p>" in page
    assert "4 of your people" not in page


def test_an_organization_reads_its_own_dosage(client: Client) -> None:
    community = community_of(6)
    organization = Organization.objects.create(program=community.program, name="Plains Rides")
    for place, membership in enumerate(community.memberships.order_by("pk")):
        Affiliation.objects.create(
            enrollment=membership.enrollment, organization=organization, is_lead=place == 1
        )
    hold(community, 5, days_ago=10)
    lead = community.memberships.order_by("pk")[1].person
    client.force_login(lead)

    page = client.get(f"/organizations/{organization.pk}/").content.decode()

    reach = queries.organization_reach(organization)
    assert (reach.people, reach.hours, reach.contact_hours, reach.contacts, reach.percent) == (
        6,
        1.0,
        5.0,
        5,
        83,
    )
    assert "Rural transport" in page
    home = client.get("/").content.decode()
    assert home.count(f'href="/organizations/{organization.pk}/"') == 3  # rail, bar, page


def test_home_lists_meetings_communities_and_programs(client: Client) -> None:
    community = community_of(2)
    leader = community.memberships.leaders().get().person

    out = client.get("/").content.decode()
    client.force_login(leader)
    home = client.get("/").content.decode()
    mine = client.get("/communities/").content.decode()
    client.force_login(factories.make_person("Nobody"))
    empty = client.get("/").content.decode()

    assert "Sign in" in out
    assert "Rural transport" in home
    assert "Rural transport" in mine
    assert "Nothing here yet" in empty


def test_staff_who_also_take_part_may_still_plan_and_a_pausing_leader_may_not(client: Client) -> None:
    community = community_of(1)
    staff = factories.make_staff(community.program)
    factories.add_member(community, enrollment=factories.enroll(community.program, person=staff))
    pausing = factories.add_member(
        community, state=Membership.State.PAUSED, role=Membership.Role.LEADER
    ).person

    assert queries.standing(community, staff).leads
    assert queries.standing(community, staff).is_staff
    assert not queries.standing(community, pausing).leads


def test_home_tells_staff_what_waits_in_each_program(client: Client) -> None:
    community = community_of(2)
    factories.add_member(community, "Noah Medina", state="invited")
    empty = factories.make_community(name="Elsewhere").program
    empty.communities.all().delete()
    staff = factories.make_staff(community.program)
    Staff.objects.create(provider=empty.provider, person=staff)
    client.force_login(staff)

    cards = client.get("/").context["programs"]

    assert {(card.program, card.communities, card.invited, card.calls) for card in cards} == {
        (community.program, 1, 1, 1),
        (empty, 0, 0, 0),
    }


def test_home_leads_a_funder_to_the_counts(client: Client) -> None:
    community = community_of(2)
    funder = factories.make_person("Frances")
    FunderSeat.objects.create(program=community.program, person=funder)
    client.force_login(funder)

    page = client.get("/").content.decode()

    assert page.count(f'href="/programs/{community.program_id}/summary/"') == 3
    assert "Nothing here yet" not in page


def test_who_chose_no_time_zone_reads_one_clock_everywhere(client: Client) -> None:
    community = community_of(3)
    community.time_zone = "America/Chicago"
    community.save()
    membership = community.memberships.last()
    membership.enrollment.time_zone = ""
    membership.enrollment.save()
    starts = datetime(timezone.now().year + 1, 1, 7, 16, tzinfo=UTC)
    meeting = Meeting.objects.create(
        community=community,
        title="First meeting",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        time_zone="America/Chicago",
    )
    client.force_login(membership.person)

    addresses = ("/", community.get_absolute_url(), meeting.get_absolute_url())
    pages = [client.get(address).content.decode() for address in addresses]

    assert [page.count("10:00 to 11:00</time>, your time (Chicago)") for page in pages] == [1, 1, 1]


def test_the_rail_stays_with_the_program_of_the_page(client: Client) -> None:
    community = community_of(1)
    staff = factories.make_staff(community.program)
    later = factories.make_community(name="Elsewhere").program
    Staff.objects.create(provider=later.provider, person=staff)
    word = InvitationWord.objects.create(membership=community.memberships.get(), kind="worry", text="Time?")
    client.force_login(staff)

    page = client.get(f"/invitation-words/{word.pk}/answer/")

    [section] = page.context["navigation"].programs
    assert section.label == community.program.name
    assert '<a href="/#programs">All programs</a>' in page.content.decode()


def test_a_page_of_no_program_shows_the_menu_of_none(client: Client) -> None:
    community = community_of(1)
    client.force_login(factories.make_staff(community.program))

    pages = [client.get(path) for path in ("/", "/programs/new/", "/me/")]

    assert [list(page.context["navigation"].programs) for page in pages] == [[], [], []]
    assert 'id="programs"' in pages[0].content.decode()


def test_while_a_meeting_is_on_its_leader_takes_attendance_and_nobody_is_asked_to_come(
    client: Client,
) -> None:
    community = community_of(3)
    leader, member = (community.memberships.order_by("pk")[place].person for place in (0, 1))
    meeting = hold(community, 0, days_ago=-1)
    begun = timezone.now() - timedelta(minutes=5)

    def offered(person: Person) -> set[str]:
        client.force_login(person)
        page = client.get(community.get_absolute_url()).content.decode()
        return {word for word in ("reply", "attendance", "run") if f"/meetings/{meeting.pk}/{word}/" in page}

    before = [offered(leader), offered(member)]
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=begun, attendance_taken_at=None)
    during = [offered(leader), offered(member)]

    assert before == [{"reply"}] * 2
    assert during == [{"attendance", "run"}, {"run"}]


def test_the_board_tells_a_leader_who_is_asked_from_one_who_is_missing(client: Client) -> None:
    community = community_of(2, leader=False)
    client.force_login(factories.make_staff(community.program))

    before = client.get(f"/programs/{community.program_id}/").content.decode()
    factories.add_member(community, "Ana", state="invited", role=Membership.Role.LEADER)
    after = client.get(f"/programs/{community.program_id}/").content.decode()

    signs = [
        re.findall(r'<td data-label="Sign"><a [^>]+><span class="pill .+?">(.+?)</span>', page)
        for page in (before, after)
    ]
    assert signs == [["Needs a leader"], ["Leader invited"]]


def test_the_call_list_has_the_number_to_call(client: Client) -> None:
    community = community_of(1)
    Enrollment.objects.filter(memberships__community=community).update(phone="+1 555 010 0047")
    client.force_login(factories.make_staff(community.program))

    page = client.get(f"/programs/{community.program_id}/leader-calls/").content.decode()

    assert '<a href="tel:+15550100047">+1 555 010 0047</a>' in page


def test_home_tells_an_administrator_without_a_program_how_to_begin(client: Client) -> None:
    program = factories.make_program()
    provider, admin = program.provider, factories.make_person("Ada")
    Staff.objects.create(provider=provider, person=admin, role=Staff.Role.ADMIN)
    client.force_login(admin)
    with_one = client.get("/").content.decode()
    program.delete()

    without = client.get("/").content.decode()
    Staff.objects.filter(person=admin).update(role=Staff.Role.STAFF)
    as_staff = client.get("/").content.decode()
    Staff.objects.filter(person=admin).update(is_active=False)
    ended = client.get("/").content.decode()

    begin, work = 'href="/programs/new/">Create a program', f'href="/providers/{provider.pk}/staff/"'
    assert [begin in page for page in (with_one, without, as_staff, ended)] == [False, True, True, False]
    assert [work in page for page in (with_one, without, as_staff, ended)] == [True, True, False, False]
    assert "Nothing here yet" in ended


def test_home_tells_the_keeper_of_the_installation_what_is_theirs(client: Client) -> None:
    keeper = Person.objects.create_user("keeper@example.org", name="Kim", is_instance_admin=True)
    client.force_login(keeper)

    page = client.get("/").content.decode()
    commands = re.findall(r"<code>coppice ([a-z-]+)", page)

    assert "You keep this installation" in page
    assert "Nothing here yet" not in page
    assert commands == ["create-admin", "check", "check", "backup"]
    assert all(hasattr(cli, name.replace("-", "_")) for name in commands)


def test_the_rail_counts_leader_calls_where_the_page_has_counted_them(client: Client) -> None:
    program = community_of(2).program
    for _number in range(4):
        factories.add_member(
            factories.make_community(program, starts_on=timezone.localdate() - timedelta(days=60)),
            role=Membership.Role.LEADER,
        )
    client.force_login(factories.make_staff(program))
    badge = '<span class="badge" aria-hidden="true">5</span><span class="unseen">5 leaders to call</span>'

    pages = {
        path: client.get(path).content.decode()
        for path in (
            f"/programs/{program.pk}/",
            f"/programs/{program.pk}/leader-calls/",
            f"/programs/{program.pk}/setup/",
        )
    }

    assert [badge in page for page in pages.values()] == [True, True, False]


def test_communities_stand_in_the_order_in_which_people_count(client: Client) -> None:
    program = community_of(1).program
    program.communities.update(name="Circle 10")
    for name in ("Circle 2", "circle 1"):
        factories.make_community(program, name=name)
    client.force_login(factories.make_staff(program))

    page = client.get(f"/programs/{program.pk}/")

    names = re.findall(r'<span class="unseen">: ([Cc]ircle \d+)</span></a></span>', page.content.decode())
    assert names == ["circle 1", "Circle 2", "Circle 10"]


def test_a_meeting_that_goes_on_is_called_so_on_the_board(client: Client) -> None:
    community = community_of(1)
    now = timezone.now()
    Meeting.objects.create(
        community=community, title="Now", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
    )
    client.force_login(factories.make_staff(community.program))

    page = client.get(f"/programs/{community.program_id}/")

    assert ">On now,<br>" in page.content.decode()


def test_leader_calls_name_the_coming_ones_with_their_days(client: Client) -> None:
    community = factories.make_community()
    factories.add_member(community, "Rosa", role=Membership.Role.LEADER)
    client.force_login(factories.make_staff(community.program))

    page = client.get(f"/programs/{community.program_id}/leader-calls/").content.decode()

    assert [words in page for words in ("Coming calls", "Rosa")] == [True, True]


def test_home_says_in_which_community_something_is_new(client: Client, django_assert_max_num_queries) -> None:
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    begin(ana)
    client.force_login(ben.person)
    talk = reverse("conversations:threads", args=[ana.community_id])
    line = f'<a href="{talk}">1 thing is new or waits for you</a>'

    with django_assert_max_num_queries(12):
        home = client.get("/").text

    assert [line in home, line in client.get("/communities/").text] == [True, True]
    ben.state = Membership.State.LEFT
    ben.save()
    assert talk not in client.get("/").text


def test_staff_without_a_community_find_those_of_their_programs(client: Client) -> None:
    community = factories.make_community()
    client.force_login(factories.make_staff(community.program))

    page = client.get("/communities/").text

    assert [community.program.get_absolute_url() in page, "1 community" in page] == [True, True]


def test_now_lets_who_takes_part_ask_for_help(client: Client) -> None:
    community = community_of(2)
    ask = reverse("conversations:new", args=[community.pk]) + "?kind=ask"
    client.force_login(community.memberships.last().person)
    hers = client.get(community.get_absolute_url()).text
    client.force_login(factories.make_staff(community.program))

    assert [ask in hers, ask in client.get(community.get_absolute_url()).text] == [True, False]
