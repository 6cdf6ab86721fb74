"""What an index is asked, and what it answers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Alternatives:
    """One word that was asked for: any of `words`, or with `prefix` any that begins so."""

    words: tuple[str, ...]
    prefix: str = ""


@dataclass(frozen=True)
class Asked:
    """Which documents: with all of the `terms`, for somebody who holds one of the `keys`, within the filters.

    Without terms all documents are meant. `keys` must not be empty.
    """

    keys: tuple[str, ...]
    terms: tuple[Alternatives, ...] = ()
    kind: str = ""
    community_id: int | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Found:
    """One document that answers: its id, and how well its words do (0 to 1)."""

    document_id: int
    closeness: float
