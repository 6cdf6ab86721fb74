"""Making a publication ready: every community and every invitation, before anything is written."""

from collections.abc import Callable, Mapping
from dataclasses import asdict

from coppice.communities.actions import Founding, Invitee, prepare
from coppice.formation.frames import frame_of
from coppice.formation.models import Formation, Place
from coppice.formation.queries import places_of

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
            members=[Invitee(place.enrollment, place.reasons, place.is_leader) for place in here],
            **frame,
        )
        done += len(here)
        if tell is not None:
            tell(done, len(places))
    return found
