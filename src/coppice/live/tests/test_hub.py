"""The hub: the whole state first, then each change once, the same bytes for all, and an end when asked."""

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from coppice.live import hub as hub_module
from coppice.live.announcing import Presence, moment, presence_in
from coppice.live.hub import Hub, first_event
from coppice.live.links import Stream, stream_path

ROOM = 7
LONGEST = 5


def run(what: Coroutine) -> Any:
    """Run to its end in a thread of its own: a browser of another test may keep a loop in this one."""

    async def soon() -> Any:
        return await asyncio.wait_for(what, LONGEST)

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, soon()).result()


class Painter:
    """Draws what it was told to, and remembers how often and for whom."""

    def __init__(self) -> None:
        self.html = "<p>one</p>\n<p>two</p>"
        self.drawn: list[tuple[int, frozenset, Presence]] = []

    def __call__(self, room_id, wanted, presence):
        self.drawn.append((room_id, frozenset(wanted), presence))
        return {screen: f"{self.html} {screen[0]} {screen[1]}" for screen in wanted} if self.html else {}


class Browser:
    """One stream as a browser sees it."""

    def __init__(
        self, hub: Hub, audience: str = "phone", *, who: int = 1, language: str = "en", has: str = ""
    ) -> None:
        self.gone = asyncio.Event()
        self.got: asyncio.Queue[dict] = asyncio.Queue()
        headers = [(b"last-event-id", has.encode())] if has else []
        path = stream_path(Stream(audience, ROOM, language, who))
        scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
        self.task = asyncio.ensure_future(hub(scope, self._receive, self.got.put))

    async def _receive(self) -> dict:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def leave(self) -> None:
        self.gone.set()
        await self.task

    async def start(self) -> int:
        status = (await self.got.get())["status"]
        await self.got.get()  # the first sign of life
        return status

    async def piece(self) -> str:
        return (await self.got.get())["body"].decode()

    async def screen(self) -> tuple[str, str]:
        """The next state: its id and its HTML."""
        while True:
            _told, _, state = (await self.piece()).partition("event: screen\n")
            if state:
                break
        lines = ["", *state.splitlines()]
        return lines[1].removeprefix("id: "), "\n".join(
            line.removeprefix("data: ") for line in lines[2:] if line
        )


def test_a_long_state_goes_to_phones_less_often_than_to_the_wall_and_the_latest_arrives(monkeypatch):
    async def story():
        monkeypatch.setattr(hub_module, "RATE", 1_000)
        monkeypatch.setattr(hub_module, "LONGEST_PAUSE", 0.5)
        painter = Painter()
        painter.html = "x" * 2_000
        hub = Hub(painter, pause=0.01)
        phone, wall = Browser(hub), Browser(hub, "projector")
        for each in (phone, wall):
            await each.start()
            await each.screen()
        began = time.monotonic()
        for number in range(10):
            painter.html = f"{number} " + "x" * 2_000
            hub.announce(ROOM)
            await asyncio.sleep(0.02)
        seen = [(await wall.screen())[1] for _ in range(3)]
        between = time.monotonic() - began
        last = ""
        while not last.startswith("9 "):
            _id, last = await phone.screen()
        drawn = [{audience for audience, _language in wanted} for _room, wanted, _who in painter.drawn]
        for each in (phone, wall):
            await each.leave()
        return seen, between, time.monotonic() - began, drawn

    seen, between, whole, drawn = run(story())
    assert len(set(seen)) == 3
    assert between < 0.4 < whole
    assert sum("phone" in each for each in drawn) <= 4 < sum("projector" in each for each in drawn)


def test_a_stream_begins_with_the_whole_state_and_goes_on_with_changes():
    async def story():
        painter = Painter()
        hub = Hub(painter, pause=0.01)
        phone = Browser(hub)
        status = await phone.start()
        first = await phone.screen()
        painter.html = "<p>three</p>"
        hub.announce(ROOM)
        second = await phone.screen()
        await phone.leave()
        return status, first[1], second[1], first[0] == second[0]

    assert run(story()) == (200, "<p>one</p>\n<p>two</p> phone en", "<p>three</p> phone en", False)


def test_one_drawing_goes_to_all_who_look_at_the_same_screen():
    async def story():
        painter = Painter()
        hub = Hub(painter, pause=0.05)
        browsers = [
            Browser(hub, "phone", who=number, language=language)
            for number in range(20)
            for language in ("en", "es")
        ]
        for browser in browsers:
            await browser.start()
        seen = {(await browser.screen())[1] for browser in browsers}
        drawn = len(painter.drawn)
        for browser in browsers:
            await browser.leave()
        return len(seen), drawn <= 3

    assert run(story()) == (2, True)


def test_many_changes_at_once_are_few_drawings_and_the_last_state_arrives():
    async def story():
        painter = Painter()
        hub = Hub(painter, pause=0.05)
        phone = Browser(hub)
        await phone.start()
        await phone.screen()
        before = len(painter.drawn)
        for number in range(200):
            painter.html = f"<p>{number}</p>"
            hub.announce(ROOM)
        while (await phone.screen())[1] != "<p>199</p> phone en":
            pass
        await phone.leave()
        return len(painter.drawn) - before

    assert run(story()) <= 3


def test_a_change_that_shows_nothing_new_is_not_sent():
    async def story():
        hub = Hub(Painter(), pause=0.01, beat=0.1)
        phone = Browser(hub)
        await phone.start()
        await phone.screen()
        hub.announce(ROOM)
        return (await phone.piece()).splitlines()[0], await phone.leave()

    assert run(story()) == ("event: beat", None)


def test_a_state_comes_with_when_it_was_drawn():
    async def story():
        began = float(moment())
        hub = Hub(Painter(), pause=0.01)
        phone = Browser(hub)
        await phone.start()
        kind, drawn = (await phone.piece()).splitlines()[:2]
        return kind, began <= float(drawn.removeprefix("data: ")) <= float(moment()), await phone.leave()

    assert run(story()) == ("event: drawn", True, None)


def test_a_browser_that_has_the_state_gets_only_signs_of_life():
    async def story():
        hub = Hub(Painter(), pause=0.01, beat=0.1)
        first = Browser(hub)
        await first.start()
        has, _html = await first.screen()
        await first.leave()
        again = Browser(hub, has=has)
        await again.start()
        piece = await again.piece()
        await again.leave()
        return piece.splitlines()[0]

    assert run(story()) == "event: beat"


def test_who_is_connected_is_known_while_they_are():
    async def story():
        hub = Hub(Painter(), pause=0.01)
        phone, host, wall = Browser(hub, who=3), Browser(hub, "host", who=9), Browser(hub, "projector")
        for browser in (phone, host, wall):
            await browser.start()
        there = presence_in(ROOM)
        await phone.leave()
        without = presence_in(ROOM)
        await host.leave()
        await wall.leave()
        return there, without, presence_in(ROOM), hub.channels

    assert run(story()) == (
        Presence(frozenset({3}), frozenset({9}), 1),
        Presence(frozenset(), frozenset({9}), 1),
        Presence(),
        {},
    )


def test_a_stream_ends_when_the_server_stops_and_no_new_one_begins():
    async def story():
        hub = Hub(Painter(), pause=0.01)
        phone = Browser(hub)
        await phone.start()
        await phone.screen()
        hub.close()
        await phone.task
        last = await phone.got.get()
        late = Browser(hub)
        await late.task
        return last["more_body"], (await late.got.get())["status"]

    assert run(story()) == (False, 503)


def test_an_address_that_nobody_signed_is_none():
    async def story():
        hub, sent = Hub(Painter()), []

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/live/events/nonsense/", "headers": []}
        await hub(scope, None, send)
        return sent[0]["status"]

    assert run(story()) == 404


def test_a_room_that_is_gone_shows_nothing_and_a_change_without_listeners_draws_nothing():
    async def story():
        painter = Painter()
        painter.html = ""
        hub = Hub(painter, pause=0.01, beat=0.05)
        hub.announce(ROOM)  # before any stream: there is no loop yet
        phone = Browser(hub)
        await phone.start()
        piece = await phone.piece()
        await phone.leave()
        drawn = len(painter.drawn)
        hub.announce(ROOM)
        await asyncio.sleep(0.05)
        return piece.splitlines()[0], len(painter.drawn) - drawn, hub

    first_line, drawn, hub = run(story())
    hub.announce(ROOM)  # the loop has ended: nobody hears, nothing breaks

    assert (first_line, drawn) == ("event: beat", 0)


@pytest.mark.parametrize("html", ["<p>one</p>", "<p>one</p>\n\n<p>two</p>"])
def test_a_server_without_a_hub_answers_one_state(html):
    event = first_event(html).decode()

    assert event.startswith("retry: 3000\n\nevent: beat\ndata: ")
    assert "".join(f"data: {line}\n" for line in html.splitlines()) in event
