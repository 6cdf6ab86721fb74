"""A community's meetings: list, plan, page, change, cancellation, and one's own reply."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities import practice_ways
from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_lead, can_take_part
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.meetings import actions, calendar_files
from coppice.meetings.forms import MeetingForm, ReplyForm
from coppice.meetings.hands import Hand
from coppice.meetings.links import pulse_path, times_path
from coppice.meetings.minutes_board import board_of
from coppice.meetings.models import Meeting, MeetingReply
from coppice.meetings.permissions import can_lead_meeting, can_read_meeting, can_reply
from coppice.meetings.queries import (
    last_asked_at,
    meeting_of,
    own_part,
    own_place,
    presence_at,
    pulse_of_meeting,
    replies_to,
    was_asked_today,
)
from coppice.meetings.recurrence_wording import sentences_of
from coppice.meetings.series_board import series_among
from coppice.meetings.time_poll_board import waiting_polls
from coppice.ui.forms import TypedConfirmation

A_PAGE = 20


# GET /communities/<id>/meetings/
@access(can_take_part, on=community_of)
@require_safe
def meetings(request: HttpRequest, community: Community) -> HttpResponse:
    """What comes, soonest first, and what was, latest first."""
    coming = Count("replies", filter=Q(replies__answer=MeetingReply.Answer.COMING))
    own = own_place(request.user, community)
    upcoming = list(Meeting.objects.of(community).upcoming().select_related("series").annotate(coming=coming))
    past = Paginator(Meeting.objects.of(community).past(), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "meetings/meetings.html",
        {
            "community": community,
            "tab": "meetings",
            "zone": own.zone,
            "is_staff": own.is_staff,
            "upcoming": Paginator(upcoming, A_PAGE).get_page(request.GET.get("coming")),
            "series": [(each, sentences_of(each)) for each in series_among(upcoming)],
            "past": past,
            "polls": [
                (poll, times_path(poll, own.membership) if own.membership else "")
                for poll in waiting_polls(community)
            ],
            "can_lead": can_lead(request.user, community),
        },
    )


# GET, POST /communities/<id>/meetings/new/
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, community: Community) -> HttpResponse:
    """Plan a meeting."""
    form = MeetingForm(request.POST if request.method == "POST" else None, community=community)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = actions.plan(community, by=request.user, **form.plan)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Planned. Everybody in the group gets a mail with a calendar file."))
            return redirect(meeting)
    context = {"community": community, "tab": "meetings", "form": form}
    return render(request, "meetings/plan.html", context, status=422 if form.errors else 200)


# GET, POST /communities/<id>/meetings/past/
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, community: Community) -> HttpResponse:
    """Enter a meeting that was held already; its attendance comes next."""
    form = MeetingForm(request.POST if request.method == "POST" else None, community=community, is_past=True)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = actions.enter(community, by=request.user, **form.plan)
        except DomainError as refused:
            form.add_error("day", str(refused.sentence))
        else:
            messages.success(request, _("Entered, and nobody was written to. Now tick who was there."))
            return redirect("meetings:attendance", meeting.pk)
    context = {"community": community, "tab": "meetings", "form": form}
    return render(request, "meetings/enter.html", context, status=422 if form.errors else 200)


# GET /meetings/<id>/
@access(can_read_meeting, on=meeting_of)
@require_safe
def meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """When, where, who comes; afterwards attendance and what came back."""
    own = own_part(request.user, meeting)
    leads = own.leads
    hand = Hand(meeting, own.membership, by=request.user, leads=leads)
    context: dict[str, Any] = {
        "community": meeting.community,
        "tab": "meetings",
        "meeting": meeting,
        "is_staff": own.is_staff,
        "zone": own.zone,
        "other_zone": meeting.zone_beside(own.zone),
        "can_lead": leads,
        "own": own,
        "chosen": own.answer or MeetingReply.Answer.COMING,
        "answers": MeetingReply.Answer.choices,
        "board": board_of(hand),
        "can_run": hand.can_write,
    }
    if own.membership and own.was_there and not meeting.entered_afterwards:
        context["own_pulse_path"] = pulse_path(meeting, own.membership)
    if (
        own.membership
        and own.membership.state == Membership.State.ACTIVE
        and context["board"].of_kind("lesson")
    ):
        context["keep_url"] = practice_ways.keep_url(meeting.community, is_leader=own.membership.is_leader)
    if not meeting.attendance_taken_at:
        context["replies"] = replies_to(meeting)
        if leads and not meeting.has_begun and not meeting.is_cancelled:
            last = last_asked_at(meeting)
            context["may_ask"] = True
            context["asked_at"] = last
            context["is_asked_today"] = last is not None and was_asked_today(meeting)
    elif leads:
        context["presence"] = presence_at(meeting)
        if not meeting.entered_afterwards:
            context["pulse"] = pulse_of_meeting(meeting)
    return render(request, "meetings/meeting.html", context)


# POST /meetings/<id>/asking-again/
@access(can_lead_meeting, on=meeting_of)
@require_POST
def asking_again(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Ask those who have yet to say."""
    try:
        people = actions.ask_again(meeting, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        sentence = ngettext(
            "A mail is on its way to one person.", "A mail is on its way to %(people)d people.", people
        )
        messages.success(request, sentence % {"people": people})
    return redirect(meeting)


# GET, POST /meetings/<id>/edit/
@access(can_lead_meeting, on=meeting_of)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Move a meeting, or change what it is about."""
    is_past = meeting.entered_afterwards
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        community=meeting.community,
        instance=meeting,
        is_past=is_past,
    )
    if request.method == "POST" and form.is_valid():
        save = actions.correct if is_past else actions.change
        try:
            save(meeting, by=request.user, **form.plan)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            told = _("Saved. If anything changed, everybody gets a mail.")
            messages.success(request, _("Saved. Nobody was written to.") if is_past else told)
            return redirect(meeting)
    context = {"community": meeting.community, "tab": "meetings", "meeting": meeting, "form": form}
    return render(request, "meetings/edit.html", context, status=422 if form.errors else 200)


# GET, POST /meetings/<id>/cancellation/
@access(can_lead_meeting, on=meeting_of)
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Cancel a meeting, after typing its confirmation; people then hear of it, so nothing takes it back."""
    form = TypedConfirmation(request.POST if request.method == "POST" else None, word=_("cancel"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(meeting, by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Cancelled. Everybody in the group gets a mail."))
            return redirect(meeting)
    context = {"community": meeting.community, "tab": "meetings", "meeting": meeting, "form": form}
    return render(request, "meetings/cancellation.html", context, status=422 if form.errors else 200)


# POST /meetings/<id>/reply/
@access(can_reply, on=meeting_of)
@require_POST
def reply(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Say whether one comes oneself."""
    own = own_place(request.user, meeting.community).membership
    form = ReplyForm(request.POST)
    if own is None or not form.is_valid():
        messages.error(request, _("Choose one of the two answers."))
        return redirect(meeting)
    try:
        actions.reply(meeting, membership=own, answer=form.cleaned_data["answer"], by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Saved. You can change your answer until the meeting begins."))
    return redirect(meeting)


# GET /meetings/<id>/meeting.ics
@access(can_read_meeting, on=meeting_of)
@require_safe
def calendar_file(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The meeting, for one's calendar."""
    return as_calendar(meeting)


def as_calendar(meeting: Meeting) -> HttpResponse:
    """Answer with the meeting's calendar file."""
    return HttpResponse(
        calendar_files.published(meeting),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="meeting.ics"', "Cache-Control": "no-store"},
    )
