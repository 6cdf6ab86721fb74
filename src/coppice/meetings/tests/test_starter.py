"""The starter pack: what each community gets, when, and once; the leaders' circle and who is in it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from coppice.communities import actions as communities
from coppice.communities.models import Community, Membership
from coppice.communities.tests import factories
from coppice.meetings.actions import starter
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.models import GivenPack, Meeting, MeetingSeries, StarterPack
from coppice.meetings.recurrence import Rhythm
from coppice.meetings.starter import offers, places_on_a_day, rule_at
from coppice.meetings.tasks import give_starter_pack, give_to_new, sweep_starter_packs
from coppice.meetings.tests.factories import make_meeting
from coppice.notifications.models import Message

Role, State = Membership.Role, Membership.State


@pytest.fixture
def program(db):
    return factories.make_program()


def make_pack(program, **fields):
    return StarterPack.objects.create(
        **{
            "program": program,
            "title": "Monthly meeting",
            "first_from": timezone.localdate() + timedelta(days=14),
            "clock": time(15),
            "link": "https://meet.example.org/all",
            "dial_in": "+1 555 0100",
            **fields,
        }
    )


def give(pack, *communities_given):
    starter.ask_to_give(pack, to=[each.pk for each in communities_given], by=None)
    starter.give_all(pack.pk)


def occasions(membership) -> list[str]:
    return sorted(
        Message.objects.filter(recipient=membership.person)
        .values_list("occasion", flat=True)
        .exclude(occasion__startswith="welcome")
    )


def test_every_community_gets_a_series_in_its_own_zone_and_its_members_one_mail(program):
    east = factories.make_community(program, time_zone="America/New_York")
    west = factories.make_community(program, time_zone="Pacific/Auckland")
    ana = factories.add_member(east, "Ana")
    pack = make_pack(program, agenda="check_in", minutes=90)

    give(pack, east, west)

    series = {each.community: each for each in MeetingSeries.objects.all()}
    assert {each.time_zone for each in series.values()} == {"America/New_York", "Pacific/Auckland"}
    for each in series.values():
        assert (each.title, each.clock, each.minutes, each.link, each.dial_in) == (
            "Monthly meeting",
            time(15),
            90,
            "https://meet.example.org/all",
            "+1 555 0100",
        )
    meetings = Meeting.objects.filter(series=series[east])
    assert meetings.count() > 3
    assert all(each.starts_at.astimezone(ZoneInfo("America/New_York")).hour == 15 for each in meetings)
    assert AgendaItem.objects.filter(meeting__in=meetings).values("meeting").distinct().count() == len(
        meetings
    )
    assert occasions(ana) == [f"series-planned:{series[east].pk}"]
    pack.refresh_from_db()
    assert pack.asked_at is None


def test_given_twice_nothing_doubles(program):
    community = factories.make_community(program)
    ana = factories.add_member(community, "Ana")
    pack = make_pack(program)

    give(pack, community)
    give(pack, community)
    give_starter_pack.call(pack_id=pack.pk)

    assert MeetingSeries.objects.count() == GivenPack.objects.count() == 1
    assert len(occasions(ana)) == 1


def test_two_jobs_that_give_the_same_at_once_give_it_once(program):
    ana = factories.add_member(factories.make_community(program), "Ana")
    pack = make_pack(program)
    give(pack, ana.community)
    given = GivenPack.objects.get()

    again = starter.give(given.pk)

    assert (again.series, MeetingSeries.objects.count(), len(occasions(ana))) == (given.series, 1, 1)


def test_only_living_communities_of_the_program_get_it(program):
    theirs = factories.make_community()
    ended = factories.make_community(program, ended_at=timezone.now())
    pack = make_pack(program)

    count = starter.ask_to_give(pack, to=[theirs.pk, ended.pk], by=None)

    assert (count, GivenPack.objects.count()) == (0, 0)


def test_what_cannot_be_planned_is_said_and_keeps_nobody_else_waiting(program):
    today = timezone.localdate()
    short = factories.make_community(program, starts_on=today, ends_on=today + timedelta(days=3))
    long = factories.make_community(program)
    pack = make_pack(program)

    give(pack, short, long)

    assert list(GivenPack.objects.values_list("community", "refusal", "series__community")) == [
        (short.pk, "no_dates", None),
        (long.pk, "", long.pk),
    ]


def test_the_preview_tells_what_each_would_get_and_what_it_has(program):
    busy, ended, free = (factories.make_community(program, name=name) for name in ("Busy", "Over", "Free"))
    make_meeting(busy)
    Community.objects.filter(pk=ended.pk).update(ended_at=timezone.now())
    pack = make_pack(program)

    offered = offers(pack)

    assert [(each.community, each.planned) for each in offered] == [(busy, 1), (free, 0)]
    assert all(each.first and each.rule.rhythm is Rhythm.MONTHLY for each in offered)


def test_each_gets_what_the_preview_said_also_when_others_are_left_out(program):
    _first, _second, third = (factories.make_community(program) for _number in range(3))
    pack = make_pack(program, spread="day", time_zone="UTC")
    said = next(each for each in offers(pack) if each.community == third)

    give(pack, third)

    assert third.meetings.earliest("starts_at").starts_at == said.first
    assert GivenPack.objects.get().place == 2


@pytest.mark.parametrize(
    ("spread", "places"),
    [
        ("none", [(2, time(15)), (2, time(15)), (2, time(15))]),
        (
            "day",
            [(2, time(15)), (3, time(15)), (4, time(15)), (0, time(15)), (1, time(15)), (2, time(16, 15))],
        ),
        ("clock", [(2, time(15)), (2, time(16, 15)), (2, time(17, 30)), (2, time(18, 45)), (3, time(15))]),
    ],
)
def test_communities_are_set_one_after_another(spread, places):
    pack = StarterPack(
        rhythm="weekly", weekday=2, clock=time(15), minutes=60, spread=spread, first_from=date(2099, 1, 1)
    )
    frame = {"starts_on": date(2098, 1, 1), "ends_on": date(2100, 1, 1), "zone": ZoneInfo("UTC")}

    rules = [rule_at(pack, place, **frame) for place in range(len(places))]

    assert [(rule.weekdays[0], rule.clocks[0]) for rule in rules] == places
    again = rule_at(pack, 20, **frame)
    assert (again.weekdays[0], again.clocks[0]) == places[0]


@pytest.mark.parametrize(
    ("spread", "places"),
    [
        ("clock", [(2, time(22)), (3, time(22)), (4, time(22)), (0, time(22)), (1, time(22)), (2, time(22))]),
        ("day", [(2, time(22)), (3, time(22)), (4, time(22)), (0, time(22)), (1, time(22)), (2, time(22))]),
    ],
)
def test_nobody_is_set_over_midnight(spread, places):
    pack = StarterPack(
        rhythm="weekly", weekday=2, clock=time(22), minutes=60, spread=spread, first_from=date(2099, 1, 1)
    )
    frame = {"starts_on": date(2098, 1, 1), "ends_on": date(2100, 1, 1), "zone": ZoneInfo("UTC")}

    rules = [rule_at(pack, place, **frame) for place in range(len(places))]

    assert [(rule.weekdays[0], rule.clocks[0]) for rule in rules] == places


def test_how_many_fit_into_a_day():
    assert [places_on_a_day(time(hour), 60) for hour in (8, 19, 20, 22, 23)] == [4, 4, 3, 1, 1]
    assert places_on_a_day(time(19, 15), 60) == 4
    assert places_on_a_day(time(19, 16), 60) == 3


def test_nothing_is_planned_after_the_end_of_a_community(program):
    today = timezone.localdate()
    ends = today + timedelta(days=(2 - today.weekday()) % 7 + 14)
    community = factories.make_community(program, starts_on=today, ends_on=ends)
    pack = make_pack(program, first_from=ends + timedelta(days=7), rhythm="weekly", weekday=2)

    [offer] = offers(pack)
    give(pack, community)

    assert offer.first is None
    assert (GivenPack.objects.get().refusal, community.meetings.count()) == ("no_dates", 0)


def test_a_community_founded_later_gets_the_pack_by_itself_when_the_pack_says_so(
    program, django_capture_on_commit_callbacks
):
    first, left_out = factories.make_community(program), factories.make_community(program)
    pack = make_pack(program)
    give(pack, first)
    frame = {
        "starts_on": timezone.localdate(),
        "ends_on": timezone.localdate() + timedelta(days=300),
        "time_zone": "UTC",
    }

    with django_capture_on_commit_callbacks() as wishes:
        later = communities.found(program, name="Later", by=None, **frame)
    give_to_new.call(program_id=program.pk)
    starter.give_all(pack.pk)
    StarterPack.objects.update(for_new=False)
    other = communities.found(program, name="Other", by=None, **frame)
    give_to_new.call(program_id=program.pk)

    assert "give_to_new" in str(wishes)
    assert MeetingSeries.objects.filter(community=later).count() == 1
    assert list(GivenPack.objects.values_list("community", "place")) == [(first.pk, 0), (later.pk, 2)]
    assert other.meetings.count() == left_out.meetings.count() == 0


def test_a_pack_that_nobody_was_given_yet_gives_itself_to_nobody(program):
    make_pack(program)

    communities.found(
        program,
        name="Later",
        by=None,
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + timedelta(days=300),
        time_zone="UTC",
    )
    give_to_new.call(program_id=program.pk)

    assert GivenPack.objects.count() == 0


def test_what_a_lost_job_left_is_given_by_the_sweep(program):
    community = factories.make_community(program)
    pack = make_pack(program)
    starter.ask_to_give(pack, to=[community.pk], by=None)
    StarterPack.objects.update(asked_at=timezone.now() - timedelta(minutes=5))

    sweep_starter_packs.call()

    assert community.meeting_series.count() == 1


@pytest.fixture
def circle(program):
    """A program with two communities, one leader each, and their circle."""
    east, west = (
        factories.make_community(program, name="East"),
        factories.make_community(program, name="West"),
    )
    ana = factories.add_member(east, "Ana", role=Role.LEADER)
    ben = factories.add_member(west, "Ben", role=Role.LEADER)
    factories.add_member(east, "Eva")
    pack = make_pack(program, circle_name="Leaders' circle", circle_clock=time(12))
    give(pack, east)
    pack.refresh_from_db()
    return pack, ana, ben


def of_circle(pack) -> dict[str, str]:
    rows = pack.circle.memberships.values_list("enrollment__name", "state")
    return dict(rows)


def test_all_leaders_are_in_a_circle_with_meetings_of_its_own_told_by_one_mail(circle):
    pack, _ana, ben = circle

    series = MeetingSeries.objects.get(community=pack.circle)
    assert (series.clock, series.rhythm) == (time(12), "monthly")
    assert of_circle(pack) == {"Ana": State.ACTIVE, "Ben": State.ACTIVE}
    assert occasions(ben) == [f"series-planned:{series.pk}"]


def test_the_circle_itself_is_no_community_that_gets_the_pack(circle):
    pack, _ana, _ben = circle

    starter.ask_to_give(pack, to=[pack.circle_id], by=None)
    starter.give_all(pack.pk)

    assert GivenPack.objects.filter(community=pack.circle).count() == 0
    assert Community.objects.filter(name="Leaders' circle").count() == 1
    assert MeetingSeries.objects.filter(community=pack.circle).count() == 1


def test_who_begins_to_lead_joins_the_circle_and_who_stops_is_out_and_told(circle):
    pack, ana, _ben = circle
    eva = ana.community.memberships.get(enrollment__name="Eva")

    communities.make_leader(eva, by=None)
    communities.remove_leader(ana, by=None)

    assert of_circle(pack) == {"Ana": State.WITHDRAWN, "Ben": State.ACTIVE, "Eva": State.ACTIVE}
    own = pack.circle.memberships.get(person=ana.person)
    assert f"out-of-circle:{own.pk}" in occasions(ana)


def test_who_accepts_an_invitation_to_lead_joins_the_circle(circle):
    pack, ana, _ben = circle
    asked = factories.add_member(ana.community, "Tom", role=Role.LEADER, state=State.INVITED)

    communities.accept(asked, by=asked.person)

    assert of_circle(pack)["Tom"] == State.ACTIVE


def test_who_still_leads_another_community_stays_in_the_circle(circle):
    pack, ana, ben = circle
    factories.add_member(ben.community, enrollment=ana.enrollment, role=Role.LEADER)

    communities.leave(ana, by=ana.person)

    assert of_circle(pack)["Ana"] == State.ACTIVE


def test_who_pauses_leads_until_their_role_ends(circle):
    pack, ana, _ben = circle
    communities.pause(ana, by=None)
    while_pausing = of_circle(pack)["Ana"]

    communities.remove_leader(ana, by=None)

    assert (while_pausing, of_circle(pack)["Ana"]) == (State.ACTIVE, State.WITHDRAWN)


def test_who_led_a_community_that_has_ended_is_out_by_the_sweep_once_and_told(circle):
    pack, ana, ben = circle
    Community.objects.filter(pk=ana.community_id).update(ended_at=timezone.now())

    sweep_starter_packs.call()
    sweep_starter_packs.call()

    assert of_circle(pack) == {"Ana": State.WITHDRAWN, "Ben": State.ACTIVE}
    own = pack.circle.memberships.get(person=ana.person)
    assert occasions(ana).count(f"out-of-circle:{own.pk}") == 1
    assert f"out-of-circle:{own.pk}" not in occasions(ben)


def test_who_was_taken_in_after_their_community_had_ended_stays(circle):
    pack, ana, _ben = circle
    Community.objects.filter(pk=ana.community_id).update(ended_at=timezone.now())
    sweep_starter_packs.call()
    communities.take_in(pack.circle, ana.enrollment, by=None)

    sweep_starter_packs.call()

    assert of_circle(pack)["Ana"] == State.ACTIVE


def test_a_circle_is_founded_on_the_29th_of_february(program, monkeypatch):
    program.award_ends = date(2028, 2, 1)
    program.save()
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2028, 2, 29, 12, tzinfo=UTC))
    pack = make_pack(program, circle_name="Circle", circle_clock=time(12))

    circle = starter.found_circle(pack)

    assert (circle.starts_on, circle.ends_on) == (date(2028, 2, 29), date(2029, 2, 28))


def test_who_leads_again_joins_again_but_not_who_left_the_circle_themself(circle):
    pack, ana, ben = circle
    communities.leave(pack.circle.memberships.get(person=ben.person), by=ben.person)
    for leader in (ana, ben):
        communities.remove_leader(leader, by=None)
        communities.make_leader(leader, by=None)

    assert of_circle(pack) == {"Ana": State.ACTIVE, "Ben": State.LEFT}


def test_a_program_without_a_circle_lets_leaders_come_and_go(program):
    community = factories.make_community(program)
    ana = factories.add_member(community, "Ana")

    communities.make_leader(ana, by=None)
    communities.remove_leader(ana, by=None)

    assert occasions(ana) == []


def test_a_circle_of_which_no_date_comes_is_founded_all_the_same(program):
    today = timezone.localdate()
    program.award_starts, program.award_ends = today - timedelta(days=30), today + timedelta(days=1)
    program.save()
    community = factories.make_community(program)
    pack = make_pack(program, circle_name="Circle", circle_clock=time(12))

    give(pack, community)

    pack.refresh_from_db()
    assert (str(pack.circle), MeetingSeries.objects.filter(community=pack.circle).count()) == ("Circle", 0)
