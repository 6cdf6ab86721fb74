"""Whoever is kept where they are is moved by hand only where that is said, and is kept at the new place."""

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions
from coppice.formation.errors import StaysHere
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def program():
    program = make_program()
    make_roster(program, 24)
    return program


@pytest.fixture
def formation(program):
    return make_proposal(program, rules=[Rule(Kind.ALIKE, "area")], minimum=6, maximum=10)


@pytest.fixture
def staff(program, client):
    person = make_staff(program)
    client.force_login(person)
    return person


@pytest.fixture
def kept(formation, staff):
    """Somebody who is locked in the first community."""
    return actions.lock(people_in(columns_of(formation)[0])[0], by=staff)


def at(name: str, *args: object) -> str:
    return reverse(f"formation:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_carrying_somebody_who_is_kept_moves_nobody_and_says_what_to_do(formation, kept, client):
    here, there = columns_of(formation)[:2]

    answer = text_of(client.post(at("move", kept.pk), {"to": there.pk}, headers=HTMX))

    kept.refresh_from_db()
    assert kept.proposed_community == here
    assert f"{kept.enrollment.name} is kept here, so nothing was moved." in answer
    assert f"{kept.enrollment.name} is kept here. If you move them from this panel" in answer


def test_from_the_panel_they_are_moved_and_kept_at_the_new_place_and_undo_brings_them_back(
    formation, kept, client
):
    here, there = columns_of(formation)[:2]
    panel = client.get(at("place", kept.pk)).text

    answer = client.post(at("move", kept.pk), {"to": there.pk, "despite_lock": "1"}, follow=True)
    kept.refresh_from_db()
    moved = kept.proposed_community, kept.is_locked
    undo = f"{at('move', kept.pk)}?to={here.pk}&amp;despite_rules=1&amp;despite_lock=1"
    client.post(undo.replace("&amp;", "&"))
    kept.refresh_from_db()

    assert 'name="despite_lock"' in panel
    assert moved == (there, True)
    assert f"{kept.enrollment.name} is kept there now." in text_of(answer)
    assert undo in answer.text
    assert (kept.proposed_community, kept.is_locked) == (here, True)


def test_who_is_not_kept_moves_without_more(formation, staff, client):
    place, there = people_in(columns_of(formation)[0])[0], columns_of(formation)[1]

    panel = client.get(at("place", place.pk)).text
    answer = client.post(at("move", place.pk), {"to": there.pk}, follow=True)

    place.refresh_from_db()
    assert "despite_lock" not in panel
    assert place.proposed_community == there
    assert "is kept there" not in text_of(answer)


def test_changing_places_with_somebody_who_is_kept_is_said_where_it_is_offered(formation, kept, client):
    there = columns_of(formation)[1]
    place = people_in(there)[0]

    offered = text_of(client.get(at("place", place.pk), {"onto": kept.pk}))
    refused = text_of(client.post(at("swap", place.pk), {"with": kept.pk}, follow=True))
    done = text_of(client.post(at("swap", place.pk), {"with": kept.pk, "despite_lock": "1"}, follow=True))

    kept.refresh_from_db()
    assert f"{kept.enrollment.name} is kept in" in offered
    assert f"{kept.enrollment.name} is kept here, so nothing was moved." in refused
    assert (kept.proposed_community, kept.is_locked) == (there, True)
    assert f"{kept.enrollment.name} is kept there now." in done


def test_who_is_kept_is_not_proposed_to_change_places_with(formation, staff, client):
    place = people_in(columns_of(formation)[0])[0]
    before = client.get(at("place", place.pk)).context["swaps"]

    actions.lock(before[0].partner, by=staff)

    after = client.get(at("place", place.pk)).context["swaps"]
    assert before[0].partner.pk not in {each.partner.pk for each in after}


def test_two_who_are_kept_are_both_named(formation, staff):
    one, other = (people_in(column)[0] for column in columns_of(formation)[:2])
    for each in (one, other):
        actions.lock(each, by=staff)

    with pytest.raises(StaysHere) as refused:
        actions.swap(one, partner=other, by=staff)

    names = f"{one.enrollment.name} and {other.enrollment.name}"
    assert str(refused.value.sentence).startswith(f"{names} are kept where they are")
