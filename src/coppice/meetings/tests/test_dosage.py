"""What attendance and hours come to: the formulas, the spans, who is counted, what funders never read."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from coppice.communities.models import Membership
from coppice.communities.tests import factories
from coppice.meetings import actions
from coppice.meetings.dosage import (
    Figures,
    Line,
    MonthLine,
    community_dosage,
    minutes_covered,
    organization_dosage,
    program_dosage,
    stay_of,
)
from coppice.meetings.models import Attendance
from coppice.meetings.spans import Preset, Span, preset_span
from coppice.meetings.tests.factories import hold, make_meeting, make_past_meeting
from coppice.programs.models import Affiliation, Organization

ALL = Span(ZoneInfo("UTC"), preset=Preset.WHOLE)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def community(db):
    return factories.make_community()


def member(community, name, *organizations):
    enrollment = factories.enroll(
        community.program, name, **({"organization": organizations[0]} if organizations else {})
    )
    for other in organizations[1:]:
        organization, _new = Organization.objects.get_or_create(program=community.program, name=other)
        Affiliation.objects.create(enrollment=enrollment, organization=organization)
    return factories.add_member(community, enrollment=enrollment)


def labelled(lines: list[Line]) -> dict[str, Figures]:
    return {line.label: line.figures for line in lines}


def at(starts_at, *, minutes=60, community, present=(), absent=(), **fields):
    meeting = make_meeting(
        community, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **fields
    )
    return hold(meeting, present=list(present), absent=list(absent))


def test_people_contacts_hours_and_attendance_are_counted_apart(community):
    ana, ben, eva = (member(community, name) for name in ("Ana", "Ben", "Eva"))
    at(NOON, minutes=90, community=community, present=[ana, ben], absent=[eva])
    at(NOON + timedelta(days=7), minutes=30, community=community, present=[ana], absent=[ben, eva])

    dosage = community_dosage(community, ALL)

    assert dosage.total == Figures(
        meetings=2, minutes=120, people=2, contacts=3, contact_minutes=210, expected=6
    )
    assert (dosage.total.hours, dosage.total.contact_hours, dosage.total.percent) == (2.0, 3.5, 50)
    assert dosage.counted == 3
    assert labelled(dosage.people) == {
        "Ana": Figures(meetings=2, minutes=120, people=1, contacts=2, contact_minutes=120, expected=2),
        "Ben": Figures(meetings=1, minutes=90, people=1, contacts=1, contact_minutes=90, expected=2),
        "Eva": Figures(expected=2),
    }


def test_an_organization_counts_the_hours_in_which_any_of_its_people_was_there(community):
    ana, ben = member(community, "Ana", "Casa Verde"), member(community, "Ben", "Casa Verde")
    eva, tom = member(community, "Eva", "Plains Rides", "Casa Verde"), member(community, "Tom")
    at(NOON, minutes=60, community=community, present=[ana, ben], absent=[eva, tom])
    at(NOON + timedelta(days=1), minutes=45, community=community, present=[eva, tom], absent=[ana, ben])
    at(NOON + timedelta(days=2), minutes=30, community=community, present=[tom], absent=[ana, ben, eva])

    dosage = community_dosage(community, ALL)

    assert labelled(dosage.organizations) == {
        "Casa Verde": Figures(meetings=2, minutes=105, people=3, contacts=3, contact_minutes=165, expected=9),
        "": Figures(meetings=2, minutes=75, people=1, contacts=2, contact_minutes=75, expected=3),
        "Plains Rides": Figures(meetings=1, minutes=45, people=1, contacts=1, contact_minutes=45, expected=3),
    }
    assert [line.label for line in dosage.organizations] == ["Casa Verde", "", "Plains Rides"]


def test_who_left_early_or_came_late_counts_for_the_minutes_that_they_stayed(community):
    ana, ben, eva = (member(community, name, "Casa Verde") for name in ("Ana", "Ben", "Eva"))
    meeting = at(NOON, minutes=60, community=community, present=[ana, ben], absent=[eva])
    Attendance.objects.filter(membership=ana).update(minutes=20)
    Attendance.objects.filter(membership=ben).update(minutes=30, arrived_at=NOON + timedelta(minutes=10))

    dosage = community_dosage(community, ALL)

    assert dosage.total == Figures(
        meetings=1, minutes=60, people=2, contacts=2, contact_minutes=50, expected=3
    )
    assert labelled(dosage.organizations) == {
        "Casa Verde": Figures(meetings=1, minutes=40, people=2, contacts=2, contact_minutes=50, expected=3)
    }
    assert [line.meeting for line in dosage.meetings] == [meeting.pk]


@pytest.mark.django_db
def test_what_is_entered_afterwards_counts_and_what_is_cancelled_or_not_taken_does_not():
    community = factories.make_community(starts_on=timezone.localdate() - timedelta(days=30))
    ana = member(community, "Ana")
    starts = timezone.now().replace(microsecond=0) - timedelta(days=5)
    ends = starts + timedelta(hours=1)
    entered = actions.enter(community, title="Tea", starts_at=starts, ends_at=ends, time_zone="UTC", by=None)
    actions.take_attendance(entered, present=[ana.pk], by=None)
    at(starts, community=community, present=[ana], cancelled_at=starts)
    untaken = make_past_meeting(community, days_ago=3)
    Attendance.objects.create(meeting=untaken, membership=ana, was_present=True, how="code")
    make_meeting(community)

    dosage = community_dosage(community, ALL)

    assert dosage.total == Figures(
        meetings=1, minutes=60, people=1, contacts=1, contact_minutes=60, expected=1
    )
    assert [line.meeting for line in dosage.meetings] == [entered.pk]
    assert [(line.meeting, line.figures) for line in dosage.untaken] == [(untaken.pk, None)]


def test_a_person_in_two_communities_is_one_person_of_the_program(community):
    other = factories.make_community(community.program, name="Other")
    ana = member(community, "Ana")
    again = factories.add_member(other, enrollment=ana.enrollment)
    at(NOON, community=community, present=[ana])
    at(NOON, community=other, present=[again])

    dosage = program_dosage(community.program, ALL)

    assert dosage.total == Figures(
        meetings=2, minutes=120, people=1, contacts=2, contact_minutes=120, expected=2
    )
    once = Figures(meetings=1, minutes=60, people=1, contacts=1, contact_minutes=60, expected=1)
    assert labelled(dosage.communities) == {community.name: once, "Other": once}
    assert labelled(dosage.people) == {"Ana": dosage.total}


def test_months_stand_in_their_order_with_the_empty_ones_between_by_the_clocks_of_the_zone(community):
    ana = member(community, "Ana")
    late = datetime(2026, 4, 1, 2, tzinfo=UTC)  # still March in Chicago
    at(late, community=community, present=[ana])
    at(datetime(2026, 6, 2, 15, tzinfo=UTC), community=community, present=[ana])

    months = community_dosage(community, Span(ZoneInfo("America/Chicago"))).months

    once = Figures(meetings=1, minutes=60, people=1, contacts=1, contact_minutes=60, expected=1)
    assert months == [
        MonthLine(date(2026, 3, 1), once),
        MonthLine(date(2026, 4, 1), Figures()),
        MonthLine(date(2026, 5, 1), Figures()),
        MonthLine(date(2026, 6, 1), once),
    ]


def test_a_span_counts_its_first_and_last_day_by_the_clocks_of_its_zone(community):
    ana = member(community, "Ana")
    for day in (9, 10, 11, 12):
        at(datetime(2026, 3, day, 4, tzinfo=UTC), community=community, present=[ana], title=str(day))

    within = community_dosage(
        community, Span(ZoneInfo("America/Chicago"), date(2026, 3, 9), date(2026, 3, 10))
    )

    assert [line.title for line in within.meetings] == ["11", "10"]


def test_only_the_roster_of_today_counts_for_an_organization(community):
    ana, ben = member(community, "Ana", "Casa Verde"), member(community, "Ben", "Casa Verde")
    at(NOON, community=community, present=[ana, ben])
    ben.enrollment.ended_at = timezone.now()
    ben.enrollment.save()

    figures, counted = organization_dosage(Organization.objects.get())

    once = Figures(meetings=1, minutes=60, people=1, contacts=1, contact_minutes=60, expected=1)
    assert (figures, counted) == (once, 1)


def test_it_is_three_queries_for_however_many(community, django_assert_num_queries):
    people = [member(community, f"Person {number}", f"House {number}") for number in range(12)]
    for days in range(12):
        at(NOON + timedelta(days=days), community=community, present=people)

    with django_assert_num_queries(3):
        dosage = program_dosage(community.program, ALL)

    assert (dosage.total.contacts, len(dosage.organizations)) == (144, 12)


def test_who_left_still_counts_where_they_were(community):
    ana = member(community, "Ana", "Casa Verde")
    at(NOON, community=community, present=[ana])
    Membership.objects.update(state=Membership.State.LEFT)

    assert community_dosage(community, ALL).total.contacts == 1


@pytest.mark.parametrize(
    ("today", "preset", "days"),
    [
        (date(2026, 11, 27), Preset.QUARTER, (date(2026, 10, 1), date(2026, 12, 31))),
        (date(2026, 11, 27), Preset.LAST_QUARTER, (date(2026, 7, 1), date(2026, 9, 30))),
        (date(2027, 1, 1), Preset.LAST_QUARTER, (date(2026, 10, 1), date(2026, 12, 31))),
        (date(2028, 2, 29), Preset.QUARTER, (date(2028, 1, 1), date(2028, 3, 31))),
        (date(2026, 5, 5), Preset.WHOLE, (None, None)),
    ],
)
def test_presets_are_whole_quarters(today, preset, days):
    span = preset_span(preset, today=today, zone=UTC)

    assert (span.first, span.last) == days


@pytest.mark.parametrize(
    ("minutes", "arrived", "stay"),
    [
        (None, 0, (0, 60)),
        (None, 20, (0, 60)),
        (15, 0, (0, 15)),
        (15, -5, (0, 15)),
        (15, 20, (20, 35)),
        (30, 50, (30, 60)),
        (600, 0, (0, 60)),
    ],
)
def test_nobody_stays_longer_than_the_meeting(minutes, arrived, stay):
    assert stay_of(length=60, minutes=minutes, arrived=arrived) == stay


@pytest.mark.parametrize(
    ("minutes", "arrived", "stay"),
    [(None, 0, (0, 30)), (40, 20, (20, 30)), (15, 0, (0, 15)), (10, 50, (30, 30)), (45, 0, (0, 30))],
)
def test_nobody_stays_longer_than_until_it_was_closed(minutes, arrived, stay):
    assert stay_of(length=60, minutes=minutes, arrived=arrived, closed_after=30) == stay


@pytest.mark.parametrize(("closed_after", "counted"), [(0.5, 0.5), (10, 10), (60, 60), (90, 60), (-5, 60)])
def test_a_meeting_closed_before_its_end_counts_until_then(community, closed_after, counted):
    ana, ben = member(community, "Ana", "Casa"), member(community, "Ben", "Casa")
    at(NOON, community=community, present=[ana, ben], closed_at=NOON + timedelta(minutes=closed_after))

    dosage = community_dosage(community, ALL)

    assert (dosage.total.minutes, dosage.total.contact_minutes) == (counted, 2 * counted)
    assert labelled(dosage.organizations)["Casa"].minutes == counted
    assert [each.minutes for each in dosage.meetings] == [counted]


@given(some.lists(some.tuples(some.integers(0, 60), some.integers(0, 60)), max_size=8))
def test_minutes_covered_are_those_in_which_somebody_was_there(pairs):
    stays = [(min(pair), max(pair)) for pair in pairs]

    covered = minutes_covered(stays)

    assert covered == sum(any(begins <= minute < ends for begins, ends in stays) for minute in range(60))
