"""Looking: what somebody asks for, in everything that they may see."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from coppice.search import ranking, readers, spelling
from coppice.search.folding import Fold, folded
from coppice.search.indexes import Asked, index
from coppice.search.ranking import Term
from coppice.search.tokens import words_of

MOST = 500
"""So many are counted, sorted and shown; of more it is only said that there are more."""
A_PAGE = 20
"""With fewer than these, words that begin as the last one does are looked for as well."""
FEW = 3
"""With fewer than these, words that are spelt nearly so are."""
MOST_TERMS = 10
SHORTEST_PREFIX = 4
"""A shorter word is searched as it stands: half of all words begin with some three letters."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: words, and filters that narrow them."""

    text: str
    kind: str = ""
    community_id: int | None = None
    since: datetime | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter leaves something out."""
        return bool(self.kind or self.community_id is not None or self.since)

    @property
    def is_empty(self) -> bool:
        """Whether no word was asked for, as with signs alone."""
        return not words_of(self.text)


@dataclass(frozen=True)
class Answer:
    """What answers, the best first; `has_more` when there is more than is counted.

    `pages` name the best result of each page, and with it what else of its kind was found there.
    `by_kind` and `by_community` count what is found of every kind, and are empty when there is more than is
    counted. `terms` say what was looked for in place of each word; `is_near` when nothing held the words as
    they were written.
    """

    document_ids: list[int] = field(default_factory=list)
    pages: list[Fold] = field(default_factory=list)
    terms: tuple[Term, ...] = ()
    has_more: bool = False
    is_near: bool = False
    by_kind: Counter[str] = field(default_factory=Counter)
    by_community: Counter[int] = field(default_factory=Counter)


def look(person: Any, wish: Wish, *, now: datetime) -> Answer:
    """Return what answers a wish, of all that this person may see now."""
    keys = readers.keys_of(person)
    if not keys or wish.is_empty:
        return Answer()
    asked = Asked(keys=tuple(sorted(keys)), since=wish.since)
    terms = _terms(wish.text)
    plain = [replace(term, prefix="", near=()) for term in terms]
    begun = [replace(term, near=()) for term in terms]
    answer = _look(asked, wish, plain, now=now)
    if len(answer.document_ids) < A_PAGE and begun != plain:
        answer = _look(asked, wish, begun, now=now)
    if len(answer.document_ids) < FEW and begun != terms:
        wider = _look(asked, wish, terms, now=now)
        if wider.document_ids:
            return replace(wider, is_near=not answer.document_ids)
    return answer


def _terms(text: str) -> list[Term]:
    words = list(dict.fromkeys(words_of(text)))[:MOST_TERMS]
    forms, near = spelling.likely(words)
    last = words_of(text)[-1]
    return [
        Term(
            word=word,
            forms=forms[word],
            prefix=word if word == last and len(word) >= SHORTEST_PREFIX else "",
            near=near[word],
        )
        for word in words
    ]


def _look(asked: Asked, wish: Wish, terms: Sequence[Term], *, now: datetime) -> Answer:
    """Look for the words alone, in one community or all; narrow to a kind only when there is too much."""
    asked = replace(asked, terms=tuple(term.alternatives for term in terms), community_id=wish.community_id)
    whole = index().find(asked, most=MOST + 1)
    kinds: Counter[str] = Counter()
    circles: Counter[int] = Counter()
    if len(whole) <= MOST:
        kinds.update(row.kind for row in whole)
        circles.update(row.community_id for row in whole if row.community_id is not None)
        rows = [row for row in whole if wish.kind in {"", row.kind}]
    else:
        narrow = replace(asked, kind=wish.kind)
        rows = index().find(narrow, most=MOST + 1) if narrow != asked else whole
    ordered = ranking.ordered(rows, terms, now=now)
    return Answer(
        document_ids=[row.pk for row in ordered[:MOST]],
        pages=folded(ordered[:MOST]),
        terms=tuple(terms),
        has_more=len(rows) > MOST,
        by_kind=kinds,
        by_community=circles,
    )
