"""Looking: what somebody asks for, in everything that they may see."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from coppice.search import ranking, readers, spelling
from coppice.search.indexes import Alternatives, Asked, index
from coppice.search.models import Document
from coppice.search.ranking import Term
from coppice.search.tokens import words_of

MOST = 1_000
"""So many are counted, sorted and shown; of more it is only said that there are more."""
FEW = 3
"""With fewer than these, words that are spelt nearly so are looked for as well."""
MOST_TERMS = 10
SHORTEST_PREFIX = 3


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: words, and filters that narrow them."""

    text: str
    kind: str = ""
    community_id: int | None = None
    since: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no word was asked for, as with signs alone."""
        return not words_of(self.text)


@dataclass(frozen=True)
class Answer:
    """The ids of what answers, the best first; `has_more` when there is more than is counted.

    `by_kind` and `by_community` count what the words alone find, and are empty when there is more than is
    counted. `terms` say what was looked for in place of each word; `is_near` when nothing held the words as
    they were written.
    """

    document_ids: list[int] = field(default_factory=list)
    terms: tuple[Term, ...] = ()
    has_more: bool = False
    is_near: bool = False
    by_kind: Counter[str] = field(default_factory=Counter)
    by_community: Counter[int] = field(default_factory=Counter)


class Candidate(NamedTuple):
    """What sorting and filters want to know of a document."""

    pk: int
    title: str
    at: datetime
    kind: str
    community_id: int | None


def look(person: Any, wish: Wish, *, now: datetime) -> Answer:
    """Return what answers a wish, of all that this person may see now."""
    keys = readers.keys_of(person)
    if not keys or wish.is_empty:
        return Answer()
    asked = Asked(keys=tuple(sorted(keys)), since=wish.since)
    terms = _terms(wish.text)
    answer = _look(asked, wish, terms, now=now)
    if len(answer.document_ids) >= FEW:
        return answer
    wider = _look(asked, wish, _with_near(terms), now=now)
    if not wider.document_ids:
        return answer
    return replace(wider, is_near=not answer.document_ids)


def _terms(text: str) -> tuple[Term, ...]:
    words = list(dict.fromkeys(words_of(text)))[:MOST_TERMS]
    forms = spelling.of_the_same_root(words)
    last = words_of(text)[-1]
    return tuple(
        Term(
            word=word,
            forms=tuple(forms.get(word, ())),
            prefix=word if word == last and len(word) >= SHORTEST_PREFIX else "",
        )
        for word in words
    )


def _with_near(terms: Sequence[Term]) -> tuple[Term, ...]:
    near = spelling.near([term.word for term in terms])
    return tuple(replace(term, near=tuple(near.get(term.word, ()))) for term in terms)


def _look(asked: Asked, wish: Wish, terms: tuple[Term, ...], *, now: datetime) -> Answer:
    """Look for the words alone; narrow in the index only when they find more than is counted."""
    whole = _candidates(asked, terms)
    if len(whole) <= MOST:
        rows = [row for row in whole if _is_wished(row[0], wish)]
        kinds = Counter(row.kind for row, _close in whole)
        circles = Counter(row.community_id for row, _close in whole if row.community_id is not None)
    else:
        narrow = replace(asked, kind=wish.kind, community_id=wish.community_id)
        rows, kinds, circles = (
            (_candidates(narrow, terms) if narrow != asked else whole),
            Counter(),
            Counter(),
        )
    exact = _exact(asked, terms)
    scored = (
        (ranking.score(row.title, row.at, terms, closeness=close, is_exact=row.pk in exact, now=now), row)
        for row, close in rows
    )
    ordered = sorted(scored, key=lambda each: (each[0], each[1].at, each[1].pk), reverse=True)
    return Answer(
        document_ids=[row.pk for _score, row in ordered[:MOST]],
        terms=terms,
        has_more=len(rows) > MOST,
        by_kind=kinds,
        by_community=circles,
    )


def _candidates(asked: Asked, terms: Sequence[Term]) -> list[tuple[Candidate, float]]:
    found = index().find(replace(asked, terms=tuple(term.alternatives for term in terms)), most=MOST + 1)
    close = {each.document_id: each.closeness for each in found}
    rows = Document.objects.filter(pk__in=close).values_list("pk", "title", "at", "kind", "community_id")
    return [(Candidate(*row), close[row[0]]) for row in rows]


def _exact(asked: Asked, terms: Sequence[Term]) -> set[int]:
    """The documents that hold every word as it was written."""
    exact = tuple(Alternatives((term.word,)) for term in terms)
    return {each.document_id for each in index().find(replace(asked, terms=exact), most=MOST + 1)}


def _is_wished(row: Candidate, wish: Wish) -> bool:
    return (not wish.kind or row.kind == wish.kind) and (
        wish.community_id is None or row.community_id == wish.community_id
    )
