"""What was done in a program, and the mail that could not be sent."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coppice.history.models import Entry
from coppice.lib.access import access
from coppice.notifications.models import Message
from coppice.programs.models import Enrollment, Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of
from coppice.programs.verbs import sentence_of


# GET /programs/<id>/history/
@access(can_run, on=program_of)
@require_safe
def history(request: HttpRequest, program: Program) -> HttpResponse:
    page = Paginator(Entry.objects.of(program.scope).select_related("actor"), 50).get_page(
        request.GET.get("page")
    )
    people = [entry.about_id for entry in page if entry.about_id]
    names = dict(
        Enrollment.objects.filter(program=program, person__in=people).values_list("person_id", "name")
    )
    lines: list[dict[str, Any]] = [
        {
            "entry": entry,
            "sentence": sentence_of(entry.verb),
            "name": names.get(entry.about_id or 0, "") or entry.subject_name,
        }
        for entry in page
    ]
    return render(request, "programs/history.html", {"program": program, "page": page, "lines": lines})


# GET /programs/<id>/mail/
@access(can_run, on=program_of)
@require_safe
def mail(request: HttpRequest, program: Program) -> HttpResponse:
    messages = Message.objects.of(program.scope)
    counts = {state: messages.filter(state=state).count() for state in ("sent", "waiting", "failed")}
    page = Paginator(messages.failed(), 50).get_page(request.GET.get("page"))
    return render(request, "programs/mail.html", {"program": program, "page": page, "counts": counts})
