"""Agree how we work: a leader runs the ten questions with wall and phones, and reads the plan after."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import SOON, Enter, assert_fits_all, end, joined, press, wall_of
from tests.journeys.test_topic_marketplace import known

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


def shots(name: str, **screens: tuple[Page, int]) -> None:
    """Keep what screens show, where somebody wants to look at it (SHOTS)."""
    for who, (page, width) in screens.items() if SHOTS else ():
        page.set_viewport_size({"width": width, "height": 860})
        page.screenshot(path=Path(SHOTS, f"{name}-{who}-{width}.png"), full_page=True)


def propose(phone: Page, words: str) -> None:
    """Propose an answer, and wait until it stands on the phone."""
    phone.get_by_label("One proposal, in a sentence").fill(words)
    phone.get_by_role("button", name="Propose it").click()
    expect(phone.get_by_role("listitem").filter(has_text=words)).to_be_visible(timeout=SOON)


def test_ten_questions_are_answered_in_a_room_and_stand_in_the_plan(enter: Enter) -> None:
    leader = enter("leader")
    community = str(leader.get_by_role("link", name="Rural transport").first.get_attribute("href"))
    leader.goto(f"{community}live/new/")
    leader.get_by_label("Title").fill("How we work")
    leader.get_by_label("Agree how we work").check()
    leader.get_by_role("button", name="Open the room").click()
    leader.get_by_role("link", name="Run sheet to print").click()
    expect(leader.get_by_role("heading", name="3. Our goals")).to_be_visible()
    leader.go_back()
    leader.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(leader, enter)
    tom, ana = known(enter, "member", code), joined(enter, code, "Ana")

    press(leader, "Open: Ten questions, one plan")
    press(leader, "Open: What we see in this")
    expect(wall.get_by_text("Whoever knows why they come")).to_be_visible(timeout=SOON)
    propose(tom, "We know every road of the county")
    propose(ana, "Nobody drives empty twice")
    tom.get_by_role("button", name=re.compile("I would take it.*Nobody drives")).click()
    expect(tom.get_by_role("button", name=re.compile("Rather not"))).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("Nobody drives empty twice")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("would take it")).to_have_count(0)
    shots("open", wall=(wall, 1360), phone=(tom, 360), guest=(ana, 320), host=(leader, 1360))
    assert_fits_all((ana, (320, 360)), (wall, (1360, 320)), (leader, (1360, 360)))
    leader.set_viewport_size({"width": 1360, "height": 860})

    press(leader, "Close and show the result")
    expect(wall.get_by_text("2 would take it")).to_be_visible(timeout=SOON)
    press(leader, "Take it into the plan.*Nobody drives")
    expect(wall.get_by_text("In the plan", exact=True)).to_be_visible(timeout=SOON)
    expect(wall.locator(".agree-standing").get_by_text("Nobody drives empty twice")).to_be_visible(
        timeout=SOON
    )
    shots("closed", wall=(wall, 1360), phone=(tom, 360), host=(leader, 360))
    assert_fits_all((tom, (320,)), (wall, (1360, 320)), (leader, (1360, 360)))
    leader.set_viewport_size({"width": 1360, "height": 860})

    press(leader, "Open: Our goals")
    expect(tom.get_by_role("heading", name="Our goals")).to_be_visible(timeout=SOON)
    propose(tom, "Every clinic visit has a ride")
    expect(
        leader.get_by_role("button", name=re.compile("Take it into the plan.*Every clinic"))
    ).to_be_visible(timeout=SOON)
    press(leader, "Take it into the plan.*Every clinic")
    for title in ("How we will know", "What kind of meetings", "How often, how long, by what means"):
        press(leader, "Close and show the result")
        press(leader, f"Open: {title}")
        expect(leader.get_by_role("heading", name=title)).to_be_visible(timeout=SOON)
    leader.get_by_text("Write the answer in your own words").click()
    leader.get_by_label("Once a month, on the same weekday").check()
    leader.get_by_label("In your own words").fill("Once a month, an hour")
    shots("writing", host=(leader, 1360))
    press(leader, "Write it into the plan")
    expect(wall.get_by_text("Once a month, an hour")).to_be_visible(timeout=SOON)
    press(leader, "Close and show the result")
    end(leader, "None: what is there now")
    expect(leader.get_by_role("row").filter(has_text="Nobody drives empty twice")).to_contain_text("2")
    shots("results", host=(leader, 1360))

    leader.get_by_role("link", name="Read the plan, and propose it as a charter").click()
    expect(leader.get_by_text("Nobody drives empty twice")).to_be_visible()
    expect(leader.get_by_text("Every clinic visit has a ride").first).to_be_visible()
    expect(leader.get_by_text("Once a month, on the same weekday")).to_be_visible()
    shots("plan", host=(leader, 1360))
    with leader.expect_download() as taken:
        leader.get_by_role("link", name="PDF").click()
    assert taken.value.suggested_filename == "action-plan-rural-transport.pdf"
