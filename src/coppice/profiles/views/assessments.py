"""Needs assessments for those who run a program: ask, and read what everybody together needs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.profiles import actions
from coppice.profiles.files import gaps_table
from coppice.profiles.forms import AssessmentForm
from coppice.profiles.models import NeedsAssessment
from coppice.profiles.pictures import largest_of, picture_of
from coppice.profiles.queries import assessment_of, assessments_with_rates, results_of
from coppice.programs.models import Program
from coppice.programs.permissions import can_run, can_run_program_of
from coppice.programs.queries import program_of
from coppice.surveys.models import FEWEST_SHOWN
from coppice.surveys.queries import rate_of

MOST_LISTED = 100


# GET, POST /programs/<id>/needs/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest, program: Program) -> HttpResponse:
    """The rounds so far, and asking everybody about the program's topics."""
    form = AssessmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            begun = actions.begin_assessment(program, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The mails are on their way."))
            return redirect(begun)
    context = {
        "program": program,
        "form": form,
        "topics": list(program.topics.all()),
        "assessments": assessments_with_rates(program)[:MOST_LISTED],
    }
    return render(request, "profiles/needs.html", context, status=422 if form.errors else 200)


# GET /needs-assessments/<id>/
@access(can_run_program_of, on=assessment_of)
@require_safe
def assessment(request: HttpRequest, assessment: NeedsAssessment) -> HttpResponse:
    """What everybody together needs most; until the end, how many have answered."""
    wave = assessment.wave
    results = results_of(assessment, language=get_language() or "")
    context = {
        "program": wave.program,
        "assessment": assessment,
        "wave": wave,
        "rate": rate_of(wave),
        "results": results,
        "organizations": [(each, largest_of(each.gaps)) for each in results.organizations],
        "given": results.answered,
        "picture": picture_of(results.gaps),
        "remindable": wave.participants.remindable().count() if wave.is_open else 0,
        "fewest": FEWEST_SHOWN,
    }
    return render(request, "profiles/assessment.html", context)


# GET /needs-assessments/<id>/gaps.csv
@access(can_run_program_of, on=assessment_of)
@require_safe
def gaps_file(request: HttpRequest, assessment: NeedsAssessment) -> HttpResponse:
    """The gaps as a table, as far as they may be shown; else its headings alone."""
    table = gaps_table(results_of(assessment, language=get_language() or ""))
    return HttpResponse(
        table,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="gaps.csv"'},
    )
