"""Many rows a batch at a time, where what is done with a batch writes."""

from collections.abc import Iterator

from django.db.models import Model, QuerySet


def in_batches[Row: Model](rows: QuerySet[Row], size: int) -> Iterator[list[Row]]:
    """Yield rows by their ids, so many at a time; each batch is a question of its own.

    `iterator()` leaves one open: on SQLite its connection then stands at a moment that other writers have
    left behind, and is refused when it writes itself.
    """
    last, is_more = 0, True
    while is_more and (some := list(rows.filter(pk__gt=last).order_by("pk")[:size])):
        yield some
        last, is_more = some[-1].pk, len(some) == size
