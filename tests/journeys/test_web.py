"""The web of needs and expertise on host, wall and phone: voiced, answered, passed on, entered by hand."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import assert_accessible, assert_fits
from tests.journeys.live import SOON, Enter, assert_fits_all, end, joined, press, room_with, wall_of

pytestmark = pytest.mark.browser


def test_the_web_grows_on_the_wall_until_everybody_is_tied_in(enter: Enter) -> None:
    host = enter("manager")
    room_with(host, "Web of needs and expertise", "Who can help whom")
    host.get_by_role("link", name="Go to the host's page").click()
    wall, code = wall_of(host, enter)
    ana, bo = joined(enter, code, "Ana"), joined(enter, code, "Bo")
    host.get_by_role("link", name=re.compile("People and paper list")).first.click()
    host.get_by_label("Names").fill("Cy on paper")
    host.get_by_role("button", name="Write them in").click()
    expect(host.get_by_text("1 person is written in.")).to_be_visible()
    host.get_by_role("link", name="Who can help whom").first.click()

    press(host, "Open: Welcome")
    press(host, "Open: What do you need, and who can help")
    expect(wall.get_by_text("Who begins? Say what you need.")).to_be_visible(timeout=SOON)
    ana.get_by_label("What you need").fill("A van on Fridays")
    ana.get_by_role("button", name="Say what I need").click()
    expect(wall.get_by_text("Ana needs:")).to_be_visible(timeout=SOON)
    expect(bo.get_by_label("How you can help Ana")).to_be_visible(timeout=SOON)
    assert_fits_all((bo, (320, 360)))

    bo.context.set_offline(True)
    bo.get_by_label("How you can help Ana").fill("I lend ours until noon")
    bo.get_by_role("button", name="I can help").click()
    expect(bo.get_by_text("Saved on this phone.")).to_be_visible(timeout=SOON)
    bo.context.set_offline(False)
    expect(wall.get_by_text("2 of 3 people are tied in")).to_be_visible(timeout=SOON)
    expect(wall.get_by_role("img", name="2 of 3 people are tied in")).to_be_visible()
    ana.get_by_role("button", name="Pass the thread to Bo").click()
    expect(wall.get_by_text("The thread is with Bo. What do you need?")).to_be_visible(timeout=SOON)
    bo.get_by_label("What you need").fill("Someone who speaks Spanish")
    bo.get_by_role("button", name="Say what I need").click()
    expect(wall.get_by_text("Bo needs:")).to_be_visible(timeout=SOON)

    expect(host.get_by_text("1 person is not in the web yet")).to_be_visible(timeout=SOON)
    host.get_by_text("Write for somebody without a phone").click()
    host.get_by_label("Who helps").select_option("Cy on paper")
    host.get_by_label("How", exact=True).fill("Translates at the desk")
    host.get_by_role("button", name="Tie them in").click()
    expect(wall.get_by_text("Everybody is tied in, by 2 offers of help")).to_be_visible(timeout=SOON)
    assert_fits_all((ana, (320,)), (wall, (1360, 320)), (host, (1360, 360)))
    host.set_viewport_size({"width": 1360, "height": 860})

    host.get_by_text("What is in the web").click()
    host.get_by_role("button", name=re.compile("Take it off the web.*Translates")).click()
    expect(wall.get_by_text("2 of 3 people are tied in")).to_be_visible(timeout=SOON)
    host.get_by_text("Taken off the web").click()
    host.get_by_role("button", name=re.compile("Put it back.*Translates")).click()
    expect(wall.get_by_text("Everybody is tied in")).to_be_visible(timeout=SOON)

    end(host, "None: what is there now")
    expect(host.get_by_text("A van on Fridays")).to_be_visible()
    expect(host.get_by_text("Ana")).to_have_count(0)
    host.get_by_role("link", name="See who said it").click()
    expect(host.get_by_role("rowheader", name="Ana")).to_be_visible()
    host.get_by_role("link", name="Enter a web from a drawing").click()
    host.get_by_label("Who needs").fill("Dee")
    host.get_by_label("What", exact=True).fill("A lawyer")
    host.get_by_label("Who helps, and how").fill("Ana: knows one")
    host.get_by_role("button", name="Put it into the web").click()
    expect(host.get_by_text("Everybody is tied in, by 3 offers of help")).to_be_visible()
    for width in (1360, 360):
        host.set_viewport_size({"width": width, "height": 860})
        assert_fits(host)
        assert_accessible(host)
