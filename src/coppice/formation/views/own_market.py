"""Somebody chooses on a marketplace: by their signed link without an account, or signed in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.formation import actions
from coppice.formation.interest_board import levels_of, marked
from coppice.formation.market_board import (
    Card,
    Chooser,
    alike,
    cards_of,
    chooser_by_account,
    chooser_by_link,
    companions_in,
    own_of,
    shown_of,
)
from coppice.formation.market_errors import NotInTopic
from coppice.formation.market_forms import CriterionForm, OfferForm
from coppice.formation.market_hints import hints_for
from coppice.formation.models import OfferedTopic
from coppice.formation.permissions import owns_choice
from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.lib.languages import answer_in
from coppice.programs.wording import words_for

type Page = Callable[[HttpRequest, Chooser], HttpResponse]

A_PAGE = 20
COMPANIONS_SHOWN = 30


def by_link(page: Page) -> Callable[..., HttpResponse]:
    """Open a page to whoever holds the signed link, in the language of the person it was made for."""

    def in_their_language(request: HttpRequest, chooser: Chooser) -> HttpResponse:
        if request.user.is_authenticated:
            return page(request, chooser)
        return answer_in(chooser.language, page, request, chooser)

    return access(anyone, on=chooser_by_link, signed_out=True)(never_cache(in_their_language))


def by_account(page: Page) -> Callable[..., HttpResponse]:
    """Open a page to the person themself, signed in."""
    return access(owns_choice, on=chooser_by_account)(page)


@require_safe
def market(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """The board with this person's own part: where they are, where they wait, what they may do."""
    return _show(request, chooser)


@require_POST
def choice(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """Take a place in a topic, leaving the one before."""
    return _do(
        request,
        chooser,
        lambda topic: actions.join(chooser, topic=topic, by=chooser.person),
        _("You are in %(topic)s."),
    )


@require_POST
def wait(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """Wait for a place in a full topic."""
    return _do(
        request,
        chooser,
        lambda topic: actions.wait(chooser, topic=topic, by=chooser.person),
        _("You wait for %(topic)s. A mail tells you when you have a place."),
    )


@require_POST
def departure(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """Give a place or a wait up."""
    return _do(
        request,
        chooser,
        lambda topic: actions.leave(chooser, topic=topic, by=chooser.person),
        _("You have left %(topic)s. Choose another one when you like."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """Put a topic up; those like it are shown first, to join instead."""
    form = OfferForm(request.POST if request.method == "POST" else None)
    near: list[Card] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        near = [] if said["is_another"] else alike(said["name"], cards_of(chooser.marketplace))
        if not near:
            try:
                actions.offer(
                    chooser, name=said["name"], why=said["why"], leads=said["leads"], by=chooser.person
                )
            except DomainError as refused:
                form.add_error(None, str(refused.sentence))
            else:
                messages.success(request, _("Your topic is on the board, and you are the first in it."))
                return redirect(address(request, chooser))
    own = own_of(chooser)
    context = {
        **base(request, chooser),
        "form": form,
        "near": shown_of(near, own),
        "own": own,
    }
    return render(request, "formation/own_offer.html", context, status=422 if form.is_bound else 200)


@require_safe
def hints(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """Up to three topics for somebody who cannot decide, each with why."""
    cards = cards_of(chooser.marketplace)
    own = own_of(chooser)
    found = hints_for(chooser, [card for card in cards if card.topic.pk != own.topic_id])
    shown = shown_of([hint.card for hint in found], own)
    context = {**base(request, chooser), "own": own, "hints": list(zip(shown, found, strict=True))}
    return render(request, "formation/own_hints.html", context)


@require_POST
def criterion(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """Write a line of whom one's own topic is for."""
    form = CriterionForm(request.POST)
    if own_of(chooser).place is None:
        messages.error(request, str(NotInTopic.sentence))
        return redirect(address(request, chooser))
    if not form.is_valid():
        return _show(request, chooser, form)
    text = form.cleaned_data["text"]
    return _do(
        request,
        chooser,
        lambda topic: actions.write_criterion(chooser, topic=topic, text=text, by=chooser.person),
        _("Added to %(topic)s, for everybody who chooses."),
    )


@require_POST
def criterion_end(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """Take one's own line back."""
    try:
        actions.take_criterion_back(
            chooser, criterion_id=id_in(request.POST.get("criterion", "")), by=chooser.person
        )
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    return redirect(address(request, chooser))


def _do(
    request: HttpRequest, chooser: Chooser, act: Callable[[OfferedTopic], Any], said: str
) -> HttpResponse:
    """Do something to the topic that the form names, and say so, or why not."""
    rows = chooser.marketplace.topics.filter(pk=id_in(request.POST.get("topic", "")))
    topic = rows.first()
    if topic is None:
        messages.error(request, _("This topic is no longer on the board. Look at the board again."))
        return redirect(address(request, chooser))
    try:
        done = act(topic)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect(address(request, chooser))
    if request.resolver_match and request.resolver_match.view_name.endswith("_wait") and not done.is_waiting:
        said = _("A place was free: you are in %(topic)s.")
    messages.success(request, said % {"topic": topic})
    return redirect(address(request, chooser))


def _show(request: HttpRequest, chooser: Chooser, form: CriterionForm | None = None) -> HttpResponse:
    own, cards, levels = own_of(chooser), cards_of(chooser.marketplace), levels_of(chooser)
    mine = next((card for card in cards if card.topic.pk == own.topic_id), None)
    others = [card for card in cards if card is not mine]
    others.sort(
        key=lambda card: (card.topic.pk not in own.waits, not card.room, -levels.get(card.topic.pk, 0))
    )
    page = Paginator(others, A_PAGE).get_page(request.GET.get("page"))
    first, shown = ([mine] if mine else []), list(page.object_list)
    drawn = marked(shown_of([*first, *shown], own), levels)
    context = {
        **base(request, chooser),
        "own": own,
        "mine": drawn[0] if mine else None,
        "page": page,
        "shown": drawn[len(first) :],
        "companions": (
            companions_in(mine.topic.pk, apart_from=chooser.enrollment)[:COMPANIONS_SHOWN] if mine else []
        ),
        "form": form or CriterionForm(),
        "has_said": bool(levels),
    }
    return render(request, "formation/own_market.html", context, status=422 if form else 200)


def base(request: HttpRequest, chooser: Chooser) -> dict[str, Any]:
    """What every page of somebody's own part shows, with the addresses of what they may do."""
    names = (
        *("", "_choice", "_wait", "_departure", "_offer", "_hints", "_criterion", "_criterion_end"),
        *("_interests", "_people", "_appearance", "_appearance_end"),
    )
    return {
        "chooser": chooser,
        "marketplace": chooser.marketplace,
        "program": chooser.program,
        "words": words_for(chooser.program),
        "urls": {name.strip("_") or "market": address(request, chooser, name) for name in names},
    }


def address(request: HttpRequest, chooser: Chooser, change: str = "") -> str:
    """The address of a page or change of somebody's own part, behind the door by which they came."""
    match = request.resolver_match
    if match and "token" in match.kwargs:
        return reverse(f"formation:own_market{change}", args=[match.kwargs["token"]])
    return reverse(f"formation:member_market{change}", args=[chooser.marketplace.pk])


def addresses() -> list[URLPattern]:
    """Every page and change of somebody's own part, behind a link and for who is signed in."""
    pages = {
        "": ("", market),
        "choice/": ("_choice", choice),
        "wait/": ("_wait", wait),
        "departure/": ("_departure", departure),
        "offer/": ("_offer", offer),
        "hints/": ("_hints", hints),
        "criteria/": ("_criterion", criterion),
        "criteria/end/": ("_criterion_end", criterion_end),
    }
    return [pattern for place, (name, view) in pages.items() for pattern in doors(place, name, view)]


def doors(place: str, name: str, page: Page) -> list[URLPattern]:
    """A page or change of somebody's own part behind its two doors: their link, and their account."""
    return [
        path(f"market/<str:token>/{place}", by_link(page), name=f"own_market{name}"),
        path(
            f"marketplaces/<int:marketplace_id>/mine/{place}", by_account(page), name=f"member_market{name}"
        ),
    ]
