"""A quick poll in the middle of another step."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.live.actions import quick_polls
from coppice.live.forms import QuickPollForm
from coppice.live.models import Step
from coppice.live.permissions import can_host_step
from coppice.live.queries import step_of


# GET, POST /live-steps/<id>/quick-poll/
@access(can_host_step, on=step_of)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, step: Step) -> HttpResponse:
    """Ask everybody something now, and go on with the step afterwards."""
    form = QuickPollForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            quick_polls.ask(step, plan=form.plan, by=request.user)
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
        return redirect(step.room)
    context = {"room": step.room, "step": step, "form": form}
    return render(request, "live/quick_poll.html", context, status=422 if form.errors else 200)
