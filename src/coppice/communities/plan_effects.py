"""What answers of the action plan lead to: what changing one would change, and what can be made of it.

Rooms above register what they know, as with tabs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coppice.communities.models import Community
from coppice.communities.plan_models import PlanFrame

type Teller = Callable[[Community, Mapping[str, Any]], list[str]]
"""Takes a community and the typed answers that would be others, by field of PlanFrame; returns sentences."""


@dataclass(frozen=True)
class Way:
    """Where whoever leads goes on from an answer: `question` is one of PlanAnswer.Question.

    `told` is what stands there already, in whole sentences.
    """

    question: str
    label: str
    url: str
    told: str = ""


type Guide = Callable[[Community, PlanFrame], Way | None]
"""Takes a community and what is typed in its plan; returns None while that says too little."""

_tellers: list[Teller] = []
_guides: list[Guide] = []


def register(teller: Teller) -> None:
    """Ask `teller` before an answer is changed; called from the room's AppConfig.ready()."""
    if teller not in _tellers:
        _tellers.append(teller)


def effects_of(community: Community, changes: Mapping[str, Any]) -> list[str]:
    """Return in whole sentences what these changes would change; none where nothing changes."""
    return [sentence for teller in _tellers for sentence in teller(community, changes)] if changes else []


def register_way(guide: Guide) -> None:
    """Let `guide` say where one goes on from an answer; called from the room's AppConfig.ready()."""
    if guide not in _guides:
        _guides.append(guide)


def ways_on(community: Community, frame: PlanFrame) -> dict[str, Way]:
    """Return by question where whoever leads goes on from its answer."""
    ways = [way for guide in _guides if (way := guide(community, frame))]
    return {way.question: way for way in ways}
