"""Speaking with leaders: the form after a call, and putting one off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coppice.communities.models import Community
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.programs.permissions import can_administer
from coppice.stewardship import actions
from coppice.stewardship.forms import LeaderCheckInForm
from coppice.stewardship.models import LeaderCheckIn
from coppice.stewardship.permissions import can_check_in, can_correct_check_in
from coppice.stewardship.queries import check_in_of


# GET, POST /communities/<id>/check-ins/new/
@access(can_check_in, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, community: Community) -> HttpResponse:
    form = LeaderCheckInForm(
        request.POST if request.method == "POST" else None, initial={"spoken_on": actions.today(community)}
    )
    leaders = list(community.memberships.leaders().select_related("person", "enrollment"))
    if request.method == "POST" and form.is_valid():
        leader = leaders[0].person if leaders else None
        try:
            actions.log_check_in(community, leader=leader, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Logged. %(community)s is off the list.") % {"community": community})
            return redirect("home:board", community.program_id)
    is_administrator = can_administer(request.user, community.program.provider)
    context = {
        "form": form,
        "community": community,
        "leaders": leaders,
        "check_ins": [
            (past, past.by_id == request.user.pk or is_administrator)
            for past in community.leader_check_ins.order_by("-spoken_on", "-id")[:10]
        ],
    }
    return render(request, "stewardship/check_in.html", context, status=422 if form.errors else 200)


# GET, POST /check-ins/<id>/
@access(can_correct_check_in, on=check_in_of)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, check_in: LeaderCheckIn) -> HttpResponse:
    """Correct what was logged, or take it back."""
    logged = LeaderCheckIn.objects.get(pk=check_in.pk)
    form = LeaderCheckInForm(request.POST if request.method == "POST" else None, instance=logged)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_check_in(check_in, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("stewardship:check_in", check_in.community_id)
    context = {"form": form, "check_in": check_in, "community": check_in.community}
    return render(request, "stewardship/correction.html", context, status=422 if form.errors else 200)


# POST /check-ins/<id>/removal/
@access(can_correct_check_in, on=check_in_of)
@require_POST
def removal(request: HttpRequest, check_in: LeaderCheckIn) -> HttpResponse:
    """Take a check-in back."""
    actions.take_back_check_in(check_in, by=request.user)
    messages.success(request, _("Taken back: this check-in counts no longer."))
    return redirect("stewardship:check_in", check_in.community_id)


# POST /communities/<id>/snooze/
@access(can_check_in, on=community_of)
@require_POST
def snooze(request: HttpRequest, community: Community) -> HttpResponse:
    actions.snooze(community, by=request.user)
    messages.success(request, _("Put off for three days."))
    return redirect("home:board", community.program_id)
