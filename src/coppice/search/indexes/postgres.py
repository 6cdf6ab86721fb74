"""The index on PostgreSQL: a column of type tsvector that we write ourselves, under GIN.

The keys stand in the vector as well, so that one look into the index finds what has the words and may be
seen. GIN knows no order: of a word that is everywhere it would bring every document. So the newest weeks
are asked first, then more, and all only where those hold too few.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
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
"""So many of one step are sorted by time: more than a reader's few communities say in years."""
RECENT_WEEKS, RECENT_MONTHS = 2, 2
WEIGHTS = "{0, 0, 0.2, 1}"

WRITE = "UPDATE search_document SET vector = %s::tsvector WHERE id = %s"
# Each step is asked only where those before it hold too few: PostgreSQL settles that before it begins one.
STEP = """
step{number} AS (
    SELECT id FROM (
        SELECT id, at FROM search_document
        WHERE {seen} AND vector @@ %(words)s::tsquery{times}{unless} LIMIT %(sorted)s
    ) AS answers
    WHERE %(since)s::timestamptz IS NULL OR at >= %(since)s ORDER BY at DESC, id DESC LIMIT %(most)s
)"""
SEEN = "vector @@ %(seen{number})s::tsquery"
TIMES = " AND vector @@ %(times{number})s::tsquery"
UNLESS = " AND (SELECT count(*) FROM step{number}) < %(most)s"
LAST = "SELECT id FROM step{number}"
ENOUGH = " WHERE (SELECT count(*) FROM step{number}) >= %(most)s"
FIND = """
WITH {steps}
SELECT id, title, at, kind, community_id,
    ts_rank(%(weights)s::real[], vector, %(words)s::tsquery, 1|32), vector @@ %(exact)s::tsquery, path
FROM search_document WHERE id IN ({chosen})
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
        steps, seen = _steps(asked.since), _seen(asked)
        given: dict[str, Any] = {
            "weights": WEIGHTS,
            "words": " & ".join(map(_term, asked.terms)),
            "exact": " & ".join(_quoted(term.exact) for term in asked.terms),
            "sorted": MOST_SORTED,
            "since": asked.since,
            "most": most,
        }
        given |= {f"seen{number}": part for number, part in enumerate(seen)}
        given |= {f"times{number}": _either(times) for number, times in enumerate(steps) if times}
        with connection.cursor() as cursor:
            cursor.execute(_statement(tuple(map(bool, steps)), len(seen)), given)
            return [Found(*row) for row in cursor.fetchall()]

    def unheld(self, words: Sequence[str]) -> list[str]:
        """Return those of the words that no document at all holds."""
        held = set(self._held(words, list(map(_quoted, words))))
        return [word for word in words if word not in held]

    def empty(self) -> None:
        """Forget everything: vectors go with their rows."""

    def _held(self, words: Sequence[str], questions: Sequence[str]) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(HOLDS, [list(words), list(questions)])
            held = {word for (word,) in cursor.fetchall()}
        return [word for word in words if word in held]


@cache
def _statement(steps: tuple[bool, ...], seen: int) -> str:
    """The statement that looks in steps, within some time or not, with so many conditions beside words.

    GIN goes through several conditions far faster than through one that holds them all.
    """
    parts, chosen = [], []
    for number, has_times in enumerate(steps):
        parts.append(
            STEP.format(
                number=number,
                seen=" AND ".join(SEEN.format(number=each) for each in range(seen)),
                times=TIMES.format(number=number) if has_times else "",
                unless="".join(UNLESS.format(number=before) for before in range(number)),
            )
        )
        is_last = number == len(steps) - 1
        chosen.append(LAST.format(number=number) + ("" if is_last else ENOUGH.format(number=number)))
    return FIND.format(steps=",".join(parts), chosen=" UNION ALL ".join(chosen))


def _steps(since: datetime | None) -> list[list[str]]:
    """The weeks or months to ask, ever more of them; none at all asks everything."""
    now = timezone.now()
    weeks, months = now - timedelta(weeks=RECENT_WEEKS), now - timedelta(days=31 * RECENT_MONTHS)
    steps = []
    if since is None or since < weeks:
        steps.append([lexemes.week(now - timedelta(weeks=back)) for back in range(-1, RECENT_WEEKS)])
    if since is None or since < months:
        steps.append(_months_since(months, now=now))
    return [*steps, _months_since(since, now=now) if since else []]


def _months_since(moment: datetime, *, now: datetime) -> list[str]:
    """The month after this one (what is planned is new as well), this one, and those back to a moment."""
    last = (now.replace(day=1) + timedelta(days=32)).replace(day=1)
    months = []
    while last >= moment.replace(day=1):
        months.append(lexemes.month(last))
        last = (last - timedelta(days=1)).replace(day=1)
    return months or [lexemes.month(moment)]


def _seen(asked: Asked) -> list[str]:
    """Who looks and what is left by the filters, each in the words of tsquery."""
    parts = [_either(map(lexemes.audience, asked.keys))]
    if asked.kind:
        parts.append(_quoted(lexemes.kind(asked.kind)))
    if asked.community_id is not None:
        parts.append(_quoted(lexemes.audience(f"community:{asked.community_id}")))
    return parts


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
    keys = [*lexemes.keys_of(document), lexemes.week(document.at), lexemes.month(document.at)]
    found = [f"{_quoted(word)}:{','.join(of_word)}" for word, of_word in places.items()]
    return " ".join([*found, *map(_quoted, keys)])
