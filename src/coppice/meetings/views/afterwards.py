"""The weeks after a meeting: what came of it, and one's own answers behind a signed link."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coppice.communities.links import commitment_path, place_path
from coppice.communities.models import Community, Membership
from coppice.lib.access import access
from coppice.meetings.actions import after
from coppice.meetings.after_board import afterwards_of, own_follow_ups, reasons_of, things_of
from coppice.meetings.after_forms import FollowUpForm, MissedForm
from coppice.meetings.links import (
    absence_of,
    absence_path,
    answer_path,
    follow_up_of,
    follow_ups_of,
    follow_ups_path,
    summary_by_link,
)
from coppice.meetings.models import FollowUp, Meeting, MissedMeeting
from coppice.meetings.permissions import can_lead_meeting, can_read_meeting
from coppice.meetings.queries import meeting_of
from coppice.meetings.summaries import summary_of
from coppice.meetings.views.links import by_link

TRIED = {str(each.value): each for each in FollowUp.Tried}


# GET /meetings/<id>/afterwards/
@access(can_read_meeting, on=meeting_of)
@require_safe
def afterwards(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """What people tried: words for everybody as far as their owners show them, numbers for who leads."""
    leads = can_lead_meeting(request.user, meeting)
    context: dict[str, Any] = {
        "community": meeting.community,
        "tab": "meetings",
        "meeting": meeting,
        "can_lead": leads,
        "results": afterwards_of(meeting, leads=leads),
    }
    if leads:
        context["reasons"] = reasons_of(meeting)
    return render(request, "meetings/afterwards.html", context)


# GET /follow-ups/<token>/?of=12&tried=2
@by_link(follow_ups_of)
@require_safe
def follow_ups(request: HttpRequest, community: Community, membership: Membership) -> HttpResponse:
    """All that a member was asked about, with the answer chosen that was clicked in the mail."""
    return _show_follow_ups(request, membership)


# POST /follow-ups/<token>/<id>/answer/
@by_link(follow_up_of)
@require_POST
def follow_up_answer(request: HttpRequest, follow_up: FollowUp, membership: Membership) -> HttpResponse:
    """Record whether one tried it, or change it."""
    form = FollowUpForm(request.POST, follow_up=follow_up)
    if form.is_valid():
        after.answer_follow_up(follow_up, **form.cleaned_data)
        messages.success(request, _("Thank you. It is saved, and you can change it here."))
        return redirect(follow_ups_path(membership))
    return _show_follow_ups(request, membership, sent=form)


# GET /meeting-summaries/<token>/
@by_link(summary_by_link)
@require_safe
def summary(request: HttpRequest, meeting: Meeting, membership: Membership) -> HttpResponse:
    """What came of a meeting, as its mail told it, and as it stands now."""
    summary = summary_of(meeting)
    following = summary.following
    context = {
        "meeting": meeting,
        "summary": summary,
        "zone": membership.zone,
        "own": [(each, commitment_path(each, membership)) for each in summary.own(membership)],
        "others": summary.others(membership),
        "names": [each.enrollment.name for each in summary.there] if membership.is_leader else [],
        "following_path": answer_path(following, membership) if following else "",
    }
    return render(request, "meetings/summary.html", context)


# GET /absences/<token>/?reason=time
@by_link(absence_of)
@require_safe
def absence(request: HttpRequest, absence: MissedMeeting, membership: Membership) -> HttpResponse:
    """The one question to who was missing, with the answer chosen that was clicked in the mail."""
    asked = request.GET.get("reason", "")
    chosen = asked if asked in MissedMeeting.Reason.values and asked != absence.reason else ""
    form = MissedForm(absence=absence, initial={"reason": chosen} if chosen else None)
    return _show_absence(request, absence, form, to_confirm=chosen)


# POST /absences/<token>/answer/
@by_link(absence_of)
@require_POST
def absence_answer(request: HttpRequest, absence: MissedMeeting, membership: Membership) -> HttpResponse:
    """Record what it was; who wants to pause goes on to where they can."""
    form = MissedForm(request.POST, absence=absence)
    if not form.is_valid():
        return _show_absence(request, absence, form)
    after.answer_absent(absence.meeting, membership=membership, **form.cleaned_data)
    if (
        form.cleaned_data["reason"] == MissedMeeting.Reason.PAUSE
        and membership.state == Membership.State.ACTIVE
    ):
        messages.success(
            request, _("Thank you. Press “Pause” here, and nobody writes to you until you are back.")
        )
        return redirect(place_path(membership))
    messages.success(request, _("Thank you. It is saved, and you can change it here."))
    return redirect(absence_path(absence.meeting, membership))


def _show_follow_ups(
    request: HttpRequest, membership: Membership, *, sent: FollowUpForm | None = None
) -> HttpResponse:
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    rows = own_follow_ups(membership)
    things = things_of(rows)
    chosen = TRIED.get(request.GET.get("tried", ""))
    asked = [
        {
            "follow_up": each,
            "things": things[each.pk],
            "form": sent if sent and sent.instance.pk == each.pk else _form(request, each),
            "to_confirm": chosen.label if chosen is not None and _is_clicked(request, each) else "",
            "answer_url": reverse("meetings:follow_up_answer", args=[token, each.pk]),
        }
        for each in rows
    ]
    context = {"community": membership.community, "membership": membership, "asked": asked}
    return render(request, "meetings/follow_ups.html", context, status=422 if sent else 200)


def _form(request: HttpRequest, follow_up: FollowUp) -> FollowUpForm:
    chosen = TRIED.get(request.GET.get("tried", ""))
    is_chosen = chosen is not None and _is_clicked(request, follow_up)
    return FollowUpForm(follow_up=follow_up, initial={"tried": chosen} if is_chosen else None)


def _is_clicked(request: HttpRequest, follow_up: FollowUp) -> bool:
    """Whether the mail's link chose another answer to this question than the one that is saved."""
    is_saved = str(follow_up.tried) == request.GET.get("tried", "")
    return request.GET.get("of", "") == str(follow_up.pk) and not is_saved


def _show_absence(
    request: HttpRequest, absence: MissedMeeting, form: MissedForm, *, to_confirm: str = ""
) -> HttpResponse:
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    context = {
        "meeting": absence.meeting,
        "membership": absence.membership,
        "absence": absence,
        "zone": absence.membership.zone,
        "form": form,
        "to_confirm": MissedMeeting.Reason(to_confirm).label if to_confirm else "",
        "answer_url": reverse("meetings:absence_answer", args=[token]),
    }
    return render(request, "meetings/absence.html", context, status=422 if form.is_bound else 200)
