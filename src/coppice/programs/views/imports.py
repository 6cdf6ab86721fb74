"""A roster comes in: uploaded, matched, previewed, applied."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib import progress as told
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.programs import actions
from coppice.programs.actions.rosters import progress_key
from coppice.programs.forms import AnswersForm, ColumnsForm, RosterFileForm
from coppice.programs.models import Enrollment, Program, RosterImport, RosterLine
from coppice.programs.permissions import can_run, can_run_program_of
from coppice.programs.queries import program_of, roster_import_of
from coppice.programs.rosters.comparison import Action, FieldChange
from coppice.programs.rosters.fields import Field
from coppice.programs.rosters.people import ATTRIBUTE
from coppice.programs.wording import attribute_label, value_in_words, words_for
from coppice.ui.progress import Progress

State = RosterImport.State
TO_CHECK, ASKED = "check", "asked"
WAITING = {
    State.READING: gettext_lazy("The file is about to be read."),
    State.COMPARING: gettext_lazy("The file is about to be compared with the roster."),
    State.APPLYING: gettext_lazy("The roster is about to be brought in."),
}
DOING = {
    "reading": gettext_lazy("Reading the file."),
    "comparing": gettext_lazy("Comparing the file with the roster."),
    "keeping": gettext_lazy("Making the preview ready."),
    "preparing": gettext_lazy("Making everything ready to be written."),
    "writing": gettext_lazy("Writing people into the roster."),
}


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
    context: dict[str, Any] = {"program": roster_import.program, "roster_import": roster_import}
    if roster_import.state == State.READING:
        return render(request, "programs/import_reading.html", context | {"job": _job(roster_import)})
    if roster_import.state not in (State.MATCHING, State.PREVIEWED):
        return redirect("programs:import_preview", roster_import.pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, roster_import=roster_import)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.match_columns(
                roster_import, chosen=form.chosen, day_first=form.cleaned_data["day_first"], by=request.user
            )
        except DomainError as problem:
            refusal = problem.sentence
        else:
            return redirect("programs:import_preview", roster_import.pk)
    context |= {"form": form, "fields": Field.choices, "refusal": refusal}
    is_refused = bool(refusal or form.errors)
    return render(request, "programs/import_columns.html", context, status=422 if is_refused else 200)


# GET /roster-imports/<id>/preview/
@access(can_run_program_of, on=roster_import_of)
@require_safe
def preview(request: HttpRequest, roster_import: RosterImport) -> HttpResponse:
    if roster_import.state in (State.READING, State.MATCHING):
        return redirect("programs:import", roster_import.pk)
    context: dict[str, Any] = {"program": roster_import.program, "roster_import": roster_import}
    if roster_import.state == State.PREVIEWED:
        counts = roster_import.plan_counts
        filters = [(str(action), action.label, counts[action]) for action in Action]
        filters.append((TO_CHECK, gettext_lazy("To check"), roster_import.rows_to_check))
        if asked := roster_import.lines.filter(asks=True).count():
            filters.append((ASKED, gettext_lazy("New addresses"), asked))
        shown = request.GET.get("show", "")
        shown = shown if shown in {key for key, _label, _count in filters} else ""
        page = Paginator(_lines_shown(roster_import, shown), 50).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "lines": _lines_told(roster_import, page.object_list),
            "asks": any(line.asks for line in page),
            "shown": shown,
            "filters": filters,
            "whole": sum(counts.values()),
            "will_do": counts[Action.ADD] + counts[Action.CHANGE],
        }
    else:
        context["job"] = _job(roster_import)
    return render(request, "programs/import_preview.html", context)


# POST /roster-imports/<id>/application/
@access(can_run_program_of, on=roster_import_of)
@require_POST
def application(request: HttpRequest, roster_import: RosterImport) -> HttpResponse:
    if roster_import.state in (State.READING, State.MATCHING):
        messages.error(request, _("Match the columns first."))
        return redirect("programs:import", roster_import.pk)
    actions.start_applying(roster_import, by=request.user)
    return redirect("programs:import_preview", roster_import.pk)


# POST /roster-imports/<id>/answers/
@access(can_run_program_of, on=roster_import_of)
@require_POST
def answers(request: HttpRequest, roster_import: RosterImport) -> HttpResponse:
    form = AnswersForm(request.POST, roster_import=roster_import)
    try:
        actions.say_who(roster_import, answers=form.answers, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    page = reverse("programs:import_preview", args=[roster_import.pk])
    return redirect(f"{page}?{urlencode({'show': ASKED, 'page': request.POST.get('page', '1')})}")


# GET /roster-imports/<id>/progress/
@access(can_run_program_of, on=roster_import_of)
@require_safe
def progress(request: HttpRequest, roster_import: RosterImport) -> HttpResponse:
    """How far the job is; a page that asks again and again is taken on once there is something to look at."""
    onward = _onward(roster_import)
    if onward and request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": onward})
    return render(request, "ui/progress.html", {"job": _job(roster_import)})


def _lines_shown(roster_import: RosterImport, shown: str) -> QuerySet[RosterLine]:
    lines = roster_import.lines.all()
    if shown == TO_CHECK:
        return lines.filter(has_problems=True)
    if shown == ASKED:
        return lines.filter(asks=True)
    return lines.filter(action=shown) if shown else lines


@dataclass(frozen=True)
class _Line:
    """A line of the preview with its changes in words, and those whom it may be (id and address)."""

    line: RosterLine
    changes: list[tuple[str, str, str]]
    may_be: list[tuple[int, str]]


def _lines_told(roster_import: RosterImport, lines: Iterable[RosterLine]) -> list[_Line]:
    lines = list(lines)
    asked = {person for line in lines if line.asks for person in line.said["may_be"]}
    addresses = dict(
        Enrollment.objects.filter(program=roster_import.program_id, pk__in=asked).values_list("pk", "email")
    )
    return [
        _Line(
            line,
            list(map(_told, line.changes)),
            [(pk, addresses[pk]) for pk in line.said.get("may_be", ()) if pk in addresses],
        )
        for line in lines
    ]


def _onward(roster_import: RosterImport) -> str:
    """The page where a person has something to do about an import; empty while a job is at it, and after."""
    pages = {State.MATCHING: "programs:import", State.PREVIEWED: "programs:import_preview"}
    page = pages.get(State(roster_import.state))
    return reverse(page, args=[roster_import.pk]) if page else ""


def _told(change: FieldChange) -> tuple[str, str, str]:
    """Return a change in words: the field, what was said before (empty for nothing), what would be said."""
    old = "" if change.old is None else value_in_words(change.old)
    return _name(change.field), old, value_in_words(change.new)


def _name(field: str) -> str:
    if field.startswith(ATTRIBUTE):
        return capfirst(attribute_label(field.removeprefix(ATTRIBUTE)))
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
    if onward := _onward(roster_import):
        return Progress(
            state="done", doing=_("This is done."), url=url, next_url=onward, next_label=_("Go on")
        )
    if roster_import.state == State.APPLIED:
        counts = {key: int(value) for key, value in roster_import.plan_counts.items()}
        return Progress(
            state="done",
            doing=_("%(add)d added, %(change)d changed, %(unchanged)d unchanged, %(skip)d skipped.") % counts,
            url=url,
            **_afterwards(roster_import.program),
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
        return Progress(state="waiting", doing=WAITING[State(roster_import.state)], url=url)
    return Progress(
        state="running",
        doing=DOING.get(step.doing, ""),
        url=url,
        done=step.done,
        total=step.total if step.doing == "writing" else None,
    )


def _afterwards(program: Program) -> dict[str, Any]:
    """Where one goes from a roster that is in: on with setting up, until there are communities."""
    roster = reverse("programs:people", args=[program.pk]), _("See the roster")
    if program.communities.exists():
        return {"next_url": roster[0], "next_label": roster[1]}
    return {
        "next_url": reverse("formation:formations", args=[program.pk]),
        "next_label": _("Next: form %(communities)s") % {"communities": words_for(program).communities},
        "also_url": roster[0],
        "also_label": roster[1],
    }
