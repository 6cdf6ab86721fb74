"""The frame that staff give a community."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coppice.communities import actions
from coppice.communities.forms import FrameForm
from coppice.communities.models import Community
from coppice.communities.permissions import can_run_community
from coppice.communities.queries import community_of
from coppice.lib.access import access


@access(can_run_community, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: HttpRequest, community: Community) -> HttpResponse:
    """Change name, purpose, what is asked, dates, zone and stage."""
    form = FrameForm(request.POST if request.method == "POST" else None, instance=community)
    if request.method == "POST" and form.is_valid():
        changes = {**form.cleaned_data}
        stage = changes.pop("stage")
        actions.edit(community, by=request.user, **changes)
        actions.set_stage(community, stage=stage, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("communities:people", community.pk)
    return render(
        request,
        "communities/frame.html",
        {"community": community, "tab": "people", "is_staff": True, "form": form},
        status=422 if form.is_bound else 200,
    )
