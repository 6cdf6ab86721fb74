"""Rules set in a browser: a row asks only for what its kind needs, and each change is looked at."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation.tests.factories import make_roster
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def page_of_rules(site, new_page):
    """A function that opens the form of a new proposal as the program's manager."""
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    for number, person in enumerate(program.enrollments.order_by("pk")):
        person.attributes |= {"wishes": ["Grants", "Vans"][: 1 + number % 2]}
        person.attributes |= {f"A long question, number {each}, of a form": "x" for each in range(50)}
        person.save()
    client = Client()
    client.force_login(make_staff(program))
    session = client.cookies["sessionid"].value
    cookie = {"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}
    state = {"cookies": [cookie], "origins": []}
    address = reverse("formation:formations", args=[program.pk])
    return lambda **options: new_page(address, storage_state=state, **options)


def test_a_row_asks_for_what_its_kind_needs_and_each_change_is_looked_at(page_of_rules):
    page = page_of_rules()
    trial = page.locator("#trial")
    expect(trial).to_contain_text("A good mix by type of organization in each")
    page.get_by_label("No, they are not about topics").check()

    page.locator("#id_kind_0").select_option("at_most")
    page.locator("#id_field_0").select_option("organization")
    page.locator("#id_amount_0").fill("1")
    page.locator("#id_amount_0").blur()

    expect(page.locator("#id_value_0")).to_be_visible()
    expect(page.locator("#id_people_0")).to_be_hidden()
    expect(trial).to_contain_text("At most 1 with the same answer: organization")
    expect(trial).to_contain_text("These rules cannot all hold")

    page.locator("#id_amount_0").fill("2")
    page.locator("#id_amount_0").blur()

    expect(trial).to_contain_text("We found no clash so far")


def test_topics_are_offered_where_people_wished_for_some(page_of_rules):
    page = page_of_rules()

    expect(page.get_by_label("Yes, about the topics that I offer")).to_be_checked()
    expect(page.locator("#trial")).to_contain_text("Topics that people wished for")
    page.get_by_text("The 2 topics", exact=True).click()
    expect(page.get_by_label("Grants")).to_be_checked()
    page.get_by_label("No, they are not about topics").check()

    expect(page.get_by_label("Grants")).to_be_hidden()
    expect(page.locator("#trial")).not_to_contain_text("Topics that people wished for")


def test_how_many_is_filled_in_as_is_usual_until_somebody_types(page_of_rules):
    page = page_of_rules()
    kind, amount = page.locator("#id_kind_0"), page.locator("#id_amount_0")
    expect(page.locator("#trial ul")).to_be_visible()  # the first check is over

    kind.select_option("at_most")
    usual = amount.input_value()
    kind.select_option("size")
    other = amount.input_value()
    amount.fill("11")
    kind.select_option("at_most")

    assert (usual, other, amount.input_value()) == ("2", "8", "11")
    expect(page.locator("#trial")).to_contain_text("Some answers need another look")


@pytest.mark.parametrize("options", [{}, {"width": 320, "scheme": "dark"}])
def test_everything_unfolded_fits_and_is_accessible(page_of_rules, options):
    page = page_of_rules(**options)
    expect(page.locator("#trial ul")).to_be_visible()

    for summary in page.locator("form.form summary").all():
        if summary.is_visible():
            summary.click()

    assert_fits(page)
    assert_accessible(page)
