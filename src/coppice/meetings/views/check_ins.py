"""Checking in: the code on the wall, one's own phone, the list of who leads, a sheet of paper."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Membership
from coppice.lib.access import access, signed_in
from coppice.lib.errors import DomainError
from coppice.live.qr import qr_code
from coppice.meetings import check_in_codes
from coppice.meetings.actions import check_ins
from coppice.meetings.hands import Hand, can_check_in, hand_by_link, hand_of
from coppice.meetings.minutes_forms import CodeForm
from coppice.meetings.models import Attendance, Meeting
from coppice.meetings.permissions import can_lead_meeting
from coppice.meetings.queries import expected_at, meeting_of, own_place
from coppice.meetings.views.links import by_link


# GET /meetings/<id>/check-in/
@access(can_lead_meeting, on=meeting_of)
@require_safe
def check_in(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The code, as large as the wall or the sheet allows."""
    code = check_in_codes.code_of(meeting)
    context = {
        "meeting": meeting,
        "zone": own_place(request.user, meeting.community).zone,
        "qr": qr_code(settings.BASE_URL + reverse("meetings:check_in_by_code", args=[code])),
        "code": check_in_codes.spoken(code),
        "door": settings.BASE_URL.partition("://")[2] + reverse("meetings:check_in_code"),
        "is_check_in_open": check_in_codes.is_open(meeting),
    }
    return render(request, "meetings/check_in.html", context)


# GET /meetings/<id>/check-in/people/?q=ana
@access(can_lead_meeting, on=meeting_of)
@require_safe
def check_in_people(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Everybody expected, by name: one tap says that they are here, another that they are not."""
    asked = request.GET.get("q", "").strip()
    here = {row.membership_id: row for row in meeting.attendances.filter(was_present=True)}
    people = expected_at(meeting)
    found = [each for each in people if asked.casefold() in str(each.enrollment).casefold()]
    context = {
        "community": meeting.community,
        "tab": "meetings",
        "meeting": meeting,
        "zone": own_place(request.user, meeting.community).zone,
        "q": asked,
        "rows": [(each, here.get(each.pk)) for each in found],
        "here": len(here),
        "expected": len(people),
        "is_check_in_open": check_in_codes.is_open(meeting),
    }
    return render(request, "meetings/check_in_people.html", context)


def person_at(person: Any, *, meeting_id: int, membership_id: int) -> tuple[Meeting, Membership]:
    """Return a meeting and who takes part or stands on its list all the same; raises Http404 otherwise."""
    meeting = meeting_of(person, meeting_id=meeting_id)
    listed = Q(pk__in=Membership.objects.taking_part()) | Q(pk__in=meeting.attendances.values("membership"))
    rows = Membership.objects.filter(listed, community=meeting.community_id)
    return meeting, get_object_or_404(rows.select_related("enrollment", "person"), pk=membership_id)


def can_mark(person: Any, subject: tuple[Meeting, Membership]) -> bool:
    """Say whether this person may say that somebody is here: whoever leads the meeting."""
    return can_lead_meeting(person, subject[0])


# POST /meetings/<id>/check-in/people/<membership>/
@access(can_mark, on=person_at)
@require_POST
def presence(request: HttpRequest, subject: tuple[Meeting, Membership]) -> HttpResponse:
    """Say that somebody is here, or is not."""
    meeting, membership = subject
    try:
        if request.POST.get("here") == "no":
            check_ins.take_out(meeting, membership=membership, by=request.user)
        else:
            check_ins.check_in(meeting, membership=membership, how=Attendance.How.LIST, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    asked = request.POST.get("q", "")
    address = reverse("meetings:check_in_people", args=[meeting.pk])
    asked_for = f"?{urlencode({'q': asked})}" if asked else ""
    return redirect(f"{address}{asked_for}#person-{membership.pk}")


# GET /meetings/<id>/check-in/sheet/
@access(can_lead_meeting, on=meeting_of)
@require_safe
def check_in_sheet(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """A sheet to print: names, and room for when somebody came."""
    context = {
        "community": meeting.community,
        "tab": "meetings",
        "meeting": meeting,
        "zone": own_place(request.user, meeting.community).zone,
        "people": expected_at(meeting),
    }
    return render(request, "meetings/check_in_sheet.html", context)


# POST /meetings/<id>/here/
@access(can_check_in, on=hand_of)
@require_POST
def here(request: HttpRequest, hand: Hand) -> HttpResponse:
    """Check in oneself."""
    return _here(request, hand, how=Attendance.How.ONLINE)


# POST /meeting-answers/<token>/here/
@by_link(hand_by_link)
@require_POST
def here_by_link(request: HttpRequest, hand: Hand, membership: Membership) -> HttpResponse:
    """The same under a member's link."""
    return _here(request, hand, how=Attendance.How.ONLINE)


def _here(request: HttpRequest, hand: Hand, *, how: str) -> HttpResponse:
    own = hand.membership
    assert own is not None  # `can_check_in` says so
    try:
        check_ins.check_in(hand.meeting, membership=own, how=how, by=hand.by)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("You are checked in."))
    return redirect(hand.address("run"))


# GET /check-in/?code=fern+27
@access(signed_in)
@require_safe
def check_in_code(request: HttpRequest) -> HttpResponse:
    """Where the code is typed."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        try:
            hand_by_code(request.user, spoken=form.cleaned_data["code"])
        except Http404:
            form.add_error("code", _("No meeting of yours that goes on now has this code. Look again."))
        else:
            code = check_in_codes.as_code(form.cleaned_data["code"])
            return redirect("meetings:check_in_by_code", code)
    return render(request, "meetings/check_in_code.html", {"form": form}, status=422 if form.errors else 200)


def hand_by_code(person: Any, *, spoken: str) -> Hand:
    """Return who is signed in, at that meeting of theirs which has the code now; raises Http404 otherwise."""
    meeting = check_in_codes.meeting_by_code(Meeting.objects.visible_to(person), spoken)
    if meeting is None:
        raise Http404
    return hand_of(person, meeting_id=meeting.pk)


# GET, POST /check-in/<code>/
@access(can_check_in, on=hand_by_code)
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_by_code(request: HttpRequest, hand: Hand) -> HttpResponse:
    """What the QR code on the wall opens: one button."""
    if request.method == "POST":
        return _here(request, hand, how=Attendance.How.CODE)
    own = hand.membership
    there = hand.meeting.attendances.filter(membership=own, was_present=True).exists()
    context = {
        "meeting": hand.meeting,
        "zone": hand.zone,
        "is_here": there,
        "run_url": hand.address("run"),
        "is_check_in_open": check_in_codes.is_open(hand.meeting),
    }
    return render(request, "meetings/check_in_by_code.html", context)
