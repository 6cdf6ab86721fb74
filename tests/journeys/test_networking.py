"""Impromptu networking seen by host, wall and three phones, one of them without a network in the middle."""

import re

import pytest
from playwright.sync_api import Page, expect

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


def meets(phone: Page, *names: str) -> None:
    """Wait until the phone says that its owner meets these people."""
    heading = phone.locator(".pair-own h2")
    for name in names:
        expect(heading).to_contain_text(name, timeout=SOON)


def test_everybody_meets_somebody_and_a_phone_without_a_network_catches_up(enter: Enter) -> None:
    host = enter("manager")
    room_with(host, "Impromptu networking", "Get to know")
    host.get_by_role("link", name="Run sheet to print").click()
    expect(host.get_by_text("Opening this step pairs everybody.")).to_be_visible()
    expect(host.get_by_role("link", name="Live rooms")).to_have_attribute("aria-current", "page")
    assert_accessible(host)
    host.get_by_role("link", name="Get to know").click()
    host.get_by_role("link", name="People and paper list").click()
    host.get_by_label("Names from the paper list").fill("Paula")
    host.get_by_role("button", name="Write them in").click()
    expect(host.get_by_text("1 person is written in.")).to_be_visible()
    host.get_by_role("link", name="Get to know").click()
    wall, code = wall_of(host, enter)
    ana, bo = joined(enter, code, "Ana"), joined(enter, code, "Bo")

    press(host, "Open: Welcome")
    press(host, "Open: What brings you here")
    expect(host.get_by_text("3 people meet in 1 group")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("The first of each pair speaks.")).to_be_visible(timeout=SOON)
    expect(wall.locator(".pair-tables")).to_contain_text("Paula", timeout=SOON)
    meets(ana, "Bo", "Paula")
    meets(bo, "Ana", "Paula")
    expect(bo.get_by_text("Table 1")).to_be_visible()

    late = joined(enter, code, "Cy")
    expect(late.locator(".pair-own h2")).to_be_visible(timeout=SOON)
    expect(host.get_by_text("4 people meet in 2 groups")).to_be_visible(timeout=SOON)

    expect(ana.locator(".pair-own h2")).not_to_contain_text(" and ", timeout=SOON)
    first = ana.locator(".pair-own h2").inner_text()
    ana.context.set_offline(True)
    press(host, "Open: What is hard")
    expect(wall.get_by_role("heading", name="What is hard in your work just now?")).to_be_visible(
        timeout=SOON
    )
    expect(ana.locator(".pair-own").get_by_text(first, exact=True)).to_have_count(0, timeout=SOON)
    ana.context.set_offline(False)
    expect(ana.get_by_role("heading", name="What is hard in your work just now?")).to_be_visible(timeout=SOON)
    expect(ana.locator(".pair-own h2")).not_to_have_text(first, timeout=SOON)
    expect(ana.get_by_text("Whom you met before")).to_contain_text(first)

    partner = ana.locator(".pair-own h2").inner_text()
    ana.get_by_text("Somebody is not here?").click()
    ana.get_by_role("button", name=f"{partner} is not here").click()
    expect(host.get_by_text("1 person is left out")).to_be_visible(timeout=SOON)
    expect(ana.locator(".pair-own h2")).to_contain_text(" and ", timeout=SOON)

    assert_fits_all((ana, (320, 360)), (late, (320,)), (wall, (1360, 320)), (host, (1360, 360)))

    host.get_by_text("1 person is left out").click()
    host.get_by_role("button", name=re.compile(f"Here again.*{partner}")).click()
    expect(host.get_by_text("4 people meet in 2 groups")).to_be_visible(timeout=SOON)
    press_key(host, "n")
    expect(wall.get_by_role("heading", name="What can you give")).to_be_visible(timeout=SOON)
    press_key(host, "n")
    expect(ana.get_by_label("Your words")).to_be_visible(timeout=SOON)
    expect(ana.locator(".pair-own")).to_have_count(0)
    press_key(host, "n")
    expect(host.get_by_role("button", name="Open it again")).to_be_visible(timeout=SOON)
    end(host, "None: what is there now")
    expect(host.get_by_text("4 people met in 2 groups").first).to_be_visible()
    ana.get_by_role("link", name="See what happened").click()
    expect(ana.get_by_text("You met:").first).to_be_visible(timeout=SOON)
    expect(ana.get_by_text("Paula").first).to_be_visible()
    assert_fits(ana)
    assert_accessible(ana)
