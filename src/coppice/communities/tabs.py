"""A community's tabs: each room adds its own when it opens, so that a tab never leads nowhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.functional import Promise

from coppice.communities.models import Community


@dataclass(frozen=True)
class Tab:
    """One tab of a community: `url_name` takes the community's id; `position` orders (now 1 … people 7).

    `waiting` counts what waits there for a person, and `waiting_words` says such a number. `counted` gives
    the same by its parts, each as a column of a queryset from expressions for its community, the id of a
    person and the moment, so that a page that loads its community asks no more for them.
    """

    key: str
    label: str | Promise
    url_name: str
    position: int
    waiting: Callable[[Any, Community], int] | None = None
    waiting_words: Callable[[int], str] = str
    counted: Mapping[str, Callable[[Any, Any, Any], Combinable]] = field(default_factory=dict)

    def column(self, part: str) -> str:
        """What a row calls one of its counts."""
        return f"waiting_in_{self.key}_{part}"


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    """Show `tab` in every community; called from the room's AppConfig.ready()."""
    _tabs[tab.key] = tab


def tabs() -> list[Tab]:
    """Return the tabs of the rooms that are open, in the fixed order."""
    return sorted(_tabs.values(), key=lambda tab: tab.position)


def with_counts[Rows: QuerySet[Any]](rows: Rows, person: Any, *, community: str = "pk") -> Rows:
    """Return rows that know what waits in the tabs of their community, for `waiting_in` and `part_in`."""
    if not person.is_authenticated:
        return rows
    return with_counts_for(rows, person.pk, community=OuterRef(community), now=timezone.now())


def with_counts_for[Rows: QuerySet[Any]](rows: Rows, person: Any, *, community: Any, now: Any) -> Rows:
    """Return the same of the id of a person and expressions for a community and for the moment.

    Where rows are of one community, an expression that does not depend on them is looked up once.
    """
    counts = {
        tab.column(part): counted(community, person, now)
        for tab in _tabs.values()
        for part, counted in tab.counted.items()
    }
    return rows.annotate(**counts)


def hand_counts(row: Any, community: Community) -> None:
    """Give a community what a row of its own knows by `with_counts`."""
    for tab in _tabs.values():
        for column in map(tab.column, tab.counted):
            if hasattr(row, column):
                setattr(community, column, getattr(row, column))


def part_in(key: str, part: str, community: Community) -> int | None:
    """Return one part of what waits in a tab, or None where the community does not know it."""
    return getattr(community, _tabs[key].column(part), None)


def waiting_in(tab: Tab, community: Community, person: Any) -> int:
    """Return how much waits in a tab for a person, asked of the database where the community knows not."""
    known = [part_in(tab.key, part, community) for part in tab.counted]
    if not known or None in known:
        return tab.waiting(person, community) if tab.waiting else 0
    return sum(count or 0 for count in known)
