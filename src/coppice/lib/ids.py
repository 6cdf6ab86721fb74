"""Ids as forms and addresses bring them: whatever is no id of any row is nobody's."""

NOBODYS = 0
LONGEST = 18  # digits that fit any database's integers


def id_in(text: str) -> int:
    """Return the id that a text holds, or 0, which no row has, for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else NOBODYS


def id_or_nobodys(number: int) -> int:
    """Return an id that an address named, or 0 where no database holds so large a number."""
    return number if number < 10**LONGEST else NOBODYS
