"""A series of meetings: plan it, read it, change or end what follows, say that one comes to all."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_lead
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.meetings import series_files
from coppice.meetings.actions import series as actions
from coppice.meetings.forms import ReplyForm
from coppice.meetings.models import Meeting, MeetingReply, MeetingSeries
from coppice.meetings.permissions import (
    can_lead_meeting,
    can_lead_series,
    can_read_series,
    can_reply_to_series,
)
from coppice.meetings.queries import meeting_of_series, own_place, series_of
from coppice.meetings.recurrence_wording import sentences, sentences_of
from coppice.meetings.series_board import changed_by_hand, dates_of, line_of
from coppice.meetings.series_finding import Rhythms, propose_series
from coppice.meetings.series_forms import DetailsForm, FollowingForm, SeriesForm, SeriesSearchForm
from coppice.meetings.series_preview import preview
from coppice.meetings.time_poll_board import attendees_of
from coppice.meetings.time_wording import sentences as hardness
from coppice.ui import dates
from coppice.ui.forms import TypedConfirmation


# GET, POST /communities/<id>/meetings/series/?title=…&first=…&clock=…&time_zone=…&rhythm=…
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_series(request: HttpRequest, community: Community) -> HttpResponse:
    """Say the rule, look at its dates, then say where and how, and plan them all."""
    typed = request.POST if request.method == "POST" else request.GET if "rhythm" in request.GET else None
    form = SeriesForm(typed, community=community)
    details = DetailsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and details.is_valid():
        try:
            series = actions.plan(
                community,
                rule=form.rule,
                title=form.cleaned_data["title"],
                minutes=form.cleaned_data["minutes"],
                time_zone=form.cleaned_data["time_zone"],
                by=request.user,
                **details.cleaned_data,
            )
        except DomainError as refused:
            details.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Planned. Everybody in the group gets one mail for all the dates."))
            return redirect(series)
    context = {"community": community, "tab": "meetings", "form": form}
    if form.is_valid():
        zone = form.cleaned_data["time_zone"]
        shown = preview(community, form.rule, time_zone=zone, minutes=form.cleaned_data["minutes"])
        context |= {
            "details": details,
            "preview": shown,
            "zone": zone,
            "sentences": sentences(form.rule, place=dates.place(ZoneInfo(zone))),
        }
    failed = bool(form.errors or details.errors)
    return render(request, "meetings/plan_series.html", context, status=422 if failed else 200)


# GET /communities/<id>/meetings/series/times/?title=…&minutes=60&first=…&every=2&meetings=12&time_zone=…
@access(can_lead, on=community_of)
@require_safe
def find_series(request: HttpRequest, community: Community) -> HttpResponse:
    """Say how often and how long, read which weekdays and times are least hard over the whole series."""
    form = SeriesSearchForm(request.GET if "every" in request.GET else None, community=community)
    found: list[Rhythms] = []
    if form.is_valid():
        people = attendees_of(community, first=form.begins, last=form.begins + form.lasts)
        found = propose_series(
            people,
            first=form.begins,
            meetings=form.cleaned_data["meetings"],
            weeks=form.cleaned_data["every"],
            minutes=form.cleaned_data["minutes"],
            is_in_turn=form.cleaned_data["in_turn"],
        )
    context = {
        "community": community,
        "tab": "meetings",
        "form": form,
        "is_found": form.is_valid(),
        "zone": form.cleaned_data["time_zone"] if form.is_valid() else None,
        "needs_no_second": any(len(each.times) > 1 and not each.score for each in found),
        "found": [
            (
                [(each, hardness(each)) for each in rhythms.times],
                form.query_of([each.starts_at for each in rhythms.times]),
            )
            for rhythms in found
        ],
    }
    return render(request, "meetings/find_series.html", context, status=422 if form.errors else 200)


# GET /meeting-series/<id>/
@access(can_read_series, on=series_of)
@require_safe
def series(request: HttpRequest, series: MeetingSeries) -> HttpResponse:
    """The rule in words, and each meeting with its time in the reader's zone."""
    own = own_place(request.user, series.community)
    context = {
        "community": series.community,
        "tab": "meetings",
        "own": own,
        "can_lead": can_lead_series(request.user, series),
        **shown_series(series, own.membership, zone=own.zone),
    }
    return render(request, "meetings/series.html", context)


# GET /meeting-series/<id>/meetings.ics
@access(can_read_series, on=series_of)
@require_safe
def series_file(request: HttpRequest, series: MeetingSeries) -> HttpResponse:
    """All meetings of the series, for one's calendar."""
    return as_series_file(series)


# POST /meeting-series/<id>/replies/
@access(can_reply_to_series, on=series_of)
@require_POST
def series_reply(request: HttpRequest, series: MeetingSeries) -> HttpResponse:
    """Say of all meetings to come whether one comes oneself."""
    own = own_place(request.user, series.community).membership
    form = ReplyForm(request.POST)
    if own is None or not form.is_valid():
        messages.error(request, _("Choose one of the two answers."))
        return redirect(series)
    try:
        count = actions.reply_to_all(
            series, membership=own, answer=form.cleaned_data["answer"], by=request.user
        )
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, saved_for(count))
    return redirect(series)


# GET, POST /meetings/<id>/following/
@access(can_lead_meeting, on=meeting_of_series)
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Change this meeting and all that follow it in its series."""
    by_hand = [line_of(each, zone=meeting.zone) for each in changed_by_hand(meeting)]
    form = FollowingForm(
        request.POST if request.method == "POST" else None, meeting=meeting, has_exceptions=bool(by_hand)
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_following(
                meeting, by=request.user, keeps_exceptions=form.keeps_exceptions, fields=form.change
            )
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved. If anything changed, everybody gets one mail."))
            return redirect(changed)
    context = {
        "community": meeting.community,
        "tab": "meetings",
        "meeting": meeting,
        "form": form,
        "by_hand": by_hand,
        "zone": meeting.zone,
    }
    return render(request, "meetings/following.html", context, status=422 if form.errors else 200)


# GET, POST /meetings/<id>/series-end/
@access(can_lead_meeting, on=meeting_of_series)
@require_http_methods(["GET", "HEAD", "POST"])
def series_end(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Cancel this meeting and all that follow it, after typing its confirmation."""
    form = TypedConfirmation(request.POST if request.method == "POST" else None, word=_("end"))
    if request.method == "POST" and form.is_valid():
        try:
            ended = actions.end_from(meeting, by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Ended. Everybody in the group gets one mail."))
            return redirect(ended)
    context = {
        "community": meeting.community,
        "tab": "meetings",
        "meeting": meeting,
        "form": form,
        "zone": meeting.zone,
    }
    return render(request, "meetings/series_end.html", context, status=422 if form.errors else 200)


def shown_series(series: MeetingSeries, membership: Membership | None, *, zone: tzinfo) -> dict[str, object]:
    """Return what the pages of a series show to one reader in their zone."""
    dates = dates_of(series, membership, zone=zone)
    return {
        "series": series,
        "meeting": series,
        "sentences": sentences_of(series),
        "dates": dates,
        "following_series": series.continued_by.order_by("pk").first(),
        "answers": MeetingReply.Answer.choices if dates.is_open else [],
        "chosen": MeetingReply.Answer.COMING,
        "zone": zone,
    }


def saved_for(count: int) -> str:
    """Say for how many meetings an answer was saved."""
    sentence = ngettext(
        "Saved for %(count)d meeting. You can still answer otherwise.",
        "Saved for %(count)d meetings. You can still answer otherwise for single ones.",
        count,
    )
    return sentence % {"count": count}


def as_series_file(series: MeetingSeries) -> HttpResponse:
    """Answer with the calendar file of a series."""
    return HttpResponse(
        series_files.published_series(series),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="meetings.ics"', "Cache-Control": "no-store"},
    )
