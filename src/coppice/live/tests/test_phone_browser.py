"""A phone in a browser: a new step begins at its title, and what is said covers nothing for long."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect

from coppice.communities.tests.factories import make_program
from coppice.live import links
from coppice.live.actions import moves
from coppice.live.tests.factories import make_participant, make_room, opened, plan

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")
SOON = 45_000  # milliseconds: without the hub a browser asks again by itself


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS, f"{name}.png"))


def test_a_new_step_begins_at_its_title_and_says_nothing_of_the_one_before(site, new_page):
    room = make_room(make_program(), steps=[plan("ranking", "Put these in order"), plan("words", "And now?")])
    opened(room)
    page = new_page(links.phone_path(make_participant(room)), width=360, height=480, troubles=False)
    refused = page.locator("form [data-refused]")
    for _time in range(3):  # the server of a test may be busy with its one database: then the phone says so
        page.get_by_role("button", name="Send my answer").click()
        with suppress(AssertionError):
            expect(refused).to_be_visible(timeout=SOON / 3)
            break
    expect(refused).to_have_text("Give each answer a place of its own, then send it again.")
    shot(page, "refused-360")
    page.mouse.wheel(0, 2000)

    opened(room, 1)

    expect(page.get_by_role("heading", name="And now?")).to_be_focused(timeout=SOON)
    assert page.evaluate("scrollY") == 0
    expect(page.locator("[data-said]")).not_to_contain_text("a place of its own")
    page.get_by_label("Your words").fill("Rest")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator("[data-said]")).to_have_text("Sent. You can change it while the step is open.")
    shot(page, "sent-360")
    moves.close_step(room.steps.all()[1], by=None)
    expect(page.locator("[data-said]")).not_to_contain_text("Sent.", timeout=4000)


def test_a_phone_whose_answer_was_refused_before_its_page_was_awake_goes_on(site, new_page):
    room = make_room(make_program(), steps=[plan("words", "What do you bring?")])
    opened(room)
    base = links.phone_path(make_participant(room))
    page = new_page(base, width=360, troubles=False)

    page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('form[data-send=phone]'))")
    expect(page.locator("[data-errors]")).to_be_visible()

    page.wait_for_function(f"location.pathname === {base!r}")
    page.reload()
    expect(page.get_by_role("heading", name="What do you bring?")).to_be_visible()


def test_words_half_typed_outlive_a_host_who_goes_on_and_a_reload(site, new_page):
    room = make_room(make_program(), steps=[plan("words", "What do you bring?"), plan("words", "And now?")])
    opened(room)
    page = new_page(links.phone_path(make_participant(room)), width=360, troubles=False)
    page.get_by_label("Your words").press_sequentially("A van, and")

    opened(room, 1)

    expect(page.get_by_role("heading", name="And now?")).to_be_visible(timeout=SOON)
    expect(page.get_by_label("Your words")).to_have_value("")
    moves.undo(room, move_id=room.moves.first().pk, by=None)
    expect(page.get_by_label("Your words")).to_have_value("A van, and", timeout=SOON)
    page.reload()
    expect(page.get_by_label("Your words")).to_have_value("A van, and")
    page.get_by_label("Your words").press("End")
    page.get_by_label("Your words").press_sequentially(" time")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator("[data-said]")).to_have_text("Sent. You can change it while the step is open.")
    page.reload()
    expect(page.get_by_label("Your words")).to_have_value("A van, and time")
    assert room.steps.first().answers.get().words == "A van, and time"
