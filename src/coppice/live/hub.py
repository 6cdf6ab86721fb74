"""The hub: open streams of live rooms, kept by the asyncio loop, and what goes to them when a room changes.

No stream asks the database. When a room has changed, one thread draws each screen that anybody looks at once,
and the same bytes go to all who look at it. Changes that come close together are one: at most one drawing per
room and `PAUSE`. A slow reader gets the latest state and never a queue of old ones; a stream that was cut off
begins with the whole state, unless the browser says (Last-Event-ID) that it has it. A long state for many
phones is drawn for them less often than for the wall, up to `LONGEST_PAUSE` apart: it would fill the line.
"""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from coppice.live.announcing import Presence, moment, note_presence, presence_in
from coppice.live.links import Stream, stream_behind

PAUSE = 0.2
LONGEST_PAUSE, RATE = 0.9, 20_000_000
"""Seconds between two drawings for phones at most; bytes in a second that the phones of a room are to get."""

BEAT = 15.0
PATH = "/live/events/"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
    (b"x-content-type-options", b"nosniff"),
]

type Screen = tuple[str, str]
type Draw = Callable[[int, Iterable[Screen], Presence], Mapping[Screen, str]]


@dataclass(frozen=True)
class Event:
    """One state of a screen: its digest, by which a browser knows that it has it, and the bytes to send.

    These begin with when it was drawn, which makes no other state of it.
    """

    id: str
    sent: bytes = field(compare=False)


@dataclass(eq=False)
class Listener:
    """One open stream, woken when there is something to send."""

    stream: Stream
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def screen(self) -> Screen:
        return self.stream.audience, self.stream.language


@dataclass(eq=False)
class Channel:
    """The streams of one room, and the latest state of each screen that they look at.

    `owed` are the screens that show less than the latest, `due` is when each may be drawn next.
    """

    listeners: set[Listener] = field(default_factory=set)
    events: dict[Screen, Event] = field(default_factory=dict)
    is_stale: bool = False
    owed: set[Screen] = field(default_factory=set)
    due: dict[Screen, float] = field(default_factory=dict)
    drawing: "asyncio.Task[None] | None" = None

    @property
    def presence(self) -> Presence:
        who: dict[str, set[int]] = {"phone": set(), "host": set()}
        count = Counter(listener.stream.audience for listener in self.listeners)
        for listener in self.listeners:
            if listener.stream.audience in who:
                who[listener.stream.audience].add(listener.stream.who)
        return Presence(frozenset(who["phone"]), frozenset(who["host"]), count["projector"])


class Hub:
    """All open streams of this process; everything but `announce` belongs to the loop's own thread."""

    def __init__(
        self, draw: Draw, executor: Executor | None = None, *, pause: float = PAUSE, beat: float = BEAT
    ) -> None:
        self.draw, self.executor, self.pause, self.beat = draw, executor, pause, beat
        self.channels: dict[int, Channel] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self.is_closing = False

    def announce(self, room_id: int) -> None:
        """Have the screens of a room drawn anew; from any thread, and nothing happens when nobody looks."""
        if self.loop is not None and not self.loop.is_closed():
            with suppress(RuntimeError):  # the loop closed meanwhile: nobody is left to hear
                self.loop.call_soon_threadsafe(self.draw_anew, room_id)

    def draw_anew(self, room_id: int) -> None:
        """Have the screens of a room drawn anew, in the loop's own thread."""
        channel = self.channels.get(room_id)
        if channel is None:
            return
        channel.is_stale = True
        if channel.drawing is None or channel.drawing.done():
            channel.drawing = asyncio.ensure_future(self._keep_drawn(room_id, channel))

    def draw_all_anew(self) -> None:
        """Have the screens of all rooms drawn anew: something may have changed that nobody told."""
        for room_id in list(self.channels):
            self.draw_anew(room_id)

    def close(self) -> None:
        """End every stream, so that the server can stop; browsers come back by themselves."""
        self.is_closing = True
        for channel in self.channels.values():
            for listener in channel.listeners:
                listener.woken.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one stream (ASGI) until its browser leaves or the server stops."""
        self.loop = asyncio.get_running_loop()
        stream = stream_behind(scope["path"].removeprefix(PATH).rstrip("/"))
        if stream is None or scope["method"] != "GET" or self.is_closing:
            await _refuse(send, 503 if self.is_closing else 404)
            return
        listener, channel = Listener(stream), self.channels.setdefault(stream.room_id, Channel())
        channel.listeners.add(listener)
        self._count(stream.room_id)
        leaving = asyncio.ensure_future(_has_left(receive))
        leaving.add_done_callback(lambda _done: listener.woken.set())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send(_piece(b"retry: 2000\n\n" + _beat()))
            await self._feed(listener, channel, leaving, send, has=_last_event_id(scope))
            if not leaving.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            leaving.cancel()
            channel.listeners.discard(listener)
            self._count(stream.room_id)

    async def _feed(
        self, listener: Listener, channel: Channel, leaving: "asyncio.Future[None]", send: Any, *, has: str
    ) -> None:
        while True:
            event = channel.events.get(listener.screen)
            if event is not None and event.id != has:
                has = event.id
                await send(_piece(event.sent))
                continue
            try:
                await asyncio.wait_for(listener.woken.wait(), self.beat)
            except TimeoutError:
                await send(_piece(_beat()))
            listener.woken.clear()
            if leaving.done() or self.is_closing:
                return

    def _count(self, room_id: int) -> None:
        """Note who is there after somebody came or went, and let the screens say so."""
        channel = self.channels[room_id]
        note_presence(room_id, channel.presence if channel.listeners else None)
        if not channel.listeners:
            del self.channels[room_id]
        self.draw_anew(room_id)

    async def _keep_drawn(self, room_id: int, channel: Channel) -> None:
        while (channel.is_stale or channel.owed) and channel.listeners:
            began = time.monotonic()
            looked_at = {listener.screen for listener in channel.listeners}
            channel.owed = looked_at if channel.is_stale else channel.owed & looked_at
            channel.is_stale = False
            wanted = {screen for screen in channel.owed if channel.due.get(screen, 0.0) <= began}
            channel.owed = channel.owed - wanted
            if wanted:
                await self._draw_once(room_id, channel, wanted)
            await asyncio.sleep(max(0.0, self.pause - (time.monotonic() - began)))

    async def _draw_once(self, room_id: int, channel: Channel, wanted: set[Screen]) -> None:
        began, drawn_at = time.monotonic(), moment()
        loop = asyncio.get_running_loop()
        drawn = await loop.run_in_executor(self.executor, self.draw, room_id, wanted, presence_in(room_id))
        events = {screen: _event(html, drawn_at) for screen, html in drawn.items()}
        changed = {screen for screen, event in events.items() if channel.events.get(screen) != event}
        kept = {screen: event for screen, event in channel.events.items() if screen not in wanted}
        channel.events = kept | events
        woken = Counter[Screen]()
        for listener in channel.listeners:
            if listener.screen in changed:
                listener.woken.set()
                woken[listener.screen] += 1
        for screen, count in woken.items():
            if screen[0] == "phone":
                pause = len(events[screen].sent) * count / RATE
                channel.due[screen] = began + min(LONGEST_PAUSE, pause)


def _event(html: str, drawn: str) -> Event:
    digest = hashlib.blake2b(html.encode(), digest_size=9).hexdigest()
    lines = "".join(f"data: {line}\n" for line in html.splitlines())
    return Event(digest, f"event: drawn\ndata: {drawn}\n\nevent: screen\nid: {digest}\n{lines}\n".encode())


def first_event(html: str) -> bytes:
    """Return one state as a stream of its own, for a server without a loop: the browser asks again itself."""
    return b"retry: 3000\n\n" + _beat() + _event(html, moment()).sent


def _beat() -> bytes:
    """A sign of life that carries the server's clock in milliseconds, by which browsers count down."""
    return f"event: beat\ndata: {time.time() * 1000:.0f}\n\n".encode()


def _piece(body: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": True}


def _last_event_id(scope: Any) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"last-event-id"), "")


async def _has_left(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Any, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
