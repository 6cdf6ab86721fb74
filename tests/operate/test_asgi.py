"""The door between the loop and the threads: whatever a page sends comes out whole and in order."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from coppice.asgi import NOT_WAITED_FOR, Pages

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/",
    "query_string": b"",
    "http_version": "1.1",
    "headers": [],
}


def run(what: Coroutine) -> None:
    """Run to its end in a thread of its own: a browser of another test may keep a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, what).result()


def answer_of(page) -> tuple[int, list[bytes]]:
    """Ask a WSGI page through our door, as a slow reader would; return its status and what came, in order."""
    door, messages = Pages(page, workers=2), []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        await asyncio.sleep(0.001)
        messages.append(message)

    run(door(SCOPE, receive, send))
    return messages[0]["status"], [message["body"] for message in messages[1:]]


@pytest.mark.parametrize("pieces", [0, 1, NOT_WAITED_FOR, 50])
def test_a_page_of_any_length_comes_out_whole_and_in_order(pieces: int) -> None:
    def page(environ, start_response) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        for number in range(pieces):
            yield str(number).encode()

    assert answer_of(page) == (200, [*(str(number).encode() for number in range(pieces)), b""])


def test_a_thread_stays_at_most_a_queue_ahead_of_a_slow_reader() -> None:
    ahead, sent, taken = [], [0], [0]

    def page(environ, start_response) -> Iterator[bytes]:
        start_response("200 OK", [])
        for _ in range(60):
            sent[0] += 1
            ahead.append(sent[0] - taken[0])
            yield b"piece"

    async def send(message: dict) -> None:
        await asyncio.sleep(0.001)
        taken[0] += message.get("body") == b"piece"

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    run(Pages(page, workers=1)(SCOPE, receive, send))

    assert taken == [60]
    assert max(ahead) <= 13  # ten in the queue, one on its way out, one on its way in, and the one yielded


def test_a_page_that_breaks_off_is_an_error_of_its_request_alone() -> None:
    def page(environ, start_response) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"half"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        answer_of(page)
