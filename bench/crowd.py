"""A thousand phones in one process: raw sockets on one asyncio loop, light beside the server."""

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.installation import HOST

TOKEN = secrets.token_hex(16)
ANSWERED = re.compile(rb"(\d+) of \d+ have answered")
HEAD = f"Host: {HOST}\r\nCookie: csrftoken={TOKEN}\r\n"


@dataclass
class Vote:
    """One tap: when it was made, when it was acknowledged (0 while it was not), and what came back."""

    participant: int
    pick: int
    tapped: float = 0.0
    taken: float = 0.0
    statuses: list[int] = field(default_factory=list)


async def post(port: int, path: str, fields: dict[str, str]) -> int:
    """Send a form as our module does, on a connection of its own; return the status, 0 when none came."""
    body = urlencode(fields)
    head = (
        f"POST {path} HTTP/1.1\r\n{HEAD}X-CSRFToken: {TOKEN}\r\nX-Live: yes\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer = None
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write((head + body).encode())
        line = await reader.readline()
        return int(line.split()[1]) if line else 0
    except (OSError, IndexError, ValueError):
        return 0
    finally:
        if writer is not None:
            writer.close()


async def stream(port: int, path: str) -> AsyncIterator[bytes]:
    """Open a stream and give its pieces as they come, until it ends."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\n{HEAD}Accept: text/event-stream\r\n\r\n".encode())
        while piece := await reader.read(65536):
            yield piece
    finally:
        writer.close()


@dataclass
class Wall:
    """A projector: every count that it showed, and when."""

    shown: list[tuple[float, int]] = field(default_factory=list)

    async def watch(self, port: int, path: str) -> None:
        held = b""
        async for piece in stream(port, path):
            held += piece
            *events, held = held.split(b"\n\n")
            for event in events:
                if found := ANSWERED.search(event):
                    self.shown.append((time.monotonic(), int(found[1])))

    def delays(self, votes: list[Vote]) -> list[float]:
        """Return for each vote the seconds from its tap until the wall surely showed it.

        A count surely holds a vote when it is at least the number of votes tapped before this one was
        acknowledged: those on their way are counted as if they had come first, so the delay is no shorter
        than this. A vote that never showed has no end.
        """
        taps = sorted(vote.tapped for vote in votes)
        delays = []
        for vote in votes:
            needed = sum(1 for tap in taps if tap <= vote.taken)
            at = next((at for at, count in self.shown if count >= needed), float("inf"))
            delays.append(at - vote.tapped)
        return delays


async def listen(port: int, path: str, got: list[int]) -> None:
    """Be one phone that looks on: count its bytes."""
    with suppress(OSError):
        async for piece in stream(port, path):
            got[0] += len(piece)
