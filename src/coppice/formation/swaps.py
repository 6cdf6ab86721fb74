"""The time for swaps: who asks to change, who fits whom, and what a change would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from coppice.communities.models import Community, Membership
from coppice.communities.queries import invitation_of, membership_of
from coppice.formation.afterwards import Circle
from coppice.formation.models import Formation, ProposedCommunity, Swap, SwapRequest
from coppice.formation.queries import HEAVY


@dataclass(frozen=True)
class Exchange:
    """Two requests that fit each other, or one and a free place (`other` is None); `target` is where to."""

    request: SwapRequest
    other: SwapRequest | None
    target: Community

    @property
    def moves(self) -> dict[int, int]:
        """Who (enrollment id) would go where (community id)."""
        here = self.request.membership
        moves = {here.enrollment_id: self.target.pk}
        if self.other is not None:
            moves[self.other.membership.enrollment_id] = here.community_id
        return moves

    @property
    def has_leader(self) -> bool:
        """Whether somebody who leads would go: that takes a word with the program's staff."""
        return self.request.membership.is_leader or (
            self.other is not None and self.other.membership.is_leader
        )

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.request.pk}-{self.other.pk if self.other else ''}-{self.target.pk}"


def formation_of_community(community: Community) -> Formation | None:
    """Return the published formation that founded a community; None when none did."""
    proposed = ProposedCommunity.objects.filter(community=community)
    found = proposed.select_related("proposal__formation__program__provider").defer(*HEAVY).first()
    if found is None or not found.formation.is_published:
        return None
    formation = found.formation
    formation.on_table = found.proposal  # only that of the table is published
    return formation


@dataclass(frozen=True)
class Seat:
    """A person's place in a community, and the formation in whose time for swaps they may ask to change."""

    membership: Membership
    formation: Formation

    @property
    def community(self) -> Community:
        return self.membership.community

    @property
    def program(self) -> Any:
        return self.formation.program

    @property
    def zone(self) -> Any:
        return self.membership.zone

    @property
    def may_ask(self) -> bool:
        """Whether they may ask now: it is time, and they are here."""
        return self.formation.has_swaps and self.membership.is_here


def seat_of(membership: Membership) -> Seat:
    """Return a membership with its formation; raises Http404 where there is no time for swaps at all."""
    formation = formation_of_community(membership.community)
    if formation is None or formation.swaps_until is None or formation.is_whole_cohort:
        raise Http404
    return Seat(membership, formation)


def seat_by_link(person: Any, *, token: str) -> Seat:
    """Return the seat behind a signed link, whoever is signed in; raises Http404 otherwise."""
    return seat_of(invitation_of(person, token=token))


def seat_by_account(person: Any, *, membership_id: int) -> Seat:
    """Return a seat that the person may know of; raises Http404 otherwise."""
    return seat_of(membership_of(person, membership_id=membership_id))


def swap_of(person: Any, *, swap_id: int) -> Swap:
    """Return a change in a formation that the person may see; raises Http404 otherwise."""
    rows = Swap.objects.visible_to(person).select_related("formation__program__provider")
    return get_object_or_404(rows, pk=swap_id)


def swap_request_of(person: Any, *, swap_request_id: int) -> SwapRequest:
    """Return a request in a formation that the person may see; raises Http404 otherwise."""
    rows = SwapRequest.objects.visible_to(person).select_related("formation__program__provider")
    return get_object_or_404(rows, pk=swap_request_id)


def open_requests(formation: Formation) -> list[SwapRequest]:
    """Return the requests that wait, oldest first, with their people and places, in one query."""
    return list(
        formation.swap_requests.open().select_related(
            "membership__enrollment",
            "membership__person",
            "membership__community__program__provider",
            "membership__community__topic",
            "wanted",
        )
    )


def exchanges_for(request: SwapRequest, requests: Sequence[SwapRequest]) -> list[Exchange]:
    """Return the exchanges that fit one request, those of the oldest requests first."""
    return [Exchange(request, other, other.membership.community) for other in requests if request.fits(other)]


def all_exchanges(requests: Sequence[SwapRequest]) -> list[Exchange]:
    """Return every pair that fits, once each, in the order of the requests."""
    return [
        exchange
        for number, each in enumerate(requests)
        for exchange in exchanges_for(each, requests[number + 1 :])
    ]


def free_places(request: SwapRequest, circle: Circle) -> list[Exchange]:
    """Return the free place that somebody asks for, where there is one; a wish for anybody has none."""
    if request.wanted is None or str(request.wanted_id) not in circle.proposed:
        return []
    return [Exchange(request, None, request.wanted)] if circle.room_in(request.wanted.pk) else []


def accepted_by(request: SwapRequest) -> Mapping[int, str]:
    """Return what was said to each other request (id): "mine", "theirs"; by swaps still on offer."""
    told: dict[int, str] = {}
    either = Q(request=request) | Q(other=request)
    for swap in Swap.objects.filter(either, state=Swap.State.OFFERED).exclude(other=None):
        is_first = swap.request_id == request.pk
        mine = swap.accepted_at if is_first else swap.other_accepted_at
        told[(swap.other_id if is_first else swap.request_id) or 0] = "mine" if mine else "theirs"
    return told
