"""What each screen of a room shows: one rendering for all that look at it in the same language."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils import timezone, translation

from coppice.live.announcing import Presence
from coppice.live.models import Room
from coppice.live.queries import Scene, scene_of

type Screen = tuple[str, str]
"""An audience ("projector", "host", "phone") and a language."""

TEMPLATES = {
    "projector": "live/parts/projector.html",
    "host": "live/parts/host.html",
    "phone": "live/parts/phone.html",
}


def screens_of(room_id: int, wanted: Iterable[Screen], presence: Presence) -> dict[Screen, str]:
    """Return the HTML of each screen that is wanted; nothing when the room is gone."""
    room = Room.objects.filter(pk=room_id).first()
    if room is None:
        return {}
    scene = scene_of(room, presence)
    return {screen: _screen(scene, *screen) for screen in wanted}


def _screen(scene: Scene, audience: str, language: str) -> str:
    with translation.override(language), timezone.override(scene.room.zone):
        return render_to_string(TEMPLATES[audience], shown_in(scene))


def shown_in(scene: Scene) -> dict[str, object]:
    """Return what the fragments of all screens get."""
    return {"scene": scene, "room": scene.room, "step": scene.step, "kind": scene.kind, "look": scene.look}
