"""What journeys through live rooms share: a room from a ready agenda, and phones that join it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import PATIENCE, assert_accessible, assert_fits

SOON = PATIENCE
Enter = Callable[..., Page]


def room_with(host: Page, agenda: str, title: str) -> None:
    """Open a room of program 1 with a ready agenda; the host is on the page of its steps."""
    host.goto("/programs/1/live/new/")
    host.get_by_label("Title").fill(title)
    host.get_by_label(agenda).check()
    host.get_by_role("button", name="Open the room").click()
    expect(host.get_by_role("link", name="Run sheet to print")).to_be_visible()


def wall_of(host: Page, enter: Enter) -> tuple[Page, str]:
    """The room's wall on another machine, and its code; the host is on their own page."""
    projector = host.get_by_role("link", name="Open the projector").get_attribute("href")
    wall = enter("")
    wall.goto(str(projector))
    return wall, wall.locator(".projector-code").inner_text().replace(" ", "-")


def joined(enter: Enter, code: str, name: str) -> Page:
    """A phone on which somebody has joined as a guest."""
    phone = enter("", width=320)
    phone.goto(f"/join/{code}/")
    phone.get_by_label("Your name").fill(name)
    phone.get_by_role("button", name="Join").click()
    expect(phone.get_by_text(f"You are here as {name}")).to_be_visible()
    return phone


def press(host: Page, name: str) -> None:
    """Press one of the host's buttons, named by how it begins."""
    host.get_by_role("button", name=re.compile(name)).click()


def press_key(host: Page, key: str) -> None:
    """Press a key of the host's page once it listens, and has something that this key does."""
    expect(host.locator("[data-keys]")).to_be_visible(timeout=SOON)
    expect(host.locator(f"[data-key={key.lower()!r}]").first).to_be_visible(timeout=SOON)
    host.keyboard.press(key)


def assert_fits_all(*screens: tuple[Page, tuple[int, ...]]) -> None:
    """Every screen fits these widths and breaks no rule of access."""
    for page, widths in screens:
        for width in widths:
            page.set_viewport_size({"width": width, "height": 860})
            assert_fits(page)
            assert_accessible(page)


def end(host: Page, late: str) -> None:
    """End the room, with so much time for late answers."""
    host.get_by_role("link", name="End the room").first.click()
    host.get_by_label(late).check()
    host.get_by_role("button", name="End it").click()
    expect(host.get_by_role("link", name="Take the answers away")).to_be_visible()
