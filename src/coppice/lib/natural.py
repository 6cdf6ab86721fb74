"""The order in which people count: Circle 2 before Circle 10."""

import re

DIGITS = re.compile(r"(\d+)")


def natural(words: str) -> list[tuple[int, str]]:
    """Return a key to sort names by: numbers by their size, letters without regard to case."""
    return [
        (int(part), "") if place % 2 else (0, part.casefold())
        for place, part in enumerate(DIGITS.split(words))
    ]
