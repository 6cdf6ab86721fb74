"""Who may move, chosen in a browser: it goes with the button, also on a phone."""

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import tasks
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import make_proposal, make_roster
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def proposal(site):
    program = make_program(name="Healthy Start")
    make_roster(program, 16)
    proposal = make_proposal(program, minimum=4, maximum=12, rules=[Rule(Kind.BALANCED, "kind")])
    Formation.objects.update(rules=[Rule(Kind.ALIKE, "area").as_json()])
    return proposal


@pytest.mark.parametrize("width", [1360, 360])
def test_at_most_so_many_are_chosen_and_told(proposal, site, new_page, width):
    client = Client()
    client.force_login(make_staff(proposal.program))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "127.0.0.1"}
    state = {"cookies": [{**cookie, "path": "/"}], "origins": []}
    page = new_page(proposal.get_absolute_url(), storage_state=state, width=width)

    page.get_by_text("Before it is worked out again").click()
    page.get_by_label("Who may move?").select_option("few")
    page.get_by_label("How many people, at most").fill("3")
    page.get_by_role("button", name="Work it out again").click()
    page.get_by_text("Looking for a place for everybody").wait_for()
    page.goto("about:blank")  # whose page asks how far it is shares the database of a test
    tasks.propose.call(formation_id=proposal.pk)
    page.goto(site + proposal.get_absolute_url())

    page.get_by_text("at most 3 were to").wait_for()
    assert page.get_by_label("Who may move?").input_value() == "few"
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="What changed").click()
    page.wait_for_url(f"**{reverse('formation:comparison', args=[proposal.pk])}?first=1&second=2")
