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
from coppice.stewardship import actions
from coppice.stewardship.forms import LeaderCheckInForm
from coppice.stewardship.permissions import can_check_in


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
    context = {
        "form": form,
        "community": community,
        "leaders": leaders,
        "check_ins": community.leader_check_ins.select_related("by")[:10],
    }
    return render(request, "stewardship/check_in.html", context, status=422 if form.errors else 200)


# POST /communities/<id>/snooze/
@access(can_check_in, on=community_of)
@require_POST
def snooze(request: HttpRequest, community: Community) -> HttpResponse:
    actions.snooze(community, by=request.user)
    messages.success(request, _("Put off for three days."))
    return redirect("home:board", community.program_id)
