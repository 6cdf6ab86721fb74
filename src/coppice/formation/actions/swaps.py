"""People ask to change after publication; both agree or the manager decides, and it can be taken back."""

from collections import Counter
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from coppice.communities import actions as communities
from coppice.communities.models import Community, Membership
from coppice.formation import notices
from coppice.formation.actions.rows import current
from coppice.formation.afterwards import Circle, circle_of, community_of, members_of, proposed_of
from coppice.formation.errors import (
    BreaksRules,
    DoesNotFit,
    Full,
    LeadersSay,
    NoTimeForSwaps,
    NotPublished,
    NoWayBack,
    StaffDecide,
    SwapIsGone,
)
from coppice.formation.models import Decider, Formation, Swap, SwapRequest
from coppice.formation.swaps import Exchange, Seat, exchanges_for, open_requests
from coppice.history.actions import record

State = Swap.State
Request = SwapRequest.State


@transaction.atomic
def open_swaps(formation: Formation, *, until: date | None, decided_by: str, by: Any) -> Formation:
    """Set until which day (in the program's time zone) people may ask to change, and who decides.

    None closes it: requests that wait end, and their people are told. The same again changes nothing.
    `decided_by` is a value of Decider. Raises NotPublished.
    """
    formation = current(formation)
    if not formation.is_published:
        raise NotPublished
    if (formation.swaps_until, formation.swaps_decided_by) == (until, decided_by):
        return formation
    formation.swaps_until, formation.swaps_decided_by = until, Decider(decided_by)
    formation.save(update_fields=["swaps_until", "swaps_decided_by"])
    verb = "formation.swaps_opened" if formation.has_swaps else "formation.swaps_closed"
    record(verb, scope=formation.program.scope, by=by, subject=formation)
    if not formation.has_swaps:
        _end_all(formation)
    return formation


@transaction.atomic
def ask(seat: Seat, *, wanted: Community | None, by: Any, reason: str = "") -> SwapRequest:
    """Ask to change: to one community of the same formation, or (None) with anybody who wants to as well.

    Whoever asked before asks anew: what waits is replaced. The staff are told once a day, and people whom it
    fits too, without a name. Raises NoTimeForSwaps, DoesNotFit for a community that is not among the others,
    and LeadersSay when somebody who leads gives the staff no word about it.
    """
    formation = current(seat.formation)
    membership = members_of(formation).filter(pk=seat.membership.pk).select_for_update(of=("self",)).first()
    if membership is None or not formation.has_swaps:
        raise NoTimeForSwaps
    if wanted is not None and not _is_among(formation, wanted, apart_from=membership):
        raise DoesNotFit
    if membership.is_leader and not reason.strip():
        raise LeadersSay
    for earlier in membership.swap_requests.filter(state=Request.OPEN):
        _end(earlier, Request.TAKEN_BACK)
    request = SwapRequest.objects.create(
        formation=formation, membership=membership, wanted=wanted, reason=reason.strip()
    )
    _note("formation.swap_asked", request, by=by)
    notices.swap_asked(formation)
    waiting = open_requests(formation)
    if formation.members_agree:
        [mine] = [each for each in waiting if each.pk == request.pk]
        for exchange in exchanges_for(mine, waiting):
            if exchange.other is not None and not exchange.has_leader:
                notices.swap_fits(exchange.other)
    return request


@transaction.atomic
def take_back(request: SwapRequest, *, by: Any) -> SwapRequest:
    """Let somebody stay where they are after all; twice changes nothing."""
    return _close(request, Request.TAKEN_BACK, "formation.swap_taken_back", by=by)


@transaction.atomic
def refuse(request: SwapRequest, *, by: Any) -> SwapRequest:
    """Tell somebody that their change is not possible; twice changes nothing."""
    was_open = SwapRequest.objects.filter(pk=request.pk, state=Request.OPEN).exists()
    request = _close(request, Request.REFUSED, "formation.swap_refused", by=by)
    if was_open:
        notices.swap_ended(request)
    return request


@transaction.atomic
def accept(request: SwapRequest, *, other: SwapRequest, by: Any) -> Swap:
    """Say yes to an exchange on the side of `request`; when both have, they change places at once.

    The other is told, once a day at most, that somebody would change with them, and not who. Raises
    NoTimeForSwaps, SwapIsGone, and StaffDecide when the staff settle every change, somebody leads, or a rule
    that must hold would be broken.
    """
    formation = current(request.formation)
    if not formation.has_swaps:
        raise NoTimeForSwaps
    exchange = _exchange(formation, request.pk, other.pk, None)
    if not formation.members_agree or exchange.has_leader:
        raise StaffDecide
    circle = circle_of(formation)
    if circle.outlook(exchange.moves).broken:
        raise StaffDecide
    swap = _offered(exchange)
    is_first = swap.request_id == request.pk
    if (swap.accepted_at if is_first else swap.other_accepted_at) is None:
        setattr(swap, "accepted_at" if is_first else "other_accepted_at", timezone.now())
        swap.save()
        _note("formation.swap_accepted", exchange.request, by=by)
    if swap.accepted_at and swap.other_accepted_at:
        return _do(circle, exchange, swap, by=by)
    assert exchange.other is not None
    notices.swap_offered(exchange.other)
    return swap


@transaction.atomic
def decide(
    formation: Formation,
    *,
    request_id: int,
    other_id: int | None,
    target: Community | None,
    by: Any,
    despite_rules: bool = False,
) -> Swap:
    """Carry a change out as the program's staff: two requests that fit, or one into a free place.

    Also after the time for swaps, while the requests wait. Raises SwapIsGone, Full, and BreaksRules when a
    rule that must hold is broken by it, unless it is done `despite_rules`.
    """
    formation = current(formation)
    exchange = _exchange(formation, request_id, other_id, target)
    circle = circle_of(formation)
    if exchange.other is None and not circle.room_in(exchange.target.pk):
        raise Full
    broken = circle.outlook(exchange.moves).broken
    if broken and not despite_rules:
        raise BreaksRules
    swap = _offered(exchange)
    swap.despite_rules = bool(broken)
    return _do(circle, exchange, swap, by=by)


@transaction.atomic
def undo(swap: Swap, *, by: Any) -> Swap:
    """Put people back where they were before a change, as far as they are still where it put them.

    Twice changes nothing. Whoever left or was moved on since stays as they are. Each who goes back is told by
    a mail about the place that they have again. Raises SwapIsGone for a change that was not done, and
    NoWayBack when a place that somebody would go back to has been taken since.
    """
    current(swap.formation)
    swap = Swap.objects.select_related(
        "formation__program",
        "target",
        "request__membership__community",
        "other__membership__community",
    ).get(pk=swap.pk)
    if swap.state == State.UNDONE:
        return swap
    if swap.state != State.DONE:
        raise SwapIsGone
    back = _ways_back(swap)
    _check_room(swap.formation, back)
    for there, membership in back:
        communities.transfer(
            there,
            to=membership.community,
            reasons=membership.reasons,
            by=by,
            source=Membership.Source.ASSIGNED,
        )
    swap.state = State.UNDONE
    swap.save(update_fields=["state"])
    record(
        "formation.swap_undone",
        scope=swap.formation.program.scope,
        by=by,
        subject=swap.formation,
        about=swap.request.membership.person,
    )
    return swap


@transaction.atomic
def end_swaps(formation: Formation) -> int:
    """End the requests of a formation whose time for swaps is over, and tell their people; says how many."""
    formation = current(formation)
    return 0 if formation.has_swaps else _end_all(formation)


def _end_all(formation: Formation) -> int:
    waiting = list(formation.swap_requests.filter(state=Request.OPEN).select_related(*_PEOPLE))
    for request in waiting:
        _end(request, Request.OVER)
        if request.membership.is_here:
            notices.swap_ended(request)
    return len(waiting)


_PEOPLE = (
    "membership__enrollment",
    "membership__person",
    "membership__community__program__provider",
    "formation__program__provider",
)


def _is_among(formation: Formation, wanted: Community, *, apart_from: Membership) -> bool:
    there = Membership.objects.filter(community=wanted, person=apart_from.person_id).known_to_members()
    founded = formation.proposed_communities.filter(community=wanted, community__ended_at=None)
    return wanted.pk != apart_from.community_id and founded.exists() and not there.exists()


def _exchange(
    formation: Formation, request_id: int, other_id: int | None, target: Community | None
) -> Exchange:
    """The exchange as it is now; raises SwapIsGone when a side no longer waits or they do not fit."""
    waiting = {each.pk: each for each in open_requests(formation)}
    request = waiting.get(request_id)
    if request is None:
        raise SwapIsGone
    if other_id is None:
        if target is None or not _is_among(formation, target, apart_from=request.membership):
            raise SwapIsGone
        return Exchange(request, None, target)
    other = waiting.get(other_id)
    if other is None or not request.fits(other):
        raise SwapIsGone
    return Exchange(request, other, other.membership.community)


def _offered(exchange: Exchange) -> Swap:
    """The row of an exchange, whichever side began it."""
    request, other = exchange.request, exchange.other
    if other is not None:
        either = Q(request=request, other=other) | Q(request=other, other=request)
        known = Swap.objects.filter(either, state=State.OFFERED).select_related("request", "other").first()
        if known is not None:
            return known
    return Swap.objects.create(
        formation=request.formation, request=request, other=other, target=exchange.target
    )


def _do(circle: Circle, exchange: Exchange, swap: Swap, *, by: Any) -> Swap:
    """Move everybody concerned; whatever else was offered to them comes to nothing."""
    sides = [(exchange.request, exchange.target)]
    if exchange.other is not None:
        sides.append((exchange.other, exchange.request.membership.community))
    leaving = [request.membership.enrollment_id for request, _to in sides]
    for request, to in sides:
        membership = request.membership
        reasons = circle.told_reasons(membership.enrollment_id, to=to.pk, without=leaving)
        communities.transfer(membership, to=to, reasons=reasons, by=by)
        request.state, request.ended_at = Request.GRANTED, timezone.now()
        request.save(update_fields=["state", "ended_at"])
        _note("formation.swapped", request, by=by)
    swap.state, swap.done_at, swap.decided_by = State.DONE, timezone.now(), by
    swap.save()
    _lapse([request.pk for request, _to in sides])
    return swap


def _ways_back(swap: Swap) -> list[tuple[Membership, Membership]]:
    """Who goes back: the place where a change put them, if they are still there, and the one from before."""
    sides = [(swap.request.membership, swap.target)]
    if swap.other is not None:
        sides.append((swap.other.membership, swap.request.membership.community))
    found = []
    for before, community in sides:
        there = Membership.objects.filter(community=community, person=before.person_id).first()
        if there is not None and there.is_here and community.pk != before.community_id:
            found.append((there, before))
    return found


def _check_room(formation: Formation, back: list[tuple[Membership, Membership]]) -> None:
    """Raise NoWayBack when a community would grow beyond its largest size."""
    growth: Counter[int] = Counter()
    for there, before in back:
        growth[before.community_id] += 1
        growth[there.community_id] -= 1
    present = Counter(members_of(formation).values_list("community", flat=True))
    for proposed in proposed_of(formation).values():
        community = community_of(proposed)
        grows = growth[community.pk]
        if grows > 0 and present[community.pk] + grows > proposed.maximum:
            raise NoWayBack


def _close(request: SwapRequest, state: str, verb: str, *, by: Any) -> SwapRequest:
    now = SwapRequest.objects.select_for_update(of=("self",)).select_related(*_PEOPLE).get(pk=request.pk)
    if now.state != Request.OPEN:
        return now
    _end(now, state)
    _note(verb, now, by=by)
    return now


def _end(request: SwapRequest, state: str) -> None:
    request.state, request.ended_at = Request(state), timezone.now()
    request.save(update_fields=["state", "ended_at"])
    _lapse([request.pk])


def _lapse(request_ids: list[int]) -> None:
    concerned = Q(request__in=request_ids) | Q(other__in=request_ids)
    Swap.objects.filter(concerned, state=State.OFFERED).update(state=State.LAPSED)


def _note(verb: str, request: SwapRequest, *, by: Any) -> None:
    record(
        verb,
        scope=request.formation.program.scope,
        by=by,
        subject=request.formation,
        about=request.membership.person,
    )
