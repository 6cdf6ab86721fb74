"""Making a publication ready: every community and every invitation, before anything is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from coppice.communities import notices
from coppice.communities.actions import Founding, Invitee, prepare
from coppice.communities.models import Membership
from coppice.communities.wording import FEWEST_TOGETHER, TOLD, follows_from_others, is_open
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.queries import places_of
from coppice.formation.rules import may_be_told
from coppice.notifications.models import Message

type Teller = Callable[[int, int], None]
type Reasons = Callable[[Place, int], list[dict[str, Any]]]
"""The reasons of a place that its person may read, in a community of so many people."""


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
    others = list(others)
    reasons_for, people = reasons_told_in(place.formation), 1 + len(others)
    founding = _founding(
        place.formation, place.proposed_community, [place], lambda place, _people: reasons_for(place, people)
    )
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
    reasons_for = reasons_told_in(formation)
    for proposed in formation.proposed_communities.select_related("topic"):
        here = by_community.get(proposed.pk, [])
        if not here:
            continue
        found[proposed.pk] = _founding(formation, proposed, here, reasons_for)
        done += len(here)
        if tell is not None:
            tell(done, len(places))
    return found


def _founding(
    formation: Formation, proposed: ProposedCommunity, places: Sequence[Place], reasons_for: Reasons
) -> Founding:
    frame = asdict(formation.begins_with)
    return prepare(
        formation.program,
        name=proposed.name,
        topic=proposed.topic,
        time_zone=formation.program.time_zone,
        reason=formation.reason,
        members=[
            Invitee(place.enrollment, reasons_for(place, len(places)), place.is_leader) for place in places
        ],
        **{**frame, "purpose": proposed.purpose or frame["purpose"]},
    )


def reasons_told_in(formation: Formation) -> Reasons:
    """Return what gives the reasons of a place that its person may read.

    A reason about a roster's own column stays with the staff, unless a rule about that column is ticked. In a
    small community so does whatever follows from the answers of others: with two, it is known whose they are.
    """
    may_read = may_be_told(formation)

    def told(place: Place, people: int) -> list[dict[str, Any]]:
        reasons = [each for each in place.reasons if may_read(_attribute_of(each))]
        if people < FEWEST_TOGETHER:
            reasons = [each for each in reasons if not follows_from_others(each)]
        return [_marked(each) for each in reasons]

    return told


def _marked(reason: dict[str, Any]) -> dict[str, Any]:
    """A reason that its person may read; about what others do not see of them it has to say so."""
    if is_open(_attribute_of(reason)):
        return reason
    return {**reason, "parameters": {**reason["parameters"], TOLD: True}}


def _attribute_of(reason: Mapping[str, Any]) -> str:
    """What a reason is about; one about no attribute counts as open."""
    return reason.get("parameters", {}).get("attribute", "")
