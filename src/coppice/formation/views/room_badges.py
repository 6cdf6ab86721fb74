"""The badges of a live room, for its hosts to print."""

from itertools import batched
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coppice.formation.badge_steps import BADGES
from coppice.lib.access import access
from coppice.live.models import Step
from coppice.live.permissions import can_host
from coppice.live.queries import step_of

ON_A_SHEET = 6
ON_A_PAGE = 60


def badges_step_of(person: Any, *, step_id: int) -> Step:
    """Return a step of badges in a room that the person may know of; raises Http404 otherwise."""
    step = step_of(person, step_id=step_id)
    if step.kind != BADGES:
        raise Http404
    return step


def can_print_badges(person: Any, step: Step) -> bool:
    """Say whether this person may print the badges of a step: who may host its room."""
    return can_host(person, step.room)


# GET /live-steps/<id>/badges/
@access(can_print_badges, on=badges_step_of)
@require_safe
def badges(request: HttpRequest, step: Step) -> HttpResponse:
    """The badges of a room without what hosts took off them, six on a sheet."""
    rows = step.room.badges.select_related("participant").prefetch_related("lines")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [(badge, [line for line in badge.lines.all() if not line.is_hidden]) for badge in page]
    context = {"room": step.room, "page": page, "sheets": list(batched(shown, ON_A_SHEET))}
    return render(request, "formation/badges/print.html", context)
