"""The line between server processes: what is told and heard, who is counted, and when it breaks."""

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import asyncio as redis_client

from coppice.health import running
from coppice.live import announcing
from coppice.live.announcing import Presence, presence_in
from coppice.live.relay import Relay, channel_name
from tests.redis_server import PATIENCE, RedisServer, redis  # noqa: F401  (redis is a fixture)


class Rooms:
    """Notes which rooms are to be drawn anew; 0 stands for all."""

    def __init__(self) -> None:
        self.drawn: list[int] = []

    def draw_anew(self, room_id: int) -> None:
        self.drawn.append(room_id)

    def draw_all_anew(self) -> None:
        self.drawn.append(0)


@pytest.fixture(autouse=True)
def nobody_is_anywhere(monkeypatch):
    monkeypatch.setattr(announcing, "_here", {})
    monkeypatch.setattr(announcing, "_elsewhere", {})


@pytest.fixture
def relay(redis: RedisServer) -> Relay:  # noqa: F811
    return Relay(redis.url, Rooms(), pause=0.01, beat=0.1, look=0.1)


def run(what: Coroutine) -> Any:
    """Run to its end in a thread of its own: a browser of another test may keep a loop in this one."""

    async def soon() -> Any:
        return await asyncio.wait_for(what, PATIENCE)

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, soon()).result()


async def until(condition) -> None:
    while not condition():
        await asyncio.sleep(0.01)


def said(**fields: Any) -> dict[str, Any]:
    return {"from": "other", "hello": False, "changed": [], "here": {}, **fields}


class Ear:
    """Another process that hears and speaks by hand."""

    def __init__(self, relay: Relay) -> None:
        self.client = redis_client.Redis.from_url(relay.url)
        self.heard = self.client.pubsub()
        self.all: list[dict[str, Any]] = []

    async def says(self, **fields: Any) -> None:
        await self.client.publish(channel_name(), json.dumps(said(**fields)))

    async def __aenter__(self) -> "Ear":
        await self.heard.subscribe(channel_name())
        self.listening = asyncio.ensure_future(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.listening.cancel()
        await self.heard.aclose()
        await self.client.aclose()

    async def _listen(self) -> None:
        async for message in self.heard.listen():
            if message["type"] == "message":
                self.all.append(json.loads(message["data"]))


def test_what_changed_here_is_told_once_and_what_others_say_is_drawn_and_counted(relay):
    async def play() -> None:
        announcing.note_presence(3, Presence(frozenset({1}), frozenset({9}), 1))
        relay.announce(3)  # nobody listens before it is started
        async with Ear(relay) as other:
            relay.start()
            relay.start()
            await until(lambda: relay.is_connected)
            await until(lambda: other.all)
            assert (other.all[0]["hello"], other.all[0]["here"]) == (True, {"3": [[1], [9], 1]})
            for _ in range(5):
                relay.announce(3)
            await until(lambda: [each for each in other.all if each["changed"] == [3]])
            await other.says(changed=[4], here={"3": [[1, 2], [], 2]})
            await until(lambda: 4 in relay.rooms.drawn)
            assert presence_in(3) == Presence(frozenset({1, 2}), frozenset({9}), 3)
            before = len(other.all)
            await other.says(hello=True)
            await until(lambda: any(each["here"] for each in other.all[before:]))
        await until(lambda: presence_in(3).projectors == 1)  # it gave no sign of life any more
        relay.running.cancel()

    run(play())


def test_presence_elsewhere_that_is_no_news_draws_nothing(relay):
    async def play() -> None:
        relay._hear(said(here={"3": [[2], [], 0]}))
        relay._hear(said(here={"3": [[2], [], 0]}))
        relay._hear(said(here={"3": [[], [], 0]}))
        relay._hear({**said(changed=[5]), "from": relay.name})

    run(play())

    assert relay.rooms.drawn == [3, 3]


def test_while_redis_is_gone_rooms_are_looked_at_again_and_again_and_the_line_comes_back(relay, redis):  # noqa: F811
    async def play() -> None:
        relay.start()
        await until(lambda: relay.is_connected)
        relay._hear(said(here={"3": [[2], [], 0]}))
        redis.stop()
        await until(lambda: not relay.is_connected)
        assert presence_in(3) == Presence()
        relay.rooms.drawn.clear()
        await until(lambda: relay.rooms.drawn.count(0) >= 3)
        await asyncio.to_thread(redis.start)
        await until(lambda: relay.is_connected)
        relay.running.cancel()

    run(play())


def test_a_loop_that_is_gone_hears_nothing(relay):
    async def play() -> None:
        relay.start()
        relay.running.cancel()

    run(play())

    relay.announce(3)
    assert relay.changed == set()


def test_installations_that_share_a_redis_do_not_hear_each_other(settings):
    ours = channel_name()
    settings.SECRET_KEY = "another installation"

    assert channel_name() != ours


def test_health_says_whether_redis_answers(redis, settings):  # noqa: F811
    settings.REDIS_URL = redis.url
    assert running.redis().is_well
    redis.stop()

    assert "Redis does not answer" in running.redis().sentence
