"""What the staff read of interests: counts topic by topic, and nobody's own word."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coppice.formation.interest_board import counted, who_said
from coppice.formation.market_board import cards_of, marketplace_of
from coppice.formation.models import Marketplace
from coppice.formation.permissions import can_run_marketplace
from coppice.lib.access import access
from coppice.programs.models import Enrollment
from coppice.programs.wording import words_for
from coppice.surveys.models import FEWEST_SHOWN

A_PAGE = 30


# GET /marketplaces/<id>/interests/
@access(can_run_marketplace, on=marketplace_of)
@require_safe
def interests(request: HttpRequest, marketplace: Marketplace) -> HttpResponse:
    """How much each topic interests people, of most interest first."""
    program = marketplace.program
    found = counted(marketplace, cards_of(marketplace))
    people, guests = who_said(marketplace)
    context = {
        "marketplace": marketplace,
        "program": program,
        "words": words_for(program),
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "people": people,
        "guests": guests,
        "whole": Enrollment.objects.current().filter(program=program).count(),
        "shown_on_board": marketplace.appearances.filter(enrollment__ended_at=None).count(),
        "fewest": FEWEST_SHOWN,
    }
    return render(request, "formation/market_interests.html", context)
