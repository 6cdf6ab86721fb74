"""Making a publication ready: every community and every invitation, before anything is written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from coppice.communities import notices
from coppice.communities.actions import Founding, Invitee, prepare
from coppice.communities.models import Membership
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.queries import places_of
from coppice.notifications.models import Message

type Teller = Callable[[int, int], None]


@dataclass(frozen=True)
class Sample:
    """One person of a proposal as they will be invited: nothing of it has a row, and nothing is sent.

    `message` is None where no mail reaches them; its links lead nowhere. `others` are those beside them.
    """

    membership: Membership
    message: Message | None
    others: list[Membership]


def sample(place: Place, *, others: Iterable[Place]) -> Sample:
    """Return what somebody would get if the proposal were published with what is written by now."""
    founding = _founding(place.formation, place.proposed_community, [place])
    [(membership, message)] = founding.invited
    return Sample(
        membership,
        notices.unlinked(message, membership.person) if message is not None else None,
        [
            Membership(
                community=founding.community,
                enrollment=other.enrollment,
                role=Membership.Role.LEADER if other.is_leader else Membership.Role.MEMBER,
            )
            for other in others
        ],
    )


def ready(formation: Formation, *, tell: Teller | None = None) -> Mapping[int, Founding]:
    """Return what each proposed community (id) that has people will be; writes nothing.

    This is the long part of publishing, done outside its transaction. `tell` hears how many of how many
    people are ready.
    """
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
        found[proposed.pk] = _founding(formation, proposed, here)
        done += len(here)
        if tell is not None:
            tell(done, len(places))
    return found


def _founding(formation: Formation, proposed: ProposedCommunity, places: Iterable[Place]) -> Founding:
    return prepare(
        formation.program,
        name=proposed.name,
        topic=proposed.topic,
        time_zone=formation.program.time_zone,
        reason=formation.reason,
        members=[Invitee(place.enrollment, place.reasons, place.is_leader) for place in places],
        **asdict(formation.begins_with),
    )
