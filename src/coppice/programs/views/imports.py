"""A roster comes in: uploaded, matched, previewed, applied."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib import progress as told
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.programs import actions
from coppice.programs.actions.rosters import progress_key
from coppice.programs.forms import RosterFileForm
from coppice.programs.models import Program, RosterImport
from coppice.programs.permissions import can_run, can_run_program_of
from coppice.programs.queries import program_of, roster_import_of
from coppice.programs.roster_reading import plans, read
from coppice.programs.rosters.comparison import Action
from coppice.programs.rosters.fields import Field
from coppice.programs.rosters.people import ATTRIBUTE
from coppice.ui.progress import Progress

State = RosterImport.State


# GET, POST /programs/<id>/roster-imports/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, program: Program) -> HttpResponse:
    sent = request.method == "POST"
    form = RosterFileForm(request.POST if sent else None, request.FILES if sent else None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            roster_import = actions.begin_import(
                program, content=file.read(), filename=file.name, by=request.user
            )
        except DomainError as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return redirect("programs:import", roster_import.pk)
    context = {
        "program": program,
        "form": form,
        "past": program.roster_imports.defer("content").select_related("by")[:20],
    }
    return render(request, "programs/imports.html", context, status=422 if form.errors else 200)


# GET, POST /roster-imports/<id>/
@access(can_run_program_of, on=roster_import_of)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, roster_import: RosterImport) -> HttpResponse:
    if roster_import.state not in (State.MATCHING, State.PREVIEWED):
        return redirect("programs:import_preview", roster_import.pk)
    refusal = None
    if request.method == "POST":
        chosen = {
            place: request.POST[f"column-{place}"]
            for place in range(len(roster_import.columns))
            if request.POST.get(f"column-{place}") in Field.values
        }
        try:
            actions.match_columns(roster_import, chosen=chosen, by=request.user)
        except DomainError as problem:
            refusal = problem.sentence
            roster_import.columns = [
                chosen.get(place, field) for place, field in enumerate(roster_import.columns)
            ]
        else:
            return redirect("programs:import_preview", roster_import.pk)
    context = {
        "program": roster_import.program,
        "roster_import": roster_import,
        "columns": _column_lines(roster_import),
        "fields": Field.choices,
        "refusal": refusal,
    }
    return render(request, "programs/import_columns.html", context, status=422 if refusal else 200)


# GET /roster-imports/<id>/preview/
@access(can_run_program_of, on=roster_import_of)
@require_safe
def preview(request: HttpRequest, roster_import: RosterImport) -> HttpResponse:
    if roster_import.state == State.MATCHING:
        return redirect("programs:import", roster_import.pk)
    context: dict[str, Any] = {"program": roster_import.program, "roster_import": roster_import}
    if roster_import.state == State.PREVIEWED:
        shown = request.GET.get("show", "")
        planned = plans(roster_import)
        counts = actions.rosters.count(planned)
        page = Paginator([plan for plan in planned if shown in ("", plan.action)], 50).get_page(
            request.GET.get("page")
        )
        lines = [
            {
                "plan": plan,
                "rows": ", ".join(map(str, plan.row.numbers)),
                "changes": [(_label(change.field), change.old, change.new) for change in plan.changes],
            }
            for plan in page
        ]
        context |= {
            "page": page,
            "lines": lines,
            "shown": shown,
            "tallies": [(action, action.label, counts[str(action)]) for action in Action],
            "will_do": counts[str(Action.ADD)] + counts[str(Action.CHANGE)],
        }
    else:
        context["job"] = _job(roster_import)
    return render(request, "programs/import_preview.html", context)


# POST /roster-imports/<id>/application/
@access(can_run_program_of, on=roster_import_of)
@require_POST
def application(request: HttpRequest, roster_import: RosterImport) -> HttpResponse:
    if roster_import.state == State.MATCHING:
        messages.error(request, _("Match the columns first."))
        return redirect("programs:import", roster_import.pk)
    actions.start_applying(roster_import, by=request.user)
    return redirect("programs:import_preview", roster_import.pk)


# GET /roster-imports/<id>/progress/
@access(can_run_program_of, on=roster_import_of)
@require_safe
def progress(request: HttpRequest, roster_import: RosterImport) -> HttpResponse:
    return render(request, "ui/progress.html", {"job": _job(roster_import)})


def _column_lines(roster_import: RosterImport) -> list[dict[str, Any]]:
    table = read(bytes(roster_import.content), roster_import.filename)
    return [
        {
            "place": place,
            "header": header,
            "field": roster_import.columns[place],
            "samples": [cell for row in table.rows[:200] if (cell := row.cells[place])][:3],
        }
        for place, header in enumerate(table.header)
    ]


def _label(field: str) -> str:
    if field.startswith(ATTRIBUTE):
        return field.removeprefix(ATTRIBUTE)
    words = {
        "name": _("Name"),
        "email": _("Email address"),
        "phone": _("Phone"),
        "external_id": _("ID in your files"),
        "job_title": _("Job title"),
        "language": _("Language"),
        "time_zone": _("Time zone"),
        "access_needs": _("Access needs"),
        "is_leader": _("Leads the organization"),
        "organizations": _("Organizations"),
    }
    return words.get(field, field)


def _job(roster_import: RosterImport) -> Progress:
    url = reverse("programs:import_progress", args=[roster_import.pk])
    people = reverse("programs:people", args=[roster_import.program_id])
    if roster_import.state == State.APPLIED:
        counts = {key: int(value) for key, value in roster_import.plan_counts.items()}
        return Progress(
            state="done",
            doing=_("%(add)d added, %(change)d changed, %(unchanged)d unchanged, %(skip)d skipped.") % counts,
            url=url,
            next_url=people,
            next_label=_("See the roster"),
        )
    if roster_import.state == State.REFUSED:
        return Progress(
            state="failed",
            doing=roster_import.refusal.get("sentence", ""),
            url=url,
            next_url=reverse("programs:imports", args=[roster_import.program_id]),
            next_label=_("Upload it again"),
        )
    step = told.read(progress_key(roster_import.pk))
    if step is None:
        return Progress(state="waiting", doing=_("The roster is about to be brought in."), url=url)
    doing = _("Reading the file.") if step.doing == "reading" else _("Writing people into the roster.")
    return Progress(
        state="running",
        doing=doing,
        url=url,
        done=step.done,
        total=step.total if step.doing == "writing" else None,
    )
