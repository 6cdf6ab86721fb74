"""The expertise gallery seen by host, wall and two phones: an object each, a walk, and who asks for more."""

import re
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


def bring(phone: Page, thing: str, story: str) -> None:
    """Hang up a card without a photo."""
    phone.get_by_label("What is your object?").fill(thing)
    phone.get_by_label("What does it say").fill(story)
    phone.get_by_role("button", name="Hang it up").click()


def wait_until_drawn(page: Page, name: str) -> None:
    """Wait until a photo has really come; the page may put another picture of it in its place meanwhile."""
    shown = page.get_by_role("img", name=name).first
    shown.wait_for(timeout=SOON)
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True, timeout=SOON)
    expect(shown).not_to_have_js_property("naturalWidth", 0, timeout=SOON)


def test_objects_are_brought_walked_past_and_asked_about(enter: Enter, tmp_path: Path) -> None:
    photo, no_photo = tmp_path / "ladle.jpg", tmp_path / "letter.jpg"
    photo.write_bytes(content(picture((900, 1200)), comment=SECRET))
    no_photo.write_bytes(b"Dear all")
    host = enter("manager")
    room_with(host, "Expertise gallery", "What we know")
    host.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(host, enter)
    ana, bo = joined(enter, code, "Ana"), joined(enter, code, "Bo")

    press(host, "Open: Welcome")
    press(host, "Open: What stands for what you know")
    expect(ana.get_by_label("What is your object?")).to_be_visible(timeout=SOON)
    ana.context.set_offline(True)
    ana.get_by_label(re.compile("^Photo")).set_input_files(photo)
    bring(ana, "A soup ladle", "It fed forty people.")
    expect(ana.get_by_text("The photo is not: send it again")).to_be_visible(timeout=SOON)
    ana.context.set_offline(False)
    expect(wall.get_by_role("heading", name="A soup ladle")).to_be_visible(timeout=SOON)
    expect(ana.get_by_role("heading", name="Your card")).to_be_visible(timeout=SOON)

    ana.get_by_label(re.compile("^Photo")).set_input_files(no_photo)
    ana.get_by_role("button", name="Change my card").click()
    expect(ana.get_by_text("no photo that we can read")).to_be_visible(timeout=SOON)
    ana.get_by_label(re.compile("^Photo")).set_input_files(photo)
    ana.get_by_label("What does the photo show?").fill("A ladle with a worn handle")
    ana.get_by_role("button", name="Change my card").click()
    wait_until_drawn(wall, "A ladle with a worn handle")
    wait_until_drawn(ana, "A ladle with a worn handle")
    bring(bo, "My first grant letter", "It was refused. I kept it.")
    expect(wall.get_by_text("2 objects hang here")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320, 360)), (wall, (1360, 320)), (host, (1360, 360)))
    host.set_viewport_size({"width": 1360, "height": 860})

    press_key(host, "n")
    expect(wall.get_by_text("Object 1 of 2")).to_be_visible(timeout=SOON)
    wait_until_drawn(wall, "A ladle with a worn handle")
    expect(bo.get_by_role("heading", name="A soup ladle")).to_be_visible(timeout=SOON)
    bo.context.set_offline(True)
    bo.get_by_role("button", name="I'd like to hear more").click()
    expect(bo.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    bo.context.set_offline(False)
    expect(bo.get_by_role("heading", name="You'd like to hear more from")).to_be_visible(timeout=SOON)
    expect(bo.get_by_role("button", name="I'd like to hear more")).to_have_count(0)
    expect(ana.get_by_text("This is your own object")).to_be_visible()
    expect(ana.get_by_role("button", name="I'd like to hear more")).to_have_count(0)
    assert_fits_all((bo, (320, 360)), (wall, (1360, 320)), (host, (360,)))
    host.set_viewport_size({"width": 1360, "height": 860})

    press_key(host, "ArrowRight")
    expect(wall.get_by_text("Object 2 of 2")).to_be_visible(timeout=SOON)
    expect(wall.get_by_role("heading", name="My first grant letter")).to_be_visible()
    press_key(host, "ArrowRight")
    expect(wall.get_by_text("2 objects hang here")).to_be_visible(timeout=SOON)
    assert_fits_all((wall, (1360, 320)), (ana, (320,)), (host, (1360, 360)))
    host.set_viewport_size({"width": 1360, "height": 860})
    press_key(host, "ArrowLeft")
    expect(wall.get_by_text("Object 2 of 2")).to_be_visible(timeout=SOON)
    press_key(host, "w")
    expect(wall.get_by_text("2 objects hang here")).to_be_visible(timeout=SOON)

    end(host, "None: what is there now")
    expect(host.get_by_text("1 wish to hear more about an object")).to_be_visible()
    expect(host.get_by_text("A soup ladle: It fed forty people.")).to_be_visible()
    expect(host.get_by_text("Ana")).to_have_count(0)
    owners = host.get_by_role("link", name="The cards with their owners").get_attribute("href")
    assert "Ana" in host.request.get(f"{host.url.partition('/live')[0]}{owners}").text()
    ana.reload()
    heard = ana.get_by_role("region", name="They'd like to hear more from you")
    expect(heard.get_by_text("Bo")).to_be_visible()
    expect(ana.get_by_role("heading", name=re.compile("Your card"))).to_be_visible()
    assert_fits_all((ana, (320,)), (host, (1360, 360)))
