"""The offers and needs market on host, wall and phones: written, read in groups, found, introduced."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import SOON, Enter, assert_fits_all, end, joined, press, room_with, wall_of

pytestmark = pytest.mark.browser


def write(phone: Page, kind: str, words: str) -> None:
    """Put a need or an offer on the market."""
    phone.get_by_label(f"One {kind}").fill(words)
    phone.get_by_role("button", name=f"Add my {kind}").click()


def test_needs_and_offers_are_written_read_and_found(enter: Enter) -> None:
    host = enter("manager")
    room_with(host, "Offers and needs market", "Give and take")
    host.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(host, enter)
    ana, member = joined(enter, code, "Ana"), enter("member", width=360)
    member.goto(f"/join/{code}/")
    member.get_by_role("button", name="Join as Dele").click()
    expect(member.get_by_text("You are here as Dele")).to_be_visible()

    press(host, "Open: Welcome")
    press(host, "Open: What do you need, and what can you offer")
    expect(ana.get_by_label("One need")).to_be_visible(timeout=SOON)
    ana.context.set_offline(True)
    write(ana, "need", "Somebody who reads my budget")
    expect(ana.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    ana.context.set_offline(False)
    expect(wall.get_by_text("1 need · 0 offers")).to_be_visible(timeout=SOON)
    expect(ana.get_by_role("region", name="What you wrote")).to_be_visible(timeout=SOON)
    expect(ana.get_by_label("How soon?")).to_have_value("soon")
    expect(ana.get_by_label("One need")).to_have_value("")
    member.get_by_label("How much would you help?").select_option("An hour now and then")
    write(member, "offer", "Drawing maps")
    expect(wall.get_by_text("1 need · 1 offer")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320,)), (wall, (1360,)), (host, (1360, 360)))
    host.set_viewport_size({"width": 1360, "height": 860})

    press(host, "Open: First group")
    expect(member.get_by_text("Somebody who reads my budget", exact=True)).to_be_visible(timeout=SOON)
    member.get_by_role("button", name=re.compile("I can help.*budget")).click()
    expect(member.get_by_text("You can help", exact=True)).to_be_visible(timeout=SOON)
    ana.get_by_role("button", name=re.compile("I need that.*maps")).click()
    expect(ana.get_by_text("You need that", exact=True)).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320,)), (wall, (1360,)))

    press(host, "Open: Second group")
    expect(wall.get_by_role("heading", name=re.compile("Second group"))).to_be_visible(timeout=SOON)
    press(host, "Open: Third group")
    press(host, "Open: Who found whom")
    expect(wall.get_by_text("needs with somebody who can help")).to_be_visible(timeout=SOON)
    expect(member.get_by_role("heading", name="You can help Ana").first).to_be_visible(timeout=SOON)
    expect(ana.get_by_text("say first who you are", exact=False)).to_be_visible(timeout=SOON)
    member.get_by_role("button", name=re.compile("Yes, introduce us.*budget")).click()
    expect(member.get_by_text("You said yes. When Ana does too", exact=False)).to_be_visible(timeout=SOON)
    expect(ana.get_by_role("heading", name=re.compile("can help you")).first).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320,)), (member, (360,)), (wall, (1360, 320)), (host, (1360, 360)))
    host.set_viewport_size({"width": 1360, "height": 860})

    end(host, "None: what is there now")
    expect(host.get_by_text("1 of 1 need has somebody who can help; 1 of 1 offer is wanted")).to_be_visible()
    expect(host.get_by_text("Ana")).to_have_count(0)
    member.reload()
    expect(member.get_by_role("button", name="Keep what I wrote on my profile")).to_be_visible()
    assert_fits_all((member, (320,)), (host, (1360, 360)))
