"""Before they choose: somebody says how much topics interest them, and looks at who else is there."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.formation import actions
from coppice.formation.interest_board import (
    levels_of,
    people_on,
    person_cards,
    standing_of,
    topics_of,
)
from coppice.formation.interest_forms import InterestForm
from coppice.formation.market_board import Chooser, cards_of
from coppice.formation.views.own_market import address, base, doors
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.profiles.links import profile_path

A_PAGE = 20
PEOPLE_ON_A_PAGE = 12


@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """How much topics interest this person, page by page; sent, it leads to the next page or the board."""
    page = Paginator(cards_of(chooser.marketplace), A_PAGE).get_page(request.GET.get("page"))
    form = InterestForm(
        request.POST if request.method == "POST" else None,
        cards=page.object_list,
        levels=levels_of(chooser),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.say_interests(chooser, levels=form.levels)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Kept. You can say it anew as long as people choose."))
            if page.has_next():
                there = address(request, chooser, "_interests")
                return redirect(f"{there}?page={page.next_page_number()}")
            return redirect(address(request, chooser))
    context = {**base(request, chooser), "form": form, "page": page}
    return render(request, "formation/own_interests.html", context, status=422 if form.is_bound else 200)


@require_safe
def people(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """The profile board: who agreed to be shown, as far as they share with everybody in the program."""
    marketplace = chooser.marketplace
    topics = topics_of(marketplace)
    is_shown, may_read = standing_of(chooser)
    wanted = id_in(request.GET.get("topic", ""))
    topic_id = wanted if wanted in topics.names else 0
    found = people_on(marketplace, topics, topic_id=topic_id)
    page = Paginator(found if may_read else found.none(), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **base(request, chooser),
        "may_read": may_read,
        "page": page,
        "people": person_cards(marketplace, topics, page.object_list),
        "topics": topics,
        "topic_id": topic_id,
        "is_shown": is_shown,
        "profile": profile_path(chooser.enrollment) if request.user == chooser.person else "",
    }
    return render(request, "formation/own_people.html", context)


@require_POST
def appearance(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """Be shown on the profile board."""
    try:
        actions.appear(chooser)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("You are on the board. Others who choose here see your card."))
    return redirect(address(request, chooser, "_people"))


@require_POST
def appearance_end(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    """Be shown there no longer."""
    actions.disappear(chooser)
    messages.success(request, _("Your card is off the board."))
    return redirect(address(request, chooser, "_people"))


def addresses() -> list[URLPattern]:
    """Every page and change of it, behind a link and for who is signed in."""
    return [
        *doors("interests/", "_interests", interests),
        *doors("people/", "_people", people),
        *doors("people/me/", "_appearance", appearance),
        *doors("people/me/end/", "_appearance_end", appearance_end),
    ]
