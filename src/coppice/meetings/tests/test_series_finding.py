"""Times for a whole series, the least hard first, one or two that take turns."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings.series_finding import length_of, propose_series
from coppice.meetings.time_finding import Attendee
from engines.timefinding import Why

ZONE = ZoneInfo("America/New_York")
BEGINS = datetime(2027, 2, 1, tzinfo=ZONE)  # a Monday; clocks change on 14 March


def local(judged) -> tuple[int, int]:
    start = judged.starts_at.astimezone(ZONE)
    return start.weekday(), start.hour


def test_the_best_time_is_easy_over_clock_changes():
    people = [Attendee(1, "America/New_York"), Attendee(2, "Europe/London")]

    best = propose_series(people, first=BEGINS, meetings=10, weeks=1, minutes=60)[0]

    [judged] = best.times
    assert (best.score, judged.easy, judged.people) == (0, 2, 2)
    assert 8 <= local(judged)[1] <= 12
    assert local(judged)[0] < 5


def test_two_times_in_turn_share_what_is_hard():
    people = [Attendee(1, "America/New_York"), Attendee(2, "Asia/Kathmandu")]

    one = propose_series(people, first=BEGINS, meetings=8, weeks=2, minutes=60)[0]
    two = propose_series(people, first=BEGINS, meetings=8, weeks=2, minutes=60, is_in_turn=True)[0]

    first, second = two.times
    assert local(first)[0] == local(second)[0]
    assert first.starts_at < second.starts_at
    assert two.score <= one.score
    assert (first.cannot, second.cannot) == (0, 0)


def test_one_date_on_which_somebody_cannot_counts():
    begins = datetime(2027, 2, 8, tzinfo=ZONE)
    away = tuple((begins + timedelta(days=day), begins + timedelta(days=day + 1)) for day in range(7))
    people = [Attendee(1, "America/New_York", busy=away), Attendee(2, "America/New_York")]

    best = propose_series(people, first=BEGINS, meetings=3, weeks=1, minutes=45)[0]

    [judged] = best.times
    assert (judged.cannot, judged.hard, judged.easy) == (1, 0, 1)
    assert judged.reasons[Why.BUSY] == 1


def test_nobody_is_proposed_nothing():
    assert propose_series([], first=BEGINS, meetings=3, weeks=1, minutes=45) == []


def test_the_length_of_a_series():
    assert length_of(1, weeks=2) == timedelta(days=6)
    assert length_of(12, weeks=2) == timedelta(weeks=23) - timedelta(days=1)


@pytest.mark.django_db
def test_a_leader_goes_from_found_times_to_the_dates_of_a_series():
    community = make_community(name="Tides", time_zone="America/New_York")
    leader = add_member(community, "Kai", role=Membership.Role.LEADER)
    far = add_member(community, "Aroha")
    far.enrollment.time_zone = "Pacific/Auckland"
    far.enrollment.save()
    client = Client()
    client.force_login(leader.person)
    address = reverse("meetings:find_series", args=[community.pk])
    first = timezone.localdate() + timedelta(days=7)
    asked = {
        "title": "Tides",
        "minutes": "60",
        "first": first.isoformat(),
        "every": "2",
        "meetings": "6",
        "in_turn": "on",
        "time_zone": "America/New_York",
    }

    empty = client.get(address)
    found = client.get(address, asked)
    link = re.search(r'href="([^"]+meetings/series/\?[^"#]+)', found.text)[1].replace("&amp;", "&")
    dates = client.get(link)
    wrong = client.get(
        address, {**asked, "first": date(2020, 1, 1).isoformat(), "every": "26", "meetings": "60"}
    )

    assert (empty.status_code, "The least hard times" in empty.text) == (200, False)
    assert (found.status_code, dates.status_code) == (200, 200)
    assert "in turn at" in dates.text
    assert "6 dates" in re.sub(r"\s+", " ", dates.text)
    assert wrong.status_code == 422
    assert "Choose tomorrow or a later day." in wrong.text
    assert "A series lasts two years at most." in wrong.text


@pytest.mark.django_db
def test_one_time_leads_on_without_a_second():
    community = make_community(name="Tides")
    leader = add_member(community, "Kai", role=Membership.Role.LEADER)
    client = Client()
    client.force_login(leader.person)
    first = timezone.localdate() + timedelta(days=7)

    single = client.get(
        reverse("meetings:find_series", args=[community.pk]),
        {
            "title": "Tides",
            "minutes": "60",
            "first": first.isoformat(),
            "every": "1",
            "meetings": "1",
            "time_zone": "UTC",
        },
    )

    assert "Easy for everybody." in single.text
    assert "other_clock" not in re.search(r'href="([^"]+meetings/series/\?[^"#]+)', single.text)[1]
