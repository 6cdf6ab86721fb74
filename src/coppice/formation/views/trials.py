"""Rules looked at before anything is run: on every change with htmx, by a button without."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from coppice.formation.forms import FormationForm
from coppice.formation.models import Formation
from coppice.formation.permissions import can_form
from coppice.formation.proposing import locks_of
from coppice.formation.queries import formation_of
from coppice.formation.rules import Rule
from coppice.formation.trying import trial
from coppice.history.middleware import without_receipt
from coppice.lib.access import access
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of
from coppice.programs.wording import words_for

FILL = "fill"


@access(can_run, on=program_of)
@without_receipt
@require_POST
def of_program(request: HttpRequest, program: Program) -> HttpResponse:
    """Look at the rules of a proposal that is not there yet; writes nothing."""
    return _answer(request, FormationForm(_sent(request, program), program=program), program, None)


@access(can_form, on=formation_of)
@without_receipt
@require_POST
def of_formation(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Look at changed rules of a proposal, with the people who are kept where they are; writes nothing."""
    program = formation.program
    form = FormationForm(_sent(request, program, formation), program=program, formation=formation)
    return _answer(request, form, program, formation)


def _answer(
    request: HttpRequest, form: FormationForm, program: Program, formation: Formation | None
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "formation": formation,
        "program": program,
        "words": words_for(program),
        "trial": _trial(form, program, formation) if form.is_valid() else None,
        "was_tried": FILL not in request.POST,
    }
    if request.headers.get("HX-Request") and FILL not in request.POST:
        return render(request, "formation/trial.html", context)
    return render(request, "formation/tried.html", context)


def _trial(form: FormationForm, program: Program, formation: Formation | None) -> Any:
    tried = Formation(
        pk=formation.pk if formation else None,
        program=program,
        reason=form.cleaned_data["reason"],
        minimum=form.cleaned_data["minimum"],
        maximum=form.cleaned_data["maximum"],
        rules=[rule.as_json() for rule in form.set_rules],
        aspects=form.set_aspects.as_json(),
    )
    locks = locks_of(formation) if formation and not form.let_go else {}
    return trial(tried, roster=form.sight.roster, locks=locks)


def _sent(request: HttpRequest, program: Program, formation: Formation | None = None) -> QueryDict:
    """What was sent; where the usual rules are asked for, they are filled into the rows that are free."""
    if FILL not in request.POST:
        return request.POST
    form = FormationForm(request.POST, program=program, formation=formation)
    form.is_valid()
    sent = request.POST.copy()
    sent.pop("usual", None)
    free = [number for number in range(form.rule_rows.count) if not sent.get(f"kind_{number}")]
    for number, rule in zip(free, form.usual(), strict=False):
        _fill(sent, number, rule)
    return sent


def _fill(sent: QueryDict, number: int, rule: Rule) -> None:
    said = {
        "kind": rule.kind.value,
        "field": rule.field,
        "amount": rule.amount or "",
        "share": rule.share,
        "weight": rule.weight.value,
    }
    for part, value in said.items():
        sent[f"{part}_{number}"] = str(value)
