"""Making a publication ready: every community and every invitation, before anything is written."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from coppice.communities.actions import Founding, Invitee, prepare
from coppice.communities.wording import TOLD, is_open
from coppice.formation.frames import frame_of
from coppice.formation.models import Formation, Place
from coppice.formation.queries import places_of
from coppice.formation.rules import may_be_told

type Teller = Callable[[int, int], None]


def ready(formation: Formation, *, tell: Teller | None = None) -> Mapping[int, Founding]:
    """Return what each proposed community (id) that has people will be; writes nothing.

    This is the long part of publishing, done outside its transaction. `tell` hears how many of how many
    people are ready.
    """
    frame = asdict(frame_of(formation.frame))
    by_community: dict[int, list[Place]] = {}
    places = places_of(formation)
    for place in places:
        by_community.setdefault(place.proposed_community_id, []).append(place)
    found: dict[int, Founding] = {}
    done = 0
    reasons_for = reasons_told_in(formation)
    for proposed in formation.proposed_communities.select_related("topic"):
        here = by_community.get(proposed.pk, [])
        if not here:
            continue
        found[proposed.pk] = prepare(
            formation.program,
            name=proposed.name,
            topic=proposed.topic,
            time_zone=formation.program.time_zone,
            reason=formation.reason,
            members=[Invitee(place.enrollment, reasons_for(place), place.is_leader) for place in here],
            **frame,
        )
        done += len(here)
        if tell is not None:
            tell(done, len(places))
    return found


def reasons_told_in(formation: Formation) -> Callable[[Place], list[dict[str, Any]]]:
    """Return what gives the reasons of a place that its person may read.

    A reason about a roster's own column stays with the staff, unless a rule about that column is ticked.
    """
    may_read = may_be_told(formation)

    def told(place: Place) -> list[dict[str, Any]]:
        return [_marked(each) for each in place.reasons if may_read(_attribute_of(each))]

    return told


def _marked(reason: dict[str, Any]) -> dict[str, Any]:
    """A reason that its person may read; about what others do not see of them it has to say so."""
    if is_open(_attribute_of(reason)):
        return reason
    return {**reason, "parameters": {**reason["parameters"], TOLD: True}}


def _attribute_of(reason: Mapping[str, Any]) -> str:
    """What a reason is about; one about no attribute counts as open."""
    return reason.get("parameters", {}).get("attribute", "")
