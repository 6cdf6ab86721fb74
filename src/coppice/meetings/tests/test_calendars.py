"""The calendar pages: days in the reader's zone, clashes in words, and ways from one period to the next."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.meetings.calendar_board import (
    SHOWN_A_DAY,
    community_page,
    own_page,
    places_of,
    program_page,
    zone_of,
)
from coppice.meetings.calendar_periods import FIRST, LAST, period_of
from coppice.meetings.clashes import overlaps
from coppice.meetings.models import MeetingReply
from coppice.meetings.tests.factories import make_meeting, reply

AUCKLAND, NEW_YORK = ZoneInfo("Pacific/Auckland"), ZoneInfo("America/New_York")
DECEMBER = date(2026, 12, 10)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """All of this happens on one day, so that what is to come stays to come."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(1, 12))


@pytest.fixture
def community():
    return make_community(name="Hedgerow", time_zone="America/New_York")


@pytest.fixture
def member(community):
    return add_member(community, "Ben Member")


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def december(view="month", zone=NEW_YORK, on="2026-12-10"):
    return period_of(view, on, today=DECEMBER, zone=zone)


def also_in(membership, **fields):
    """Another community of the same program, with the same person in it."""
    other = make_community(membership.community.program, **fields)
    Membership.objects.create(
        community=other,
        person=membership.person,
        enrollment=membership.enrollment,
        state=Membership.State.ACTIVE,
    )
    return other


def clashes_on(page) -> dict[str, list[tuple[str, int]]]:
    return {
        entry.meeting.title: [(clash.meeting.title, clash.people) for clash in entry.clashes]
        for day in page.days
        for entry in day.entries
    }


@pytest.mark.parametrize(
    ("language", "view", "first", "end"),
    [
        ("en", "month", date(2026, 11, 29), date(2027, 1, 3)),
        ("es", "month", date(2026, 11, 30), date(2027, 1, 4)),
        ("en", "week", date(2026, 12, 6), date(2026, 12, 13)),
        ("es", "week", date(2026, 12, 7), date(2026, 12, 14)),
        ("en", "list", date(2026, 12, 1), date(2027, 1, 1)),
        ("en", "nonsense", date(2026, 11, 29), date(2027, 1, 3)),
    ],
)
def test_a_period_is_made_of_whole_weeks_as_the_language_begins_them(language, view, first, end):
    with translation.override(language):
        period = december(view)

    assert (period.first, period.end) == (first, end)


def test_periods_lead_to_one_another():
    month, week = december(), december("week")

    assert (month.previous, month.following) == (date(2026, 11, 30), date(2027, 1, 1))
    assert (week.previous, week.following) == (date(2026, 12, 3), date(2026, 12, 17))
    assert (month.label, week.label) == ("December 2026", "6 December to 12 December 2026")


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-13-01", "9" * 20])
def test_a_day_that_nobody_can_read_is_today(typed):
    assert december(on=typed).on == DECEMBER


def test_time_has_edges():
    first, last = december(on="0001-01-01"), december(on="9999-12-31")

    assert (first.on, first.previous) == (FIRST, None)
    assert (last.on, last.following) == (LAST, None)


@pytest.mark.parametrize(
    ("key", "days", "hours"),
    [
        ("Pacific/Auckland", ("2026-09-20", "2026-09-27"), 167),
        ("Australia/Lord_Howe", ("2026-10-04", "2026-10-11"), 167.5),
        ("America/New_York", ("2026-11-01", "2026-11-08"), 169),
        ("Asia/Kathmandu", ("2026-11-01", "2026-11-08"), 168),
    ],
)
def test_a_week_is_as_long_as_its_clocks_say(key, days, hours):
    """The week that holds the change: Sunday to Sunday."""
    period = period_of("week", days[0], today=DECEMBER, zone=ZoneInfo(key))
    changes = period.first if key != "Pacific/Auckland" else period.first + timedelta(days=7)
    period = period_of("week", changes.isoformat(), today=DECEMBER, zone=ZoneInfo(key))

    assert (period.ends_at - period.begins_at) / timedelta(hours=1) == hours


def test_two_meetings_overlap_when_they_share_a_moment():
    class Span:
        def __init__(self, pk, starts, ends):
            self.pk, self.starts_at, self.ends_at = pk, at(1, starts), at(1, ends)

    long, first, second, last = Span(1, 8, 12), Span(2, 8, 9), Span(3, 9, 10), Span(4, 12, 13)

    assert list(overlaps([last, second, first, long])) == [(long, first), (long, second)]


@pytest.mark.django_db
def test_a_meeting_stands_on_the_day_of_the_readers_clock_with_the_organizers_beside_it(member):
    make_meeting(member.community, starts_at=at(8, 1))

    [there] = own_page(member.person, places_of(member.person), december(zone=AUCKLAND)).busy_days
    [here] = own_page(member.person, places_of(member.person), december()).busy_days

    assert (there.on, there.entries[0].clock, there.entries[0].organizers) == (
        date(2026, 12, 8),
        "14:00",
        ("20:00", "New York"),
    )
    assert (here.on, here.entries[0].clock, here.entries[0].organizers) == (
        date(2026, 12, 7),
        "20:00",
        None,
    )


@pytest.mark.django_db
def test_two_of_mine_at_one_time_clash_unless_one_is_off(member):
    other = also_in(member, name="Orchard")
    make_meeting(member.community, title="One", starts_at=at(8, 15))
    make_meeting(other, title="Two", starts_at=at(8, 15, 30))
    make_meeting(other, title="After", starts_at=at(8, 16, 30))
    make_meeting(other, title="Cancelled", starts_at=at(8, 15), cancelled_at=timezone.now())
    reply(
        make_meeting(other, title="Declined", starts_at=at(8, 15)),
        other.memberships.get(),
        MeetingReply.Answer.NOT_COMING,
    )

    page = own_page(member.person, places_of(member.person), december())

    assert clashes_on(page) == {
        "One": [("Two", 0)],
        "Two": [("One", 0)],
        "After": [],
        "Cancelled": [],
        "Declined": [],
    }
    assert (page.meetings, page.clashing) == (5, 2)


@pytest.mark.django_db
def test_a_communitys_page_tells_a_member_of_their_other_meetings_and_staff_of_none(member):
    staff = make_staff(member.community.program)
    other = also_in(member, name="Orchard")
    make_meeting(member.community, title="One", starts_at=at(8, 15))
    make_meeting(other, title="Two", starts_at=at(8, 15))

    own = community_page(member.person, member.community, places_of(member.person), december())
    theirs = community_page(staff, member.community, places_of(staff), december())

    assert clashes_on(own) == {"One": [("Two", 0)]}
    assert clashes_on(theirs) == {"One": []}


@pytest.mark.django_db
def test_a_programs_page_counts_people_who_are_expected_twice(member):
    staff = make_staff(member.community.program)
    other = also_in(member, name="Orchard")
    for name in ("Cleo", "Dan"):
        also = add_member(member.community, name)
        Membership.objects.create(
            community=other, person=also.person, enrollment=also.enrollment, state=Membership.State.ACTIVE
        )
    one = make_meeting(member.community, title="One", starts_at=at(8, 15))
    make_meeting(other, title="Two", starts_at=at(8, 15))
    make_meeting(make_community(other.program, name="Apart"), title="Apart", starts_at=at(8, 15))
    make_meeting(other, title="Off", starts_at=at(8, 15), cancelled_at=timezone.now())
    reply(one, member, MeetingReply.Answer.NOT_COMING)

    page = program_page(staff, other.program, december())

    assert clashes_on(page) == {"One": [("Two", 2)], "Two": [("One", 2)], "Apart": [], "Off": []}


@pytest.mark.django_db
def test_what_is_over_clashes_with_nothing(member):
    other = also_in(member, name="Orchard")
    for community in (member.community, other):
        make_meeting(community, title=community.name, starts_at=at(8, 15) - timedelta(days=365))
    year_before = december(on="2025-12-10")

    page = own_page(member.person, places_of(member.person), year_before)

    assert clashes_on(page) == {"Hedgerow": [], "Orchard": []}


@pytest.mark.django_db
def test_a_full_day_leads_on_to_its_week(member):
    for number in range(SHOWN_A_DAY + 3):
        make_meeting(member.community, title=f"Meeting {number}", starts_at=at(8, 6 + number))
    places = places_of(member.person)

    [month] = own_page(member.person, places, december()).busy_days
    [week] = own_page(member.person, places, december("week", on="2026-12-08")).busy_days

    assert (len(month.entries), month.more) == (SHOWN_A_DAY, 3)
    assert (len(week.entries), week.more) == (SHOWN_A_DAY + 3, 0)


@pytest.mark.django_db
def test_the_reader_without_a_zone_reads_by_their_communitys_clock(member):
    elsewhere = make_person("Eve", time_zone="Pacific/Auckland")
    with timezone.override(AUCKLAND):
        zones = [
            str(zone_of(person, places_of(person))) for person in (member.person, elsewhere, make_person())
        ]

    assert zones == ["America/New_York", "Pacific/Auckland", "Pacific/Auckland"]


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_each_page_says_in_words_what_clashes(member, view):
    staff = make_staff(member.community.program)
    other = also_in(member, name="Orchard")
    soon = timezone.now().replace(microsecond=0) + timedelta(minutes=30)
    one = make_meeting(member.community, title="One", starts_at=soon)
    make_meeting(other, title="Two", starts_at=soon)
    on = soon.astimezone(NEW_YORK).date().isoformat()
    pages = {
        reverse("meetings:calendar"): (member.person, "Same time as Two (Orchard)"),
        reverse("meetings:community_calendar", args=[one.community_id]): (
            member.person,
            "Same time as Two (Orchard)",
        ),
        reverse("meetings:program_calendar", args=[other.program_id]): (
            staff,
            "1 person is expected at the same time at Two (Orchard)",
        ),
    }

    for address, (reader, words) in pages.items():
        shown = client_of(reader).get(address, {"view": view, "on": on}).text
        assert (words in shown, one.get_absolute_url() in shown) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_a_page_without_meetings_says_so(view):
    shown = client_of(make_person()).get(reverse("meetings:calendar"), {"view": view}).text

    assert "No meeting in this" in shown


@pytest.mark.django_db
def test_the_calendar_of_strangers_is_not_ones_own(community):
    meeting = make_meeting(community, title="Secret")

    shown = client_of(make_person()).get(reverse("meetings:calendar")).text

    assert "Secret" not in shown
    assert meeting.get_absolute_url() not in shown
