"""Reminding those who were invited and have not answered."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coppice.communities import actions
from coppice.communities.queries import reminders_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of


# GET, POST /programs/<id>/invitation-reminder/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def reminder(request: HttpRequest, program: Program) -> HttpResponse:
    """Say whom a reminder would reach, and when the last one left; on POST send it."""
    if request.method != "POST":
        context = {"program": program, "reminders": reminders_of(program)}
        return render(request, "communities/reminder.html", context)
    try:
        people = actions.remind_invited(program, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        sentence = ngettext(
            "A reminder is on its way to one person.",
            "A reminder is on its way to %(people)d people.",
            people,
        )
        messages.success(request, sentence % {"people": people})
    return redirect("communities:reminder", program.pk)
