"""Two server processes on one database share a live room through Redis, lose it, and find it again."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.installation import HOST, Installation, installation
from tests.redis_server import PATIENCE, RedisServer, redis, until  # noqa: F401  (redis is a fixture)

MAKE_A_ROOM = """
import django; django.setup()
import json
from coppice.communities.tests.factories import make_program
from coppice.live import links
from coppice.live.actions import moves, people
from coppice.live.tests.factories import make_room
room = make_room(make_program())
step = room.steps.get()
moves.open_step(step, by=None)
phones = [people.join(room, name=name, language="en") for name in ("Ada", "Ben")]
print(json.dumps({
    "step": step.pk,
    "phones": [links.phone_path(each) for each in phones],
    "streams": [links.stream_path(links.Stream("phone", room.pk, "en", each.pk)) for each in phones],
    "projector": links.stream_path(links.Stream("projector", room.pk, "en")),
}))
"""


class Screen:
    """One open stream at one process; `shows` reads on until the screen shows some words."""

    def __init__(self, place: Installation, stream: str) -> None:
        self.line = http.client.HTTPConnection(HOST, place.port, timeout=PATIENCE)
        self.line.request("GET", stream)
        self.answer = self.line.getresponse()
        self.latest = ""

    def shows(self, words: str) -> bool:
        """Read until the words have come; raises TimeoutError when nothing comes any more."""
        ends = time.monotonic() + PATIENCE
        while words not in self.latest and time.monotonic() < ends:
            line = self.answer.readline().decode()
            if line.startswith("event: screen"):
                self.latest = ""
            self.latest += line.removeprefix("data: ")
        return words in self.latest

    def close(self) -> None:
        self.answer.close()
        self.line.close()


@pytest.fixture
def both(redis: RedisServer, tables: Path) -> Iterator[tuple[Installation, Installation]]:  # noqa: F811
    with installation(tables=tables) as one:
        one.environment["COPPICE_REDIS_URL"] = redis.url
        two = Installation(one.home)
        two.environment["COPPICE_REDIS_URL"] = one.environment["COPPICE_REDIS_URL"]
        one.start()
        two.start()
        yield one, two
        two.kill()


def post(place: Installation, path: str, **fields: object) -> int:
    line = http.client.HTTPConnection(HOST, place.port, timeout=PATIENCE)
    with closing(line):
        line.request("GET", path.partition("steps/")[0])
        page = line.getresponse()
        cookie = str(page.getheader("Set-Cookie")).partition(";")[0]
        page.read()
        body = "&".join(f"{name}={value}" for name, value in fields.items())
        token = f"&csrfmiddlewaretoken={cookie.partition('=')[2]}"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "X-Live": "1"}
        line.request("POST", path, body + token, headers)
        return line.getresponse().status


def health(place: Installation) -> tuple[int, str]:
    line = http.client.HTTPConnection(HOST, place.port, timeout=PATIENCE)
    with closing(line):
        line.request("GET", "/health/")
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())["conditions"]["redis"]


def test_a_vote_at_one_process_is_on_the_wall_of_the_other_also_while_redis_is_gone_and_after(
    both: tuple[Installation, Installation],
    redis: RedisServer,  # noqa: F811
) -> None:
    one, two = both
    made = one.python("-c", MAKE_A_ROOM)
    assert made.stderr == ""
    room = json.loads(made.stdout)
    wall = Screen(two, room["projector"])
    ada, ben = Screen(one, room["streams"][0]), Screen(two, room["streams"][1])

    def vote(number: int, pick: int) -> int:
        path = f"{room['phones'][number]}steps/{room['step']}/answer/"
        return post(one, path, round=1, pick=pick)

    assert wall.shows("2 of 2 connected")
    assert vote(0, 0) == 204
    assert wall.shows("1 of 2 have answered")
    ada.close()
    assert wall.shows("1 of 2 connected")

    redis.stop()
    until(lambda: health(one) == (503, "failing"))
    assert vote(1, 1) == 204
    assert wall.shows("2 of 2 have answered")

    redis.start()
    until(lambda: health(two) == (200, "ok"))
    again = Screen(one, room["streams"][0])
    assert wall.shows("2 of 2 connected")
    one.kill()
    assert wall.shows("1 of 2 connected")
    for each in (wall, ben, again):
        each.close()
