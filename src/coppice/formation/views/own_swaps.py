"""A member asks to change, and says yes to an exchange: by signed link without an account, or signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coppice.communities.links import token_of
from coppice.communities.models import Membership
from coppice.formation import actions
from coppice.formation.afterwards import Circle, circle_of, members_of
from coppice.formation.forms_swaps import SwapRequestForm
from coppice.formation.models import Swap, SwapRequest
from coppice.formation.permissions import owns_seat
from coppice.formation.swaps import (
    Exchange,
    Seat,
    accepted_by,
    exchanges_for,
    open_requests,
    seat_by_account,
    seat_by_link,
)
from coppice.formation.trade_offs import gains_of, losses_of
from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.lib.languages import answer_in
from coppice.programs.wording import words_for

type Page = Callable[[HttpRequest, Seat], HttpResponse]

WEIGHED = 12
"""So many exchanges are weighed for one person; whoever asked first comes first."""


@dataclass(frozen=True)
class Offer:
    """An exchange as a member sees it: where to, what was said, and never with whom.

    `why` it would suit them, and in `losses` what they would give up.
    `said` is "mine" or "theirs" when one side has agreed. `is_for_staff` when two people may not settle it.
    """

    exchange: Exchange
    why: list[str]
    losses: list[str]
    said: str
    is_for_staff: bool


def by_link(page: Page) -> Callable[..., HttpResponse]:
    """Open a page to whoever holds the signed link, in the language of the person it was made for."""

    def in_their_language(request: HttpRequest, seat: Seat) -> HttpResponse:
        if request.user.is_authenticated:
            return page(request, seat)
        return answer_in(seat.membership.language, page, request, seat)

    return access(anyone, on=seat_by_link, signed_out=True)(never_cache(in_their_language))


def by_account(page: Page) -> Callable[..., HttpResponse]:
    """Open a page to the member themself, signed in."""
    return access(owns_seat, on=seat_by_account)(page)


@require_safe
def swap(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What this person asked for and what fits it, or the form that asks."""
    return _show(request, seat)


@require_POST
def wish(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask to change."""
    if not seat.may_ask:  # the page tells why, and has no form that could
        return redirect(_address(request, seat.membership, ""))
    form = SwapRequestForm(request.POST, seat=seat)
    if form.is_valid():
        try:
            with transaction.atomic():
                actions.ask(seat, by=seat.membership.person, **form.wish)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(
                request, _("We have your wish. You stay where you are until a change is agreed.")
            )
            return redirect(_address(request, seat.membership, ""))
    return _show(request, seat, form, status=422)


@require_POST
def wish_end(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Stay after all."""
    mine = _waiting(seat)
    if mine is not None:
        actions.take_back(mine, by=seat.membership.person)
        messages.success(request, _("Taken back. You stay where you are."))
    return redirect(_address(request, seat.membership, ""))


@require_POST
def acceptance(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Say yes to changing places with somebody who asked as well."""
    mine = _waiting(seat)
    other_id = id_in(request.POST.get("other", ""))
    waiting = seat.formation.swap_requests.filter(pk=other_id)
    other = waiting.select_related("formation__program").first()
    if _is_done(seat, other_id):
        messages.success(request, _("It is done already: you have changed places."))
        return redirect(_address(request, _now(seat) or seat.membership, ""))
    if mine is None or other is None:
        messages.error(request, _("This change is no longer possible. Look at the list again."))
        return redirect(_address(request, seat.membership, ""))
    try:
        with transaction.atomic():
            swap = actions.accept(mine, other=other, by=seat.membership.person)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect(_address(request, seat.membership, ""))
    if swap.state != Swap.State.DONE:
        messages.success(request, _("You said yes. As soon as the other does, you both change."))
        return redirect(_address(request, seat.membership, ""))
    messages.success(request, _("Done: you have changed places."))
    return redirect(_address(request, _now(seat) or seat.membership, ""))


def _show(
    request: HttpRequest, seat: Seat, form: SwapRequestForm | None = None, *, status: int = 200
) -> HttpResponse:
    mine = _waiting(seat) if seat.may_ask else None
    now = None if seat.membership.is_here else _now(seat)
    return render(
        request,
        "formation/own_swap.html",
        {
            "seat": seat,
            "formation": seat.formation,
            "program": seat.program,
            "words": words_for(seat.program),
            "membership": seat.membership,
            "mine": mine,
            "offers": _offers(seat, mine) if mine and seat.formation.members_agree else [],
            "form": form or (None if mine else SwapRequestForm(seat=seat)),
            "now": now,
            "now_url": _address(request, now, "") if now else "",
            "with_whom": _with_whom(seat) if now else "",
            "wish_url": _address(request, seat.membership, "_wish"),
            "wish_end_url": _address(request, seat.membership, "_wish_end"),
            "acceptance_url": _address(request, seat.membership, "_acceptance"),
            "place_url": _place(request, seat.membership),
        },
        status=status,
    )


def _waiting(seat: Seat) -> SwapRequest | None:
    rows = seat.membership.swap_requests.filter(state=SwapRequest.State.OPEN)
    return rows.select_related("wanted", "formation__program__provider").first()


def _now(seat: Seat) -> Membership | None:
    """Where somebody is by now who changed from here."""
    there = members_of(seat.formation).filter(person=seat.membership.person_id)
    return there.select_related("community", "person").order_by("-joined_at", "-pk").first()


def _is_done(seat: Seat, other_id: int) -> bool:
    """Whether somebody has changed from here already with whoever asked by this request."""
    mine = seat.membership.swap_requests.filter(state=SwapRequest.State.GRANTED).values("pk")
    either = Q(request__in=mine, other=other_id) | Q(request=other_id, other__in=mine)
    return Swap.objects.filter(either, state=Swap.State.DONE).exists()


def _with_whom(seat: Seat) -> str:
    """Who changed with them, once both had agreed; nothing when the staff decided or a place was free."""
    agreed = (
        Swap.objects.filter(state=Swap.State.DONE).exclude(accepted_at=None).exclude(other_accepted_at=None)
    )
    rows = agreed.select_related("request__membership__enrollment", "other__membership__enrollment")
    first = rows.filter(request__membership=seat.membership).first()
    if first is not None and first.other is not None:
        return str(first.other.membership.enrollment)
    second = rows.filter(other__membership=seat.membership).first()
    return str(second.request.membership.enrollment) if second is not None else ""


def _offers(seat: Seat, mine: SwapRequest) -> list[Offer]:
    """One offer for each community that somebody would come from: the one agreed already, else the best."""
    waiting = open_requests(seat.formation)
    [row] = [each for each in waiting if each.pk == mine.pk]
    fitting = exchanges_for(row, waiting)
    if not fitting:
        return []
    circle, said = circle_of(seat.formation), accepted_by(mine)
    fitting.sort(key=lambda each: said.get(each.other.pk if each.other else 0) is None)
    best: dict[int, tuple[tuple[bool, bool, int], Offer]] = {}
    for exchange in fitting[:WEIGHED]:
        rank, offer = _weighed(circle, exchange, said)
        if exchange.target.pk not in best or rank > best[exchange.target.pk][0]:
            best[exchange.target.pk] = rank, offer
    return [offer for _rank, offer in best.values()]


def _weighed(circle: Circle, exchange: Exchange, said: Any) -> tuple[tuple[bool, bool, int], Offer]:
    assert exchange.other is not None
    outlook = circle.outlook(exchange.moves)
    is_for_staff = bool(outlook.broken) or exchange.has_leader
    answer = said.get(exchange.other.pk, "")
    offer = Offer(
        exchange=exchange,
        why=gains_of(circle, exchange),
        losses=losses_of(circle, exchange),
        said=answer,
        is_for_staff=is_for_staff,
    )
    return (bool(answer), not is_for_staff, outlook.points), offer


def _address(request: HttpRequest, membership: Membership, change: str) -> str:
    match = request.resolver_match
    if match and "token" in match.kwargs:
        return reverse(f"formation:own_swap{change}", args=[token_of(membership)])
    return reverse(f"formation:member_swap{change}", args=[membership.pk])


def _place(request: HttpRequest, membership: Membership) -> str:
    match = request.resolver_match
    if match and "token" in match.kwargs:
        return reverse("communities:invitation", args=[token_of(membership)])
    return membership.get_absolute_url()


def addresses() -> list[URLPattern]:
    """Every page and change of somebody's own swap, behind a link and for who is signed in."""
    pages = {
        "": ("", swap),
        "wish/": ("_wish", wish),
        "wish/end/": ("_wish_end", wish_end),
        "acceptance/": ("_acceptance", acceptance),
    }
    return [
        pattern
        for place, (name, view) in pages.items()
        for pattern in (
            path(f"swap/<str:token>/{place}", by_link(view), name=f"own_swap{name}"),
            path(
                f"memberships/<int:membership_id>/swap/{place}", by_account(view), name=f"member_swap{name}"
            ),
        )
    ]
