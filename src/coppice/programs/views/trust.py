"""Whether mailboxes will trust the mail of this installation, and one mail to try."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coppice.lib.access import access
from coppice.notifications import trust
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of
from coppice.ui.progress import Progress


# GET /programs/<id>/mail/trust/
@access(can_run, on=program_of)
@require_safe
def mail_trust(request: HttpRequest, program: Program) -> HttpResponse:
    look = trust.last()
    context: dict[str, Any] = {"program": program, "look": look, "findings": [], "job": None}
    if look is not None and look.answers is not None:
        context["findings"] = trust.findings(look.answers)
    elif look is not None and not look.is_over:
        context["job"] = _job(program, look)
    return render(request, "programs/mail_trust.html", context)


# POST /programs/<id>/mail/trust/lookup/
@access(can_run, on=program_of)
@require_POST
def mail_lookup(request: HttpRequest, program: Program) -> HttpResponse:
    trust.begin()
    return redirect("programs:mail_trust", program.pk)


# GET /programs/<id>/mail/trust/progress/
@access(can_run, on=program_of)
@require_safe
def mail_progress(request: HttpRequest, program: Program) -> HttpResponse:
    return render(request, "ui/progress.html", {"job": _job(program, trust.last())})


def _job(program: Program, look: trust.Look | None) -> Progress:
    url = reverse("programs:mail_progress", args=[program.pk])
    onward = reverse("programs:mail_trust", args=[program.pk])
    if look is not None and not look.is_over:
        return Progress(state="running", doing=_("Asking DNS: a few seconds."), url=url)
    if look is None or look.answers is None:
        sentence = _("Nobody came back with an answer.")
        return Progress(state="failed", doing=sentence, url=url, next_url=onward, next_label=_("Look again"))
    return Progress(
        state="done", doing=_("DNS has answered."), url=url, next_url=onward, next_label=_("See what it said")
    )
