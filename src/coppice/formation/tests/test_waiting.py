"""The program board says what waits of a published formation, with a way there; nothing else is said."""

import pytest

from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import ask, founded, make_published, make_roster, members
from coppice.formation.waiting import Waiting, waiting_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def formation():
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    return make_published(program, rules=[Rule(Kind.BALANCED, "area")])


def test_wishes_and_late_people_are_on_the_board_as_long_as_they_wait(formation, client):
    program = formation.program
    client.force_login(make_staff(program))
    before = client.get(f"/programs/{program.pk}/").content.decode()
    first, second, *_more = founded(formation)
    wish = ask(members(first)[1], second)
    enroll(program, "Late Lou")
    enroll(program, "Late Lee")

    page = client.get(f"/programs/{program.pk}/").content.decode()

    assert waiting_of(program) == [Waiting(formation.pk, formation.name, wishes=1, late=2)]
    assert ("asks to change" in before, "have no place yet" in before) == (False, False)
    assert f'<a href="/formations/{formation.pk}/swaps/">1 person asks to change</a>' in page
    assert f'<a href="/formations/{formation.pk}/late/">2 people on the roster have no place yet</a>' in page
    wish.state = type(wish).State.TAKEN_BACK
    wish.save()
    assert [each.wishes for each in waiting_of(program)] == [0]


def test_another_program_and_a_draft_tell_nothing(formation):
    other = make_program(name="Young Readers")
    enroll(other, "Late Lou")

    assert waiting_of(other) == []
    assert waiting_of(formation.program) == []
