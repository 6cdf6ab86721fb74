"""Write one property of a calendar as RFC 5545 wants it: escaped, and folded at 75 octets.

icalendar does the same with every check of its own, at four times the cost: a feed holds thousands of lines.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

LONGEST = 74  # octets to a line; RFC 5545 section 3.1 lets 75, icalendar writes as many
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
QUOTED = re.compile("[,;: '’]")
IN_A_PARAMETER = str.maketrans({"^": "^^", "\n": "^n", '"': "'"})  # RFC 6868, quotes aside


def line(name: str, value: str, parameters: Mapping[str, str] | None = None) -> str:
    """Return a property as one or more lines, without the last line's end; raises ValueError for line breaks.

    `value` is written as it stands: `text` escapes what people typed.
    """
    told = "".join(f";{key}={_parameter(each)}" for key, each in sorted((parameters or {}).items()))
    whole = f"{name}{told}:{value}"
    if "\n" in whole or "\r" in whole:
        raise ValueError(f"{name} holds a line break")
    return whole if whole.isascii() and len(whole) <= LONGEST else "\r\n ".join(_folded(whole))


def text(typed: str) -> str:
    """Escape words (RFC 5545 section 3.3.11)."""
    return typed.translate(ESCAPED)


def utc(moment: datetime) -> str:
    """Return an aware moment as a calendar tells it without a zone."""
    return f"{clock(moment.astimezone(UTC))}Z"


def clock(moment: datetime) -> str:
    """Return what a clock shows, in the basic form of ISO 8601."""
    shown = moment.replace(tzinfo=None).isoformat(timespec="seconds")
    return shown.replace("-", "").replace(":", "")


def _parameter(value: str) -> str:
    value = value.translate(IN_A_PARAMETER)
    return f'"{value}"' if QUOTED.search(value) else value


def _folded(whole: str) -> list[str]:
    """Cut between characters, and not between a backslash or caret and what it escapes."""
    left = whole.encode()
    parts = []
    while len(left) > LONGEST:
        end = LONGEST
        while left[end] & 0xC0 == 0x80:
            end -= 1
        end -= left[end - 1] in b"\\^"
        parts.append(left[:end].decode())
        left = left[end:]
    return [*parts, left.decode()]
