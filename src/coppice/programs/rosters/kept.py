"""Which attribute of the roster a column goes on with: a later file fills what an earlier one began."""

from collections.abc import Iterable, Sequence

from coppice.programs.rosters.headers import fold_header

RESERVED_KEYS = frozenset(
    [
        "wishes",
        "free_hours",
        "keep_with",
        "keep_apart",
        "needs",
        "expertise",
        "notes",
        "answered_at",
        "joined_on",
        "languages",
    ]
)
"""The keys of what we read; a column that is kept as it stands never has one of them."""

OWN_KEYS = RESERVED_KEYS | {"area", "kind"}
LONGEST_KEY = 100


def key_of(header: str) -> str:
    """Return the key that a column gets by its name: "Van  size?" → "van_size"; "" where it has no letter."""
    return "_".join(fold_header(header).split())[:LONGEST_KEY]


def known_keys(headers: Sequence[str], kept: Iterable[str]) -> list[str]:
    """Return for each column the attribute that people have by its name already; "" where there is none.

    `kept` are the attributes of the roster, the one that most people have first. Capitals, accents, spaces
    and punctuation make no difference, and the spelling that is the same goes first. Each is given once.
    """
    left = [key for key in kept if key not in OWN_KEYS]
    found = []
    for header in headers:
        alike = [key for key in left if key_of(key) == key_of(header) != ""]
        key = header if header in alike else next(iter(alike), "")
        if key:
            left.remove(key)
        found.append(key)
    return found
