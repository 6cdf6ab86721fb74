"""The priority canvas: needs that got dots in a live room are asked four questions, and ordered by them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import go_by
from tests.journeys.live import SOON, Enter, assert_fits_all, end, joined, press, wall_of

pytestmark = pytest.mark.browser


def test_what_a_room_gave_dots_to_is_weighed_and_ordered_on_the_canvas(enter: Enter) -> None:
    leader = enter("leader")
    community = str(leader.get_by_role("link", name="Rural transport").first.get_attribute("href"))
    leader.goto(f"{community}live/new/")
    leader.get_by_label("Title").fill("What we need")
    leader.get_by_label("1-2-4-All with dots").check()
    leader.get_by_role("button", name="Open the room").click()
    leader.get_by_role("link", name="Go to the host's page").click()
    _wall, code = wall_of(leader, enter)
    ana, _bo = joined(enter, code, "Ana"), joined(enter, code, "Bo")

    press(leader, "Open: What do you need")
    press(leader, "Open: In pairs")
    press(leader, "Open: In fours")
    expect(ana.get_by_role("heading", name="In fours: what matters most?")).to_be_visible(timeout=SOON)
    expect(ana.get_by_role("region", name="Bo")).to_be_visible(timeout=SOON)
    for need in ("A van at night", "Somebody who writes to the county"):
        ana.get_by_label("One line").fill(need)
        ana.get_by_role("button", name="Add to the list").click()
        expect(ana.get_by_role("listitem").filter(has_text=need)).to_be_visible(timeout=SOON)
    press(leader, "Open: Where do you put your dots")
    expect(ana.get_by_label("A van at night")).to_be_visible(timeout=SOON)
    ana.get_by_label("A van at night").select_option("1")
    ana.get_by_label("Somebody who writes to the county").select_option("4")
    ana.get_by_role("button", name="Send my answer").click()
    expect(leader.get_by_text("1 of 2 have answered")).to_be_visible(timeout=SOON)
    press(leader, "Close and show the result")
    end(leader, "None: what is there now")

    leader.goto(f"{community}priorities/")
    source = leader.locator("form").filter(has_text="2 needs were ranked there")
    go_by(source.get_by_role("button", name="Take them over"))
    rows = leader.get_by_role("rowheader")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Somebody who writes to the county")
    expect(rows.first).to_contain_text("4 dots")
    assert_fits_all((leader, (1360, 320)))
    leader.set_viewport_size({"width": 1360, "height": 860})

    leader.get_by_role("link", name=re.compile("Answer.*A van at night")).click()
    leader.get_by_label("It can only be done together").check()
    leader.get_by_label("What do we have already that helps?").fill("Two drivers, and the clinic's van.")
    leader.get_by_label("Which result would satisfy this need?").fill("Nobody walks home after ten.")
    leader.get_by_label("Solve together: work on each other's cases").check()
    assert_fits_all((leader, (1360, 320)))
    leader.set_viewport_size({"width": 1360, "height": 860})
    go_by(leader.get_by_role("button", name="Save"))
    leader.goto(f"{community}priorities/")
    expect(rows.first).to_contain_text("A van at night")
    expect(leader.get_by_text("Satisfied when: Nobody walks home after ten.")).to_be_visible()

    go_by(leader.get_by_role("button", name=re.compile("Take off.*A van at night")))
    expect(rows).to_have_count(1)
    go_by(leader.get_by_role("button", name="Undo"))
    expect(rows).to_have_count(2)
