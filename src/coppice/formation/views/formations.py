"""A program's formations: begin one, change its terms, have it worked out again, see how far it is."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.formation import actions
from coppice.formation.forms import FormationForm
from coppice.formation.forms_again import AgainForm
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.permissions import can_form
from coppice.formation.queries import formation_of
from coppice.formation.views.working import climb_of, job_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of
from coppice.programs.wording import words_for

A_PAGE = 20


@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def formations(request: HttpRequest, program: Program) -> HttpResponse:
    """The program's proposals, and the form that starts another one."""
    form = FormationForm(request.POST if request.method == "POST" else None, program=program)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.start(program, by=request.user, **form.terms))
    started = program.formations.annotate(
        community_count=_count_of(ProposedCommunity), people_count=_count_of(Place)
    ).order_by("-pk")
    return render(
        request,
        "formation/formations.html",
        {
            "program": program,
            "words": words_for(program),
            "form": form,
            "page": Paginator(started, A_PAGE).get_page(request.GET.get("page")),
        },
        status=422 if form.is_bound else 200,
    )


@access(can_form, on=formation_of)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Change reason, sizes and rules, and have it worked out anew; a name alone changes nothing else."""
    form = FormationForm(
        request.POST if request.method == "POST" else None, program=formation.program, formation=formation
    )
    if request.method == "POST" and form.is_valid():
        try:
            if form.is_name_alone:
                actions.call(formation, name=form.cleaned_data["name"], by=request.user)
                messages.success(request, _("The name is saved. Nothing else has changed."))
                return redirect(formation)
            return redirect(actions.revise(formation, by=request.user, let_go=form.let_go, **form.terms))
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
    return render(
        request,
        "formation/settings.html",
        {"formation": formation, "program": formation.program, "form": form},
        status=422 if form.is_bound else 200,
    )


@access(can_form, on=formation_of)
@require_POST
def proposal(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Work it out again from the next seed; who is locked or moved stays, unless the moved are let go.

    How many others may move is chosen, too.
    """
    form = AgainForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(each) for errors in form.errors.values() for each in errors))
        return redirect(formation)
    try:
        actions.propose_again(formation, by=request.user, **form.terms)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        if form.terms["let_go"]:
            sentence = _("It is being worked out again. Locked people stay where they are.")
        else:
            sentence = _("It is being worked out again. People whom you locked or moved stay where they are.")
        messages.success(request, sentence)
    return redirect(formation)


@access(can_form, on=formation_of)
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Remove a proposal that is not published, once they who do it have read what goes with it."""
    if request.method != "POST":
        if not formation.can_be_removed:
            return redirect("formation:publication", formation.pk)
        program = formation.program
        context = {
            "formation": formation,
            "program": program,
            "words": words_for(program),
            "proposal_count": formation.proposals.count(),
        }
        return render(request, "formation/removal.html", context)
    try:
        actions.remove(formation, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect(formation)
    messages.success(request, _("%(name)s is removed.") % {"name": formation})
    return redirect("formation:formations", formation.program_id)


@access(can_form, on=formation_of)
@require_safe
def progress(request: HttpRequest, formation: Formation) -> HttpResponse:
    """How far the work is, for the component that asks every second; what came of it is shown at once."""
    is_there = not (formation.is_working or formation.is_published)
    if is_there and request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": formation.get_absolute_url()})
    context = {
        "formation": formation,
        "job": job_of(formation),
        **climb_of(formation),
        "swapped": True,
    }
    return render(request, "formation/progress.html", context)


def _count_of(model: type[Model]) -> Coalesce:
    """How many rows of the proposal on the table there are; two joins at once would multiply them."""
    rows = model._default_manager.filter(proposal=OuterRef("on_table")).order_by().values("proposal")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)
