"""A marketplace as the staff run it: open one, its board, its terms, who has not chosen, what comes of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.formation import actions
from coppice.formation.market_board import (
    Card,
    Chooser,
    alike,
    cards_of,
    marketplace_of,
    shown_of,
    tally_of,
    undecided,
)
from coppice.formation.market_forms import FatesForm, MarketplaceForm, PutUpForm
from coppice.formation.market_outlook import Outlook, outlook_of
from coppice.formation.models import Marketplace
from coppice.formation.permissions import can_run_marketplace
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.programs.models import Enrollment, Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of
from coppice.programs.wording import words_for

A_PAGE = 24
PEOPLE_ON_A_PAGE = 20


@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def marketplaces(request: HttpRequest, program: Program) -> HttpResponse:
    """The program's marketplaces, and the form that opens one."""
    form = MarketplaceForm(request.POST if request.method == "POST" else None, program=program)
    if request.method == "POST" and form.is_valid():
        opened = actions.open_for_choice(program, by=request.user, **form.terms)
        messages.success(request, _("It is open. Everybody whom mail reaches gets their own link now."))
        return redirect(opened)
    page = Paginator(program.marketplaces.select_related("program"), PEOPLE_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    people = Enrollment.objects.current().filter(program=program).exists()
    context = {"program": program, "words": words_for(program), "form": form, "page": page, "people": people}
    return render(request, "formation/marketplaces.html", context, status=422 if form.is_bound else 200)


@access(can_run_marketplace, on=marketplace_of)
@require_safe
def marketplace(request: HttpRequest, marketplace: Marketplace) -> HttpResponse:
    """The board: every topic with its fill, and how many have chosen."""
    cards = cards_of(marketplace)
    page = Paginator(cards, A_PAGE).get_page(request.GET.get("page"))
    context = {
        **_base(marketplace),
        "page": page,
        "shown": shown_of(page.object_list),
        "tally": tally_of(marketplace),
        "rooms": [link.room for link in marketplace.rooms.select_related("room")],
        "hidden": marketplace.topics.filter(merged_into=None).exclude(hidden_at=None),
        "thin_count": sum(bool(card.missing_yet and card.promised) for card in cards),
    }
    return render(request, "formation/marketplace.html", context)


@access(can_run_marketplace, on=marketplace_of)
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, marketplace: Marketplace) -> HttpResponse:
    """Change name, sizes, last day and what people may do."""
    form = MarketplaceForm(
        request.POST if request.method == "POST" else None,
        program=marketplace.program,
        instance=marketplace,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_marketplace(marketplace, by=request.user, **form.terms)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(marketplace)
    context = {**_base(marketplace), "form": form}
    return render(request, "formation/marketplace_terms.html", context, status=422 if form.is_bound else 200)


@access(can_run_marketplace, on=marketplace_of)
@require_POST
def room(request: HttpRequest, marketplace: Marketplace) -> HttpResponse:
    """Open a live room in which people choose on this board."""
    try:
        opened = actions.open_room(marketplace, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect(marketplace)
    messages.success(request, _("The room is ready. Look at its steps, then open the first."))
    return redirect("live:agenda", opened.pk)


@access(can_run_marketplace, on=marketplace_of)
@require_POST
def online(request: HttpRequest, marketplace: Marketplace) -> HttpResponse:
    """Let people choose online as well, and send them their links."""
    try:
        actions.go_online(marketplace, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Everybody whom mail reaches gets their own link now."))
    return redirect(marketplace)


@access(can_run_marketplace, on=marketplace_of)
@require_http_methods(["GET", "HEAD", "POST"])
def topics(request: HttpRequest, marketplace: Marketplace) -> HttpResponse:
    """Put a topic up as the staff; what is like it is shown before."""
    form = PutUpForm(request.POST if request.method == "POST" else None)
    near = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        near = [] if said["is_another"] else alike(said["name"], cards_of(marketplace))
        if not near:
            try:
                actions.put_up(marketplace, name=said["name"], why=said["why"], by=request.user)
            except DomainError as refused:
                form.add_error(None, str(refused.sentence))
            else:
                messages.success(request, _("The topic is on the board."))
                return redirect(marketplace)
    context = {**_base(marketplace), "form": form, "near": near}
    return render(request, "formation/market_topics.html", context, status=422 if form.is_bound else 200)


@access(can_run_marketplace, on=marketplace_of)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, marketplace: Marketplace) -> HttpResponse:
    """Who has no place yet; the staff enter what somebody chose on paper or by phone."""
    if request.method == "POST":
        return _enter(request, marketplace)
    sought = request.GET.get("q", "").strip()
    found = undecided(marketplace)
    if sought:
        found = found.filter(name__icontains=sought)
    page = Paginator(found.prefetch_related("organizations"), PEOPLE_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    cards = [card for card in cards_of(marketplace) if not card.topic.is_closed]
    context = {**_base(marketplace), "page": page, "cards": cards, "sought": sought}
    return render(request, "formation/market_people.html", context)


@access(can_run_marketplace, on=marketplace_of)
@require_http_methods(["GET", "HEAD", "POST"])
def settlement(request: HttpRequest, marketplace: Marketplace) -> HttpResponse:
    """What would come of it, with the fate of each thin topic; sent, it becomes a round with a proposal.

    By GET a choice of fates is looked at, by POST it is done.
    """
    if marketplace.formation is not None:
        return redirect(marketplace.formation)
    cards = cards_of(marketplace)
    data: Any = request.POST if request.method == "POST" else request.GET if request.GET else None
    form = FatesForm(data, cards=cards)
    is_valid = not form.is_bound or form.is_valid()
    outlook, trouble = _outlook(marketplace, cards, form) if is_valid else (None, "")
    if request.method == "POST" and outlook is not None:
        try:
            return redirect(actions.settle(marketplace, fates=form.fates, by=request.user))
        except DomainError as refused:
            trouble = str(refused.sentence)
    context = {**_base(marketplace), "form": form, "outlook": outlook, "trouble": trouble}
    return render(
        request,
        "formation/market_settlement.html",
        context,
        status=422 if request.method == "POST" else 200,
    )


def _outlook(marketplace: Marketplace, cards: list[Card], form: FatesForm) -> tuple[Outlook | None, str]:
    try:
        return outlook_of(marketplace, cards, form.fates), ""
    except DomainError as refused:
        return None, str(refused.sentence)


def _enter(request: HttpRequest, marketplace: Marketplace) -> HttpResponse:
    """The form names `person` and `topic`; a full topic puts them on its waitlist."""
    people = Enrollment.objects.current().filter(program=marketplace.program_id)
    enrollment = people.filter(pk=id_in(request.POST.get("person", ""))).select_related("person").first()
    topic = marketplace.topics.standing().filter(pk=id_in(request.POST.get("topic", ""))).first()
    if enrollment is None or topic is None:
        messages.error(request, _("Choose a topic for this person first."))
        return redirect("formation:market_people", marketplace.pk)
    chooser = Chooser(marketplace, enrollment)
    try:
        choice = actions.wait(chooser, topic=topic, by=request.user, from_paper=True)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        names = {"name": enrollment, "topic": topic}
        if choice.is_waiting:
            messages.warning(request, _("%(topic)s is full: %(name)s waits for a place there.") % names)
        else:
            messages.success(request, _("%(name)s has a place in %(topic)s.") % names)
    return redirect("formation:market_people", marketplace.pk)


def _base(marketplace: Marketplace) -> dict[str, Any]:
    program = marketplace.program
    return {"marketplace": marketplace, "program": program, "words": words_for(program)}
