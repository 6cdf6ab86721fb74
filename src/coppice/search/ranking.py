"""The order of results: title above words, exact above near, and newer a little above older."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from coppice.search.indexes import Alternatives, Found
from coppice.search.tokens import words_of

A_DAY = 86_400
HALF_AS_NEW_AFTER = 180  # days
NEWNESS, CLOSENESS = 0.3, 0.15
"""Together they outweigh no step below: they decide among what answers equally well."""
IN_TITLE = {"exact": 2.0, "form": 1.5, "near": 0.15, "": 0.0}
EXACT, FORM = 1.0, 0.5
WHOLE_TITLE = 1.0


@dataclass(frozen=True)
class Term:
    """One word that was asked for, and what is found in its place: forms, beginnings, near words."""

    word: str
    forms: tuple[str, ...] = ()
    prefix: str = ""
    near: tuple[str, ...] = ()

    @property
    def alternatives(self) -> Alternatives:
        """What the index is asked for."""
        return Alternatives(self.word, (*self.forms, *self.near), prefix=self.prefix)

    def found_as(self, word: str) -> str:
        """Say how a folded word answers this term: "exact", "form" (or begins so), "near", or ""."""
        if word == self.word:
            return "exact"
        if word in self.forms or (self.prefix and word.startswith(self.prefix)):
            return "form"
        return "near" if word in self.near else ""


def ordered(rows: Iterable[Found], terms: Sequence[Term], *, now: datetime) -> list[Found]:
    """Return what was found, the best first."""
    return sorted(rows, key=lambda row: (score(row, terms, now=now), row.at, row.pk), reverse=True)


def score(row: Found, terms: Sequence[Term], *, now: datetime) -> float:
    """Return how high a document stands, of those that answer."""
    words = words_of(row.title)
    best = [max((IN_TITLE[term.found_as(word)] for word in words), default=0.0) for term in terms]
    whole = WHOLE_TITLE if words == [term.word for term in terms] else 0.0
    age = max(0.0, (now - row.at).total_seconds() / A_DAY)
    newness = NEWNESS * 0.5 ** (age / HALF_AS_NEW_AFTER)
    told = EXACT if row.is_exact else FORM
    return sum(best) / len(best) + whole + told + CLOSENESS * row.closeness + newness
