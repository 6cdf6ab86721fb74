"""The interest poll in a live room on host, wall and phones: topics, how much each interests; a place."""

import os

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import SOON, Enter, assert_fits_all, end, joined, press, room_with, wall_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")
TOPICS = ("Crossings that children can use alone", "Lights on Mill Road")


def shot(name: str, **pages: tuple[Page, int]) -> None:
    """Keep what screens show, where somebody wants to look at it (SHOTS)."""
    for who, (page, width) in pages.items() if SHOTS else ():
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=f"{SHOTS}/{name}-{who}-{width}.png", full_page=True)


def offer(phone: Page, words: str) -> None:
    """Put a topic up, and wait until it is on the board."""
    phone.get_by_label("Your topic").fill(words)
    phone.get_by_role("button", name="Put it up").click()
    expect(phone.get_by_role("listitem").filter(has_text=words)).to_be_visible(timeout=SOON)


def say(phone: Page, *levels: str) -> None:
    """Say how much the topics interest this phone's person, in their order."""
    for topic, level in zip(TOPICS, levels, strict=False):
        phone.get_by_role("group", name=topic).get_by_label(level, exact=True).check()
    phone.get_by_role("button", name="my answer").click()


def test_people_say_what_interests_them_before_they_choose(enter: Enter) -> None:
    host = enter("manager")
    room_with(host, "Interest poll, then choosing", "What interests us")
    host.get_by_role("link", name="Run sheet to print").click()
    expect(host.get_by_text("Quiet, everybody for themselves", exact=False)).to_be_visible()
    host.go_back()
    host.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(host, enter)
    ana, bo, cy, di, eve = phones = [
        joined(enter, code, name) for name in ("Ana", "Bo", "Cy", "Di", "Eve from the clinic")
    ]
    press(host, "Open: Welcome")
    press(host, "Open: What is on the board")
    for phone, words in zip(phones, TOPICS, strict=False):
        expect(phone.get_by_label("Your topic")).to_be_visible(timeout=SOON)
        offer(phone, words)

    press(host, "Open: How much does each topic")
    expect(ana.get_by_role("group", name=TOPICS[1])).to_be_visible(timeout=SOON)
    shot("empty", ana=(ana, 360), host=(host, 1360))
    say(ana, "Much", "No")
    expect(ana.get_by_text("Of 2 topics you have said nothing yet.")).to_have_count(0)
    expect(ana.get_by_role("region", name="What you said")).to_be_visible(timeout=SOON)
    expect(host.get_by_text("1 of 5 have answered")).to_be_visible(timeout=SOON)
    bo.context.set_offline(True)
    say(bo, "Perhaps")
    expect(bo.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    bo.context.set_offline(False)
    expect(host.get_by_text("2 of 5 have answered")).to_be_visible(timeout=SOON)
    expect(bo.get_by_text("Of 1 topic you have said nothing yet.")).to_be_visible(timeout=SOON)
    for phone in (cy, di, eve):
        say(phone, "Much")
    expect(host.get_by_text("5 of 5 have answered")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("comes first")).to_have_count(0)
    ana.reload()
    expect(ana.get_by_role("group", name=TOPICS[0]).get_by_label("Much", exact=True)).to_be_checked()
    say(ana, "Much", "Perhaps")
    expect(ana.get_by_text(f"Perhaps: {TOPICS[1]}")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320, 360)), (bo, (320,)), (wall, (1360, 320)), (host, (1360, 360)))
    shot("asked", ana=(ana, 360), wall=(wall, 1360), host=(host, 1360))
    host.set_viewport_size({"width": 1360, "height": 860})

    press(host, "Close and show the result")
    expect(wall.get_by_text(f"{TOPICS[0]} comes first: it interests 4 of 5 people much")).to_be_visible(
        timeout=SOON
    )
    expect(wall.get_by_text("Hidden: fewer than 5 people")).to_be_visible()
    expect(wall.get_by_text("Ana")).to_have_count(0)
    assert_fits_all((ana, (320, 360)), (wall, (1360, 320)), (host, (1360, 360)))
    shot("closed", ana=(ana, 360), wall=(wall, 1360), host=(host, 1360))
    for page in (ana, host, wall):
        page.emulate_media(color_scheme="dark")
    shot("dark", ana=(ana, 360), wall=(wall, 1360), host=(host, 1360))
    host.set_viewport_size({"width": 1360, "height": 860})

    press(host, "Open: In threes")
    press(host, "Open: Choose your topic")
    press(eve, f"^Choose this topic.*{TOPICS[0]}")
    expect(eve.get_by_text(f"You chose {TOPICS[0]}")).to_be_visible(timeout=SOON)
    end(host, "None: what is there now")
    expect(host.get_by_text(f"{TOPICS[0]} comes first: it interests 4 of 5 people much")).to_be_visible()
    expect(host.get_by_text("Ana")).to_have_count(0)
    assert_fits_all((host, (1360, 360)))
    host.get_by_role("link", name="What interests people today").click()
    expect(host.get_by_text("So have 5 guests of live rooms.")).to_be_visible()
    assert_fits_all((host, (1360, 360)))
    shot("today", host=(host, 1360))
