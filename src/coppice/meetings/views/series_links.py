"""What a member does with a whole series from a mail, behind a signed link; a GET shows, a POST acts."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coppice.communities.models import Membership
from coppice.lib.errors import DomainError
from coppice.meetings.actions import series as actions
from coppice.meetings.forms import ReplyForm
from coppice.meetings.links import answer_path, series_answer_of, series_file_path, series_path
from coppice.meetings.models import MeetingSeries
from coppice.meetings.series_board import Dates
from coppice.meetings.views.links import by_link
from coppice.meetings.views.series import as_series_file, saved_for, shown_series


# GET /meeting-series-answers/<token>/
@by_link(series_answer_of)
@require_safe
def series_answer(request: HttpRequest, series: MeetingSeries, membership: Membership) -> HttpResponse:
    """The dates of a series, one button for all of them, and a link to answer each alone."""
    return _show(request, series, membership)


# POST /meeting-series-answers/<token>/replies/
@by_link(series_answer_of)
@require_POST
def series_answer_reply(request: HttpRequest, series: MeetingSeries, membership: Membership) -> HttpResponse:
    """Record the answer to all meetings to come."""
    form = ReplyForm(request.POST)
    error = _("Choose one of the two answers.")
    if form.is_valid():
        try:
            count = actions.reply_to_all(
                series, membership=membership, answer=form.cleaned_data["answer"], by=membership.person
            )
        except DomainError as refused:
            error = str(refused.sentence)
        else:
            messages.success(request, saved_for(count))
            return redirect(series_path(series, membership))
    return _show(request, series, membership, errors=[error], status=422)


# GET /meeting-series-answers/<token>/meetings.ics
@by_link(series_answer_of)
@require_safe
def series_answer_file(request: HttpRequest, series: MeetingSeries, membership: Membership) -> HttpResponse:
    """All meetings of the series, for the calendar of somebody without an account."""
    return as_series_file(series)


def _show(
    request: HttpRequest,
    series: MeetingSeries,
    membership: Membership,
    *,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    context = shown_series(series, membership, zone=membership.zone)
    shown, after = context["dates"], context["following_series"]
    assert isinstance(shown, Dates)
    context |= {
        "membership": membership,
        "coming": [replace(each, url=answer_path(each.meeting, membership)) for each in shown.coming],
        "following_url": series_path(after, membership) if isinstance(after, MeetingSeries) else "",
        "errors": errors or [],
        "reply_url": reverse("meetings:series_answer_reply", args=[token]),
        "file_url": series_file_path(series, membership),
    }
    return render(request, "meetings/series_answer.html", context, status=status)
