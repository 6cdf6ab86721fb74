"""Pages that say what went wrong or would be broken, in a browser: readable, usable, at both widths."""

import os

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import tasks
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import make_proposal, make_roster, start_formation
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SHOTS", "")
APART = [Rule(Kind.APART, "organization"), Rule(Kind.ALIKE, "area")]


@pytest.fixture
def program(site):
    program = make_program()
    make_roster(program, 24, organizations=12)
    return program


@pytest.fixture
def as_staff(program, site, new_page):
    """A function that opens a page as the program's manager."""
    client = Client()
    client.force_login(make_staff(program))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
    return lambda path, **options: new_page(path, storage_state=state, **options)


def looked_at(page, name):
    assert_accessible(page)
    assert_fits(page)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def clash(formation):
    """The places of two people of one organization, who are apart."""
    places = list(formation.places.order_by("pk"))
    house = {place.pk: place.enrollment.organizations.get().pk for place in places}
    pairs = ((one, two) for one in places for two in places if one.pk < two.pk)
    return next((one, two) for one, two in pairs if house[one.pk] == house[two.pk])


@pytest.mark.parametrize("width", [360, 1360])
def test_what_broke_off_is_tried_again(program, as_staff, monkeypatch, width):
    def broken(*_given, **_more):
        raise OverflowError

    formation = start_formation(program)
    monkeypatch.setattr(tasks, "work_out", broken)
    tasks.propose.call(formation_id=formation.pk)
    page = as_staff(formation.get_absolute_url(), width=width)

    looked_at(page, f"failed-{width}")
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Looking for a place for everybody").wait_for()
    formation.refresh_from_db()
    assert formation.state == Formation.State.PROPOSING


@pytest.mark.parametrize("width", [360, 1360])
def test_a_broken_rule_wants_a_tick_in_the_panel_and_before_publication(program, as_staff, width):
    formation = make_proposal(program, rules=APART, minimum=6, maximum=10)
    place, colleague = clash(formation)
    page = as_staff(reverse("formation:place", args=[place.pk]), width=width)
    choice = page.locator(f"#choice-move-{colleague.proposed_community_id}")

    looked_at(page, f"panel-{width}")
    choice.click()
    page.get_by_text("Tick “Do it anyway” if you mean it.").wait_for()
    looked_at(page, f"refused-{width}")
    page.locator("li", has=choice).get_by_label("Do it anyway").check()
    choice.click()
    page.get_by_text(f"is in {colleague.proposed_community.name} now.").wait_for()
    place.refresh_from_db()
    assert place.proposed_community_id == colleague.proposed_community_id

    page.goto(reverse("formation:publication", args=[formation.pk]))
    looked_at(page, f"publication-{width}")
    assert page.get_by_label("Publish although one rule that must hold is broken").count() == 1
