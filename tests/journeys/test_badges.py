"""Badges and trading rounds on host, wall and phones, one offline, until the groups are topics of a board."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import SOON, Enter, assert_fits_all, end, joined, press, room_with, wall_of
from tests.journeys.test_topic_marketplace import known, shot

pytestmark = pytest.mark.browser


def make_badge(phone: Page, interest: str, skill: str) -> None:
    """Write a badge with one of each, and wait until it can be held up."""
    phone.get_by_label("What draws me, 1").fill(interest)
    phone.get_by_label("What I can bring, 1").fill(skill)
    phone.get_by_role("button", name="Make my badge").click()


def meet(phone: Page, number: int, name: str) -> None:
    """Type the number of somebody's badge, and wait for their badge."""
    phone.get_by_label("With whom do you speak?").fill(str(number))
    phone.get_by_role("button", name="Show me their badge").click()
    expect(phone.get_by_role("heading", name=f"{name} {number}")).to_be_visible(timeout=SOON)


def test_badges_are_made_traded_and_become_groups_of_the_board(enter: Enter) -> None:
    host = enter("manager")
    room_with(host, "Badges and trading rounds", "Find your people")
    host.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(host, enter)
    ana, tom, bea = known(enter, "member", code), known(enter, "leader", code), joined(enter, code, "Bea")

    press(host, "Open: Welcome")
    press(host, "Open: Make your badge")
    expect(ana.get_by_label("What draws me, 1")).to_be_visible(timeout=SOON)
    make_badge(ana, "Rural outreach", "Drawing maps")
    expect(ana.get_by_role("article", name="Badge 1")).to_be_visible(timeout=SOON)
    bea.context.set_offline(True)
    make_badge(bea, "Rural outreach", "Writing budgets")
    expect(bea.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    bea.context.set_offline(False)
    expect(bea.get_by_role("article", name="Badge 2")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("Rural outreach")).to_be_visible(timeout=SOON)
    make_badge(tom, "Young volunteers", "Driving")
    expect(tom.get_by_role("article", name="Badge 3")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("3 badges")).to_be_visible(timeout=SOON)
    assert_fits_all((bea, (320, 360)), (wall, (1360, 320)), (host, (1360, 360)))
    shot("badges", host=(host, 1360), wall=(wall, 1360), bea=(bea, 320))
    host.set_viewport_size({"width": 1360, "height": 860})

    press(host, "Open: A first trade, in pairs")
    expect(wall.get_by_role("heading", name="A first trade")).to_be_visible(timeout=SOON)
    press(host, "Open: Trade")
    expect(ana.get_by_label("With whom do you speak?")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("3 are still free")).to_be_visible(timeout=SOON)
    meet(ana, 2, "Bea")
    ana.get_by_role("button", name=re.compile("^I share it")).click()
    expect(ana.get_by_text("You share it")).to_be_visible(timeout=SOON)
    expect(bea.get_by_role("heading", name=re.compile("1$"))).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320, 360)))
    shot("trade-met", ana=(ana, 320))
    ana.get_by_role("button", name=re.compile("^Let us stick together")).click()
    expect(bea.get_by_role("heading", name="Stick together?")).to_be_visible(timeout=SOON)
    expect(bea.get_by_text("It would be about: Rural outreach.")).to_be_visible(timeout=SOON)
    assert_fits_all((bea, (320,)))
    shot("trade-asked", bea=(bea, 320))
    bea.get_by_role("button", name=re.compile("^Yes")).click()
    expect(wall.get_by_role("heading", name="Rural outreach")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("1 is still free")).to_be_visible(timeout=SOON)
    tom.get_by_text("1 group so far").click()
    tom.get_by_role("button", name="Ask to come in").click()
    expect(ana.get_by_text("would like to come into your group")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (360,)), (wall, (1360, 320)), (host, (1360, 360)))
    shot("trade", host=(host, 1360), wall=(wall, 1360), ana=(ana, 360), tom=(tom, 360))
    host.set_viewport_size({"width": 1360, "height": 860})
    ana.get_by_role("button", name=re.compile("^Yes")).click()
    expect(wall.get_by_text("0 are still free")).to_be_visible(timeout=SOON)

    press(host, "Open: Name your group")
    expect(ana.get_by_label("What is your topic?")).to_have_value("Rural outreach", timeout=SOON)
    ana.get_by_label("What is your topic?").fill("Reach people far out")
    ana.get_by_role("button", name="Put it on the board").click()
    expect(wall.get_by_role("heading", name="Reach people far out")).to_be_visible(timeout=SOON)
    expect(bea.get_by_label("What is your topic?")).to_have_value("Reach people far out", timeout=SOON)
    ana.get_by_label("Who is this for?").fill("Whoever drives more than an hour")
    ana.get_by_role("button", name="Add it for everybody").click()
    expect(wall.get_by_text("Whoever drives more than an hour")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320, 360)), (bea, (320,)), (wall, (1360, 320)), (host, (1360, 360)))
    shot("names", host=(host, 1360), wall=(wall, 1360), ana=(ana, 360))
    host.set_viewport_size({"width": 1360, "height": 860})

    press(host, "Open: Who is still free")
    expect(tom.get_by_text("You are in Reach people far out")).to_be_visible(timeout=SOON)
    end(host, "None: what is there now")
    expect(host.get_by_text("3 badges were written")).to_be_visible()
    expect(host.get_by_text("3 people are in groups. Groups: 1")).to_be_visible()
    expect(host.get_by_text("Bea")).to_have_count(0)
    ana.reload()
    expect(ana.get_by_role("heading", name="Whom you met")).to_be_visible()
    assert_fits_all((ana, (320,)), (host, (1360, 360)))
    shot("afterwards", host=(host, 1360), ana=(ana, 360))
