"""Answering a decision, one's own and for somebody else, and working through an objection."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coppice.communities.charter_forms import ObjectionForm, ResolutionForm
from coppice.communities.consents import Way
from coppice.communities.models import Membership
from coppice.conversations import decision_board as boards
from coppice.conversations.actions import decisions as actions
from coppice.conversations.decision_forms import AnswerForm, EditAnswerForm
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.decision_permissions import can_answer, can_enter_for, can_resolve, can_work_on
from coppice.conversations.views.decisions import page
from coppice.lib.access import access
from coppice.lib.errors import DomainError


# POST /decisions/<id>/answer/
@access(can_answer, on=boards.decision_of)
@require_POST
def answer(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Say what one thinks, or say otherwise."""
    membership = boards.own_membership(request.user, decision)
    assert membership is not None  # who may answer is a member
    form = AnswerForm(request.POST, decision=decision, options=list(decision.options.all()))
    if form.is_valid():
        try:
            actions.answer(decision, membership=membership, said=form.said, by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Your answer counts. You can change it until it closes."))
            return redirect(decision)
    return page(request, decision, form=form)


# GET, POST /decisions/<id>/answers/<membership>/
@access(can_enter_for, on=boards.for_somebody)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_for_somebody(request: HttpRequest, subject: tuple[Decision, Membership]) -> HttpResponse:
    """Enter what somebody said on paper or by phone; without names, nothing of before is shown."""
    decision, membership = subject
    ballot = None
    if decision.has_names:
        ballots = decision.ballots.filter(membership=membership).prefetch_related("choices")
        ballot = ballots.first()
    form = EditAnswerForm(
        request.POST if request.method == "POST" else None,
        decision=decision,
        options=list(decision.options.all()),
        ballot=ballot,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(decision, membership=membership, said=form.said, by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            sentence = _("Saved what %(name)s said.") % {"name": membership.enrollment}
            messages.success(request, sentence)
            return redirect(decision)
    context = {
        "community": decision.thread.community,
        "tab": "talk",
        "thread": decision.thread,
        "decision": decision,
        "membership": membership,
        "own_at": ballot.at if ballot and ballot.entered_by_id is None else None,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "conversations/decision_for_somebody.html", context, status=status)


# GET, POST /decision-objections/<id>/
@access(can_work_on, on=boards.ballot_of)
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, ballot: Ballot) -> HttpResponse:
    """Answer an objection: with a change, or with a reason why not."""
    form = ObjectionForm(
        request.POST if request.method == "POST" else None,
        initial={"way": ballot.way or Way.CHANGE, "reply": ballot.reply},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.work_through(ballot, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved. Whoever objected is asked whether it is resolved."))
            return redirect(ballot.decision)
    context = {
        "community": ballot.decision.thread.community,
        "tab": "talk",
        "thread": ballot.decision.thread,
        "decision": ballot.decision,
        "ballot": ballot,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "conversations/decision_objection.html", context, status=status)


# POST /decision-objections/<id>/resolution/
@access(can_resolve, on=boards.ballot_of)
@require_POST
def resolution(request: HttpRequest, ballot: Ballot) -> HttpResponse:
    """Say whether one's objection is resolved."""
    form = ResolutionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether it is resolved: yes or no."))
        return redirect(ballot.decision)
    try:
        actions.resolve(ballot, is_resolved=form.cleaned_data["is_resolved"], by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Saved."))
    return redirect(ballot.decision)
