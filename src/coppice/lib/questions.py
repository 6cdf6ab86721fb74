"""Queries that Django writes to SQL once and every request asks again.

Writing a query often takes Django longer than SQLite takes to answer it. A `Question` keeps what was written,
with gaps for what differs from one asking to the next.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.http import Http404


class Given(Expression):
    """A gap in a question, filled at each asking by its name: `filter(on__lte=Given("on", DateField()))`."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)

    def value_among(self, given: dict[str, Any]) -> Any:
        """Return the value of this gap as the database takes it; raises KeyError when it was not given."""
        return self.output_field.get_db_prep_value(given[self.name], connection)


@dataclass
class _Written:
    """What Django made of a question: the compiler that has written it, and the SQL with its parameters."""

    compiler: Any
    sql: str
    parameters: tuple[Any, ...]

    def filled(self, given: dict[str, Any]) -> list[Any]:
        return [each.value_among(given) if isinstance(each, Given) else each for each in self.parameters]


class Question:
    """A queryset with gaps, given as a function that makes it when it is first asked."""

    def __init__(self, queryset: Callable[[], QuerySet[Any, Any]]) -> None:
        self._queryset = queryset

    def ask(self, **given: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a `values_list` for these values.

        They come as the database keeps them, so this is for ids, numbers and words, not for moments.
        """
        with connection.cursor() as cursor:
            cursor.execute(self._written.sql, self._written.filled(given))
            return cursor.fetchall()

    def ask_for[Row: Model](
        self, model: type[Row], *, most: int | None = None, skip: int = 0, **given: Any
    ) -> list[Row]:
        """Return the rows for these values as objects of the queryset's `model`, as Django makes them.

        What it annotates and selects as related comes with them; prefetching does not. `most` and `skip` take
        a part of a queryset that is not sliced.
        """
        written = self._written
        sql, filled = written.sql, written.filled(given)
        if most is not None:
            sql, filled = f"{sql} LIMIT %s OFFSET %s", [*filled, most, skip]
        answered: Any = _Answered(written.compiler, sql, filled)
        return list(QuerySet(model, query=answered))

    @cached_property
    def _written(self) -> _Written:
        compiler: Any = self._queryset().query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        compiler.connection = None  # it is one of this thread; each asking has its own
        return _Written(compiler, sql, tuple(parameters))


def the_one[Row](rows: list[Row]) -> Row:
    """Return the only row that was found; raises Http404 where there is none."""
    if not rows:
        raise Http404
    return rows[0]


class _Answered:
    """What Django's rows take for a query: it gives a compiler that has written its SQL already."""

    def __init__(self, compiler: Any, sql: str, filled: list[Any]) -> None:
        self.compiler = copy(compiler)
        self.compiler.connection = connection
        self.compiler.as_sql = lambda *_args, **_kwargs: (sql, filled)

    def get_compiler(self, *, using: str) -> Any:
        return self.compiler
