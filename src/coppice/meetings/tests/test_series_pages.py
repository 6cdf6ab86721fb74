"""The pages of a series: look at dates, plan, read, answer, change and end; signed in and by mail."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, enroll, make_community
from coppice.meetings import actions, links
from coppice.meetings.actions import series as verbs
from coppice.meetings.models import MeetingReply, MeetingSeries
from coppice.meetings.recurrence import Instead, Rhythm, Rule
from coppice.meetings.series_forms import FreeDaysField, SeriesForm, end_of
from coppice.meetings.series_preview import DateRow, preview
from coppice.meetings.tests.factories import make_meeting, make_series, rule_of
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community(name="Tides", time_zone="America/New_York")


@pytest.fixture
def leader(community):
    return add_member(community, "Kai", role=Membership.Role.LEADER)


@pytest.fixture
def aroha(community):
    membership = add_member(community, "Aroha")
    membership.enrollment.time_zone = "Pacific/Auckland"
    membership.enrollment.save()
    return membership


def client_of(membership) -> Client:
    client = Client()
    client.force_login(membership.person)
    return client


def typed(**fields) -> dict[str, object]:
    tuesday = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday() + 1)
    return {
        "title": "Tides and reefs",
        "first": tuesday.isoformat(),
        "clock": "15:00",
        "minutes": "60",
        "time_zone": "America/New_York",
        "rhythm": "weekly",
        "every": "2",
        "last": (tuesday + timedelta(days=70)).isoformat(),
        "instead": "skip",
        **fields,
    }


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_leader_looks_at_the_dates_and_plans_them_all(community, leader, aroha):
    client, address = client_of(leader), reverse("meetings:plan_series", args=[community.pk])

    first = client.get(address)
    shown = client.get(address, typed())
    planned = client.post(address, {**typed(), "mode": "hybrid", "place": "Hall", "dial_in": "+1 555 0100"})

    series = MeetingSeries.objects.get()
    assert (first.status_code, "Plan all of them" in first.text) == (200, False)
    assert "6 dates" in plain(shown.text)
    assert "Every second Tuesday at 15:00 (New York time)" in shown.text
    assert "Auckland 0" in shown.text
    assert planned.headers["Location"] == series.get_absolute_url()
    assert (series.mode, series.place, series.meetings.count()) == ("hybrid", "Hall", 6)
    page = client_of(aroha).get(series.get_absolute_url()).text
    assert "your time (Auckland)" in page
    assert "New York time" in page
    assert "By phone: +1 555 0100" in page


def test_what_was_typed_wrong_is_said(community, leader):
    client, address = client_of(leader), reverse("meetings:plan_series", args=[community.pk])
    first = date.fromisoformat(str(typed()["first"]))
    wrong = {
        "Choose the first day or a later one.": {"last": (first - timedelta(days=1)).isoformat()},
        "A series lasts two years at most.": {"last": (first + timedelta(days=800)).isoformat()},
        "Choose one day of the week": {"rhythm": "monthly", "weekdays": ["1", "2"]},
        "Choose another time than the first": {"other_clock": "15:00"},
        "“Easter” is no date.": {"free_days": "2027-01-01\nEaster"},
        "“2027-01-05 to 2027-01-01” is no date.": {"free_days": "2027-01-05 to 2027-01-01"},
        "“2027-13-05” is no date.": {"free_days": "2027-13-05"},
        "These are more than 400 days.": {"free_days": "2026-01-01 to 2026-12-31\n2027-01-01 to 2027-12-31"},
    }

    for sentence, fields in wrong.items():
        page = client.get(address, typed(**fields))
        assert (page.status_code, sentence in page.text) == (422, True), sentence
    past = client.post(address, {**typed(first="2020-01-07", last="2020-02-07"), "mode": "online"})
    assert (past.status_code, "already passed" in past.text) == (422, True)
    none = client.get(address, typed(months_out=[str(each) for each in range(1, 13)]))
    assert "No date comes of this." in none.text
    assert not MeetingSeries.objects.exists()


def test_a_form_fills_in_days_and_position(community):
    day = date(2026, 11, 27)
    form = SeriesForm(
        typed(
            first=day.isoformat(), last="2027-11-27", rhythm="monthly", every="1", free_days="\n2026-12-25\n"
        ),
        community=community,
    )

    assert form.is_valid(), form.errors
    assert form.rule == Rule(
        rhythm=Rhythm.MONTHLY,
        weekdays=(4,),
        position=4,
        first=day,
        last=date(2027, 11, 27),
        clocks=(time(15),),
        free_days=frozenset({date(2026, 12, 25)}),
    )
    late = SeriesForm(
        typed(first="2026-12-31", last="2027-11-27", rhythm="monthly", other_clock="08:00"),
        community=community,
    )
    assert late.is_valid()
    assert (late.rule.position, late.rule.clocks) == (-1, (time(15), time(8)))
    assert len(FreeDaysField().clean("2026-12-24 to 2027-01-03")) == 11


def test_the_end_that_is_proposed(community):
    ends = community.ends_on

    assert end_of(community, ends - timedelta(days=30)) == ends
    assert end_of(community, ends) == ends + timedelta(days=365)
    assert end_of(community, ends - timedelta(days=900)) == ends - timedelta(days=900 - 731)


def test_the_preview_names_clock_changes_holidays_and_clashes(community, leader, aroha):
    other = make_community(name="Other")
    Membership.objects.create(
        community=other,
        person=aroha.person,
        enrollment=enroll(other.program, "Aroha", person=aroha.person),
        state=Membership.State.ACTIVE,
    )
    zone = ZoneInfo("America/New_York")
    make_meeting(community, title="Retreat", starts_at=datetime(2027, 3, 14, 3, tzinfo=zone))
    make_meeting(other, starts_at=datetime(2027, 3, 28, 2, tzinfo=zone))
    sundays = Rule(
        rhythm=Rhythm.WEEKLY,
        weekdays=(6,),
        first=date(2027, 3, 7),
        last=date(2027, 4, 11),
        clocks=(time(2, 30),),
        free_days=frozenset({date(2027, 3, 21), date(2027, 4, 11)}),
        instead=Instead.DAY_BEFORE,
    )

    rows = preview(community, sundays, time_zone="America/New_York", minutes=60).rows

    told = {f"{row.slot.day:%m-%d}": row.notes for row in rows}
    assert told == {
        "03-07": [],
        "03-14": [
            "Clocks in New York are put forward over this time: the meeting is at 03:30.",
            "Clocks changed: from now on it is earlier in Auckland.",
            "Here you have “Retreat” already.",
        ],
        "03-21": ["Instead of Sunday 21 March 2027, on which nobody meets."],
        "03-28": ["1 person has something else then."],
        "04-04": ["Clocks changed: from now on it is earlier in Auckland."],
        "04-11": ["Instead of Sunday 11 April 2027, on which nobody meets."],
    }
    assert rows[0].elsewhere == ["Auckland 20:30"]


def test_the_preview_tells_of_repeated_times_and_other_days(community, leader, aroha):
    rule = replace(rule_of(weekdays=(6,), every=1), first=date(2026, 11, 1), last=date(2026, 11, 1))

    repeated = preview(
        community, replace(rule, clocks=(time(1, 30),)), time_zone="America/New_York", minutes=60
    )
    out = preview(
        community, replace(rule, months_out=frozenset({11})), time_zone="America/New_York", minutes=60
    )
    evening = preview(community, replace(rule, clocks=(time(20),)), time_zone="America/New_York", minutes=60)
    later = preview(
        community,
        replace(rule, last=date(2026, 11, 8), first=date(2026, 10, 25), clocks=(time(12),)),
        time_zone="Pacific/Auckland",
        minutes=60,
    )

    assert repeated.rows[0].notes == [
        "Clocks in New York are put back and show 01:30 twice: the meeting is at the first."
    ]
    assert (out.count, out.rows[0].notes, out.rows[0].day) == (
        0,
        ["no meetings in this month"],
        "Sunday 1 November 2026",
    )
    assert evening.rows[0].elsewhere == ["Auckland 14:00 (Monday)"]
    assert [row.notes for row in later.rows][2] == ["Clocks changed: from now on it is earlier in New York."]
    assert isinstance(out.rows[0], DateRow)


def test_clocks_that_fall_back_elsewhere_make_it_later(community, leader, aroha):
    rule = replace(rule_of(weekdays=(6,), every=1), first=date(2027, 9, 19), last=date(2027, 9, 26))

    rows = preview(community, rule, time_zone="America/New_York", minutes=60).rows

    assert rows[1].notes == ["Clocks changed: from now on it is later in Auckland."]


def test_a_member_answers_for_all_on_the_page_and_by_mail(community, leader, aroha):
    series = make_series(community)
    client = client_of(aroha)
    address = reverse("meetings:series_reply", args=[series.pk])
    link = re.search(
        r"http://[^/\s]+(/meeting-series-answers/\S+)",
        Message.objects.get(recipient=aroha.person, occasion=f"series-planned:{series.pk}").text,
    )[1]

    nothing = client.post(address, follow=True)
    coming = client.post(address, {"answer": "coming"}, follow=True)
    by_mail = Client().get(link)
    wrong = Client().post(f"{link}replies/")
    away = Client().post(f"{link}replies/", {"answer": "not_coming"}, follow=True)

    meetings = series.meetings.count()
    assert "Choose one of the two answers." in nothing.text
    assert f"Saved for {meetings} meetings." in plain(coming.text)
    assert by_mail.text.count("/meeting-answers/") == meetings
    assert (wrong.status_code, "Choose one of the two answers." in wrong.text) == (422, True)
    assert f"Saved for {meetings} meetings." in plain(away.text)
    assert set(MeetingReply.objects.values_list("membership", "answer")) == {(aroha.pk, "not_coming")}
    assert Client().get(f"{link}meetings.ics").content.count(b"BEGIN:VEVENT") == 1


def test_a_series_that_is_over_says_so_and_takes_no_answers(community, leader, aroha):
    series = make_series(community)
    link = links.series_path(series, aroha)
    verbs.end_from(series.meetings.order_by("starts_at")[0], by=None)

    page = client_of(aroha).get(series.get_absolute_url())
    refused = client_of(aroha).post(
        reverse("meetings:series_reply", args=[series.pk]), {"answer": "coming"}, follow=True
    )
    by_mail = Client().post(f"{link}replies/", {"answer": "coming"})

    assert "This series was ended early." in page.text
    assert "No meeting of this series is to come." in refused.text
    assert (by_mail.status_code, "No meeting of this series is to come." in by_mail.text) == (422, True)


def test_what_follows_is_changed_and_an_older_mail_leads_on(community, leader, aroha):
    series = make_series(community)
    first, second, third, *_rest = series.meetings.order_by("starts_at")
    actions.change(third, by=None, title="With a guest")
    link = links.series_path(series, aroha)
    client = client_of(leader)
    address = reverse("meetings:following", args=[second.pk])
    form = client.get(address)
    sent = {
        "title": "Later",
        "clock": "17:00",
        "minutes": "45",
        "time_zone": "America/New_York",
        "mode": "online",
        "by_hand": "keep",
    }

    wrong = client.post(address, {**sent, "minutes": "2"})
    saved = client.post(address, sent)

    other = MeetingSeries.objects.get(continues=series)
    assert "Changed for this date alone: With a guest" in plain(form.text)
    assert wrong.status_code == 422
    assert saved.headers["Location"] == other.get_absolute_url()
    assert list(other.meetings.order_by("starts_at").values_list("title", flat=True))[:3] == [
        "Later",
        "With a guest",
        "Later",
    ]
    assert other.get_absolute_url() in client.get(series.get_absolute_url()).text
    assert series.get_absolute_url() in client.get(other.get_absolute_url()).text
    assert "It goes on in another way" in Client().get(link).text
    assert client.post(reverse("meetings:following", args=[first.pk]), sent).status_code == 302


def test_what_would_be_past_is_refused_in_the_form(community, leader):
    series = make_series(community)
    first = series.meetings.order_by("starts_at")[0]
    first.cancelled_at = timezone.now()
    first.save()
    address = reverse("meetings:following", args=[first.pk])

    refused = client_of(leader).post(
        address,
        {"title": "x", "clock": "17:00", "minutes": "45", "time_zone": "UTC", "mode": "online"},
    )
    ended = client_of(leader).post(reverse("meetings:series_end", args=[first.pk]), {"typed": "end"})

    assert (refused.status_code, "is cancelled" in refused.text) == (422, True)
    assert (ended.status_code, "is cancelled" in ended.text) == (422, True)


def test_two_times_are_changed_in_their_turn(community, leader):
    series = make_series(community, rule=replace(rule_of(), clocks=(time(8), time(20))))
    second = series.meetings.order_by("starts_at")[1]

    page = client_of(leader).get(reverse("meetings:following", args=[second.pk])).text

    assert re.search(r'name="clock"[^>]*value="20:00"', page)
    assert re.search(r'name="other_clock"[^>]*value="08:00"', page)


def test_the_series_is_ended_from_a_meeting_page(community, leader, aroha):
    series = make_series(community)
    second = series.meetings.order_by("starts_at")[1]
    client = client_of(leader)
    end = reverse("meetings:series_end", args=[second.pk])

    meeting_page = client.get(second.get_absolute_url()).text
    asked = client.get(end)
    ended = client.post(end, {"typed": "end"})

    assert end in meeting_page
    assert series.get_absolute_url() in meeting_page
    assert asked.status_code == 200
    assert ended.headers["Location"] == series.get_absolute_url()
    assert series.meetings.filter(cancelled_at=None).count() == 1
    assert "Cancelled" in client.get(series.get_absolute_url()).text


def test_a_meeting_outside_a_series_has_no_such_pages(community, leader):
    single = make_meeting(community)

    for name in ("following", "series_end"):
        assert client_of(leader).get(reverse(f"meetings:{name}", args=[single.pk])).status_code == 404


def test_the_list_of_meetings_names_the_series(community, leader):
    series = make_series(community)
    make_series(make_community(name="Other"), title="Theirs")

    page = client_of(leader).get(reverse("meetings:meetings", args=[community.pk])).text

    assert series.get_absolute_url() in page
    assert "Theirs" not in page


def test_a_link_of_somebody_who_left_opens_nothing(community, aroha):
    series = make_series(community)
    link = links.series_path(series, aroha)
    aroha.state = Membership.State.LEFT
    aroha.save()

    assert Client().get(link).status_code == 404


def test_the_file_of_a_series_is_for_its_members(community, aroha):
    series = make_series(community)

    mine = client_of(aroha).get(reverse("meetings:series_file", args=[series.pk]))

    assert mine.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert b"RRULE:FREQ=WEEKLY" in mine.content
