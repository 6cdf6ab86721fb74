"""Posting to an address that somebody else told us, and never to one inside of our own network."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

SECONDS = 10
SECONDS_IN_ALL = 30
"""Who answers a letter at a time, each within ten seconds, is cut off: a worker would be theirs for days."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class NotOutside(ValueError):
    """The address is not one of https on the public network, so nothing is sent there."""


def check(url: str, *, exempt: str = "") -> None:
    """Raise NotOutside when an address is not https on the usual port of a host; asks nobody.

    `exempt` is an origin such as "http://127.0.0.1:8001" that is let through, for tests.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise NotOutside(url) from wrong
    if exempt and f"{parts.scheme}://{parts.netloc}" == exempt:
        return
    is_plain = parts.username is None and port in (None, 443) and url.isascii() and url.isprintable()
    if parts.scheme != "https" or not parts.hostname or not is_plain:
        raise NotOutside(url)


def post(url: str, body: bytes, headers: Mapping[str, str], *, exempt: str = "") -> int:
    """Post a body and return the status that comes back; redirects are not followed.

    The name is resolved once, each of its addresses must be public, and the connection goes to one of these.
    Raises NotOutside before anything is sent, OSError or HTTPException when nobody answers in ten seconds,
    or has not answered whole in thirty.
    """
    check(url, exempt=exempt)
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "http":
        connection = http.client.HTTPConnection(host, parts.port, timeout=SECONDS)
    else:
        connection = PinnedConnection(host, public_address(host))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
        with _cut_off(connection.sock):
            connection.request("POST", path, body, dict(headers))
            return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def _cut_off(opened: socket.socket) -> Iterator[None]:
    """End what goes over a connection when it has taken too long in all."""
    timer = threading.Timer(SECONDS_IN_ALL, _end, [opened])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(opened: socket.socket) -> None:
    with suppress(OSError):  # it is at its end already
        socket.socket.shutdown(opened, socket.SHUT_RDWR)


def public_address(host: str, port: int = 443) -> str:
    """Return an address of a host, all of whose addresses are public; raises NotOutside otherwise."""
    found = {str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not all(_is_public(ipaddress.ip_address(each.partition("%")[0])) for each in found):
        raise NotOutside(host)
    return min(found, key=lambda each: (":" in each, each))


class PinnedConnection(http.client.HTTPSConnection):
    """An https connection to an address that was looked at, under the name whose certificate it must show."""

    def __init__(
        self, host: str, address: str, port: int = 443, context: ssl.SSLContext | None = None
    ) -> None:
        self._address = address
        self._context_asked = context or ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self._context_asked)

    def connect(self) -> None:
        """Connect to the address, and have the name proven."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context_asked.wrap_socket(plain, server_hostname=self.host)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address, and the one that it stands for if any, is of the public network."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast
