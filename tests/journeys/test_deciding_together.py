"""Three members consent on phones and without scripts; then one puts options in order by keyboard."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from coppice.communities.models import Membership
from coppice.conversations import tasks
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.tests.factories import begin, make_circle, open_decision
from coppice.notifications.models import Message
from tests.browser import assert_accessible, assert_fits
from tests.everyone.looking import window

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 800}


@pytest.fixture
def windows(browser: Browser, site: str) -> Iterator[Any]:
    """Return a function that opens a phone's page for a member, without scripts unless said."""
    with ExitStack() as stack:

        def open_page(membership: Membership, path: str, *, scripts: bool = False) -> Page:
            opened = window(browser, site, membership.person, java_script_enabled=scripts)
            page = stack.enter_context(opened).page
            page.set_viewport_size(PHONE)
            page.goto(path)
            return page

        yield open_page


def test_three_members_consent_once_an_objection_is_worked_through(windows):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    thread = begin(ana, "The on-call phone")

    leader = windows(ana, thread.get_absolute_url())
    leader.get_by_role("link", name="Decide something here").click()
    leader.get_by_role("link", name="Consent").click()
    leader.get_by_label("What do you propose?").fill("We close at noon")
    assert_fits(leader)
    leader.get_by_role("button", name="Ask everybody").click()
    decision = Decision.objects.get()
    tasks.see_to_decision.func(decision.pk)
    assert Message.objects.filter(occasion=f"decision-asked:{decision.pk}").count() == 3
    for member, stance, words in ((ben, "I agree", ""), (cora, "I object, and say why", "I work till one")):
        page = windows(member, thread.get_absolute_url())
        page.get_by_role("link", name="Say what you think").click()
        page.get_by_label(stance, exact=True).check()
        page.get_by_label("Your note, or your reason").fill(words)
        page.get_by_role("button", name="Send my answer").click()
        expect(page.locator("body")).to_contain_text("Your answer counts.")
        assert_fits(page)
    leader.goto(decision.get_absolute_url())
    leader.get_by_role("link", name=re.compile("^Answer it")).click()
    leader.get_by_label("What changes, or why not").fill("At one, then")
    leader.get_by_role("button", name="Send the answer").click()
    expect(leader.locator("body")).to_contain_text("Whoever objected is asked whether it is resolved.")
    page.goto(decision.get_absolute_url())
    page.get_by_role("button", name="My objection is resolved").click()
    expect(page.locator("main")).to_contain_text("0 objections stand")
    leader.goto(decision.get_absolute_url())
    leader.get_by_label("I agree", exact=True).check()
    leader.get_by_role("button", name="Send my answer").click()
    expect(leader.locator("body")).to_contain_text("Your answer counts.")
    leader.get_by_role("link", name="Close it with the outcome").click()
    leader.get_by_label("What was decided?").fill("We close at one.")
    leader.get_by_role("button", name="Save and tell everybody").click()

    expect(leader).to_have_url(re.compile(f"{thread.get_absolute_url()}$"))
    expect(leader.locator("main")).to_contain_text("We close at one.")
    assert_fits(leader)
    assert [each.stands for each in Ballot.objects.all()] == [False, False, False]


def test_options_are_put_in_order_by_keyboard(windows):
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), kind="ranking", options=["Bus", "Van", "Bike"])
    page = windows(ana, decision.get_absolute_url(), scripts=True)

    page.get_by_role("button", name="Move up: Bike").focus()
    for _time in range(2):
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Bike")).to_have_text("Bike is at place 1")
    assert_accessible(page)
    page.get_by_role("button", name="Send my answer").press("Enter")

    expect(page.locator("main")).to_contain_text("1. Bike, 2. Bus, 3. Van")
    assert_accessible(page)
    assert_fits(page)
