"""Keeping the index true: reading what was marked, comparing the rest by and by, making it all anew."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from coppice.search import spelling
from coppice.search.indexes import index
from coppice.search.models import Document, Mark, Round, Word
from coppice.search.sources import Source, source_of, sources

AT_ONCE = 100
COMPARED = 1_000
"""So many things of a kind are compared by one sweep."""
A_ROUND = timedelta(hours=1)
WORDS = "of words"
WORDS_LOOKED_AT = 100


def refresh() -> int:
    """Read anew whatever is marked, and return how much that was."""
    done = 0
    while some := _refresh_some():
        done += some
    return done


@transaction.atomic
def _refresh_some() -> int:
    marks = list(Mark.objects.select_for_update(skip_locked=True)[:AT_ONCE])
    by_kind = sorted({(mark.kind, mark.object_id) for mark in marks})
    for kind, pairs in groupby(by_kind, key=lambda pair: pair[0]):
        ids = [object_id for _kind, object_id in pairs]
        source = source_of(kind)
        write(kind, ids, source.documents(ids) if source else ())
    Mark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def sweep() -> int:
    """Find what nobody marked: bring in what is new, compare some of the rest; return how much was amiss."""
    amiss = 0
    for source in sources():
        amiss += _bring_new(source) + _compare_some(source)
    _unlearn_some()
    return amiss


def _unlearn_some() -> None:
    """Forget some of the known words that nothing holds any more, all of them by and by."""
    round_, _is_new = Round.objects.get_or_create(kind=WORDS, defaults={"began_at": timezone.now()})
    words = Word.objects.filter(pk__gt=round_.after).order_by("pk")[:WORDS_LOOKED_AT]
    known = dict(words.values_list("pk", "text"))
    spelling.unlearn(known.values())
    round_.after = max(known) if len(known) == WORDS_LOOKED_AT else 0
    round_.save()


def rebuild(tell: Callable[[Source, int, int], None] = lambda source, done, whole: None) -> int:
    """Make the whole index anew, while it is used; return how many documents there are.

    `tell` hears how far each source is: the source, how many of its things are read, and of how many.
    """
    known = [source.kind for source in sources()]
    Document.objects.exclude(kind__in=known).delete()
    for source in sources():
        whole = source.everything().count()
        done = 0
        last = 0
        for ids in _ids_after(source, 0):
            with transaction.atomic():
                write(source.kind, ids, source.documents(ids), between=(last, ids[-1]))
            last, done = ids[-1], done + len(ids)
            tell(source, done, whole)
        Document.objects.filter(kind=source.kind, object_id__gt=last).delete()
    return Document.objects.count()


def _bring_new(source: Source) -> int:
    """Read things that came after the last one known: what came in bulk is found within a minute."""
    newest = Document.objects.filter(kind=source.kind).aggregate(newest=Max("object_id"))["newest"] or 0
    round_ = Round.objects.filter(kind=source.kind).first()
    after = max(newest, round_.after if round_ else 0)
    ids = list(_ids(source).filter(pk__gt=after)[:COMPARED])
    return _mend(source, ids, ()) if ids else 0


def _compare_some(source: Source) -> int:
    """Compare the next things of a source with their documents; after the last, wait for the next hour."""
    now = timezone.now()
    round_, is_new = Round.objects.get_or_create(kind=source.kind, defaults={"began_at": now})
    if not is_new and round_.after == 0 and now - round_.began_at < A_ROUND:
        return 0
    if round_.after == 0:
        round_.began_at = now
    ids = list(_ids(source).filter(pk__gt=round_.after)[:COMPARED])
    kept = Document.objects.filter(kind=source.kind, object_id__gt=round_.after)
    is_last = len(ids) < COMPARED
    amiss = _mend(source, ids, kept if is_last else kept.filter(object_id__lte=ids[-1]))
    round_.after = 0 if is_last else ids[-1]
    round_.save()
    return amiss


@transaction.atomic
def _mend(source: Source, ids: Sequence[int], kept: Iterable[Document]) -> int:
    """Write those anew that are not as their source says now, and delete those of which it says nothing."""
    said = {document.object_id: document.settle() for document in source.documents(ids)} if ids else {}
    known = {document.object_id: document for document in kept}
    differ = [pk for pk, document in said.items() if pk not in known or known[pk].says() != document.says()]
    gone = [pk for pk in known if pk not in said]
    write(source.kind, [*differ, *gone], [said[pk] for pk in differ])
    return len(differ) + len(gone)


@transaction.atomic
def write(
    kind: str, ids: Sequence[int], documents: Iterable[Document], *, between: tuple[int, int] | None = None
) -> None:
    """Have these documents stand for these ids, and nothing else.

    `between` names ids of which whatever is kept goes as well.
    """
    fresh = [document.settle() for document in documents]
    of_kind = Document.objects.filter(kind=kind)
    of_kind.filter(object_id__in=ids).delete()
    if between:
        of_kind.filter(object_id__gt=between[0], object_id__lte=between[1]).delete()
    if fresh:
        index().write(Document.objects.bulk_create(fresh))
        spelling.learn(fresh)


def _ids(source: Source) -> QuerySet[Any, int]:
    return source.everything().order_by("pk").values_list("pk", flat=True)


def _ids_after(source: Source, after: int) -> Iterator[list[int]]:
    while ids := list(_ids(source).filter(pk__gt=after)[:AT_ONCE]):
        yield ids
        after = ids[-1]
