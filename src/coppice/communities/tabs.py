"""A community's tabs: each room adds its own when it opens, so that a tab never leads nowhere."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Tab:
    """One tab of a community: `url_name` takes the community's id; `position` orders (now 1 … people 7)."""

    key: str
    label: str | Promise
    url_name: str
    position: int


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    """Show `tab` in every community; called from the room's AppConfig.ready()."""
    _tabs[tab.key] = tab


def tabs() -> list[Tab]:
    """Return the tabs of the rooms that are open, in the fixed order."""
    return sorted(_tabs.values(), key=lambda tab: tab.position)
