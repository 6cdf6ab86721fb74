"""What an index is asked, and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True)
class Alternatives:
    """One word that was asked for, `exact`; any of the other `words`, or with `prefix` any that begins so."""

    exact: str
    words: tuple[str, ...] = ()
    prefix: str = ""


@dataclass(frozen=True)
class Asked:
    """Which documents: with all of the `terms`, for somebody who holds one of the `keys`, within the filters.

    Neither `terms` nor `keys` is empty. What belongs to a community is what its members may see.
    """

    keys: tuple[str, ...]
    terms: tuple[Alternatives, ...] = ()
    kind: str = ""
    community_id: int | None = None
    since: datetime | None = None


class Found(NamedTuple):
    """One document that answers, as far as sorting and filters want to know it.

    `closeness` is how well its words answer (0 to 1); `is_exact` says that it holds each word as asked for.
    """

    pk: int
    title: str
    at: datetime
    kind: str
    community_id: int | None
    closeness: float
    is_exact: bool
    path: str = ""
