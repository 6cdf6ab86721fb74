"""What changing an answer of the action plan would change: rooms above register tellers, as with tabs."""

from collections.abc import Callable, Mapping
from typing import Any

from coppice.communities.models import Community

type Teller = Callable[[Community, Mapping[str, Any]], list[str]]
"""Takes a community and the typed answers that would be others, by field of PlanFrame; returns sentences."""

_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Ask `teller` before an answer is changed; called from the room's AppConfig.ready()."""
    if teller not in _tellers:
        _tellers.append(teller)


def effects_of(community: Community, changes: Mapping[str, Any]) -> list[str]:
    """Return in whole sentences what these changes would change; none where nothing changes."""
    return [sentence for teller in _tellers for sentence in teller(community, changes)] if changes else []
