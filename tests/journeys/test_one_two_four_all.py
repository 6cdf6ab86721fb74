"""1-2-4-All seen by host, wall and two phones: notes alone, a list together, blind dots offline."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import assert_accessible
from tests.journeys.live import (
    SOON,
    Enter,
    assert_fits_all,
    end,
    joined,
    press,
    press_key,
    room_with,
    wall_of,
)

pytestmark = pytest.mark.browser


def write(phone: Page, words: str, button: str) -> None:
    """Add one line, and wait until it stands on the list."""
    phone.get_by_label("One line").fill(words)
    phone.get_by_role("button", name=button).click()
    expect(phone.get_by_role("listitem").filter(has_text=words)).to_be_visible(timeout=SOON)


def test_needs_are_written_alone_chosen_together_and_ranked_by_blind_dots(enter: Enter) -> None:
    host = enter("manager")
    room_with(host, "1-2-4-All with dots", "What we need")
    host.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(host, enter)
    ana, bo = joined(enter, code, "Ana"), joined(enter, code, "Bo")

    press(host, "Open: What do you need")
    expect(ana.get_by_role("heading", name="Your notes")).to_be_visible(timeout=SOON)
    write(ana, "Rides to the pantry", "Add to my notes")
    write(ana, "Money for fuel", "Add to my notes")
    write(bo, "A van", "Add to my notes")
    expect(wall.get_by_text("3 notes, written by 2 of 2 people")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("Rides to the pantry")).to_have_count(0)
    assert_fits_all((ana, (320, 360)), (wall, (1360, 320)), (host, (1360, 360)))

    press_key(host, "n")
    expect(bo.get_by_role("heading", name="Ana", exact=True)).to_be_visible(timeout=SOON)
    expect(bo.get_by_text("A van", exact=True)).to_be_visible()
    expect(bo.get_by_text("Rides to the pantry")).to_have_count(0)
    ana.get_by_role("button", name="Put on the list").first.click()
    expect(bo.get_by_role("listitem").filter(has_text="Rides to the pantry")).to_be_visible(timeout=SOON)

    press_key(host, "n")
    expect(bo.get_by_role("heading", name="In fours: what matters most?")).to_be_visible(timeout=SOON)
    expect(bo.get_by_role("button", name=re.compile("Put on the list.*Rides"))).to_be_visible(timeout=SOON)
    bo.get_by_role("button", name="Put on the list").click()
    expect(ana.get_by_text("From the step before")).to_have_count(0, timeout=SOON)
    write(bo, "A freezer", "Add to the list")
    assert_fits_all((bo, (320, 360)), (wall, (1360,)), (host, (360,)))
    host.set_viewport_size({"width": 1360, "height": 860})

    press_key(host, "n")
    expect(ana.get_by_label("Rides to the pantry")).to_be_visible(timeout=SOON)
    ana.context.set_offline(True)
    ana.get_by_label("Rides to the pantry").select_option("4")
    ana.get_by_label("A freezer").select_option("1")
    ana.get_by_role("button", name="Send my answer").click()
    expect(ana.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    bo.get_by_label("A freezer").select_option("5")
    bo.get_by_role("button", name="Send my answer").click()
    expect(wall.get_by_text("1 of 2 have answered")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("comes first")).to_have_count(0)
    ana.context.set_offline(False)
    expect(wall.get_by_text("2 of 2 have answered")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320, 360)), (wall, (1360, 320)))
    press(host, "Close and show the result")
    expect(wall.get_by_text("A freezer comes first, with 6 of 10 dots")).to_be_visible(timeout=SOON)
    expect(wall.get_by_role("rowheader").first).to_have_text("A freezer")

    host.get_by_label("A freezer").fill("Share the one of the clinic")
    host.get_by_role("button", name=re.compile("Write it down.*A freezer")).click()
    expect(wall.get_by_text("Share the one of the clinic")).to_be_visible(timeout=SOON)
    expect(ana.get_by_text("Share the one of the clinic")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320,)), (wall, (1360, 320)), (host, (1360, 360)))
    host.set_viewport_size({"width": 1360, "height": 860})

    end(host, "None: what is there now")
    expect(host.get_by_text("Share the one of the clinic")).to_be_visible()
    expect(host.get_by_text("Money for fuel")).to_have_count(0)
    assert_accessible(host)
