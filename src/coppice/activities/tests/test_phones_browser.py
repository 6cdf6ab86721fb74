"""Phones of formats in a browser: a photo that nobody chose, and words that have no place to break."""

import pytest
from playwright.sync_api import expect

from coppice.activities.actions import posters
from coppice.communities.tests.factories import make_program
from coppice.formation.agendas import poster_clusters
from coppice.live import links
from coppice.live.actions import moves
from coppice.live.tests.factories import fresh, make_participant, make_room
from tests.browser import assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def step(site):
    room = make_room(make_program(), steps=poster_clusters())
    step = next(each for each in room.steps.all() if each.kind == "posters")
    moves.open_step(step, by=None)
    return fresh(step)


def test_whoever_sends_no_photo_reads_that_one_is_missing_and_offline_that_it_waits_for_none(step, new_page):
    page = new_page(links.phone_path(make_participant(step.room)), width=320, troubles=False)
    page.get_by_text("Put up a photo").click()
    send = page.get_by_role("button", name="Put the photo up")

    send.click()

    expect(page.locator("[data-said]")).to_have_text("Take or choose a photo first.")
    page.context.set_offline(True)
    send.click()
    expect(page.locator("[data-said]")).to_contain_text("A photo needs a connection.")
    assert page.evaluate(
        "Object.keys(localStorage).filter(each => each.includes('queue')).map(each => localStorage[each])"
    ) in ([], ["[]"])


def test_words_without_a_place_to_break_widen_no_phone(step, new_page):
    someone = make_participant(step.room)
    posters.put_up(step, participant=someone, round=1, words="w" * 100)

    page = new_page(links.phone_path(someone), width=320, troubles=False)

    expect(page.get_by_role("heading", name="Your posters")).to_be_visible()
    assert_fits(page)
