"""From the days that a community agreed on to its series of meetings."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.plan_models import PlanFrame
from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings.plan_effects import to_a_series
from coppice.meetings.recurrence import Rhythm
from coppice.meetings.series_forms import SeriesForm
from coppice.meetings.tests.factories import make_series

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community(name="Hedgerow")


def frame_of(community, **fields) -> PlanFrame:
    return PlanFrame.objects.create(
        community=community,
        **{"rhythm": "monthly", "weekday": 1, "week_of_month": 2, "starts_at": time(14), **fields},
    )


def rule_of(community, frame, client: Client):
    way = to_a_series(community, frame)
    assert way is not None
    request = client.get(way.url).wsgi_request
    form = SeriesForm(request.GET, community=community)
    assert form.is_valid(), form.errors
    return form.rule


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        ("weekly", (Rhythm.WEEKLY, 1, 0)),
        ("two_weeks", (Rhythm.WEEKLY, 2, 0)),
        ("four_weeks", (Rhythm.WEEKLY, 4, 0)),
        ("monthly", (Rhythm.MONTHLY, 1, 2)),
        ("quarterly", (Rhythm.MONTHLY, 3, 2)),
    ],
)
def test_the_agreed_rhythm_is_the_rule_of_the_series(community, client, rhythm, expected):
    frame = frame_of(community, rhythm=rhythm, months_off=[8], minutes=90)

    rule = rule_of(community, frame, client)

    assert (rule.rhythm, rule.every, rule.position) == expected
    assert (rule.weekdays, rule.clocks, rule.months_out) == ((1,), (time(14),), frozenset({8}))
    assert rule.first.weekday() == 1
    assert rule.first > timezone.localdate()


def test_the_first_day_is_the_agreed_one_unless_it_is_past(community, client):
    ahead = timezone.localdate() + timedelta(days=40)
    coming = frame_of(community, rhythm="weekly", first_on=ahead, weekday=ahead.weekday())
    assert rule_of(community, coming, client).first == ahead

    coming.first_on = timezone.localdate() - timedelta(days=40)
    assert rule_of(community, coming, client).first > timezone.localdate()


@pytest.mark.parametrize("missing", [{"rhythm": ""}, {"weekday": None}, {"starts_at": None}])
def test_what_is_not_said_yet_leads_nowhere(community, missing):
    assert to_a_series(community, frame_of(community, **missing)) is None


def test_a_leader_goes_from_the_plan_to_the_dates_and_members_read_on(community, client):
    frame_of(community)
    leader = add_member(community, "Ana Leader", role=Membership.Role.LEADER)
    member = add_member(community, "Ben Member")
    page = reverse("communities:plan", args=[community.pk])

    client.force_login(member.person)
    assert "Plan these meetings" not in client.get(page).content.decode()
    client.force_login(leader.person)
    assert "Plan these meetings" in client.get(page).content.decode()
    way = to_a_series(community, PlanFrame.objects.get())
    assert way is not None
    assert "The second Tuesday of each month at 14:00" in client.get(way.url).content.decode()


def test_a_series_that_goes_on_is_led_to_instead_of_a_second_one(community, client):
    leader = add_member(community, "Ana Leader", role=Membership.Role.LEADER)
    series = make_series(community)
    frame_of(community, rhythm="two_weeks")
    client.force_login(leader.person)

    plan = client.get(reverse("communities:plan", args=[community.pk])).content.decode()
    dates = client.get(reverse("communities:plan_question", args=[community.pk, "dates"])).content.decode()

    for page in (plan, dates):
        assert "A series is planned:" in page
        assert f'href="{series.get_absolute_url()}"' in page
        assert "Plan these meetings" not in page
