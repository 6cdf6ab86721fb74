"""The wall in a browser: nobody scrolls it, so whatever a step shows is on the screen, or counted there."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from coppice.activities.actions import posters, webs
from coppice.activities.tests.factories import web
from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions
from coppice.formation.agendas import poster_clusters, topic_marketplace
from coppice.formation.room_board import market_in
from coppice.live import links
from coppice.live.actions import answers, moves
from coppice.live.tests.factories import fresh, make_participant, make_room, plan

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")
OFF_THE_SCREEN = """() => [...document.querySelectorAll(".projector :is(li, p, tr, h1)")]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().bottom > innerHeight + 1)
    .map(each => each.innerText)"""
SMALLEST_LETTERS = """within => Math.min(...[...within.querySelectorAll("tbody *, li *")]
    .filter(each => each.checkVisibility()).map(each => parseFloat(getComputedStyle(each).fontSize)))"""
BESIDE = """() => {
    const [hand, themes] = [".poster-at-hand", ".poster-themes"].map(
        each => document.querySelector(each).getBoundingClientRect());
    return themes.x >= hand.right && Math.abs(themes.y - hand.y) < 2;
}"""


@pytest.fixture
def program(site):
    return make_program(name="Healthy Start")


def opened(room, kind):
    """The step of this kind, as it is once it was opened."""
    step = next(each for each in room.steps.all() if each.kind == kind)
    moves.open_step(step, by=None)
    return fresh(step)


def wall_of(new_page, room, name):
    """The wall as a beamer shows it, once it has taken its letters' size."""
    page = new_page(links.projector_path(room), width=1360, height=765)
    expect(page.locator("[data-fit]")).to_be_visible()
    page.evaluate("document.fonts.ready")
    if SHOTS:
        page.wait_for_timeout(500)
        page.screenshot(path=Path(SHOTS, f"{name}.png"))
    return page


def seen_on_pages(page, room, rows, name):
    """What the rows of a wall say on all of its pages, which are whole and can be read from the last row."""
    seen, first = [], None
    while True:
        assert page.evaluate(OFF_THE_SCREEN) == []
        assert page.locator("#main").evaluate(SMALLEST_LETTERS) >= 24
        shown = page.locator(f"{rows}:visible").locator(name).all_inner_texts()
        first = first or shown[0]
        said = page.locator("[data-pages]:visible").all_inner_texts()
        if seen and shown[0] == first:
            return seen
        seen += shown
        if not said:
            return seen
        room.refresh_from_db()
        moves.turn_wall(room, to=room.wall_turn + 1)
        page.reload()  # a wall that is opened again is at the same page
        expect(page.locator("[data-pages]")).not_to_have_text(said[0])


def test_a_result_of_many_answers_goes_over_pages_that_a_host_turns(program, new_page):
    options = [f"What our families asked us for, in their own words, {number}" for number in range(30)]
    room = make_room(program, steps=[plan("choice", "Choose", settings={"options": options})])
    choosing = opened(room, "choice")
    for number in range(6):
        answers.give(choosing, participant=make_participant(room, f"P{number}"), round=1, picks=[0])
    moves.close_step(choosing, by=None)

    page = wall_of(new_page, room, "result")

    expect(page.locator("[data-pages]")).to_contain_text("Page 1 of ")
    assert sorted(seen_on_pages(page, room, ".live-result tbody tr", ".live-label > span")) == sorted(options)
    moves.undo(room, move_id=room.moves.first().pk, by=None)
    room.refresh_from_db()
    assert room.wall_turn == 0


def test_a_wall_that_grows_stays_at_the_page_to_which_a_host_turned_it(program, new_page):
    room = make_room(program, steps=topic_marketplace(), by=make_staff(program))
    opened(room, "market_offers")
    marketplace = market_in(room).marketplace
    for number in range(24):
        actions.put_up(marketplace, name=f"How we reach young families, part {number}", why="", by=None)
    opened(room, "market_choice")
    page = wall_of(new_page, room, "grows")
    said = page.locator("[data-pages]")
    expect(said).to_contain_text("Page 1 of 2")
    for turn in (1, 2, 3):
        moves.turn_wall(room, to=turn)
        expect(said).to_contain_text(f"Page {turn % 2 + 1} of 2")

    for number in range(24, 40):
        actions.put_up(marketplace, name=f"How we reach young families, part {number}", why="", by=None)

    expect(said).to_contain_text("Page 2 of 4")


@pytest.mark.parametrize("count", [10, 24, 40])
def test_all_topics_of_a_full_board_are_on_the_wall(program, new_page, count):
    room = make_room(program, steps=topic_marketplace(), by=make_staff(program))
    opened(room, "market_offers")
    marketplace = market_in(room).marketplace
    topics = [
        actions.put_up(marketplace, name=f"How we reach young families, part {number}", why="", by=None)
        for number in range(count)
    ]
    opened(room, "market_choice")
    for number in range(6):
        actions.choose_in_room(marketplace, make_participant(room, f"P{number}"), topic=topics[number % 4])

    page = wall_of(new_page, room, f"topics-{count}")

    assert seen_on_pages(page, room, ".market-wall > li", "h2") == [str(each) for each in topics]


def test_themes_hang_beside_the_poster_at_hand(program, new_page):
    room = make_room(program, steps=poster_clusters(), by=make_staff(program))
    up = opened(room, "posters")
    people = [make_participant(room, f"P{number}") for number in range(24)]
    numbers = [
        posters.put_up(
            up, participant=each, round=1, words=f"Somebody should mend what is broken, {place}"
        ).pk
        for place, each in enumerate(people)
    ]
    gathering = opened(room, "poster_themes")
    for theme in range(6):
        some = numbers[theme * 3 : theme * 3 + 3]
        posters.gather(gathering, poster_ids=some, theme_id=0, words=f"Theme {theme}", by=None)

    page = wall_of(new_page, room, "themes")

    page.wait_for_function(BESIDE)
    seen = seen_on_pages(page, room, ".poster-themes > li", "h2")
    assert [each.split("\n")[0].strip() for each in seen] == [f"Theme {theme}" for theme in range(6)]


def test_a_web_of_needs_is_whole_on_the_wall_and_what_does_not_fit_is_counted(program, new_page):
    room = make_room(program, steps=[web()])
    step = opened(room, "web")
    people = [
        make_participant(room, name) for name in ("Ana Morales", "Bo Lindqvist", "Cy Adeyemi", "Di Okafor")
    ]
    for place, each in enumerate(people):
        need = f"Somebody to drive families to us on day {place}"
        strand = webs.voice(step, participant=each, round=1, need=need)
        for other in people:
            if other != each:
                words = "I lend our van, and know who drives"
                webs.help_with(step, participant=other, round=1, strand_id=strand.pk, how=words)
        webs.pass_on(step, participant=each, round=1, to_id=people[(place + 1) % 4].pk)

    page = wall_of(new_page, room, "web")

    assert page.evaluate(OFF_THE_SCREEN) == []
    expect(page.locator(".network")).to_be_visible()
    assert page.locator(".web-table").evaluate(SMALLEST_LETTERS) >= 24
    shown = seen_on_pages(page, room, ".web-table tbody > tr", "th")
    assert [each.split(":")[0] for each in shown] == [str(each) for each in reversed(people)]
