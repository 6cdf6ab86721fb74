"""Two proposals of a formation side by side, and who moved, as a page and as a table to take away."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coppice.formation.comparing import Comparison, Move, compared
from coppice.formation.figures import (
    change_of,
    finding_of,
    happened,
    name_of,
    percent_of,
    place_name,
    rows_of,
)
from coppice.formation.models import Formation, Proposal
from coppice.formation.permissions import can_form
from coppice.formation.queries import formation_of
from coppice.lib.access import access
from coppice.lib.ids import id_in
from coppice.lib.tables.writing import write_csv
from coppice.programs.wording import words_for

A_PAGE = 50


@access(can_form, on=formation_of)
@require_safe
def comparison(request: HttpRequest, formation: Formation) -> HttpResponse:
    """What got better or worse between two proposals, and who moved."""
    choices = _choices(formation)
    context = {
        "formation": formation,
        "program": formation.program,
        "words": words_for(formation.program),
        "choices": choices,
    }
    chosen = _chosen(request, formation, choices)
    if chosen is not None and chosen[0].pk == chosen[1].pk:
        context |= {"same": chosen[0], "first": chosen[0], "second": chosen[1]}
    elif chosen is not None:
        context |= _compared(request, compared(*chosen))
    return render(request, "formation/comparison.html", context)


@access(can_form, on=formation_of)
@require_safe
def comparison_file(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Everybody in two proposals, with their communities in both, and whether they moved."""
    chosen = _chosen(request, formation, _choices(formation))
    titles = [str(each) for each in chosen] if chosen else []
    found = compared(*chosen) if chosen else None
    rows = [(*_places(found, each), happened(each)) for each in found.moves] if found else []
    header = [_("Name"), *titles, _("What happened")]
    response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="comparison-{formation.pk}.csv"'
    return response


def _compared(request: HttpRequest, found: Comparison) -> dict[str, object]:
    page = Paginator(found.changed, A_PAGE).get_page(request.GET.get("page"))
    return {
        "found": found,
        "first": found.first.proposal,
        "second": found.second.proposal,
        "finding": finding_of(found),
        "rows": rows_of(found),
        "pairs": [
            (pair, *change_of(percent_of(pair.origin), percent_of(pair.target))) for pair in found.pairs
        ],
        "page": page,
        "people": [(*_places(found, each), happened(each)) for each in page],
    }


def _places(found: Comparison, move: Move) -> tuple[str, str, str]:
    """Somebody's name and where they are in the first and in the second."""
    return name_of(move), place_name(found, move.origin), place_name(found, move.target)


def _choices(formation: Formation) -> list[Proposal]:
    """The proposals that have places, the newest first."""
    choices = list(formation.proposals.exclude(objective=None).defer("curve").order_by("-number"))
    for each in choices:
        each.formation = formation
    return choices


def _chosen(
    request: HttpRequest, formation: Formation, choices: list[Proposal]
) -> tuple[Proposal, Proposal] | None:
    """The two whose numbers the address names; else the one on the table, beside the newest other."""
    if len(choices) < 2:
        return None
    by_number = {each.number: each for each in choices}
    on_table = next((each for each in choices if each.pk == formation.on_table_id), choices[0])
    second = by_number.get(id_in(request.GET.get("second", "")) or 0, on_table)
    others = [each for each in choices if each.pk != second.pk]
    first = by_number.get(id_in(request.GET.get("first", "")) or 0, others[0])
    return first, second
