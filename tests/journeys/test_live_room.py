"""An evening in a live room, seen by three browsers at once, with the network cut in the middle."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser import assert_accessible, assert_fits
from tests.journeys.live import SOON, Enter, press, press_key

pytestmark = pytest.mark.browser


@dataclass
class Evening:
    """The three browsers, and the address at which people join."""

    host: Page
    wall: Page
    phone: Page
    door: str


@pytest.fixture
def evening(enter: Enter) -> Evening:
    """A room with the opening round, its projector on another machine, and one guest on a phone."""
    host = enter("manager")
    host.goto("/programs/1/")
    host.get_by_role("link", name="Live rooms").first.click()
    host.get_by_role("link", name="Open a room").click()
    host.get_by_label("Title").fill("Launch evening")
    host.get_by_label("Opening round").check()
    host.get_by_role("button", name="Open the room").click()
    host.get_by_role("link", name="Go to the host's page").click()
    projector = host.get_by_role("link", name="Open the projector").get_attribute("href")
    wall = enter("")
    wall.goto(str(projector))
    code = wall.locator(".projector-code").inner_text()
    phone = enter("", width=320)
    phone.goto("/join/")
    phone.get_by_label("Code").fill(code.lower())
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_label("Your name").fill("Femi")
    door = phone.url
    phone.get_by_role("button", name="Join").click()
    expect(phone.get_by_role("heading", name="You are in")).to_be_visible()
    expect(host.get_by_text("1 of 1 person is connected")).to_be_visible(timeout=SOON)
    return Evening(host, wall, phone, door)


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words, level=1)).to_be_visible(timeout=SOON)


def test_a_round_goes_to_every_screen_and_what_is_answered_without_a_network_counts(evening: Evening) -> None:
    host, wall, phone = evening.host, evening.wall, evening.phone
    expect(host.get_by_text("You are connected")).to_be_visible(timeout=SOON)

    press(host, "Open: How was the way here")
    for screen in (wall, phone):
        title(screen, "How was the way here?")
    expect(wall.locator(".live-clock")).to_have_text(re.compile(r"0[12]:\d\d"), timeout=SOON)
    phone.get_by_label("4", exact=True).check()
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.get_by_text("Sent. You can change it")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("1 of 1 have answered")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("4.0 of 5 on average")).to_be_visible(timeout=SOON)

    phone.context.set_offline(True)
    phone.get_by_label("2", exact=True).check()
    phone.get_by_role("button", name="Change my answer").click()
    expect(phone.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    press(host, "Close and show the result")
    expect(wall.get_by_text("4.0 of 5 on average")).to_be_visible(timeout=SOON)
    phone.context.set_offline(False)
    expect(wall.get_by_text("2.0 of 5 on average")).to_be_visible(timeout=SOON)
    expect(phone.get_by_text("2.0 of 5 on average")).to_be_visible(timeout=SOON)

    press_key(host, "n")
    for screen in (wall, phone):
        title(screen, "With the person beside you")
    press_key(host, "n")
    title(phone, "What do you want to take home?")
    phone.get_by_label("Your words").fill("Half a thou")
    press_key(host, "m")
    expect(host.get_by_role("button", name=re.compile("Undo: added a minute"))).to_be_visible(timeout=SOON)
    press_key(host, "u")
    expect(host.get_by_role("button", name=re.compile("Undo: opened a step"))).to_be_visible(timeout=SOON)
    expect(phone.get_by_label("Your words")).to_have_value("Half a thou")
    expect(phone.get_by_label("Your words")).to_be_focused()
    phone.get_by_label("Your words").press_sequentially("ght")
    phone.keyboard.press("Enter")
    expect(wall.get_by_role("rowheader", name="Half a thought")).to_be_visible(timeout=SOON)

    phone.get_by_label("Your words").press_sequentially(", and ano")
    host.get_by_role("link", name="Ask a quick poll").click()
    host.get_by_label("Question").fill("Shall we go on?")
    host.get_by_role("textbox", name="Answers").fill("Yes\nOne more minute")
    assert_accessible(host)
    host.get_by_role("button", name="Ask now").click()
    for screen in (wall, phone):
        title(screen, "Shall we go on?")
    expect(phone.get_by_text("What you had typed is kept on this phone.")).to_be_visible()
    phone.get_by_label("Yes", exact=True).check()
    phone.get_by_role("button", name="Send my answer").click()
    expect(wall.get_by_text("1 of 1 have answered")).to_be_visible(timeout=SOON)
    press(host, "Close and show the result")
    expect(wall.get_by_role("rowheader", name="Yes")).to_be_visible(timeout=SOON)
    press(host, "Go on with: What do you want to take home?")
    title(phone, "What do you want to take home?")
    expect(phone.get_by_label("Your words")).to_have_value("Half a thought, and ano")

    for page, widths in ((phone, (320, 360)), (wall, (1360, 320)), (host, (1360, 360))):
        for width in widths:
            page.set_viewport_size({"width": width, "height": 860})
            assert_fits(page)
            assert_accessible(page)

    host.get_by_role("link", name="End the room").click()
    host.get_by_label("None: what is there now").check()
    host.get_by_role("button", name="End it").click()
    title(phone, "This room has ended")
    phone.get_by_role("link", name="See what happened").click()
    expect(phone.get_by_text("2.0 of 5 on average")).to_be_visible(timeout=SOON)
    expect(host.get_by_text("1 person was there")).to_be_visible()


def test_what_was_drawn_before_a_press_does_not_take_the_hosts_page_back(evening: Evening) -> None:
    host = evening.host
    before = "".join(f"data: {line}\n" for line in str(host.locator(".live-host").inner_html()).splitlines())
    stream = f"retry: 100\n\nevent: drawn\ndata: 1\n\nevent: screen\nid: before\n{before}\n"
    host.route(
        "**/live/events/**", lambda route: route.fulfill(content_type="text/event-stream", body=stream)
    )
    host.reload()

    press(host, "Open: How was the way here")
    undo = host.get_by_role("button", name="Undo: opened a step")
    expect(undo).to_be_visible(timeout=SOON)
    for _time in range(3):
        with host.expect_request_finished(lambda request: "/live/events/" in request.url):
            pass

    expect(undo).to_be_visible()


def test_a_phone_that_comes_again_by_the_code_goes_on_where_it_was(evening: Evening) -> None:
    phone, place = evening.phone, evening.phone.url

    phone.goto(evening.door)
    phone.get_by_role("link", name="Go on where you were: Femi").click()

    expect(phone).to_have_url(place)


def test_a_guest_asks_to_keep_their_part_and_the_host_says_who_they_are(evening: Evening) -> None:
    host, phone, place = evening.host, evening.phone, evening.phone.url
    phone.get_by_role("link", name="Keep this").click()
    phone.get_by_label("Your mail address").fill("nobody@example.org")
    phone.get_by_role("button", name="Send me a mail").click()
    phone.get_by_text("a mail is on its way there").wait_for()
    looked_at(phone)
    phone.get_by_role("link", name="Back to the room").click()

    host.get_by_role("link", name="Send the link by mail").click()
    host.get_by_role("button", name=re.compile("Send the link to")).wait_for()
    looked_at(host)
    host.get_by_role("link", name="Back to the room").click()
    host.get_by_role("link", name="People and paper list").click()
    host.get_by_role("link", name="Who is this?").click()
    host.get_by_role("main").get_by_role("button", name="Search").wait_for()
    looked_at(host)
    name = host.locator("ul.lines strong").first.inner_text()
    host.get_by_role("button", name="This is them").first.click()
    host.get_by_text("came as Femi").wait_for()
    looked_at(host)
    phone.goto(place)
    expect(phone.get_by_text(f"You are here as {name}")).to_be_visible()
    expect(phone.get_by_role("link", name="Keep this")).to_have_count(0)

    host.get_by_role("button", name="Make a guest again").click()
    host.get_by_text("Femi is a guest again.").wait_for()
    phone.goto(place)
    expect(phone.get_by_text("You are here as Femi")).to_be_visible()


def looked_at(page: Page) -> None:
    for width in (320, 1360):
        page.set_viewport_size({"width": width, "height": 860})
        assert_fits(page)
        assert_accessible(page)


def test_what_is_on_the_wall_can_be_read_from_afar(evening: Evening) -> None:
    press(evening.host, "Open: How was the way here")
    title(evening.wall, "How was the way here?")

    sizes = evening.wall.evaluate(
        """() => [...document.querySelectorAll("main *")]
             .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
             .filter((each) => each.getClientRects().length)
             .map((each) => [parseFloat(getComputedStyle(each).fontSize), each.textContent.trim()])"""
    )

    assert [each for each in sizes if each[0] < 24] == []
    assert len(sizes) > 4
