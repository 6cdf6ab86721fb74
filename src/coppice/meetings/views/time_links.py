"""What a member answers from a mail, behind a signed link: at which of the times they can.

A GET shows, because mail scanners follow links; only the button's POST acts.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coppice.communities.models import Membership
from coppice.lib.errors import DomainError
from coppice.meetings.actions import time_polls
from coppice.meetings.links import answer_path, times_of, times_path
from coppice.meetings.models import TimePoll
from coppice.meetings.time_poll_board import said_of
from coppice.meetings.time_poll_forms import TimesForm
from coppice.meetings.views.links import by_link


# GET /meeting-times/<token>/
@by_link(times_of)
@require_safe
def times(request: HttpRequest, poll: TimePoll, membership: Membership) -> HttpResponse:
    """The times in the member's own zone, each with three answers; afterwards which one it became."""
    return _show(request, poll, membership, _form(poll, membership))


# POST /meeting-times/<token>/answers/
@by_link(times_of)
@require_POST
def times_answers(request: HttpRequest, poll: TimePoll, membership: Membership) -> HttpResponse:
    """Record or change the answers."""
    form = _form(poll, membership, typed=request.POST)
    if form.is_valid():
        try:
            time_polls.answer(poll, membership=membership, answers=form.answers, by=membership.person)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved. You can change it here until the question closes."))
            return redirect(times_path(poll, membership))
    return _show(request, poll, membership, form, status=422)


def _form(poll: TimePoll, membership: Membership, *, typed: object = None) -> TimesForm:
    return TimesForm(
        typed,
        poll=poll,
        times=list(poll.times.all()),
        zone=membership.zone,
        said=said_of(poll, membership),
    )


def _show(
    request: HttpRequest, poll: TimePoll, membership: Membership, form: TimesForm, *, status: int = 200
) -> HttpResponse:
    meeting = poll.meeting
    context = {
        "poll": poll,
        "membership": membership,
        "zone": membership.zone,
        "form": form,
        "has_answered": any(form.initial.values()),
        "meeting": meeting,
        "meeting_url": answer_path(meeting, membership) if meeting else "",
        "busy_url": f"{times_path(poll, membership)}busy/",
        "answers_url": f"{times_path(poll, membership)}answers/",
    }
    return render(request, "meetings/times.html", context, status=status)
