"""Clients of the server: each a thread with one kept connection and somebody's cookies."""

import http.client
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.installation import HOST

TOKEN = secrets.token_hex(16)


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    location: str
    body: bytes
    seconds: float
    onward: str = ""


class Browser:
    """One kept connection that says who it is; opens anew when the server has gone and come back."""

    def __init__(self, port: int, *, session: str = "") -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=30)
        self._headers = {"Cookie": f"csrftoken={TOKEN}; sessionid={session}", "Accept-Language": "en"}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(
            "GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()}
        )

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form, with the token that a page would have carried; raises OSError when no answer came."""
        body = urlencode({**fields, "csrfmiddlewaretoken": TOKEN})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path: str, fields: Mapping[str, str], *, name: str, content: bytes) -> Answer:
        """Send a form that holds one file, in its field `file`."""
        edge = secrets.token_hex(16)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in {**fields, "csrfmiddlewaretoken": TOKEN}.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = "".join([*parts, head]).encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | bytes | None, headers: Mapping[str, str]) -> Answer:
        started = time.perf_counter()
        try:
            self._connection.request(method, path, body, {**self._headers, **headers})
            if self._connection.sock is not None:
                self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            response = self._connection.getresponse()
            content = response.read()
        except http.client.HTTPException as failure:
            self.close()
            raise OSError(str(failure)) from failure
        except OSError:
            self.close()
            raise
        seconds = time.perf_counter() - started
        location, onward = (response.headers.get(name, "") for name in ("Location", "HX-Redirect"))
        return Answer(response.status, location, content, seconds, onward)


@dataclass
class Crowd:
    """What many browsers at once met: seconds per answer, how often each status, and how long it all took."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    elapsed: float = 0.0

    @property
    def count(self) -> int:
        return len(self.seconds)


def crowd(
    port: int,
    ask: Callable[[Browser, int], Answer],
    *,
    requests: int,
    connections: int,
    session: str = "",
    longest: float = 600,
) -> Crowd:
    """Have so many connections send so many requests together: `ask(browser, number)` sends one of them.

    Stops early once `longest` seconds have passed. A connection that breaks counts as status 0.
    """
    result = Crowd()
    numbers = iter(range(requests))
    lock = threading.Lock()
    started = time.monotonic()

    def visit() -> None:
        browser = Browser(port, session=session)
        seconds: list[float] = []
        statuses: dict[int, int] = {}
        while time.monotonic() - started < longest:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            try:
                answer = ask(browser, number)
            except OSError:
                statuses[0] = statuses.get(0, 0) + 1
                continue
            seconds.append(answer.seconds)
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
        browser.close()
        with lock:
            result.seconds += seconds
            for status, count in statuses.items():
                result.statuses[status] = result.statuses.get(status, 0) + count

    threads = [threading.Thread(target=visit, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=longest + 60)
    result.elapsed = time.monotonic() - started
    return result
