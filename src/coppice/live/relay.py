"""Several server processes share a room: what changed, and who is connected, told by Redis.

Only ids are told. While Redis is gone each process has its own changes at once, and looks at those of the
others every three seconds, as a browser would of a server without streams. It comes back by itself.
"""

import asyncio
import json
from contextlib import suppress
from typing import Any, Protocol
from uuid import uuid4

from django.conf import settings
from django.utils.crypto import salted_hmac
from redis import asyncio as redis
from redis.exceptions import RedisError

from coppice.live import announcing
from coppice.live.announcing import Presence

PAUSE = 0.05  # seconds in which what is told is gathered
BEAT = 5.0  # seconds between two signs of life
SILENT_BEATS = 3  # so long without one, and another process counts as gone
LOOK = 3.0  # seconds between two looks at the rooms, and two tries, while Redis is gone


class Rooms(Protocol):
    """What a relay asks of the hub, in the loop's own thread."""

    def draw_anew(self, room_id: int) -> None: ...

    def draw_all_anew(self) -> None: ...


class Relay:
    """The line of one process to the others; everything but `announce` belongs to the loop's own thread."""

    def __init__(
        self, url: str, rooms: Rooms, *, pause: float = PAUSE, beat: float = BEAT, look: float = LOOK
    ) -> None:
        self.url, self.rooms, self.pause, self.beat, self.look = url, rooms, pause, beat, look
        self.name = uuid4().hex
        self.is_connected = False
        self.loop: asyncio.AbstractEventLoop | None = None
        self.running: asyncio.Task[None] | None = None
        self.woken = asyncio.Event()
        self.changed: set[int] = set()
        self.counted: set[int] = set()
        self.heard_at: dict[str, float] = {}

    def start(self) -> None:
        """Keep the line from now on; called within the loop, and a second time nothing happens."""
        if self.running is None:
            self.loop = asyncio.get_running_loop()
            self.running = asyncio.ensure_future(self._keep())

    def announce(self, room_id: int) -> None:
        """Tell the other processes that a room has changed; from any thread."""
        if self.loop is not None and not self.loop.is_closed():
            with suppress(RuntimeError):  # the loop closed meanwhile
                self.loop.call_soon_threadsafe(self._note, self.changed, room_id)

    def tell_presence(self, room_id: int) -> None:
        """Tell the other processes whose screens are connected here now."""
        self._note(self.counted, room_id)

    def _note(self, what: set[int], room_id: int) -> None:
        what.add(room_id)
        self.woken.set()

    async def _keep(self) -> None:
        while True:
            with suppress(RedisError, OSError):
                await self._talk()
            self.is_connected = False
            for room_id in announcing.forget_elsewhere():
                self.rooms.draw_anew(room_id)
            await asyncio.sleep(self.look)
            self.rooms.draw_all_anew()

    async def _talk(self) -> None:
        async with (
            redis.Redis.from_url(
                self.url, socket_connect_timeout=self.look, socket_timeout=self.look
            ) as client,
            client.pubsub() as heard,
        ):
            await heard.subscribe(channel_name())
            await self._publish(client, hello=True)
            self.is_connected = True
            self.rooms.draw_all_anew()
            both = [asyncio.ensure_future(self._listen(heard)), asyncio.ensure_future(self._tell(client))]
            try:
                done, _others = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                for each in done:
                    each.result()
            finally:
                for each in both:
                    each.cancel()
                await asyncio.gather(*both, return_exceptions=True)

    async def _tell(self, client: "redis.Redis") -> None:
        while True:
            is_beat = False
            try:
                await asyncio.wait_for(self.woken.wait(), self.beat)
            except TimeoutError:
                is_beat = True
            self.woken.clear()
            await self._publish(client, beat=is_beat)
            self._forget_silent()
            await asyncio.sleep(self.pause)

    async def _publish(self, client: "redis.Redis", *, hello: bool = False, beat: bool = False) -> None:
        changed, counted = self.changed, self.counted
        self.changed, self.counted = set(), set()
        if hello or beat:
            counted = set(announcing.rooms_here())
        said = {
            "from": self.name,
            "hello": hello,
            "changed": sorted(changed),
            "here": {room_id: _packed(announcing.presence_here(room_id)) for room_id in counted},
        }
        await client.publish(channel_name(), json.dumps(said))

    async def _listen(self, heard: Any) -> None:
        while True:
            # Each process hears itself too: silence means that the line is dead.
            message = await heard.get_message(timeout=self.beat * SILENT_BEATS)
            if message is None:
                raise ConnectionError
            if message["type"] == "message":
                self._hear(json.loads(message["data"]))

    def _hear(self, said: dict[str, Any]) -> None:
        """Take what a process said; what one itself said tells nothing new."""
        if said["from"] == self.name:
            return
        self.heard_at[said["from"]] = asyncio.get_running_loop().time()
        if said["hello"]:
            # It may have missed what we said, and we what it said.
            self.counted |= set(announcing.rooms_here())
            self.woken.set()
            self.rooms.draw_all_anew()
        for room_id in said["changed"]:
            self.rooms.draw_anew(room_id)
        for room_id, packed in said["here"].items():
            if announcing.note_elsewhere(said["from"], int(room_id), _unpacked(packed)):
                self.rooms.draw_anew(int(room_id))

    def _forget_silent(self) -> None:
        oldest = asyncio.get_running_loop().time() - self.beat * SILENT_BEATS
        for process in [each for each, at in self.heard_at.items() if at < oldest]:
            del self.heard_at[process]
            for room_id in announcing.forget_elsewhere(process):
                self.rooms.draw_anew(room_id)


def channel_name() -> str:
    """Return the channel of this installation: others may use the same Redis, and have rooms 1, 2, 3 too."""
    digest = salted_hmac("coppice.live.relay", settings.SECRET_KEY, algorithm="sha256")
    return f"coppice.live.{digest.hexdigest()[:16]}"


def _packed(presence: Presence) -> list[Any]:
    return [sorted(presence.participants), sorted(presence.hosts), presence.projectors]


def _unpacked(packed: list[Any]) -> Presence:
    return Presence(frozenset(packed[0]), frozenset(packed[1]), packed[2])
