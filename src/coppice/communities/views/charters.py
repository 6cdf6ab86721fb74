"""A community's charter: the version that holds, the draft of the next, who consents, and objections."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.actions import charters as actions
from coppice.communities.charter_board import draft_of, last_of, lines_of_plan, parts_of, poll_of
from coppice.communities.charter_forms import CharterForm, ConsentForm, ObjectionForm, ProposalForm
from coppice.communities.charter_models import Charter, Consent
from coppice.communities.models import Community, Membership
from coppice.communities.permissions import (
    can_close_charter,
    can_consent,
    can_lead,
    can_read_charter,
    can_take_part,
    can_work_through,
)
from coppice.communities.plan_board import frame_of, plan_of
from coppice.communities.plan_renewal import renewal_of
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError

USUAL_TIME = timedelta(days=14)


# GET /communities/<id>/charter/
@access(can_take_part, on=community_of)
@require_safe
def charter(request: HttpRequest, community: Community) -> HttpResponse:
    """The latest version with its answers; without one, what a charter is."""
    versions = list(community.charters.all())
    if versions:
        return _show(request, _with(versions[0], community), versions=versions)
    context = {"community": community, "tab": "plan", "leads": can_lead(request.user, community)}
    return render(request, "communities/charter.html", context)


# GET, POST /communities/<id>/charter/draft/
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def charter_draft(request: HttpRequest, community: Community) -> HttpResponse:
    """Write what the next version says beside the plan."""
    form = CharterForm(request.POST if request.method == "POST" else None, draft=draft_of(community))
    if request.method == "POST" and form.is_valid():
        actions.draft(community, by=request.user, **form.cleaned_data)
        return redirect("communities:charter_proposal", community.pk)
    context = {"community": community, "tab": "plan", "form": form}
    return render(request, "communities/charter_draft.html", context, status=422 if form.is_bound else 200)


# GET, POST /communities/<id>/charter/proposal/
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def charter_proposal(request: HttpRequest, community: Community) -> HttpResponse:
    """What the next version would say, beside the latest; on POST ask everybody."""
    today = timezone.localdate(timezone=community.zone)
    form = ProposalForm(
        request.POST if request.method == "POST" else None, initial={"closes_on": today + USUAL_TIME}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose(community, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Everybody is asked, by mail where they have one."))
            return redirect("communities:charter", community.pk)
    latest = last_of(community)
    context = {
        "community": community,
        "tab": "plan",
        "form": form,
        "latest": latest,
        "parts": parts_of(draft_of(community), lines_of_plan(plan_of(community)), latest),
    }
    return render(request, "communities/charter_proposal.html", context, status=422 if form.is_bound else 200)


def charter_of(person: Any, *, charter_id: int) -> Charter:
    """Return a version in a community that the person may know of; raises Http404 otherwise."""
    rows = Charter.objects.visible_to(person).select_related("community__program__provider")
    return get_object_or_404(rows, pk=charter_id)


# GET /charters/<id>/
@access(can_read_charter, on=charter_of)
@require_safe
def charter_version(request: HttpRequest, charter: Charter) -> HttpResponse:
    """One version, what is new in it, and who said what."""
    return _show(request, charter)


# POST /charters/<id>/consent/
@access(can_consent, on=charter_of)
@require_POST
def charter_consent(request: HttpRequest, charter: Charter) -> HttpResponse:
    """Say what one thinks of a version."""
    form = ConsentForm(request.POST)
    if form.is_valid():
        try:
            actions.consent(charter, membership=_own(request, charter), by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Thank you. You can change it until the last day."))
            return redirect(charter)
    return _show(request, charter, form, status=422)


# POST /charters/<id>/closing/
@access(can_close_charter, on=charter_of)
@require_POST
def charter_closing(request: HttpRequest, charter: Charter) -> HttpResponse:
    """End the time to answer now."""
    actions.close(charter, by=request.user)
    return redirect(charter)


# POST /charters/<id>/closing/removal/
@access(can_close_charter, on=charter_of)
@require_POST
def charter_reopening(request: HttpRequest, charter: Charter) -> HttpResponse:
    """Let people answer again, because one closed it by mistake."""
    try:
        actions.reopen(charter, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("It is open again. What people have said so far stands."))
    return redirect(charter)


def objection_of(person: Any, *, objection_id: int) -> Consent:
    """Return an objection in a community that the person may know of; raises Http404 otherwise."""
    rows = Consent.objects.filter(
        answer=Consent.Answer.OBJECT, charter__in=Charter.objects.visible_to(person)
    ).select_related("charter__community__program__provider", "membership__enrollment")
    return get_object_or_404(rows, pk=objection_id)


# GET, POST /objections/<id>/
@access(can_work_through, on=objection_of)
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, objection: Consent) -> HttpResponse:
    """Answer an objection with a change or a reason."""
    form = ObjectionForm(
        request.POST if request.method == "POST" else None,
        initial={"way": objection.way or Consent.Way.CHANGE, "reply": objection.reply},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.work_through(objection, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Whoever objected is asked whether this resolves it."))
            return redirect(objection.charter)
    context = {
        "community": objection.charter.community,
        "tab": "plan",
        "objection": objection,
        "form": form,
    }
    return render(request, "communities/objection.html", context, status=422 if form.is_bound else 200)


def _show(
    request: HttpRequest,
    charter: Charter,
    form: ConsentForm | None = None,
    *,
    versions: Sequence[Charter] = (),
    status: int = 200,
) -> HttpResponse:
    poll = poll_of(charter)
    versions = versions or list(charter.community.charters.all())
    older = next((each for each in versions if each.number < charter.number), None)
    own = _place(request, charter)
    given = poll.of(own)
    if form is None and own and charter.is_open:
        form = ConsentForm(initial=said_by(given))
    context: dict[str, Any] = {
        "community": charter.community,
        "tab": "plan",
        "charter": charter,
        "parts": parts_of(charter, charter.plan, older),
        "older": older,
        "versions": versions,
        "poll": poll,
        "form": form,
        "given": given,
        "leads": (leads := can_lead(request.user, charter.community)),
        "may_reopen": leads and charter.can_be_reopened_by(request.user),
    }
    if charter.state == Charter.State.ADOPTED:
        today = timezone.localdate(timezone=charter.community.zone)
        context["renewal"] = renewal_of(frame_of(charter.community), today=today)
    return render(request, "communities/charter.html", context, status=status)


def said_by(given: Consent | None) -> dict[str, str]:
    """What a form begins with for somebody who has answered already."""
    if given is None:
        return {}
    return {"answer": given.answer, "words": given.words, "proposal": given.proposal}


def _place(request: HttpRequest, charter: Charter) -> Membership | None:
    rows = Membership.objects.taking_part().select_related("community__program")
    return rows.filter(community=charter.community_id, person=request.user.pk).first()


def _own(request: HttpRequest, charter: Charter) -> Membership:
    """The reader's own place: who may consent has one."""
    rows = Membership.objects.taking_part().select_related("community__program", "enrollment", "person")
    return rows.get(community=charter.community_id, person=request.user.pk)


def _with(charter: Charter, community: Community) -> Charter:
    charter.community = community
    return charter
