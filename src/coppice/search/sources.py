"""What can be found: rooms above register a source for each kind of thing that they have."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from coppice.search import receivers
from coppice.search.models import Document


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found.

    `kind` is short and stays ("meeting"); `label` says it of many ("Meetings"); `position` orders filters.
    `documents` reads the things with these ids, in a number of queries that does not grow with them, and
    returns one unsaved `Document` for each that can be found now: what it leaves out is found no more.
    `everything` returns a queryset with a row, by its id, for each thing that there is. `visible_to` is the
    room's own rule, which no document of a page is shown against: of the same model, what a person may see.
    `follows` names the models whose saved and deleted rows change a thing, each with the attribute that holds
    the thing's id, or a function that returns the ids for some rows: such a row marks them by itself. What is
    written in bulk or by `update()` does not: there the action calls `search.actions.mark_rows`.
    """

    kind: str
    label: str | Promise
    documents: Callable[[Sequence[int]], Iterable[Document]]
    everything: Callable[[], QuerySet[Any]]
    visible_to: Callable[[Any], QuerySet[Any]]
    icon: str = "search"
    position: int = 50
    follows: Mapping[type[Model], str | Callable[[Sequence[Any]], Iterable[int]]] = field(
        default_factory=dict
    )


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let this kind of thing be found; called from the room's AppConfig.ready()."""
    _sources[source.kind] = source
    receivers.follow(source.kind, source.follows)


def sources() -> list[Source]:
    """Return the sources of the rooms that are open, in the order of their filters."""
    return sorted(_sources.values(), key=lambda source: (source.position, source.kind))


def source_of(kind: str) -> Source | None:
    """Return the source of a kind, or None when no open room knows it."""
    return _sources.get(kind)
