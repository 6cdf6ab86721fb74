"""Reads a calendar in a process of its own: a file can be written that no reader comes to an end with."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from coppice.lib.errors import DomainError
from coppice.meetings import errors
from coppice.meetings.busy_reading import Busy, Read, Reader, read_busy

PATIENCE = 10
"""So many seconds a file may take in all; a year of appointments takes about one."""
MOST_MEMORY = 1024**3
"""Bytes that reading one file may take."""
SOURCES = Path(__file__).parents[2]
COMMAND = (
    f"import sys; sys.path.insert(0, {str(SOURCES)!r}); from coppice.meetings.busy_apart import main; main()"
)
REFUSALS: dict[str, type[DomainError]] = {
    each.code: each for each in (errors.CalendarTooLarge, errors.CalendarNotRead)
}


def read_apart(content: bytes, reader: Reader, *, now: datetime) -> Read:
    """Return what `read_busy` does, or refuse the file within ten seconds, whatever is in it.

    Raises CalendarTooLarge, also when it takes too long, or CalendarNotRead. It is best called outside a
    transaction, so that nobody who writes has to wait for it.
    """
    asked = {
        "content": base64.b64encode(content).decode(),
        "zone": _key(reader.zone),
        "addresses": sorted(reader.addresses),
        "now": now.isoformat(),
    }
    # Our own code; what people brought reaches it on its standard input alone.
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-c", COMMAND],
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise errors.CalendarTooLarge from None
    except subprocess.CalledProcessError:
        raise errors.CalendarNotRead from None
    answer = json.loads(done.stdout)
    if answer["refused"]:
        raise REFUSALS[answer["refused"]]
    times = [Busy(*(datetime.fromisoformat(moment) for moment in each)) for each in answer["times"]]
    return Read(times, answer["left_out"])


def main() -> None:
    """Read {"content", "zone", "addresses", "now"} from standard input, write what came of it as JSON."""
    _limit()
    asked = json.load(sys.stdin)
    reader = Reader(ZoneInfo(asked["zone"]), frozenset(asked["addresses"]))
    answer: dict[str, Any] = {"refused": "", "times": [], "left_out": 0}
    try:
        content, now = base64.b64decode(asked["content"]), datetime.fromisoformat(asked["now"])
        read = read_busy(content, reader, now=now)
    except DomainError as refused:
        answer["refused"] = refused.code
    else:
        answer["times"] = [(each.starts_at.isoformat(), each.ends_at.isoformat()) for each in read.times]
        answer["left_out"] = read.left_out
    json.dump(answer, sys.stdout)


def _limit() -> None:
    """Take little of the machine, where its system can be told so."""
    try:
        import os
        import resource
    except ImportError:
        return
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))


def _key(zone: tzinfo) -> str:
    return "UTC" if zone is UTC else str(zone)
