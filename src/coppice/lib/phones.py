"""Telephone numbers as people write them, made into the addresses that a phone dials."""

import re

_FIRST_NUMBER = re.compile(r"\+?[\d\s().\-/\u2010-\u2013]+")


def dial(phone: str) -> str:
    """Return the tel: address (RFC 3966) of a number as somebody wrote it, or "" when none is in it.

    What stands behind the number, such as an extension, is not dialled.
    """
    found = _FIRST_NUMBER.match(phone.strip())
    digits = re.sub(r"[^\d]", "", found[0].replace("(0)", "") if found else "")
    return f"tel:{'+' if phone.strip().startswith('+') else ''}{digits}" if digits else ""
