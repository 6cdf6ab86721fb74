"""Many rows of one model, made ready ahead of the transaction that writes them.

Django's `bulk_create` turns values into SQL while it writes; for tens of thousands of rows that is most of
the time, and on SQLite every other writer waits for it. Here that is done before, so that a transaction holds
little more than the statements themselves. As with `bulk_create`, no `save()` and no signal is called.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched, chain
from typing import Any

from django.db import connection, models

MOST_ROWS = 1000

type Row = list[Any]
type Tell = Callable[[int], None]


class Rows:
    """Rows of one model as its columns hold them; those that are there already are `with_ids`."""

    def __init__(self, model: type[models.Model], *, with_ids: bool = False) -> None:
        meta = model._meta
        self._table = meta.db_table
        self._id = connection.ops.quote_name(meta.pk.column or "")
        self._fields = [field for field in meta.concrete_fields if with_ids or field is not meta.pk]
        self._columns = [connection.ops.quote_name(field.column or "") for field in self._fields]
        self._places = {field.attname: place for place, field in enumerate(self._fields)}
        self.rows: list[Row] = []

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, instance: models.Model) -> Row:
        """Make one object ready; a foreign key that is not known yet can be filled in with `fill`."""
        row = [
            field.get_db_prep_save(field.pre_save(instance, add=True), connection) for field in self._fields
        ]
        self.rows.append(row)
        return row

    def fill(self, row: Row, name: str, value: Any) -> None:
        """Set one column of a row, by its name in the model (`person_id`)."""
        row[self._places[name]] = value

    def insert(self, *, tell: Tell = lambda done: None) -> list[int]:
        """Write all rows as new ones and return their ids, in order; `tell(done)` after each statement."""
        ids: list[int] = []
        with connection.cursor() as cursor:
            for sql, some in self._statements():
                cursor.execute(f"{sql} RETURNING {self._id}", list(chain.from_iterable(some)))
                ids += [returned for (returned,) in cursor.fetchall()]
                tell(len(ids))
        return ids

    def replace(self, names: Sequence[str], *, tell: Tell = lambda done: None) -> None:
        """Write these columns of rows that are there already, found by their ids."""
        columns = [self._columns[self._places[name]] for name in names]
        news = ", ".join(f"{column} = excluded.{column}" for column in columns)
        ending = f" ON CONFLICT ({self._id}) DO UPDATE SET {news}"
        done = 0
        with connection.cursor() as cursor:
            for sql, some in self._statements():
                cursor.execute(sql + ending, list(chain.from_iterable(some)))
                done += len(some)
                tell(done)

    def _statements(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        into = f"INSERT INTO {connection.ops.quote_name(self._table)} ({', '.join(self._columns)})"
        one = f"({', '.join(['%s'] * len(self._fields))})"
        limit = connection.features.max_query_params
        at_once = min(MOST_ROWS, limit // len(self._fields)) if limit else MOST_ROWS
        for some in batched(self.rows, at_once):
            yield f"{into} VALUES {', '.join([one] * len(some))}", some
