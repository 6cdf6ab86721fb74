"""Everybody's profile, for those who run a program: who has said something, and whose paper to enter."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coppice.lib.access import access
from coppice.profiles.queries import people_with_counts
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of

A_PAGE = 50


# GET /programs/<id>/profiles/
@access(can_run, on=program_of)
@require_safe
def people(request: HttpRequest, program: Program) -> HttpResponse:
    """The roster with how many needs and offers each person has, searched by name."""
    sought = request.GET.get("q", "").strip()
    page = Paginator(people_with_counts(program, sought=sought), A_PAGE).get_page(request.GET.get("page"))
    context = {"program": program, "page": page, "sought": sought, "tab": "profiles"}
    return render(request, "profiles/people.html", context)
