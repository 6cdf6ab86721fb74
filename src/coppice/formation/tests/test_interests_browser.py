"""Before they choose: people say by their link what interests them, and look at who is there."""

import os
import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from coppice.communities.tests.factories import make_program
from coppice.formation import actions
from coppice.formation.models import Interest
from coppice.formation.tests.factories import choosers_of, make_marketplace, make_roster
from coppice.profiles.models import Audience
from coppice.profiles.tests.factories import need, offer
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


def looked_at(page: Page, name: str) -> None:
    """The page fits two widths and breaks no rule of access, in light and dark."""
    for width in (1360, 320):
        page.set_viewport_size({"width": width, "height": 860})
        assert_fits(page)
        assert_accessible(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => document.getAnimations().length === 0")
    assert_accessible(page)
    page.emulate_media(color_scheme="light")


def test_people_say_what_interests_them_see_who_is_there_and_choose(site, new_page) -> None:
    program = make_program(name="Healthy Start")
    make_roster(program, 6)
    program.enrollments.update(language="en")
    board = make_marketplace(program, maximum=9)
    for name in ("Young volunteers", "Rides to care", "Grant letters"):
        actions.put_up(board, name=name, why="", by=None)
    first, *others = choosers_of(board)
    for each in others:
        levels = {topic.pk: Interest.Level.MUCH for topic in board.topics.all()}
        actions.say_interests(each, levels=levels)
    actions.appear(others[0])
    offer(others[0].enrollment, "I read budgets", audience=Audience.PROGRAM)
    need(others[0].enrollment, "Drivers on Fridays", audience=Audience.PROGRAM)

    phone = new_page(f"/market/{first.token}/", width=360)
    looked_at(phone, "market-own")
    phone.get_by_role("link", name="Say what interests you").click()
    phone.get_by_role("group", name="Rides to care").get_by_label("Much").check()
    phone.get_by_role("group", name="Grant letters").get_by_label("Perhaps").check()
    phone.get_by_role("group", name="Young volunteers").get_by_label("No").check()
    looked_at(phone, "interests")
    phone.get_by_role("button", name="Keep it").click()
    expect(phone.get_by_text("What interests you comes first, as you said.")).to_be_visible()
    assert phone.locator(".topics h2").all_inner_texts() == [
        "Rides to care",
        "Grant letters",
        "Young volunteers",
    ]
    expect(phone.get_by_text("Interests you much")).to_be_visible()

    phone.get_by_role("link", name="Who is here").click()
    expect(phone.get_by_role("heading", name=others[0].enrollment.name)).to_be_visible()
    expect(phone.get_by_text("I read budgets")).to_be_visible()
    expect(phone.get_by_text("Drivers on Fridays")).to_be_visible()
    phone.get_by_role("button", name="Show my card").click()
    expect(phone.get_by_text("Your card is on this board.")).to_be_visible()
    looked_at(phone, "people")
    phone.get_by_label("Who has much interest in").select_option("Young volunteers")
    phone.get_by_role("button", name="Show them").click()
    expect(phone.get_by_role("heading", name=first.enrollment.name)).to_have_count(0)
    phone.get_by_role("link", name="Back to the board").click()

    phone.get_by_role("link", name="I can't decide. Suggest one").click()
    expect(phone.get_by_text("You said that it interests you much.")).to_be_visible()
    expect(phone.get_by_role("heading", name="Young volunteers")).to_have_count(0)
    phone.get_by_role("button", name=re.compile("Join.*Rides to care")).click()
    expect(phone.get_by_text("You are in Rides to care.")).to_be_visible()

    client = Client()
    client.force_login(board.opened_by)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    signed_in = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
    manager = new_page(board.get_absolute_url(), storage_state=signed_in)
    manager.get_by_role("link", name="what interests people").click()
    row = manager.get_by_role("row").filter(has_text="Rides to care")
    expect(row.get_by_role("cell").first).to_have_text("6")
    looked_at(manager, "interest-counts")
