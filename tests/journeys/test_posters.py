"""Poster clusters seen by host, wall and two phones: notes and a photo, themes, the board, and a place."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coppice.photos.tests.factories import SECRET, content, picture
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
SHOTS = os.environ.get("SHOTS", "")


def shot(name: str, **pages: tuple[Page, int]) -> None:
    """Keep what screens show, where somebody wants to look at it (SHOTS)."""
    for who, (page, width) in pages.items() if SHOTS else ():
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=f"{SHOTS}/{name}-{who}-{width}.png", full_page=True)


def put_up(phone: Page, words: str) -> None:
    """Put a note on the wall, and wait until it is there."""
    phone.get_by_label("A few words for the wall").fill(words)
    phone.get_by_role("button", name="Put it up").click()
    expect(phone.get_by_role("listitem").filter(has_text=words)).to_be_visible(timeout=SOON)


def test_posters_are_gathered_under_themes_and_a_theme_is_chosen(enter: Enter, tmp_path: Path) -> None:
    photo = tmp_path / "crossing.jpg"
    photo.write_bytes(content(picture((900, 600)), comment=SECRET))
    host = enter("manager")
    room_with(host, "Poster clusters", "What we take up")
    host.get_by_role("link", name="Run sheet to print").click()
    expect(host.get_by_text("Silence for the first five minutes", exact=False)).to_be_visible()
    host.go_back()
    host.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(host, enter)
    ana, bo = joined(enter, code, "Ana"), joined(enter, code, "Bo")

    press(host, "Open: Welcome")
    press(host, "Open: What should we work on")
    expect(ana.get_by_label("A few words for the wall")).to_be_visible(timeout=SOON)
    put_up(ana, "Lights at the crossing")
    ana.context.set_offline(True)
    ana.get_by_label("A few words for the wall").fill("A crossing guard for Mondays")
    ana.get_by_role("button", name="Put it up").click()
    expect(ana.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    ana.context.set_offline(False)
    expect(wall.get_by_text("A crossing guard for Mondays")).to_be_visible(timeout=SOON)
    expect(ana.get_by_text("You can put up 1 more.")).to_be_visible(timeout=SOON)
    put_up(bo, "Who reads our grant letters?")
    bo.get_by_text("Put up a photo").click()
    bo.get_by_label("Photo", exact=True).set_input_files(photo)
    bo.get_by_label("What does the photo show?").fill("A dark road before a school")
    bo.get_by_role("button", name="Put the photo up").click()
    shown = wall.get_by_role("img", name="A dark road before a school")
    expect(shown).to_have_js_property("complete", True, timeout=SOON)
    expect(shown).not_to_have_js_property("naturalWidth", 0, timeout=SOON)
    expect(host.get_by_text("4 posters of 2 people")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("Ana")).to_have_count(0)
    host.get_by_text("What hangs on the wall").click()
    assert_fits_all((ana, (320, 360)), (bo, (320,)), (wall, (1360, 320)), (host, (1360, 360)))
    shot("up", ana=(ana, 360), bo=(bo, 320), wall=(wall, 1360), host=(host, 1360))
    host.set_viewport_size({"width": 1360, "height": 860})

    press(host, "Open: What belongs together")
    expect(bo.get_by_role("group", name="Which belong together?")).to_be_visible(timeout=SOON)
    for words in ("Lights at the crossing", "A dark road before a school"):
        bo.get_by_role("checkbox", name=words).check()
    bo.get_by_role("button", name="These belong together").click()
    expect(host.get_by_text("1 person says so")).to_be_visible(timeout=SOON)
    expect(bo.get_by_role("region", name="You said these belong together")).to_be_visible(timeout=SOON)
    host.get_by_label("Or under a new theme, called").fill("Safe crossings")
    host.keyboard.press("Enter")
    expect(wall.get_by_role("heading", name="Safe crossings 1")).to_be_visible(timeout=SOON)
    expect(host.get_by_role("button", name="Safe crossings : A crossing guard")).to_be_visible(timeout=SOON)
    host.locator("body").click(position={"x": 5, "y": 5})
    press_key(host, "1")
    expect(wall.get_by_role("heading", name="Safe crossings 2")).to_be_visible(timeout=SOON)
    expect(host.get_by_role("button", name="Safe crossings : Who reads")).to_be_visible(timeout=SOON)
    press_key(host, "l")
    expect(host.get_by_role("button", name="Safe crossings : A dark road")).to_be_visible(timeout=SOON)
    press(host, "^Hang together")
    expect(wall.get_by_role("heading", name="Safe crossings 3")).to_be_visible(timeout=SOON)
    host.get_by_label("Or under a new theme, called").fill("Grant letters")
    host.get_by_role("button", name="Name the theme").click()
    expect(host.get_by_text("Every poster is under a theme.")).to_be_visible(timeout=SOON)
    host.get_by_text("Safe crossings, 3 posters").click()
    press(host, "^Take out.*A crossing guard")
    expect(host.get_by_text("1 poster is under no theme")).to_be_visible(timeout=SOON)
    expect(wall.get_by_role("heading", name="Safe crossings 2")).to_be_visible(timeout=SOON)
    assert_fits_all((bo, (320, 360)), (wall, (1360, 320)), (host, (1360, 360)))
    shot("gather", bo=(bo, 360), wall=(wall, 1360), host=(host, 1360))
    shot("gather-narrow", host=(host, 360), wall=(wall, 320))
    for page in (host, wall):
        page.emulate_media(color_scheme="dark")
    shot("dark", wall=(wall, 1360), host=(host, 1360))
    assert_fits_all((wall, (1360,)), (host, (1360,)))
    host.set_viewport_size({"width": 1360, "height": 860})

    press_key(host, "n")
    expect(
        host.get_by_text("2 themes of the steps before are on the board, chosen by nobody yet")
    ).to_be_visible(timeout=SOON)
    shot("board", host=(host, 1360))
    expect(wall.get_by_role("heading", name="Grant letters")).to_be_visible(timeout=SOON)
    expect(host.get_by_text("2 topics are on the board")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320,)), (host, (1360, 360)))
    host.set_viewport_size({"width": 1360, "height": 860})
    press(host, "Open: Choose your topic")
    press(ana, "^Choose this topic.*Safe crossings")
    expect(ana.get_by_text("You chose Safe crossings")).to_be_visible(timeout=SOON)
    press(host, "Close and show the result")
    expect(host.get_by_role("button", name="Open: With your group")).to_be_visible(timeout=SOON)
    press(host, "Open: With your group")
    expect(wall.get_by_role("heading", name="With your group")).to_be_visible(timeout=SOON)

    end(host, "None: what is there now")
    expect(host.get_by_text("4 posters, themes: 2")).to_be_visible()
    expect(host.get_by_text("Ana")).to_have_count(0)
    assert_fits_all((host, (1360, 360)))
    shot("results", host=(host, 1360))
    ana.reload()
    expect(ana.get_by_role("heading", name="Your posters")).to_be_visible()
    assert_fits_all((ana, (320,)))
