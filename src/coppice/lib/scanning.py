"""Asking clamd, ClamAV's daemon, whether a file carries something: its INSTREAM command over a socket."""

import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

PATIENCE = 60
"""Seconds to wait for each word of the daemon."""


class ScannerUnreachable(OSError):
    """The scanner did not answer, or not in its own terms; nothing is known about the file."""


def scan(chunks: Iterable[bytes], *, scanner: str) -> str:
    """Return what the scanner calls that which it found in a file, "" for a clean one.

    `scanner` is `tcp://host:port` or `unix:/path/of/socket`. Raises ScannerUnreachable, also when the daemon
    takes no file of this size.
    """
    try:
        with _connect(scanner) as wire:
            wire.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                if chunk:
                    wire.sendall(struct.pack("!L", len(chunk)) + chunk)
            wire.sendall(struct.pack("!L", 0))
            answer = b"".join(iter(lambda: wire.recv(4096), b""))
    except (OSError, ValueError) as lost:
        raise ScannerUnreachable(str(lost)) from lost
    said = answer.rstrip(b"\0\n").decode("utf-8", "replace").removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerUnreachable(said or "no answer")


def _connect(scanner: str) -> socket.socket:
    where = urlsplit(scanner)
    if where.scheme == "unix":
        wire = socket.socket(socket.AF_UNIX)
        wire.settimeout(PATIENCE)
        wire.connect(where.path)
        return wire
    return socket.create_connection((where.hostname or "127.0.0.1", where.port or 3310), timeout=PATIENCE)
