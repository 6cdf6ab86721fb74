"""House law: a form sent twice does its thing once; a form refused can be mended and sent again."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.history.models import Entry, Receipt
from coppice.programs.models import Program
from coppice.stewardship.models import LeaderCheckIn


@pytest.fixture
def staff(cast, client):
    client.force_login(cast.people["provider_staff"])
    return client


@pytest.fixture
def check_in(cast):
    """The address of a new check-in, and a form that holds."""
    address = reverse("stewardship:check_in", args=[cast.ours.community.pk])
    form = {"spoken_on": timezone.localdate().isoformat(), "mood": "steady", "blockers": "Time"}
    return address, {**form, "once": uuid.uuid4().hex}


@pytest.fixture
def program():
    """A new program's form that holds."""
    today = timezone.localdate()
    return {
        "name": "Rural transport",
        "award_starts": today.isoformat(),
        "award_ends": (today + timedelta(days=365)).isoformat(),
        "community_word": "circle",
        "language": "en",
        "time_zone": "UTC",
        "call_after_days": "30",
        "topics": "Buses\nVolunteers",
        "once": uuid.uuid4().hex,
    }


def steady_check_ins(cast) -> int:
    return LeaderCheckIn.objects.filter(community=cast.ours.community, mood="steady").count()


def test_a_check_in_sent_twice_is_logged_once(cast, staff, check_in):
    address, form = check_in

    first, second = staff.post(address, form), staff.post(address, form)

    assert (first.status_code, first.headers["Location"]) == (302, cast.ours.program.get_absolute_url())
    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert steady_check_ins(cast) == 1
    assert Receipt.objects.count() == 1


def test_two_check_ins_with_keys_of_their_own_are_two(cast, staff, check_in):
    address, form = check_in

    staff.post(address, form)
    staff.post(address, {**form, "once": uuid.uuid4().hex})

    assert steady_check_ins(cast) == 2


def test_a_program_sent_twice_is_created_once(cast, staff, program):
    address = reverse("programs:create")
    form = {**program, "provider": cast.ours.provider.pk}

    first, second = staff.post(address, form), staff.post(address, form)

    [made] = Program.objects.filter(name="Rural transport")
    assert first.status_code == second.status_code == 302
    assert second.headers["Location"] == first.headers["Location"]
    assert [topic.name for topic in made.topics.all()] == ["Buses", "Volunteers"]
    assert Entry.objects.of(made.scope).filter(verb="program.created").count() == 1


def test_a_refused_check_in_can_be_mended_and_sent_with_the_same_key(cast, staff, check_in):
    address, form = check_in

    refused = staff.post(address, {**form, "mood": ""})
    assert (refused.status_code, steady_check_ins(cast), Receipt.objects.count()) == (422, 0, 0)

    mended = staff.post(address, form)
    assert (mended.status_code, steady_check_ins(cast), Receipt.objects.count()) == (302, 1, 1)


def test_a_key_is_worth_nothing_to_somebody_else(cast, staff, check_in):
    address, form = check_in
    staff.post(address, form)

    staff.force_login(cast.people["other_admin"])

    assert staff.post(address, form).status_code == 404
    assert steady_check_ins(cast) == 1
