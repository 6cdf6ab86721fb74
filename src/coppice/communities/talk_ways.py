"""What other rooms can make of a conversation, and what they made; each registers its own, as with tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.db.models.expressions import Combinable

from coppice.communities.models import Community


@dataclass(frozen=True)
class Way:
    """Where somebody goes on from a conversation: `label` and `how` say what it is for."""

    label: str
    how: str
    url: str


@dataclass(frozen=True)
class Trace:
    """What came of a conversation in another room; `url` is "" where this reader has no page of it."""

    label: str
    told: str
    url: str = ""


type Starter = Callable[[Any, Community, int], Way | None]
"""Takes a person, a community and the id of a conversation; returns None where they may not."""

type Tracer = Callable[[Any, Community, int], list[Trace]]
"""Takes the same; asks at most two queries."""

type Source = Callable[[Any, Community, int], Trace | None]
"""Takes the same; returns the conversation itself, or None where this reader has no page of it; one query."""

type Led = Callable[[], Combinable]
"""Returns whether something came of a conversation, as a column of conversations, so that few ask further."""

_starters: list[Starter] = []
_tracers: list[Tracer] = []
_led: list[Led] = []
_sources: list[Source] = []


def register(starter: Starter, tracer: Tracer, led: Led) -> None:
    """Let conversations lead to a room and show what came of it; called from the room's AppConfig.ready()."""
    if starter not in _starters:
        _starters.append(starter)
        _tracers.append(tracer)
        _led.append(led)


def register_source(source: Source) -> None:
    """Let other rooms name the conversation that something came of, and lead back to it."""
    if source not in _sources:
        _sources.append(source)


def source_of(person: Any, community: Community, thread_id: int) -> Trace | None:
    """Return the conversation of an id, as a person may see it."""
    return next((found for source in _sources if (found := source(person, community, thread_id))), None)


def with_traces[Rows: QuerySet[Any]](threads: Rows) -> Rows:
    """Return conversations that know by `has_traces` whether something came of them in another room."""
    led = reduce(or_, (Q(column()) for column in _led), Q(pk__in=[]))
    return threads.annotate(has_traces=Case(When(led, then=True), default=False))


def ways_from(person: Any, community: Community, thread_id: int) -> list[Way]:
    """Return where a person can go on from a conversation."""
    ways = (starter(person, community, thread_id) for starter in _starters)
    return [way for way in ways if way is not None]


def traces_of(person: Any, community: Community, thread_id: int) -> list[Trace]:
    """Return what came of a conversation in other rooms, as a person may see it."""
    return [trace for tracer in _tracers for trace in tracer(person, community, thread_id)]
