"""People who came late, one by one or several at once; and gaps that people who left have made."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coppice.formation import actions
from coppice.formation.afterwards import circle_of
from coppice.formation.gaps import comers, gaps_of, gone_from, wishing
from coppice.formation.late import Suggestion, late_people, stand_of
from coppice.formation.models import Formation
from coppice.formation.permissions import can_form
from coppice.formation.queries import formation_of
from coppice.formation.swaps import open_requests
from coppice.formation.wording import broken_sentence, reason_sentences
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.programs.wording import words_for

A_PAGE = 10
GAPS_ON_A_PAGE = 10


@dataclass(frozen=True)
class Told:
    """A suggested place with its reasons in words, and the rules that it would break."""

    suggestion: Suggestion
    reasons: list[str]
    broken: list[str]


@access(can_form, on=formation_of)
@require_http_methods(["GET", "HEAD", "POST"])
def late(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Everybody without a place, each with one that suits; ticked ones are placed at once.

    With `person` in the address: that one alone, with the three best places.
    """
    if not (formation.is_published or formation.can_change):
        return redirect(formation)
    if request.method == "POST":
        return _place(request, formation)
    people = late_people(formation).prefetch_related("organizations")
    chosen = request.GET.get("person")
    if chosen is not None:
        person = get_object_or_404(people, pk=id_in(chosen))
        stand = stand_of(formation, newcomers=[person.pk])
        context = {"person": person, "told": [_told(stand, each) for each in stand.best(person.pk)]}
        return render(request, "formation/late_person.html", {**_base(formation), **context})
    page = Paginator(people, A_PAGE).get_page(request.GET.get("page"))
    here = [each.pk for each in page.object_list]
    stand = stand_of(formation, newcomers=here)
    suggested = stand.together(here)
    rows = [
        (each, _told(stand, suggested[each.pk]), False)
        if each.pk in suggested
        else (each, None, stand.has_place(each.pk))
        for each in page.object_list
    ]
    return render(request, "formation/late.html", {**_base(formation), "page": page, "rows": rows})


@access(can_form, on=formation_of)
@require_safe
def gaps(request: HttpRequest, formation: Formation) -> HttpResponse:
    """What people who left have left open, and who could come; nothing moves by itself."""
    if not formation.is_published:
        return redirect(formation)
    circle = circle_of(formation)
    page = Paginator(gaps_of(circle, gone_from(formation)), GAPS_ON_A_PAGE).get_page(request.GET.get("page"))
    waiting = open_requests(formation)
    rows = [(gap, comers(circle, gap), wishing(waiting, gap)) for gap in page.object_list]
    late_count = late_people(formation).count()
    context = {**_base(formation), "page": page, "rows": rows, "late_count": late_count}
    return render(request, "formation/gaps.html", context)


def _place(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The form names places as `place=PERSON-COMMUNITY`, one for each person who is ticked."""
    chosen = [text.partition("-") for text in request.POST.getlist("place")]
    places = {id_in(person): id_in(community) for person, _dash, community in chosen}
    try:
        placed = actions.place_late(
            formation, places=places, by=request.user, despite_rules="despite_rules" in request.POST
        )
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect("formation:late", formation.pk)
    if placed and formation.is_published:
        sentence = ngettext(
            "One person is placed, and invited by mail or their link.",
            "%(people)d people are placed, and invited by mail or their link.",
            placed,
        )
        messages.success(request, sentence % {"people": placed})
    elif placed:
        sentence = ngettext("One person is placed.", "%(people)d people are placed.", placed)
        messages.success(request, sentence % {"people": placed})
    return redirect("formation:late", formation.pk)


def _told(stand: Any, suggestion: Suggestion) -> Told:
    names = {person: row.name for person, row in stand.roster.items()}
    broken = [
        broken_sentence(stand.formation, each, names=names, groups=stand.names) for each in suggestion.broken
    ]
    return Told(suggestion, reason_sentences(suggestion.reasons, names=names), list(dict.fromkeys(broken)))


def _base(formation: Formation) -> dict[str, Any]:
    chose = formation.is_own_choice and not formation.is_published
    return {
        "formation": formation,
        "program": formation.program,
        "words": words_for(formation.program),
        "title": _("People without a place") if chose else _("People who came later"),
    }
