"""When plan and charter are looked at again: pages say it, leaders are reminded before and on the day."""

from datetime import UTC, date, datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities import tasks
from coppice.communities.actions import plans
from coppice.communities.charter_models import Charter
from coppice.communities.plan_models import PlanAnswer
from coppice.communities.tests.factories import add_member, make_community
from coppice.lib.clock import beats
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

DAY = date(2027, 6, 30)
ZONE = ZoneInfo("Pacific/Auckland")


@pytest.fixture
def community():
    return make_community(name="Hedgerow", time_zone="Pacific/Auckland")


@pytest.fixture
def leader(community):
    return add_member(community, "Rosa Medina", role="leader")


def choose(community, day=DAY):
    plans.answer(community, question=PlanAnswer.Question.DATES, text="", typed={"renews_on": day}, by=None)


def run_at(*moments: datetime) -> list[int]:
    """Run the task at each moment and return how many messages exist after it."""
    counts = []
    for moment in moments:
        with patch("django.utils.timezone.now", return_value=moment):
            tasks.remind_of_renewals.call()
        counts.append(Message.objects.count())
    return counts


def auckland(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(
        datetime(day.year, day.month, day.day, hour, minute), timezone=ZONE
    ).astimezone(UTC)


def test_leaders_are_reminded_thirty_days_before_and_on_the_day_once_each(community, leader):
    add_member(community, "Tom Whitehorse")
    choose(community)

    counts = run_at(
        auckland(date(2027, 5, 30), 12),
        auckland(date(2027, 5, 31), 8, 45),
        auckland(date(2027, 5, 31), 9),
        auckland(date(2027, 5, 31), 9, 15),
        auckland(date(2027, 6, 10), 9),
        auckland(DAY, 8, 45),
        auckland(DAY, 9),
        auckland(date(2027, 7, 3), 9),
    )

    assert counts == [0, 0, 1, 1, 1, 1, 2, 2]
    before, on_the_day = Message.objects.order_by("pk")
    assert {before.recipient_id, on_the_day.recipient_id} == {leader.person_id}
    assert "On 30 June 2027 you look at the plan of Hedgerow again." in before.text
    assert "It is time to look at the plan of Hedgerow again." in on_the_day.text


def test_another_day_is_reminded_of_anew_and_a_past_one_no_more(community, leader):
    choose(community)
    first = run_at(auckland(DAY, 9))
    choose(community, date(2027, 7, 31))

    assert (first, run_at(auckland(date(2027, 7, 1), 9), auckland(date(2027, 8, 9), 9))) == ([1], [2, 2])


def test_an_ended_community_is_left_alone(community, leader):
    choose(community)
    community.ended_at = auckland(date(2027, 5, 1), 9)
    community.save()

    assert run_at(auckland(DAY, 9)) == [0]


def test_with_a_charter_the_mail_names_it(community, leader):
    choose(community)
    Charter.objects.create(community=community, number=1, closes_on=DAY, state=Charter.State.ADOPTED)

    run_at(auckland(DAY, 9))

    assert "the plan and the charter of Hedgerow" in Message.objects.get().text


@pytest.mark.parametrize(
    ("in_days", "words"),
    [
        (40, "You look at plan and charter again on"),
        (30, "in 30 days."),
        (1, "in 1 day."),
        (0, "You meant to look at plan and charter again on"),
        (-9, "You meant to look at plan and charter again on"),
    ],
)
def test_the_plan_and_the_charter_say_it(community, leader, client, in_days, words):
    today = timezone.localdate(timezone=community.zone)
    choose(community, date.fromordinal(today.toordinal() + in_days))
    Charter.objects.create(
        community=community,
        number=1,
        closes_on=today,
        closed_at=timezone.now(),
        state=Charter.State.ADOPTED,
    )
    client.force_login(leader.person)

    pages = [
        client.get(reverse(f"communities:{name}", args=[community.pk])).text for name in ("plan", "charter")
    ]

    assert [words in page for page in pages] == [True, True]
    assert ["Choose the next day" in page for page in pages] == [in_days <= 0, in_days <= 0]


def test_without_a_day_nothing_is_said(community, leader, client):
    client.force_login(leader.person)

    page = client.get(reverse("communities:plan", args=[community.pk])).text

    assert ("plan and charter again" in page, run_at(auckland(DAY, 9))) == (False, [0])


def test_the_clock_looks_each_quarter_of_an_hour():
    own = {beat.task.module_path.rpartition(".")[2]: beat.minutes for beat in beats()}

    assert own["remind_of_renewals"] == 15
