"""What a reader of archives gives: one entry for each thing that somebody wrote, or why it is left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from coppice.lib.lines import one_line

MOST_ENTRIES = 200_000
"""So many posts an archive may hold; beyond that it is refused."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""What says that it is older says nothing: pages cannot show year one in every zone."""
MOST_PARENTS = 30
"""So many earlier entries an entry answers at most; the latest count."""


class Reason(TextChoices):
    """Why something in an archive is left out."""

    KNOWN = "known", pgettext_lazy("left out of an import", "here already")
    TWICE = "twice", pgettext_lazy("left out of an import", "twice in the file")
    AUTOMATIC = "automatic", pgettext_lazy("left out of an import", "written by a machine")
    DIGEST = "digest", pgettext_lazy("left out of an import", "a digest of other mails")
    EMPTY = "empty", pgettext_lazy("left out of an import", "without words")
    BROKEN = "broken", pgettext_lazy("left out of an import", "not readable")
    LARGE = "large", pgettext_lazy("left out of an import", "larger than 40 MB")
    DELETED = "deleted", pgettext_lazy("left out of an import", "deleted or hidden where it was")
    PRIVATE = "private", pgettext_lazy("left out of an import", "private messages and channels")
    FILES = "files", pgettext_lazy("left out of an import", "files that are too large or of another kind")


ADDRESS = re.compile(r"[^\s@<>\"'(),;:]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80})+")
BRACKETS = str.maketrans('<>()"', "     ")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody wrote.

    `key` is the same each time that the same thing is read ("mail:" and a digest); `parents` are the keys of
    what it answers, the nearest last. With a `thread` the archive itself says what belongs together; without,
    `title` and `is_reply` help. `address` and `name` are the writer's, either may be empty. `at` is None
    where the archive does not say, `original` is the whole text where `markdown` is only a part of it.
    `offset` and `length` say where in the file it stands, in bytes, when something of it is read again later:
    `file_count` files. `reactions` are kinds of `Reaction` with the addresses of those who say so.
    """

    key: str
    title: str
    markdown: str
    at: datetime | None
    name: str = ""
    address: str = ""
    parents: tuple[str, ...] = ()
    thread: str = ""
    is_reply: bool = False
    original: str = ""
    offset: int = 0
    length: int = 0
    file_count: int = 0
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in an archive that does not become a post."""

    reason: Reason


def moment_of(at: datetime) -> datetime | None:
    """Return a moment in UTC, as which one without a zone counts; None for one that no archive can hold."""
    try:
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return at if at >= EARLIEST else None


def mailbox_of(said: str) -> tuple[str, str]:
    """Return name and address of somebody as a table or a profile names them; what is an address is no name.

    "Jane Doe <jane@example.org>" is Jane Doe, "jane.doe@example.org" as well.
    """
    found = ADDRESS.search(said)
    if not found:
        return said, ""
    name = one_line(ADDRESS.sub(" ", said).translate(BRACKETS)) or named_by(found[0])
    return name, found[0].lower()


def named_by(address: str) -> str:
    """Return the name that an address tells: "Jane Doe" of "jane.doe@example.org"."""
    return re.sub(r"[._]+", " ", address.partition("@")[0].rstrip(".")).strip().title()


def key_of(kind: str, *parts: str) -> str:
    """Return a key for what an archive names so: short, and telling nothing of what it was made from."""
    return f"{kind}:{sha256('\0'.join(parts).encode(errors='replace')).hexdigest()[:40]}"
