"""Attendance and hours of a community and of a program: what meetings came to, as pages and files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coppice.communities.models import Community
from coppice.communities.permissions import can_lead
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.meetings.dosage import Dosage, community_dosage, program_dosage
from coppice.meetings.dosage_board import FEWEST_TOLD, Row, meeting_row, month_section, sections_of
from coppice.meetings.dosage_files import FILES, table_of
from coppice.meetings.dosage_forms import SpanForm, read_span
from coppice.meetings.queries import own_place
from coppice.meetings.spans import Preset, Span
from coppice.meetings.starter import circles
from coppice.programs.models import Program
from coppice.programs.permissions import can_read_summary, can_run
from coppice.programs.queries import program_of
from coppice.programs.wording import words_for

MOST_UNTAKEN = 50


# GET /communities/<id>/hours/?span=quarter or ?first=2026-10-01&last=2026-12-31, &sheet=1 to print
@access(can_lead, on=community_of)
@require_safe
def hours(request: HttpRequest, community: Community) -> HttpResponse:
    """Attendance and hours of a community, by month, organization, meeting and person."""
    form, span = read_span(request.GET, zone=community.zone)
    dosage = community_dosage(community, span)
    zone = own_place(request.user, community).zone
    sections = sections_of(dosage, request.GET, zone=zone)
    context = {
        **_context(form, span, dosage, request),
        "community": community,
        "tab": "meetings",
        "sections": sections,
        "untaken": [meeting_row(each, zone=zone, names_community=False) for each in _some(dosage)],
        "file_name": "meetings:hours_file",
        "subject": community,
    }
    return render(request, "meetings/hours.html", context, status=422 if form.errors else 200)


# GET /communities/<id>/hours.csv?table=months&span=quarter
@access(can_lead, on=community_of)
@require_safe
def hours_file(request: HttpRequest, community: Community) -> HttpResponse:
    """One of the tables, to take away."""
    form, span = read_span(request.GET, zone=community.zone)
    if form.errors:
        return _refused(form)
    return _file(community_dosage(community, span), span, request)


# GET /programs/<id>/hours/?span=quarter or ?first=2026-10-01&last=2026-12-31, &sheet=1 to print
@access(can_read_summary, on=program_of)
@require_safe
def program_hours(request: HttpRequest, program: Program) -> HttpResponse:
    """Attendance and hours of a program; for funders the whole time alone, and nothing of few people."""
    if not can_run(request.user, program):
        return _counts(request, program)
    form, span = read_span(request.GET, zone=program.zone)
    dosage = program_dosage(program, span)
    community = words_for(program).community
    sections = sections_of(dosage, request.GET, zone=program.zone, community=community)
    context = {
        **_context(form, span, dosage, request),
        "program": program,
        "sections": sections,
        "untaken": [meeting_row(each, zone=program.zone, names_community=True) for each in _some(dosage)],
        "file_name": "meetings:program_hours_file",
        "subject": program,
    }
    return render(request, "meetings/program_hours.html", context, status=422 if form.errors else 200)


# GET /programs/<id>/hours.csv?table=months&span=quarter
@access(can_run, on=program_of)
@require_safe
def program_hours_file(request: HttpRequest, program: Program) -> HttpResponse:
    """One of the tables, to take away."""
    form, span = read_span(request.GET, zone=program.zone)
    if form.errors:
        return _refused(form)
    return _file(program_dosage(program, span), span, request)


def _counts(request: HttpRequest, program: Program) -> HttpResponse:
    whole = Span(program.zone, preset=Preset.WHOLE)
    dosage = program_dosage(program, whole, without=circles(program.pk))
    context = {
        "program": program,
        "total": Row("", dosage.total) if dosage.total.people >= FEWEST_TOLD else None,
        "is_empty": not dosage.counted,
        "section": month_section(dosage),
        "fewest": FEWEST_TOLD,
    }
    return render(request, "meetings/hours_counts.html", context)


def _context(form: SpanForm, span: Span, dosage: Dosage, request: HttpRequest) -> dict[str, Any]:
    return {
        "form": form,
        "span": span,
        "presets": Preset.choices,
        "total": Row("", dosage.total),
        "is_empty": not dosage.meetings and not dosage.untaken,
        "untaken_count": len(dosage.untaken),
        "is_sheet": bool(request.GET.get("sheet")),
    }


def _some(dosage: Dosage) -> list[Any]:
    return dosage.untaken[:MOST_UNTAKEN]


def _refused(form: SpanForm) -> HttpResponse:
    """Say why there is no file of these days."""
    words = [
        f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
    ]
    return HttpResponse("\n".join(words), status=422, content_type="text/plain; charset=utf-8")


def _file(dosage: Dosage, span: Span, request: HttpRequest) -> HttpResponse:
    table = request.GET.get("table", FILES[0])
    if table not in FILES:
        raise Http404
    days = "".join(f"-{day.isoformat()}" if day else "-" for day in (span.first, span.last)).rstrip("-")
    return HttpResponse(
        table_of(dosage, table, zone=span.zone),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{table}{days}.csv"',
            "Cache-Control": "no-store",
        },
    )
