"""What the engine has laid out of proposals that somebody is at work on, kept while nothing of it changes.

Choosing people and moving them asks for the same question again and again; only who is where differs. It is
kept in this process under a mark of everything that it is made of, as the database says it at the moment, so
what has changed is never answered from here.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from coppice.formation.problems import Draft
from coppice.formation.rules import RosterRow
from engines import grouping

MOST_PEOPLE = 6_000
"""The people of all boards that are kept, about 6 kB each; the one asked for last is kept in any case."""

KEPT_SECONDS = 15 * 60
"""Whoever is at work asks more often; what is left behind goes when anybody asks."""


@dataclass(frozen=True)
class Laid:
    """A question to the engine with its people by id (text), and a board of one grouping of them."""

    draft: Draft
    roster: Mapping[str, RosterRow]
    board: grouping.Board


class Shelf:
    """Keeps what is laid out, by the id of its formation; several threads may ask at once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[str, float, Laid]] = OrderedDict()
        self._turn = threading.Lock()

    def find(self, formation_id: int, mark: str) -> Laid | None:
        """Return what was put here under this mark, if it still is."""
        now = time.monotonic()
        with self._turn:
            for each in [key for key, (_, at, _) in self._kept.items() if now - at > KEPT_SECONDS]:
                del self._kept[each]
            kept = self._kept.get(formation_id)
            if kept is None or kept[0] != mark:
                return None
            self._kept[formation_id] = (mark, now, kept[2])
            self._kept.move_to_end(formation_id)
            return kept[2]

    def put(self, formation_id: int, mark: str, laid: Laid) -> None:
        """Keep this in place of what there was of the formation; the longest unasked for makes room."""
        with self._turn:
            self._kept.pop(formation_id, None)
            self._kept[formation_id] = (mark, time.monotonic(), laid)
            while len(self._kept) > 1 and self._people() > MOST_PEOPLE:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Keep nothing."""
        with self._turn:
            self._kept.clear()

    def _people(self) -> int:
        return sum(len(laid.roster) for _, _, laid in self._kept.values())


shelf = Shelf()


def mark_of(*parts: Any) -> str:
    """Return a mark of plain values that differs, as good as surely, when one of them does."""
    return blake2b(repr(parts).encode(), digest_size=24).hexdigest()
