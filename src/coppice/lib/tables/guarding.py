"""Cells that a spreadsheet program would run as a formula, made harmless going out and restored coming in.

A cell whose first visible character is `=`, `+`, `-` or `@` (also full-width), or that starts with a tab,
a carriage return or a line feed, gets a leading apostrophe. Two kinds of cell stay as they are, because
they cannot compute anything and other programs read them: plain numbers (`-3.5`) and phone numbers that hold
only a plus sign, digits and spaces (`+64 21 555 1234`). A phone number with hyphens or brackets would be
computed (`+1-800-555` is a subtraction), so it gets the apostrophe and stays readable as text.

A cell that already has apostrophes before such a character gets one more, so that reading restores every
cell.
"""

import re

DANGEROUS = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")
HARMLESS = re.compile(r"'*\s*(?:[+-]?\d+(?:\.\d+)?|\+\d[\d ]*)\s*", re.ASCII)


def guard(cell: str) -> str:
    """Return the cell as it may be written for a spreadsheet program."""
    return f"'{cell}" if _would_run(cell) else cell


def unguard(cell: str) -> str:
    """Return the cell as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and _would_run(cell[1:]) else cell


def _would_run(cell: str) -> bool:
    return DANGEROUS.match(cell) is not None and HARMLESS.fullmatch(cell) is None
