"""Appreciative interviews seen by host, wall and two phones; a story is written while the network is cut."""

import pytest
from playwright.sync_api import expect

from tests.browser import assert_accessible, assert_fits
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


def test_a_story_is_written_up_without_a_network_and_shared_as_its_owner_leaves_it(enter: Enter) -> None:
    host = enter("manager")
    room_with(host, "Appreciative interviews", "Stories")
    host.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(host, enter)
    ana, bo = joined(enter, code, "Ana"), joined(enter, code, "Bo")

    press(host, "Open: Welcome")
    press(host, "Open: Tell of a time")
    expect(wall.get_by_text("What do others come to you for?")).to_be_visible(timeout=SOON)
    expect(ana.get_by_role("heading", name="Bo", exact=True)).to_be_visible(timeout=SOON)
    expect(ana.get_by_text("Table 1")).to_be_visible()

    turn = ana.get_by_role("status").filter(has_text="Bo")
    expect(turn.or_(ana.get_by_text("Answer the questions")).first).to_be_visible()
    heard = ana.get_by_label("What you heard from Bo")
    expect(heard).to_be_hidden()
    ana.get_by_text("Write up what you heard").click()
    expect(heard).to_be_visible(timeout=SOON)
    ana.context.set_offline(True)
    heard.fill("Bo kept the pantry open through the flood.\nPeople trust her.")
    ana.get_by_role("button", name="Send it to Bo").click()
    expect(ana.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    expect(heard).to_have_value("Bo kept the pantry open through the flood.\nPeople trust her.")
    expect(wall.get_by_text("written up")).to_have_count(0)
    ana.context.set_offline(False)
    expect(wall.get_by_text("1 story is written up, 0 shared")).to_be_visible(timeout=SOON)
    expect(bo.get_by_role("heading", name="Ana wrote this about you")).to_be_visible(timeout=SOON)
    expect(ana.get_by_text("wrote this about you")).to_have_count(0)

    story = bo.get_by_label("Your story, as others may read it")
    expect(story).to_have_value("Bo kept the pantry open through the flood.\nPeople trust her.")
    assert_fits_all((ana, (320, 360)), (bo, (320, 360)), (wall, (1360, 320)), (host, (1360, 360)))
    story.fill("I kept the pantry open through the flood.")
    bo.get_by_role("button", name="Share it like this").click()
    expect(bo.get_by_text("You share it.")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("1 story is written up, 1 shared")).to_be_visible(timeout=SOON)

    press_key(host, "n")
    expect(ana.get_by_role("heading", name="The list of your table")).to_be_visible(timeout=SOON)
    ana.get_by_text("The story of Bo").click()
    expect(ana.get_by_text("I kept the pantry open through the flood.")).to_be_visible()
    line = ana.get_by_label("One line")
    for words in ("Staying when it is hard", "Being trusted"):
        line.fill(words)
        ana.get_by_role("button", name="Add to the list").click()
        expect(ana.get_by_role("listitem").filter(has_text=words)).to_be_visible(timeout=SOON)
        expect(line).to_have_value("")
    expect(bo.get_by_role("listitem").filter(has_text="Being trusted")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("Staying when it is hard")).to_be_visible(timeout=SOON)
    bo.get_by_label("One line").fill("Stays when it is hard")
    bo.keyboard.press("Enter")
    host.get_by_role("button", name="Put together").click()
    expect(wall.get_by_text("Stays when it is hard")).to_have_count(0, timeout=SOON)
    assert_fits_all((ana, (320,)), (bo, (360,)), (wall, (1360, 320)), (host, (1360, 360)))

    press(host, "Open: What do you take")
    end(host, "For a week")
    expect(host.get_by_text("1 of 1 story is shared by its owner")).to_be_visible()
    expect(host.get_by_text("I kept the pantry open through the flood.")).to_be_visible()
    expect(host.get_by_role("rowheader", name="Being trusted")).to_be_visible()
    assert_accessible(host)
    bo.get_by_role("link", name="See what happened").click()
    bo.get_by_label("What you heard from Ana").fill("Ana listens.")
    bo.get_by_role("button", name="Send it to Ana").click()
    expect(bo.get_by_role("button", name="Send it again")).to_be_visible()
    assert_fits(bo)
    assert_accessible(bo)
    ana.get_by_role("link", name="See what happened").click()
    ana.get_by_role("button", name="Keep it to myself").click()
    expect(ana.get_by_text("You keep it to yourself.")).to_be_visible()
