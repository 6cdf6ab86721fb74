"""A community's tabs: each room adds its own when it opens, so that a tab never leads nowhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from coppice.communities.models import Community


@dataclass(frozen=True)
class Tab:
    """One tab of a community: `url_name` takes the community's id; `position` orders (now 1 … people 7).

    `waiting` counts what waits there for a person, and `waiting_words` says such a number.
    """

    key: str
    label: str | Promise
    url_name: str
    position: int
    waiting: Callable[[Any, Community], int] | None = None
    waiting_words: Callable[[int], str] = str


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    """Show `tab` in every community; called from the room's AppConfig.ready()."""
    _tabs[tab.key] = tab


def tabs() -> list[Tab]:
    """Return the tabs of the rooms that are open, in the fixed order."""
    return sorted(_tabs.values(), key=lambda tab: tab.position)
