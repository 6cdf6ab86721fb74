"""Telling search that something changed, and forgetting somebody."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import Model

from coppice.lib.jobs import after_commit
from coppice.search import spelling
from coppice.search.models import Document, Mark
from coppice.search.tokens import words_of

AT_ONCE = 500

followers: dict[type[Model], dict[str, Callable[[Sequence[Any]], Iterable[int]]]] = {}
"""For each model, the kinds of things that its rows belong to, and to which of them some rows do."""


_forgotten: ContextVar[set[str] | None] = ContextVar("forgotten", default=None)
"""While somebody is erased: the words of every document that goes with them."""


@transaction.atomic
def mark(kind: str, *object_ids: int) -> None:
    """Have these things of a kind read anew, because they came, changed or went.

    Called inside the transaction of the change. What was known of them is found no more from its commit on,
    so that nobody finds what was hidden or reworded; a job writes it anew a moment later.
    """
    ids = list(dict.fromkeys(object_ids))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        gone = Document.objects.filter(kind=kind, object_id__in=some)
        if (forgotten := _forgotten.get()) is not None:
            forgotten.update(word for row in gone.values_list("title", "words") for word in _words(row))
        gone.delete()
        Mark.objects.bulk_create(Mark(kind=kind, object_id=pk) for pk in some)
    if ids:
        after_commit("coppice.search.tasks.refresh")


def mark_rows(rows: Iterable[Model]) -> None:
    """Have everything read anew to which these rows belong; for rows written in bulk or by `update()`."""
    by_model: dict[type[Model], list[Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, of_model in by_model.items():
        for kind, ids in followers.get(model, {}).items():
            mark(kind, *(pk for pk in ids(of_model) if pk is not None))


@contextmanager
def forgetting(person_id: int) -> Iterator[None]:
    """While somebody's rows are cleared, let nothing of it be found after: neither what is about them, nor
    what is marked meanwhile because it holds words of theirs.

    Their words that nobody else used are known no more. What stays of the things themselves is read anew.
    Called inside the transaction that erases them.
    """
    rows = list(Document.objects.filter(about_id=person_id).values_list("kind", "object_id"))
    forgotten: set[str] = set()
    token = _forgotten.set(forgotten)
    try:
        for kind in {row[0] for row in rows}:
            mark(kind, *(row[1] for row in rows if row[0] == kind))
        yield
    finally:
        _forgotten.reset(token)
    spelling.unlearn(forgotten)


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from words_of(text)
