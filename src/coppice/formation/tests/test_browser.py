"""The studio in a browser: a mouse carries people, a keyboard moves them, and a phone shows it all."""

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def proposal(site):
    program = make_program(name="Healthy Start")
    make_roster(program, 16)
    rules = [Rule(Kind.BALANCED, "kind"), Rule(Kind.ALIKE, "area")]
    return make_proposal(program, minimum=4, maximum=12, rules=rules)


@pytest.fixture
def studio(proposal, site, new_page):
    """A function that opens the proposal as its manager."""
    client = Client()
    client.force_login(make_staff(proposal.program))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
    state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
    del state["cookies"][0]["url"]
    return lambda **options: new_page(proposal.get_absolute_url(), storage_state=state, **options)


def test_a_person_is_carried_to_another_column_and_back_by_undo(proposal, studio):
    page = studio()
    source, target = columns_of(proposal)[:2]
    sizes = [len(people_in(source)), len(people_in(target))]
    person = page.locator(f"[data-community='{source.pk}'] .column-person").first
    to = page.locator(f"[data-community='{target.pk}']")

    person.hover()
    page.mouse.down()
    to.hover(force=True)
    to.hover(force=True, position={"x": 20, "y": 30})
    page.mouse.up()
    page.get_by_role("button", name="Undo").wait_for()
    carried = [len(people_in(source)), len(people_in(target))]
    assert_accessible(page)
    page.get_by_role("button", name="Undo").click()
    page.get_by_text(f"is in {source.name} now.").wait_for()

    assert carried == [sizes[0] - 1, sizes[1] + 1]
    assert [len(people_in(source)), len(people_in(target))] == sizes


def test_without_javascript_a_person_is_moved_by_the_form(proposal, studio):
    page = studio(javascript=False, width=360)
    source, target = columns_of(proposal)[:2]
    size = len(people_in(target))
    assert_fits(page)

    page.locator(f"[data-community='{source.pk}'] .column-person").first.click()
    page.get_by_label("Move to…").select_option(str(target.pk))
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_text(f"is in {target.name} now.").wait_for()

    assert len(people_in(target)) == size + 1


@pytest.mark.parametrize("name", ["formations", "settings", "publication"])
def test_the_other_pages_are_accessible(proposal, studio, name):
    page = studio(width=360)
    subject = proposal.program_id if name == "formations" else proposal.pk

    page.goto(reverse(f"formation:{name}", args=[subject]))

    assert_accessible(page)
    assert_fits(page)
