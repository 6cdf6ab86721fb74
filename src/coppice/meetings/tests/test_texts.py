"""Who is texted about a meeting, and when."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings import actions, tasks
from coppice.meetings.actions import series as series_actions
from coppice.meetings.actions import texts
from coppice.meetings.models import Meeting
from coppice.meetings.tests.factories import make_meeting, make_series
from coppice.notifications.actions import mute
from coppice.notifications.text_models import Phone, TextMessage

pytestmark = pytest.mark.django_db

# Two in the afternoon of 12 May in New York.
STARTS = datetime(2027, 5, 12, 18, tzinfo=UTC)
PLANNED = datetime(2027, 5, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def kept(settings) -> None:
    settings.TEXT_PROVIDER = "keep"


@pytest.fixture
def community():
    return make_community(name="Peer circle", time_zone="America/New_York")


@pytest.fixture
def ana(community):
    return with_phone(add_member(community))


def with_phone(membership, number: str = "+15552345678", **fields):
    known = {"number": number, "confirmed_at": PLANNED}
    Phone.objects.create(person=membership.person, **known | fields)
    return membership


def meeting_of(community, *, starts_at=STARTS):
    meeting = make_meeting(community, starts_at=starts_at, title="May meeting")
    Meeting.objects.update(changed_at=PLANNED)
    return meeting


def at(moment: datetime):
    return patch("django.utils.timezone.now", return_value=moment)


def told() -> list[tuple[str, int]]:
    return list(TextMessage.objects.order_by("pk").values_list("occasion", "person"))


def test_who_comes_or_has_yet_to_say_is_texted_three_hours_before(community, ana):
    ben = with_phone(add_member(community), "+15552345671")
    with_phone(add_member(community), "+15552345672", stopped_at=PLANNED)
    with_phone(add_member(community), "+15552345673", confirmed_at=None)
    cleo = with_phone(add_member(community), "+15552345674")
    mute(cleo.person, list_key=community.list_key)
    add_member(community)
    meeting = meeting_of(community)
    with at(PLANNED):
        actions.reply(meeting, membership=ben, answer="not_coming", by=ben.person)

    counts = []
    for hours in (4, 3, 2.9, 1):
        with at(STARTS - timedelta(hours=hours)):
            tasks.text_reminders.call()
        counts.append(TextMessage.objects.count())

    assert (counts, told()) == ([0, 0, 1, 1], [(f"meeting-today:{meeting.pk}", ana.person_id)])
    assert TextMessage.objects.get().words == (
        "Peer circle: May meeting is today: Wednesday 12 May, 14:00, your time (New York). "
        f"http://localhost:8000/meetings/{meeting.pk}/"
    )


def test_nobody_is_reminded_of_what_they_were_just_told(community, ana):
    meeting_of(community)
    Meeting.objects.update(changed_at=STARTS - timedelta(hours=2))

    with at(STARTS - timedelta(hours=1)):
        tasks.text_reminders.call()

    assert told() == []


def test_nobody_is_reminded_where_no_texts_are_sent(community, ana, settings):
    meeting_of(community)
    settings.TEXT_PROVIDER = ""

    with at(STARTS - timedelta(hours=1)):
        tasks.text_reminders.call()

    assert told() == []


def test_of_a_cancelled_meeting_nobody_is_reminded(community, ana):
    meeting = meeting_of(community)
    Meeting.objects.update(cancelled_at=PLANNED)

    with at(STARTS - timedelta(hours=1)):
        assert texts.remind(meeting) == 0


@pytest.mark.parametrize(
    ("hours_before", "hours_later", "texts"),
    [(47, 24 * 30, 1), (24 * 30, -(24 * 30 - 30), 1), (24 * 30, 24, 0)],
)
def test_a_meeting_that_is_moved_is_texted_only_shortly_before(
    community, ana, hours_before, hours_later, texts
):
    meeting = meeting_of(community)

    with at(STARTS - timedelta(hours=hours_before)):
        starts_at = STARTS + timedelta(hours=hours_later)
        actions.change(meeting, by=None, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))

    assert len(told()) == texts


def test_another_room_is_not_texted(community, ana):
    meeting = meeting_of(community)

    with at(STARTS - timedelta(hours=5)):
        actions.change(meeting, by=None, title="June meeting")

    assert told() == []


@pytest.mark.parametrize(("hours_before", "texts"), [(5, 1), (24 * 7, 0)])
def test_a_meeting_that_is_cancelled_is_texted_only_shortly_before(community, ana, hours_before, texts):
    meeting = meeting_of(community)

    with at(STARTS - timedelta(hours=hours_before)):
        actions.cancel(meeting, by=None)

    assert len(told()) == texts


def test_of_a_series_the_meetings_that_are_near_are_texted(community, ana):
    series = make_series(community)
    first, second = series.meetings.order_by("starts_at")[:2]

    with at(first.starts_at - timedelta(hours=24)):
        series_actions.change_following(
            first, by=None, keeps_exceptions=True, fields={"clock": series.clock.replace(hour=17)}
        )
    with at(first.starts_at - timedelta(hours=23)):
        series_actions.end_from(first, by=None)

    assert second.starts_at > timezone.now()
    assert told() == [
        (f"meeting-moved:{first.pk}", ana.person_id),
        (f"meeting-cancelled:{first.pk}", ana.person_id),
    ]
