"""The pages of the starter pack: what staff type, what they see before and after, how far the job is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests import factories
from coppice.meetings.actions import starter
from coppice.meetings.models import GivenPack, StarterPack
from coppice.meetings.tests.factories import make_meeting
from coppice.meetings.tests.test_starter import make_pack
from tests.house.forms import forms_of


@pytest.fixture
def program(db):
    return factories.make_program()


@pytest.fixture
def staff(client, program):
    client.force_login(factories.make_staff(program))
    return client


def typed(**fields):
    first = timezone.localdate() + timedelta(days=14)
    return {
        "title": "Monthly meeting",
        "rhythm": "monthly",
        "every": 1,
        "weekday": 2,
        "position": 2,
        "first_from": first.isoformat(),
        "clock": "15:00",
        "minutes": 60,
        "time_zone": "",
        "spread": "none",
        "mode": "online",
        "for_new": "on",
        "circle_weekday": 3,
        "circle_position": 1,
        **fields,
    }


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_pack_is_set_up_and_changed(staff, program):
    address = f"/programs/{program.pk}/starter-pack/"

    first = staff.post(address, typed(agenda="check_in"))
    changed = staff.post(address, typed(title="Second Wednesday", circle_name="Circle", circle_clock="12:00"))

    assert [each["Location"] for each in (first, changed)] == [f"{address}communities/"] * 2
    pack = StarterPack.objects.get()
    assert (pack.title, pack.agenda) == ("Second Wednesday", "")
    assert (pack.circle_name, pack.for_new) == ("Circle", True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"spread": "day"}, "Choose one time zone, so that they meet one after another."),
        (
            {"spread": "clock", "time_zone": "UTC", "clock": "22:00"},
            "Four meetings one after another do not end by midnight: begin earlier.",
        ),
        ({"circle_name": "Circle"}, "Say at what time the leaders meet."),
        ({"clock": ""}, "Fill this in"),
        ({"every": 0}, "Give 1 or more."),
    ],
)
def test_what_cannot_be_is_said(staff, program, fields, said):
    page = staff.post(f"/programs/{program.pk}/starter-pack/", typed(**fields))

    assert (page.status_code, StarterPack.objects.count()) == (422, 0)
    assert said in text_of(page)


def test_without_a_pack_the_other_pages_lead_to_its_form(staff, program):
    address = f"/programs/{program.pk}/starter-pack/"

    pages = [staff.get(f"{address}{page}") for page in ("communities/", "progress/")]

    assert [page["Location"] for page in pages] == [address] * 2


def test_those_without_meetings_are_ticked_and_given_by_one_press(staff, program):
    busy, free = (factories.make_community(program, name=name) for name in ("Busy", "Free"))
    make_meeting(busy)
    today = timezone.localdate()
    factories.make_community(program, name="Short", starts_on=today, ends_on=today + timedelta(days=2))
    factories.add_member(free, "Ana", role=Membership.Role.LEADER)
    pack = make_pack(program, circle_name="Circle", circle_clock="12:00")
    address = f"/programs/{program.pk}/starter-pack/communities/"

    page = staff.get(address)
    [form] = [each for each in forms_of(page.text) if each.method == "post" and "to" in dict(each.sent)]
    staff.post(address, {"to": [value for name, value in form.sent if name == "to"]})
    waiting = staff.get(address)
    progress = staff.get(f"/programs/{program.pk}/starter-pack/progress/")
    starter.give_all(pack.pk)
    after = staff.get(address)

    assert [value for name, value in form.sent if name == "to"] == [str(free.pk)]
    for said in ("It has 1 meeting planned already.", "No date comes of it", "1 person who leads now"):
        assert said in text_of(page)
    assert "Who has meetings planned is not ticked" in text_of(page)
    assert waiting.context["job"].state == progress.context["job"].state == "waiting"
    assert "Found the group of those who lead" not in text_of(waiting)
    assert list(GivenPack.objects.values_list("community__name", flat=True)) == ["Free"]
    assert after.context["job"] is None
    assert [line.community.name for line in after.context["given"]] == ["Free"]
    assert "joins when they begin to lead" in text_of(after)


def test_what_was_not_planned_says_why(staff, program):
    today = timezone.localdate()
    short = factories.make_community(program, starts_on=today, ends_on=today + timedelta(days=2))
    pack = make_pack(program)
    starter.ask_to_give(pack, to=[short.pk], by=None)
    starter.give_all(pack.pk)

    page = staff.get(f"/programs/{program.pk}/starter-pack/communities/")

    assert "It was not planned:" in text_of(page)
    assert page.context["given"][0].sentences != [""]


def test_progress_tells_how_far_it_is_and_what_came_of_it(staff, program):
    pack = make_pack(program)
    community = factories.make_community(program)
    starter.ask_to_give(pack, to=[community.pk], by=None)
    starter.progress.report(starter.progress_key(pack.pk), done=0, total=1, doing="giving")
    address = f"/programs/{program.pk}/starter-pack/progress/"

    running = staff.get(address).context["job"]
    starter.give_all(pack.pk)
    done = staff.get(address).context["job"]

    assert (running.state, running.done, running.total) == ("running", 0, 1)
    assert (done.state, done.next_url) == ("done", f"/programs/{program.pk}/starter-pack/communities/")
