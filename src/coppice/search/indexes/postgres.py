"""The index on PostgreSQL: a column of type tsvector that we write ourselves, under GIN.

The keys stand in the vector as well, so that one look into the index finds what has the words and may be
seen. GIN knows no order: of a word that is everywhere it would bring every document. So the newest months
are asked first, and all only where those hold too few.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from coppice.search.indexes import lexemes
from coppice.search.indexes.asked import Alternatives, Asked, Found
from coppice.search.models import Document
from coppice.search.tokens import words_of

LAST_PLACE = 16_383
MOST_PLACES = 250
"""tsvector counts no further than the first, and keeps no more places of one word than the second."""
MOST_SORTED = 20_000
RECENT_MONTHS = (2, 13)
WEIGHTS = "{0, 0, 0.2, 1}"

WRITE = "UPDATE search_document SET vector = %s::tsvector WHERE id = %s"
FIND = """
SELECT id, title, at, kind, community_id,
    ts_rank(%(weights)s::real[], vector, %(words)s::tsquery, 1|32), vector @@ %(exact)s::tsquery
FROM (
    SELECT * FROM (
        SELECT id, title, at, kind, community_id, vector FROM search_document
        WHERE vector @@ %(question)s::tsquery LIMIT %(sorted)s
    ) AS answers
    WHERE %(since)s::timestamptz IS NULL OR at >= %(since)s ORDER BY at DESC, id DESC LIMIT %(most)s
) AS newest
"""
HOLDS = """
SELECT word FROM unnest(%s::text[], %s::text[]) AS each(word, question)
WHERE EXISTS (SELECT 1 FROM search_document WHERE vector @@ question::tsquery)
"""


class PostgresIndex:
    """A vector in the row of each document."""

    def write(self, documents: Iterable[Document]) -> None:
        """Add documents that have just been saved."""
        with connection.cursor() as cursor:
            cursor.executemany(WRITE, [(_vector(document), document.pk) for document in documents])

    def find(self, asked: Asked, *, most: int) -> list[Found]:
        """Return the documents that answer, up to `most`; where there are more, the newest."""
        found: list[Found] = []
        for months in _steps(asked.since):
            found = self._find(asked, months, most=most)
            if len(found) >= most:
                break
        return found

    def unheld(self, words: Sequence[str]) -> list[str]:
        """Return those of the words that no document at all holds."""
        held = set(self._held(words, list(map(_quoted, words))))
        return [word for word in words if word not in held]

    def empty(self) -> None:
        """Forget everything: vectors go with their rows."""

    def _find(self, asked: Asked, months: Sequence[str], *, most: int) -> list[Found]:
        given: dict[str, Any] = {
            "weights": WEIGHTS,
            "words": " & ".join(map(_term, asked.terms)),
            "exact": " & ".join(_quoted(term.exact) for term in asked.terms),
            "question": _question(asked, months),
            "sorted": MOST_SORTED,
            "since": asked.since,
            "most": most,
        }
        with connection.cursor() as cursor:
            cursor.execute(FIND, given)
            return [Found(*row) for row in cursor.fetchall()]

    def _held(self, words: Sequence[str], questions: Sequence[str]) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(HOLDS, [list(words), list(questions)])
            held = {word for (word,) in cursor.fetchall()}
        return [word for word in words if word in held]


def _steps(since: datetime | None) -> Iterator[list[str]]:
    """The months to ask, ever more of them; no month at all asks everything."""
    now = timezone.now()
    for count in RECENT_MONTHS:
        months = list(_months_before(now, count))
        if since and lexemes.month(since) in months:
            yield months[: months.index(lexemes.month(since)) + 1]
            return
        yield months
    yield []


def _months_before(moment: datetime, count: int) -> Iterator[str]:
    """The month after a moment (what is planned is new as well), its own, and those before it."""
    first = (moment.replace(day=1) + timedelta(days=32)).replace(day=1)
    for _ in range(count + 1):
        yield lexemes.month(first)
        first = (first - timedelta(days=1)).replace(day=1)


def _question(asked: Asked, months: Sequence[str] = ()) -> str:
    """The question in the words of tsquery, each of them quoted."""
    parts = [*map(_term, asked.terms), _either(map(lexemes.audience, asked.keys))]
    if asked.kind:
        parts.append(_quoted(lexemes.kind(asked.kind)))
    if asked.community_id is not None:
        parts.append(_quoted(lexemes.audience(f"community:{asked.community_id}")))
    if months:
        parts.append(_either(months))
    return " & ".join(parts)


def _term(term: Alternatives) -> str:
    beginning = [f"{_quoted(term.prefix)}:*"] if term.prefix else []
    return f"({' | '.join([_quoted(term.exact), *map(_quoted, term.words), *beginning])})"


def _either(words: Iterable[str]) -> str:
    return f"({' | '.join(map(_quoted, words))})"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(document: Document) -> str:
    """The literal of a document's vector: title words weigh A, the others B, keys have no place."""
    places: dict[str, list[str]] = {}
    words = [(word, "A") for word in words_of(document.title)]
    words += [(word, "B") for word in words_of(document.words)]
    for place, (word, weight) in enumerate(words, start=1):
        of_word = places.setdefault(word, [])
        if len(of_word) < MOST_PLACES:
            of_word.append(f"{min(place, LAST_PLACE)}{weight}")
    keys = [*lexemes.keys_of(document), lexemes.month(document.at)]
    found = [f"{_quoted(word)}:{','.join(of_word)}" for word, of_word in places.items()]
    return " ".join([*found, *map(_quoted, keys)])
