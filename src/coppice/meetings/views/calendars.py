"""The calendar pages: one's own, a community's, a program's, each as a month, a week or a list."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_take_part
from coppice.communities.queries import community_of
from coppice.lib.access import access, signed_in
from coppice.meetings.calendar_board import Page, community_page, own_page, places_of, program_page, zone_of
from coppice.meetings.calendar_periods import Period, View, period_of
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of
from coppice.ui.dates import place


# GET /calendar/?view=month&on=2026-12-01
@access(signed_in)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """All meetings of the groups that one takes part in."""
    places = places_of(request.user)
    period = _period(request, zone_of(request.user, places))
    page = own_page(request.user, places, period)
    return render(request, "meetings/calendar.html", {**_context(page), "names_communities": True})


# GET /communities/<id>/calendar/?view=month&on=2026-12-01
@access(can_take_part, on=community_of)
@require_safe
def community_calendar(request: HttpRequest, community: Community) -> HttpResponse:
    """A community's meetings, and what else the reader has at these times."""
    places = places_of(request.user)
    period = _period(request, _zone_in(community, places))
    page = community_page(request.user, community, places, period)
    context = {**_context(page), "community": community, "tab": "meetings"}
    return render(request, "meetings/community_calendar.html", context)


# GET /programs/<id>/calendar/?view=month&on=2026-12-01
@access(can_run, on=program_of)
@require_safe
def program_calendar(request: HttpRequest, program: Program) -> HttpResponse:
    """All meetings of a program, and which of them the same people are expected at."""
    period = _period(request, timezone.get_current_timezone())
    page = program_page(request.user, program, period)
    context = {**_context(page), "program": program, "names_communities": True}
    return render(request, "meetings/program_calendar.html", context)


def _period(request: HttpRequest, zone: tzinfo) -> Period:
    today = timezone.localdate(timezone=zone)
    return period_of(request.GET.get("view", ""), request.GET.get("on", ""), today=today, zone=zone)


def _zone_in(community: Community, places: Sequence[Membership]) -> tzinfo:
    own = next((each for each in places if each.community_id == community.pk), None)
    return own.zone if own else timezone.get_current_timezone()


def _context(page: Page) -> dict[str, Any]:
    return {
        "page": page,
        "period": page.period,
        "views": list(View),
        "zone_name": place(page.period.zone),
    }
