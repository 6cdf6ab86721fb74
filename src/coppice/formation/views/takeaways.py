"""What a manager takes away: a workbook, lists and badges to print, a page that explains, the problem."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from coppice.formation.explaining import explanation_of
from coppice.formation.inputs import is_whole, search_of
from coppice.formation.models import Formation, Place
from coppice.formation.permissions import can_form
from coppice.formation.problem_files import command_of, files_of
from coppice.formation.queries import formation_of
from coppice.formation.sheets import book_of
from coppice.formation.takeaways import badges_of, gatherings_of, help_of, page_size
from coppice.formation.views.sights import base_of
from coppice.lib.access import access

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

type View = Callable[[HttpRequest, Formation], HttpResponse]


def when_proposed(view: View) -> View:
    """Lead to the formation itself while there is nothing to take away: it is worked out, or cannot be."""

    @wraps(view)
    def answer(request: HttpRequest, formation: Formation) -> HttpResponse:
        if not formation.is_shown or formation.on_table is None:
            return redirect(formation)
        return view(request, formation)

    return answer


# GET /formations/<id>/people.xlsx
@access(can_form, on=formation_of)
@require_safe
@when_proposed
def workbook(request: HttpRequest, formation: Formation) -> HttpResponse:
    """People, communities and rules as a workbook."""
    return _file(book_of(formation, gatherings_of(formation)), WORKBOOK, f"communities-{formation.pk}.xlsx")


# GET /formations/<id>/lists/
@access(can_form, on=formation_of)
@require_safe
@when_proposed
def lists(request: HttpRequest, formation: Formation) -> HttpResponse:
    """A list of people for each community, each on a sheet of its own."""
    page = _page(request, formation)
    return render(request, "formation/lists.html", {**base_of(formation), "page": page})


# GET /formations/<id>/badges/
@access(can_form, on=formation_of)
@require_safe
@when_proposed
def badges(request: HttpRequest, formation: Formation) -> HttpResponse:
    """A badge for each person, eight on a sheet; with what they can help with, where that is asked for."""
    page, with_help = _page(request, formation), "help" in request.GET
    context = {
        **base_of(formation),
        "page": page,
        "sheets": badges_of(formation, page.object_list, with_help=with_help),
        "with_help": with_help,
        "can_help": with_help or bool(help_of(formation, page.object_list)),
    }
    return render(request, "formation/badges.html", context)


# GET /formations/<id>/explanation/
@access(can_form, on=formation_of)
@require_safe
@when_proposed
def explanation(request: HttpRequest, formation: Formation) -> HttpResponse:
    """How these communities came about, for a director who asks."""
    return _explained(request, formation, hides_few=False)


# GET /formations/<id>/explanation/funder/
@access(can_form, on=formation_of)
@require_safe
@when_proposed
def funder_explanation(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The same for a funder, without counts of fewer than five people."""
    return _explained(request, formation, hides_few=True)


# GET /formations/<id>/problem.zip
@access(can_form, on=formation_of)
@require_safe
@when_proposed
def problem(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The problem behind the proposal, to run it again or to compare with other programs."""
    proposal = formation.on_table
    assert proposal is not None
    places = Place.objects.filter(proposal=proposal).select_related("proposed_community").order_by("pk")
    content = files_of(proposal, list(places))
    if content is None:
        return redirect("formation:explanation", formation.pk)
    return _file(content, "application/zip", f"problem-{formation.pk}.zip")


def _explained(request: HttpRequest, formation: Formation, *, hides_few: bool) -> HttpResponse:
    proposal = formation.on_table
    assert proposal is not None
    can_repeat = is_whole(proposal, proposal.places.only("came_late", "answers"))
    context: dict[str, Any] = {
        **base_of(formation),
        "proposal": proposal,
        "told": explanation_of(formation, hides_few=hides_few),
        "hides_few": hides_few,
        "can_repeat": can_repeat,
        "trials": search_of(proposal).trials if can_repeat else 0,
        "command": command_of(proposal) if can_repeat else "",
    }
    return render(request, "formation/explanation.html", context)


def _page(request: HttpRequest, formation: Formation) -> Page:
    paginator = Paginator(gatherings_of(formation), page_size(formation))
    return paginator.get_page(request.GET.get("page"))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
