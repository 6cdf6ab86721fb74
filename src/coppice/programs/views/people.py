"""The roster: who is on it, one person's row, and the list to take away."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.tables import write_csv
from coppice.programs import actions, answers
from coppice.programs.forms import EnrollmentForm
from coppice.programs.models import Enrollment, Program
from coppice.programs.permissions import can_edit_enrollment, can_end_enrollment, can_run
from coppice.programs.queries import enrollment_of, program_of
from coppice.programs.wording import attribute_label, value_in_words


# GET /programs/<id>/people/
@access(can_run, on=program_of)
@require_safe
def people(request: HttpRequest, program: Program) -> HttpResponse:
    sought = request.GET.get("q", "").strip()
    left = program.enrollments.taken_off()
    shows_left = request.GET.get("show") == "left"
    everybody = left if shows_left else program.enrollments.current()
    found: QuerySet[Enrollment] = everybody.prefetch_related("organizations")
    if sought:
        found = found.filter(
            Q(name__icontains=sought)
            | Q(email__icontains=sought)
            | Q(
                pk__in=Enrollment.objects.filter(
                    program=program, organizations__name__icontains=sought
                ).values("pk")
            )
        )
    answer = request.GET.get("answer", "")
    if answer and not shows_left:
        found = answers.narrow(found, answer)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    told = answers.answers_of(list(page))
    choices = answers.choices()
    context = {
        "program": program,
        "page": page,
        "rows": [(enrollment, told.get(enrollment.pk, [])) for enrollment in page],
        "answers": choices,
        "answer": answer if answer in dict(choices) else "",
        "sought": sought,
        "total": everybody.count() if sought or answer else 0,
        "shows_left": shows_left,
        "has_left": shows_left or left.exists(),
    }
    return render(request, "programs/people.html", context)


# GET /programs/<id>/people.csv
@access(can_run, on=program_of)
@require_safe
def people_file(request: HttpRequest, program: Program) -> HttpResponse:
    rows = (
        (
            person.name,
            person.email,
            person.phone,
            "; ".join(organization.name for organization in person.organizations.all()),
            person.job_title,
            person.language,
            person.time_zone,
            person.get_contact_mode_display(),
        )
        for person in program.enrollments.current().prefetch_related("organizations")
    )
    header = [
        _("name"),
        _("email address"),
        _("phone"),
        _("organizations"),
        _("job title"),
        _("language"),
        _("time zone"),
        _("how we reach them"),
    ]
    return HttpResponse(
        write_csv(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="people.csv"'},
    )


# GET, POST /programs/<id>/people/new/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def enroll(request: HttpRequest, program: Program) -> HttpResponse:
    form = EnrollmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            enrollment = actions.enroll(program, by=request.user, **_typed(form))
        except DomainError as refusal:
            form.add_error("email", refusal.sentence)
        else:
            messages.success(request, _("%(name)s is on the roster.") % {"name": enrollment.name})
            return redirect("programs:people", program.pk)
    context = {"form": form, "program": program}
    return render(request, "programs/enrollment.html", context, status=422 if form.errors else 200)


# GET, POST /enrollments/<id>/
@access(can_edit_enrollment, on=enrollment_of)
@require_http_methods(["GET", "HEAD", "POST"])
def enrollment(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    form = EnrollmentForm(
        request.POST if request.method == "POST" else None, instance=Enrollment.objects.get(pk=enrollment.pk)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_enrollment(enrollment, by=request.user, **_typed(form))
        except DomainError as refusal:
            form.add_error("email", refusal.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("programs:people", enrollment.program_id)
    context = {
        "form": form,
        "program": enrollment.program,
        "enrollment": enrollment,
        "attributes": sorted(
            (capfirst(attribute_label(key)), value_in_words(value))
            for key, value in enrollment.attributes.items()
        ),
    }
    return render(request, "programs/enrollment.html", context, status=422 if form.errors else 200)


# GET, POST /enrollments/<id>/removal/
@access(can_end_enrollment, on=enrollment_of)
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    """Take somebody off the roster, once they who do it have read what ends with it."""
    if request.method == "POST":
        actions.end_enrollment(enrollment, by=request.user)
        messages.success(request, _("%(name)s is off the roster.") % {"name": enrollment})
        return redirect("programs:people", enrollment.program_id)
    context = {"program": enrollment.program, "enrollment": enrollment}
    return render(request, "programs/removal.html", context)


# POST /enrollments/<id>/readmission/
@access(can_end_enrollment, on=enrollment_of)
@require_POST
def readmission(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    """Put somebody back on the roster."""
    try:
        actions.readmit(enrollment, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("%(name)s is on the roster.") % {"name": enrollment})
    return redirect("programs:enrollment", enrollment.pk)


def _typed(form: EnrollmentForm) -> dict[str, Any]:
    typed = dict(form.cleaned_data)
    if not form.instance.pk and "contact_mode" not in form.changed_data:
        typed.pop("contact_mode")
    return typed
