"""Finding a time for people in Honolulu, Lagos and Auckland, by the pages and by the links in the mails."""

import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities import actions as communities
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.history.models import Entry
from coppice.meetings.models import Meeting, TimeAnswer, TimePoll
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

ZONES = {"Kai": "Pacific/Honolulu", "Ngozi": "Africa/Lagos", "Aroha": "Pacific/Auckland"}


class Inputs(HTMLParser):
    """The inputs of a page: what is ticked, and the times that can be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.times: list[str] = []
        self.ticked: list[str] = []
        self.radios: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("name") == "times":
            self.times.append(given["value"])
            if "checked" in given:
                self.ticked.append(given["value"])
        if tag == "input" and given.get("type") == "radio" and given["name"] not in self.radios:
            self.radios.append(given["name"])


@pytest.fixture
def community():
    return make_community(name="Tides", time_zone="Pacific/Honolulu")


@pytest.fixture
def people(community):
    people = {}
    for name, zone in ZONES.items():
        role = Membership.Role.LEADER if name == "Kai" else Membership.Role.MEMBER
        people[name] = membership = add_member(community, name, role=role)
        membership.enrollment.time_zone = zone
        membership.enrollment.save()
    return people


def client_of(membership) -> Client:
    client = Client()
    client.force_login(membership.person)
    return client


def search(**fields: str) -> dict[str, str]:
    monday = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday())
    return {
        "title": "Tides and reefs",
        "minutes": "60",
        "first": monday.isoformat(),
        "last": (monday + timedelta(days=13)).isoformat(),
        "time_zone": "Pacific/Honolulu",
        **fields,
    }


def closes_on() -> str:
    return (timezone.localdate() + timedelta(days=2)).isoformat()


def link_to(membership) -> str:
    message = Message.objects.get(recipient=membership.person, occasion__startswith="time-poll:")
    return re.search(r"http://[^/\s]+(/meeting-times/\S+)", message.text)[1]


def ask(client, community, **fields) -> TimePoll:
    page = client.get(reverse("meetings:find_time", args=[community.pk]), search()).content.decode()
    sent = {**search(), "times": Inputs(page).ticked, "closes_on": closes_on(), **fields}
    assert client.post(reverse("meetings:find_time", args=[community.pk]), sent).status_code == 302
    return TimePoll.objects.get()


def say(membership, *answers: str):
    link = link_to(membership)
    names = Inputs(Client().get(link).content.decode()).radios
    return Client().post(f"{link}answers/", dict(zip(names, answers, strict=True)))


def test_a_group_around_the_world_finds_a_time(community, people):
    leader = client_of(people["Kai"])
    address = reverse("meetings:find_time", args=[community.pk])

    first = leader.get(address).content.decode()
    found = Inputs(leader.get(address, search()).content.decode())
    poll = ask(leader, community, own_day=search()["last"], own_clock="09:00")
    shown = {name: Client().get(link_to(each)).content.decode() for name, each in people.items()}
    said = [
        say(people["Ngozi"], "no", "yes", "yes", "no", "no"),
        say(people["Aroha"], "yes", "if_need_be", "yes", "no", "no"),
        say(people["Ngozi"], "no", "yes", "yes", "if_need_be", "no"),
    ]
    waiting = leader.get(poll.get_absolute_url()).content.decode()
    on_paper = reverse("meetings:times_for_somebody", args=[poll.pk, people["Kai"].pk])
    names = Inputs(leader.get(on_paper).content.decode()).radios
    entered = leader.post(on_paper, dict.fromkeys(names, "yes"))
    result = leader.get(poll.get_absolute_url()).content.decode()
    table = leader.get(reverse("meetings:time_poll_file", args=[poll.pk])).content.decode("utf-8-sig")
    best = re.search(r"/proposed-times/\d+/plan/", result)[0]
    form = leader.get(best).content.decode()
    chosen = poll.times.get(pk=best.split("/")[2])
    local = chosen.starts_at.astimezone(ZoneInfo("Pacific/Honolulu"))
    details = {**search(), "day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}", "mode": "online"}
    planned = leader.post(best, details)

    assert (Inputs(first).times, len(found.times), len(found.ticked)) == ([], 6, 4)
    for start in found.times:  # nobody is asked to get up at night
        clocks = [datetime.fromisoformat(start).astimezone(ZoneInfo(zone)).hour for zone in ZONES.values()]
        assert all(6 <= clock < 22 for clock in clocks), clocks
    assert poll.times.count() == 5
    for name, zone in ZONES.items():
        city = zone.rpartition("/")[2]
        assert f"your time ({city})" in shown[name]
        assert ("Honolulu time" in shown[name]) == (name != "Kai")
    assert [answer.status_code for answer in said] == [302, 302, 302]
    assert "2 of 3 people have answered" in waiting
    assert entered.status_code == 302
    third = list(poll.times.all())[2]
    assert chosen == third
    assert f'value="{local:%Y-%m-%d}"' in form
    assert table.splitlines()[1:4] == [
        f"{name},{','.join(labels)}"
        for name, labels in (
            ("Aroha", ["Yes", "If need be", "Yes", "No", "No"]),
            ("Kai", ["Yes"] * 5),
            ("Ngozi", ["No", "Yes", "Yes", "If need be", "No"]),
        )
        for labels in [[labels[place] for place in order_of(table, poll)]]
    ]
    assert planned.status_code == 302
    poll.refresh_from_db()
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, poll.meeting, poll.is_closed) == (third.starts_at, meeting, True)
    after = Client().get(link_to(people["Aroha"])).content.decode()
    assert "The group meets at:" in after
    assert f"{meeting.starts_at.astimezone(ZoneInfo('Pacific/Auckland')):%H:%M}" in after
    assert say_late(people["Aroha"], poll).status_code == 422
    assert Message.objects.filter(recipient=people["Aroha"].person).count() == 2
    assert set(TimeAnswer.objects.values_list("membership__enrollment__name", "entered_by")) == {
        ("Aroha", None),
        ("Kai", None),
        ("Ngozi", None),
    }
    verbs = Entry.objects.filter(verb__startswith="time_poll").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["time_poll.asked", *["time_poll.answered"] * 4, "time_poll.closed"]


def order_of(table: str, poll: TimePoll) -> list[int]:
    """The places of the table's columns in the order of time."""
    header = table.splitlines()[0].split(",")[1:]
    starts = [f"{time.starts_at.astimezone(poll.zone):%Y-%m-%d %H:%M}" for time in poll.times.all()]
    return [starts.index(each.removesuffix(f" {poll.time_zone}")) for each in header]


def say_late(membership, poll):
    sent = {f"time_{time.pk}": "no" for time in poll.times.all()}
    return Client().post(f"{link_to(membership)}answers/", sent)


def test_a_leader_enters_what_somebody_said_on_paper(community, people):
    leader = client_of(people["Kai"])
    poll = ask(leader, community)
    address = reverse("meetings:times_for_somebody", args=[poll.pk, people["Ngozi"].pk])

    missing = leader.post(address, {})
    leader.post(address, {f"time_{time.pk}": "if_need_be" for time in poll.times.all()})

    assert missing.status_code == 422
    rows = TimeAnswer.objects.values_list("membership", "answer", "entered_by")
    assert set(rows) == {(people["Ngozi"].pk, "if_need_be", people["Kai"].person_id)}
    own = Client().get(link_to(people["Ngozi"])).content.decode()
    assert own.count(" checked") == 4


def test_a_question_can_be_closed_without_a_meeting(community, people):
    leader = client_of(people["Kai"])
    poll = ask(leader, community)
    mails = Message.objects.count()

    leader.post(reverse("meetings:time_poll_closing", args=[poll.pk]))
    leader.post(reverse("meetings:time_poll_closing", args=[poll.pk]))

    page = Client().get(link_to(people["Aroha"])).content.decode()
    assert "closed without a meeting" in page
    assert say_late(people["Aroha"], poll).status_code == 422
    time = poll.times.all()[0]
    late = leader.post(
        reverse("meetings:plan_time", args=[time.pk]),
        {**search(), "day": search()["first"], "clock": "10:00", "mode": "online"},
    )
    assert (late.status_code, Meeting.objects.count()) == (422, 0)
    assert Message.objects.count() == mails + len(people)  # each hears of it once
    assert Entry.objects.filter(verb="time_poll.closed").count() == 1
    assert "Tides and reefs" not in leader.get(reverse("meetings:meetings", args=[community.pk])).text


def test_nobody_answers_after_the_last_day(community, people):
    poll = ask(client_of(people["Kai"]), community)
    TimePoll.objects.update(closes_on=date(2020, 1, 1))

    page = Client().get(link_to(people["Aroha"])).content.decode()

    assert "The time to answer is over" in page
    assert say_late(people["Aroha"], poll).status_code == 422


def test_members_find_their_own_page_among_the_meetings(community, people):
    leader = client_of(people["Kai"])
    poll = ask(leader, community)
    address = reverse("meetings:meetings", args=[community.pk])

    member, lead = client_of(people["Aroha"]).get(address).text, leader.get(address).text

    assert link_to(people["Aroha"]) in member
    assert poll.get_absolute_url() not in member
    assert poll.get_absolute_url() in lead


def test_who_joins_while_it_is_open_is_asked_too(community, people):
    ask(client_of(people["Kai"]), community)
    late = add_member(community, "Late")
    Membership.objects.filter(pk=late.pk).update(state=Membership.State.INVITED)
    late.refresh_from_db()

    communities.accept(late, by=late.person)

    assert Client().get(link_to(late)).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"times": []}, "Tick at least one time"),
        ({"times": ["tomorrow"]}, "Tick at least one time"),
        ({"times": ["2020-01-01T10:00:00+00:00"]}, "already passed"),
        ({"own_day": "2030-01-01"}, "needs both a date and a time"),
        ({"closes_on": "2020-01-01"}, "Let the last day to answer be today"),
        ({"closes_on": "2090-01-01"}, "Let the last day to answer be today"),
        ({"minutes": "1"}, "Give 10 or more."),
        ({"first": "2020-01-01"}, "Choose today or a later day."),
        ({"last": "2090-01-01"}, "at most 31 days"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(community, people, fields, words):
    leader = client_of(people["Kai"])
    address = reverse("meetings:find_time", args=[community.pk])
    ticked = Inputs(leader.get(address, search()).text).ticked

    answer = leader.post(address, {**search(), "times": ticked, "closes_on": closes_on(), **fields})

    assert answer.status_code == 422
    assert words in answer.text
    assert not TimePoll.objects.exists()


def test_a_clock_that_is_put_forward_is_no_time_of_ones_own(community, people):
    leader = client_of(people["Kai"])
    sunday = next(
        day
        for day in (date(timezone.localdate().year + 1, 3, 8) + timedelta(days=n) for n in range(7))
        if day.weekday() == 6
    )
    sent = {**search(time_zone="America/New_York"), "own_day": sunday.isoformat(), "own_clock": "02:30"}

    answer = leader.post(
        reverse("meetings:find_time", args=[community.pk]), {**sent, "closes_on": closes_on()}
    )

    assert answer.status_code == 422
    assert "Clocks are put forward" in answer.text


def test_nothing_is_proposed_where_nobody_has_joined():
    community = make_community(name="Empty")
    client = Client()
    client.force_login(make_staff(community.program))

    page = client.get(reverse("meetings:find_time", args=[community.pk]), search())

    assert (page.status_code, Inputs(page.text).times) == (200, [])
    assert "No time can be proposed" in page.text
