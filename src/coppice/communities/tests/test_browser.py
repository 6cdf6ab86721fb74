"""The list of those without email in a browser: a link is copied by a button, or selected without scripts."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def listed(site, new_page):
    """A function that opens the list of a program with two people as its manager."""
    program = make_program(name="Healthy Start")
    community = make_community(program, name="Rural transport")
    for name in ("Tom Whitehorse", "Una Diaz"):
        enrollment = enroll(program, name, email="", phone="+1 555 010 0100", contact_mode="phone")
        add_member(community, enrollment=enrollment, state=Membership.State.INVITED)
    client = Client()
    client.force_login(make_staff(program))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
    path = reverse("communities:without_mail", args=[program.pk])
    return lambda **options: new_page(path, storage_state=state, **options)


def test_a_button_copies_the_link_and_says_so(listed):
    page = listed(permissions=["clipboard-read", "clipboard-write"])
    link = page.get_by_label("Link of Una Diaz").input_value()

    page.get_by_role("button", name="Copy · Tom Whitehorse").click()
    page.get_by_text("Copied").wait_for()
    page.get_by_role("button", name="Copy · Una Diaz").click()
    page.wait_for_function("link => navigator.clipboard.readText().then((text) => text === link)", arg=link)

    expect(page.get_by_text("Copied")).to_have_count(1)
    assert_accessible(page)


def test_without_scripts_the_link_is_a_field_to_select(listed):
    page = listed(javascript=False, width=360)

    assert page.get_by_label("Link of Tom Whitehorse").input_value().startswith("http")
    assert page.get_by_role("button", name="Copy").count() == 0
    assert_fits(page)


def test_a_browser_that_refuses_leaves_the_link_selected(listed):
    page = listed()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")

    page.get_by_role("button", name="Copy · Tom Whitehorse").click()

    link = page.get_by_label("Link of Tom").input_value()
    page.wait_for_function("link => getSelection().toString() === link", arg=link)
