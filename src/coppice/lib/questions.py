"""Queries that Django writes to SQL once and every request asks again.

Writing a query often takes Django longer than SQLite takes to answer it. A `Question` keeps what was written,
with gaps for what differs from one asking to the next.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet


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


class Question:
    """A queryset of `values_list` with gaps, given as a function that makes it when it is first asked.

    Rows come as the database keeps them, so a question is for ids, numbers and words, not for moments.
    """

    def __init__(self, queryset: Callable[[], QuerySet[Any, Any]]) -> None:
        self._queryset = queryset

    def ask(self, **given: Any) -> list[tuple[Any, ...]]:
        """Return the rows for these values."""
        sql, filled = self._filled(given)
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            return cursor.fetchall()

    def ask_for[Row: Model](self, model: type[Row], **given: Any) -> list[Row]:
        """Return the rows for these values as objects, where the question is for all columns of a model.

        Its own columns come as its fields have them, moments too; what is annotated as the database keeps it.
        """
        return list(model._default_manager.raw(*self._filled(given)))

    def _filled(self, given: dict[str, Any]) -> tuple[str, list[Any]]:
        sql, parameters = self._written
        return sql, [each.value_among(given) if isinstance(each, Given) else each for each in parameters]

    @cached_property
    def _written(self) -> tuple[str, tuple[Any, ...]]:
        return self._queryset().query.sql_with_params()
