"""Who is not to be introduced to whom; each room above that knows of it registers its own."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

type Finder = Callable[[Any], list[QuerySet[Any, Any]]]
"""Takes a person (or the key of one) and returns subqueries of the keys of people to keep apart from them."""

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let matching ask; called from the room's AppConfig.ready()."""
    if finder not in _finders:
        _finders.append(finder)


def apart_from(person: Any) -> list[QuerySet[Any, Any]]:
    """Return subqueries of the keys of people who are not to be introduced to a person, either way round."""
    return [found for finder in _finders for found in finder(person)]
