"""What somebody says of themself goes into their roster row, and stays there when a file is read again."""

import pytest

from coppice.history.models import Entry
from coppice.programs import actions
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa():
    from coppice.communities.tests.factories import enroll, make_program

    return enroll(make_program(), "Rosa", attributes={"van": 1, "languages": ["en", "es"]})


def test_what_is_said_is_kept_once_and_what_is_not_said_stays(rosa):
    for _twice in range(2):
        actions.say_of_oneself(rosa, by=rosa.person, time_zone="America/Denver", free_hours=["mon-09"])

    row = Enrollment.objects.get()
    assert (row.time_zone, row.attributes) == (
        "America/Denver",
        {"van": 1, "languages": ["en", "es"], "free_hours": ["mon-09"]},
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.detail) == ("enrollment.changed", {"changed": ["time_zone", "free_hours"]})


def test_an_empty_list_takes_away(rosa):
    actions.say_of_oneself(rosa, by=rosa.person, languages=[])

    assert Enrollment.objects.get().attributes == {"van": 1}
