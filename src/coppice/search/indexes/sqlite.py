"""The index on SQLite: one FTS5 table, its rows numbered by time so that the newest come first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection

from coppice.search.indexes import lexemes
from coppice.search.indexes.asked import Alternatives, Asked, Found
from coppice.search.models import EPOCH, Document
from coppice.search.tokens import words_of

PLACES = 28
"""So many bits of a row's number are its document's id; above them stands the second of its `at`."""
TITLE_WEIGHT, WORDS_WEIGHT = 6.0, 1.0

WRITE = "INSERT INTO search_index (rowid, title, words, keys) VALUES (%s, %s, %s, %s)"
NEWEST = "FROM search_index WHERE search_index MATCH %s AND rowid >= %s ORDER BY rowid DESC LIMIT %s"
FIND = f"""
SELECT document.id, title, moment, kind, community_id, score,
    place IN (SELECT rowid {NEWEST}), path
FROM (
    SELECT rowid AS place, bm25(search_index, {TITLE_WEIGHT}, {WORDS_WEIGHT}, 0.0) AS score {NEWEST}
) AS found
JOIN search_document AS document ON document.id = place & {(1 << PLACES) - 1}
"""  # noqa: S608
HOLDS = "SELECT 1 FROM search_index WHERE search_index MATCH %s LIMIT 1"


class SQLiteIndex:
    """FTS5; a row goes with its document, by a trigger."""

    def write(self, documents: Iterable[Document]) -> None:
        """Add documents that have just been saved."""
        rows = [
            (
                (document.moment << PLACES) + document.pk,
                " ".join(words_of(document.title)),
                " ".join(words_of(document.words)),
                " ".join(lexemes.keys_of(document)),
            )
            for document in documents
        ]
        with connection.cursor() as cursor:
            cursor.executemany(WRITE, rows)

    def find(self, asked: Asked, *, most: int) -> list[Found]:
        """Return the documents that answer, up to `most`; where there are more, the newest."""
        since = _first_place(asked.since)
        exact = _expression(replace(asked, terms=tuple(Alternatives(term.exact) for term in asked.terms)))
        with connection.cursor() as cursor:
            cursor.execute(FIND, [exact, since, most, _expression(asked), since, most])
            return [
                Found(pk, title, _moment(at), kind, community_id, _nearness(score), bool(is_exact), path)
                for pk, title, at, kind, community_id, score, is_exact, path in cursor.fetchall()
            ]

    def unheld(self, words: Sequence[str]) -> list[str]:
        """Return those of the words that no document at all holds."""
        unheld = []
        with connection.cursor() as cursor:
            for word in words:
                cursor.execute(HOLDS, [f"{{title words}} : {_quoted(word)}"])
                if not cursor.fetchone():
                    unheld.append(word)
        return unheld

    def empty(self) -> None:
        """Forget everything."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_index")


def _expression(asked: Asked) -> str:
    """The question in the words of FTS5, each of them quoted."""
    keys = [*map(lexemes.audience, asked.keys)]
    parts = [_either(keys)]
    if asked.kind:
        parts.append(_quoted(lexemes.kind(asked.kind)))
    if asked.community_id is not None:
        parts.append(_quoted(lexemes.audience(f"community:{asked.community_id}")))
    wanted = " AND ".join(map(_term, asked.terms))
    return f"({{title words}} : ({wanted})) AND (keys : ({' AND '.join(parts)}))"


def _term(term: Alternatives) -> str:
    beginning = [f"{_quoted(term.prefix)} *"] if term.prefix else []
    return f"({' OR '.join([_quoted(term.exact), *map(_quoted, term.words), *beginning])})"


def _either(words: Iterable[str]) -> str:
    return f"({' OR '.join(map(_quoted, words))})"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _first_place(since: datetime | None) -> int:
    return max(0, int((since - EPOCH).total_seconds())) << PLACES if since else 0


def _moment(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def _nearness(score: float) -> float:
    """bm25 answers below zero, the better the lower."""
    good = max(0.0, -score)
    return good / (good + 4.0)
