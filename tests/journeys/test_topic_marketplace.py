"""A topic marketplace in a live room: host, wall and three phones, one offline, until it is a round."""

import os

import pytest
from playwright.sync_api import Page, expect

from tests.browser import assert_accessible, go_by
from tests.journeys.live import SOON, Enter, assert_fits_all, joined, press, room_with, wall_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


def known(enter: Enter, door: str, code: str) -> Page:
    """A phone on which somebody of the roster has joined, signed in."""
    phone = enter(door, width=360)
    phone.goto(f"/join/{code}/")
    phone.get_by_role("button", name="Join as", exact=False).first.click()
    expect(phone.get_by_text("You are here as")).to_be_visible()
    return phone


def offer(phone: Page, name: str) -> None:
    """Put a topic up, and wait until it stands on the board."""
    phone.get_by_label("Your topic").fill(name)
    phone.get_by_role("button", name="Put it up").click()
    expect(phone.get_by_role("listitem").filter(has_text=name)).to_be_visible(timeout=SOON)


def sized(host: Page, smallest: str, largest: str) -> None:
    """Give the topics of a room their sizes; the host is on the page of its steps."""
    host.get_by_role("link", name="Choose your topic").click()
    host.get_by_label("Smallest size of a topic").fill(smallest)
    host.get_by_label("Largest size of a topic").fill(largest)
    host.get_by_role("button", name="Save").click()
    expect(host.get_by_role("link", name="Run sheet to print")).to_be_visible()


def shot(name: str, **pages: tuple[Page, int]) -> None:
    """Keep what screens show, where somebody wants to look at it (SHOTS)."""
    for who, (page, width) in pages.items() if SHOTS else ():
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=f"{SHOTS}/{name}-{who}-{width}.png", full_page=True)


def test_topics_are_offered_merged_chosen_and_become_a_round(enter: Enter) -> None:
    host = enter("manager")
    room_with(host, "Topic marketplace", "Choose with whom")
    sized(host, "2", "3")
    host.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(host, enter)
    ana, tom, bea = known(enter, "member", code), known(enter, "leader", code), joined(enter, code, "Bea")

    press(host, "Open: Welcome")
    press(host, "Open: What would you work on")
    expect(ana.get_by_label("Your topic")).to_be_visible(timeout=SOON)
    offer(ana, "Rides to the clinic")
    offer(tom, "Clinic rides")
    offer(bea, "Young volunteers")
    expect(wall.get_by_role("heading", name="Young volunteers")).to_be_visible(timeout=SOON)
    expect(host.get_by_role("heading", name="Perhaps the same")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320, 360)), (wall, (1360, 320)), (host, (1360, 360)))
    shot("offers", host=(host, 1360), wall=(wall, 1360), ana=(ana, 360))

    press(host, "^Put together.*Clinic")
    expect(wall.get_by_role("heading", name="Clinic rides")).to_have_count(0, timeout=SOON)
    host.get_by_text("2 topics: rename, put together, hide").click()
    host.get_by_label("A better name for Rides to the clinic").fill("Rides to care")
    press(host, "^Rename.*Rides to the clinic")
    expect(wall.get_by_role("heading", name="Rides to care")).to_be_visible(timeout=SOON)
    press(host, "^Hide.*Rides to care")
    expect(wall.get_by_role("heading", name="Rides to care")).to_have_count(0, timeout=SOON)
    host.get_by_text("1 hidden topic").click()
    press(host, "^Show again.*Rides to care")
    expect(wall.get_by_role("heading", name="Rides to care")).to_be_visible(timeout=SOON)

    press(host, "Open: Choose your topic")
    expect(ana.get_by_text("You are in Rides to care")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("2 of 3")).to_be_visible(timeout=SOON)
    expect(bea.get_by_text("You chose Young volunteers")).to_be_visible(timeout=SOON)
    bea.context.set_offline(True)
    expect(bea.locator("[data-state=in]")).to_contain_text("Young volunteers")
    press(bea, "^Choose this topic.*Rides to care")
    expect(bea.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    ana.get_by_label("Who is this for?").fill("People who drive on Fridays")
    ana.get_by_role("button", name="Add it for everybody").click()
    expect(wall.get_by_text("People who drive on Fridays")).to_be_visible(timeout=SOON)
    bea.context.set_offline(False)
    expect(bea.get_by_text("You chose Rides to care")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("+ 1 guest of")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("3 of 3 have answered")).to_be_visible(timeout=SOON)
    ana.get_by_role("button", name="Take “People who drive on Fridays” back").click()
    expect(bea.get_by_text("People who drive on Fridays")).to_have_count(0, timeout=SOON)
    expect(bea.locator("[data-state=in]")).to_contain_text("Rides to care")
    press(bea, "^Choose this topic.*Young volunteers")
    expect(bea.get_by_text("You chose Young volunteers")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320, 360)), (bea, (360,)), (wall, (1360, 320)), (host, (1360, 360)))
    shot("choosing", host=(host, 1360), wall=(wall, 1360), ana=(ana, 360), bea=(bea, 320))
    shot("choosing-narrow", host=(host, 360))
    for width in (360, 1360):
        host.set_viewport_size({"width": width, "height": 640})
        host.evaluate("scrollTo(0, 0)")
        expect(host.get_by_role("button", name="Close and show the result")).to_be_in_viewport(ratio=1)
    host.set_viewport_size({"width": 1360, "height": 860})

    room = host.url
    host.get_by_role("link", name="Who is this?").click()
    go_by(host.get_by_role("button", name="This is them").last)
    host.goto(room)
    expect(bea.get_by_text("You are in Young volunteers")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("One more and it starts")).to_be_visible(timeout=SOON)
    press(host, "^Ask them.*Young volunteers")
    expect(host.get_by_text("Asked whether they go to Rides to care")).to_be_visible(timeout=SOON)
    expect(bea.get_by_role("heading", name="Go to Rides to care together?")).to_be_visible(timeout=SOON)
    assert_fits_all((bea, (320, 360)), (host, (1360,)))
    shot("asked", bea=(bea, 360), host=(host, 1360))
    bea.get_by_role("button", name="Yes, I go there").click()
    expect(wall.get_by_text("3 of 3", exact=True)).to_be_visible(timeout=SOON)
    expect(bea.get_by_text("You are in Rides to care")).to_be_visible(timeout=SOON)

    press(host, "Close and show the result")
    expect(wall.get_by_text("3 people have a place.")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320,)), (wall, (1360, 320)))
    shot("result", wall=(wall, 1360), host=(host, 1360), ana=(ana, 360))
    press(host, "Open: With your group")
    expect(ana.get_by_role("heading", name="Your group", exact=True)).to_be_visible(timeout=SOON)
    expect(ana.get_by_text("With you:")).to_be_visible()
    expect(wall.get_by_text("3 people")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320,)), (wall, (1360,)), (host, (1360, 360)))
    shot("groups", wall=(wall, 1360), host=(host, 360), ana=(ana, 360))
    press(host, "Back to: Choose your topic")
    host.get_by_role("link", name="See what comes of it").click()
    assert_accessible(host)
    host.get_by_role("button", name="Close it, and make the proposal").click()
    expect(host.get_by_role("heading", name="Rides to care")).to_be_visible()
