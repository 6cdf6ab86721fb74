"""What is published is what somebody looked at, with the rules that it breaks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions, tasks
from coppice.formation.errors import OtherSince, StillBroken
from coppice.formation.frames import Frame
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in
from coppice.history.models import Entry

pytestmark = pytest.mark.django_db

State = Formation.State
TODAY = timezone.localdate()
TYPED = {
    "starts_on": TODAY.isoformat(),
    "ends_on": (TODAY + timedelta(days=90)).isoformat(),
    "asked": "A meeting a month",
}
FRAME = Frame(starts_on=TODAY, ends_on=TODAY + timedelta(days=90))


@pytest.fixture
def program():
    program = make_program()
    make_roster(program, 24, organizations=12)
    return program


@pytest.fixture
def staff(program, client):
    person = make_staff(program)
    client.force_login(person)
    return person


def address_of(formation) -> str:
    return reverse("formation:publication", args=[formation.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def seen_in(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def break_a_rule(formation) -> list[str]:
    """Bring two people of one organization together; returns their names."""
    house = lambda place: place.enrollment.organizations.get().pk  # noqa: E731
    first, second = columns_of(formation)[:2]
    houses = {house(place): place for place in people_in(first)}
    twin = next(place for place in people_in(second) if house(place) in houses)
    stays = houses[house(twin)]
    partner = next(place for place in people_in(first) if place.pk != stays.pk)
    actions.swap(twin, partner=partner, by=None, despite_rules=True)
    return [stays.enrollment.name, twin.enrollment.name]


def worked_out_again(formation):
    actions.propose_again(formation, by=None)
    tasks.propose.call(formation_id=formation.pk)


def moved(formation):
    place = formation.places.first()
    partner = formation.places.exclude(proposed_community=place.proposed_community).first()
    actions.swap(place, partner=partner, by=None)


def renamed(formation):
    actions.rename(columns_of(formation)[0], name="Night shifts", topic=None, by=None)


def led(formation):
    actions.give_lead(formation.places.first(), by=None)


@pytest.mark.parametrize("change", [worked_out_again, moved, renamed, led])
def test_a_stale_page_publishes_nothing_and_keeps_what_was_typed(program, staff, client, change):
    formation = make_proposal(program)
    seen = seen_in(text_of(client.get(address_of(formation))))
    change(formation)

    refused = client.post(address_of(formation), {**TYPED, "seen": seen})

    page = text_of(refused)
    formation.refresh_from_db()
    assert (refused.status_code, formation.state) == (422, State.PROPOSED)
    assert "Nobody is invited yet: the proposal has changed since you opened this page" in page
    assert "A meeting a month" in page
    accepted = client.post(address_of(formation), {**TYPED, "seen": seen_in(page)})
    formation.refresh_from_db()
    assert (accepted.status_code, formation.state) == (302, State.PUBLISHING)


def test_a_page_from_before_there_were_marks_publishes_nothing(program, staff, client):
    formation = make_proposal(program)

    assert client.post(address_of(formation), TYPED).status_code == 422
    with pytest.raises(OtherSince):
        actions.ask_to_publish(formation, frame=FRAME, by=None, seen="")


def test_broken_rules_are_named_and_published_only_on_purpose(
    program, staff, client, django_assert_max_num_queries
):
    formation = make_proposal(program, rules=[Rule(Kind.APART, "organization")])
    assert "Publish although" not in text_of(client.get(address_of(formation)))
    names = break_a_rule(formation)

    with django_assert_max_num_queries(12):
        page = text_of(client.get(address_of(formation)))
    typed = {**TYPED, "seen": seen_in(page)}
    looked_at = client.post(reverse("formation:frame", args=[formation.pk]), typed)
    refused = client.post(address_of(formation), typed)

    told = page.split("must hold is broken:")[1].split("</ul>")[0]
    assert all(name in told for name in names)
    assert "Publish although one rule that must hold is broken" in page
    assert (looked_at.status_code, refused.status_code) == (302, 422)
    assert "Tick this if you mean it." in text_of(refused)
    with pytest.raises(StillBroken):
        actions.ask_to_publish(formation, frame=FRAME, by=None)
    accepted = client.post(address_of(formation), {**typed, "despite_rules": "on"})
    assert (accepted.status_code, Formation.objects.get(pk=formation.pk).state) == (302, State.PUBLISHING)
    assert Entry.objects.get(verb="formation.publication_asked").detail == {"broken_rules": 1}


def test_a_rule_about_nobody_in_particular_is_told_too(program, staff, client):
    formation = make_proposal(program, rules=[Rule(Kind.AT_LEAST, "area", value="North", amount=2)])
    first = columns_of(formation)[0]
    pool = [place for place in formation.places.all() if place.proposed_community_id != first.pk]
    is_north = lambda place: place.enrollment.organizations.get().area == "North"  # noqa: E731
    for place in [place for place in people_in(first) if is_north(place)]:
        partner = next(each for each in pool if not is_north(each))
        pool.remove(partner)
        actions.swap(place, partner=partner, by=None, despite_rules=True)

    page = text_of(client.get(address_of(formation)))

    assert f"{first.name} has too few people with “North”." in page
