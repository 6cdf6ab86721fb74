"""A program is created and its frame changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coppice.accounts.models import Person
from coppice.lib.access import access
from coppice.programs import actions
from coppice.programs.forms import NewProgramForm, ProgramForm
from coppice.programs.models import Program
from coppice.programs.permissions import can_create_program, can_run
from coppice.programs.queries import program_of

WAYS_BACK = {"mail": "programs:mail", "trust": "programs:mail_trust"}
"""Where a test mail was asked for, by what its form says; otherwise it was the set-up steps."""


# GET, POST /programs/new/
@access(can_create_program)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    form = NewProgramForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        frame = form.cleaned_data
        program = actions.create_program(frame.pop("provider"), by=request.user, **frame)
        messages.success(
            request, _("%(program)s is created. Five steps, and people are invited.") % {"program": program}
        )
        return redirect("home:setup", program.pk)
    return render(request, "programs/create.html", {"form": form}, status=422 if form.errors else 200)


# GET, POST /programs/<id>/edit/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, program: Program) -> HttpResponse:
    form = ProgramForm(
        request.POST if request.method == "POST" else None, instance=Program.objects.get(pk=program.pk)
    )
    if request.method == "POST" and form.is_valid():
        actions.change_program(program, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(program)
    return render(
        request, "programs/edit.html", {"form": form, "program": program}, status=422 if form.errors else 200
    )


# POST /programs/<id>/mail-test/
@access(can_run, on=program_of)
@require_POST
def mail_test(request: HttpRequest, program: Program) -> HttpResponse:
    assert isinstance(request.user, Person)
    actions.test_mail(program, by=request.user)
    back = WAYS_BACK.get(request.POST.get("back", ""))
    if back:
        sentence = _("A test mail is on its way to %(address)s.")
    else:
        sentence = _(
            "A test mail is on its way to %(address)s. Look for it, then say here whether it arrived."
        )
    messages.success(request, sentence % {"address": request.user.email})
    return redirect(back or "home:setup", program.pk)


# POST /programs/<id>/mail-test/arrival/
@access(can_run, on=program_of)
@require_POST
def mail_arrival(request: HttpRequest, program: Program) -> HttpResponse:
    """The test mail is there."""
    actions.confirm_mail(program, by=request.user)
    messages.success(request, _("Good: mail reaches you."))
    return redirect("home:setup", program.pk)
