"""Commitments of a community: what each said they would do, and what came of it; from a mail as well."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities import practice_ways
from coppice.communities.actions import commitments as actions
from coppice.communities.commitment_board import board_of
from coppice.communities.commitment_forms import ChangeForm, CommitmentForm, OutcomeForm
from coppice.communities.commitment_models import Commitment
from coppice.communities.errors import NotTheirCommitment
from coppice.communities.links import commitment_path, own_commitment_of
from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_lead, can_take_part, can_tell
from coppice.communities.queries import community_of
from coppice.communities.views.roles import own_membership
from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.languages import answer_in
from coppice.ui.edits import changed_since, mark

WORDS = (Commitment.Word.RIGHT, Commitment.Word.NOT_MINE)
OTHER_WORDS = gettext_lazy(
    "This was changed after you opened the page, and nothing is saved yet. Read what it says now, then "
    "answer."
)


# GET /communities/<id>/commitments/
@access(can_take_part, on=community_of)
@require_safe
def commitments(request: HttpRequest, community: Community) -> HttpResponse:
    """What waits, what came of the rest, and how many of those due are done."""
    leads, own = can_lead(request.user, community), own_membership(request, community)
    may_keep = own is not None and own.state == Membership.State.ACTIVE
    context = {
        "community": community,
        "tab": "plan",
        "board": board_of(community, leads=leads),
        "own": own,
        "leads": leads,
        "keep_url": practice_ways.keep_url(community, is_leader=own.is_leader) if own and may_keep else "",
    }
    return render(request, "communities/commitments.html", context)


# GET, POST /communities/<id>/commitments/new/
@access(can_take_part, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def new_commitment(request: HttpRequest, community: Community) -> HttpResponse:
    """Write down one's own commitment, or for whoever leads that of any member."""
    own = own_membership(request, community)
    leads = can_lead(request.user, community)
    data = request.POST if request.method == "POST" else None
    form = CommitmentForm(data, community=community, own=own, leads=leads)
    if request.method == "POST" and form.is_valid():
        said = {"membership": own, **form.cleaned_data}
        try:
            actions.make(by=request.user, **said)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("It is written down."))
            return redirect("communities:commitments", community.pk)
    context = {"community": community, "tab": "plan", "form": form}
    return render(request, "communities/commitment_form.html", context, status=422 if form.is_bound else 200)


def commitment_of(person: Any, *, commitment_id: int) -> Commitment:
    """Return a commitment in a community that the person may know of; raises Http404 otherwise."""
    rows = Commitment.objects.visible_to(person).select_related(
        "community__program__provider", "membership__enrollment", "membership__person"
    )
    return get_object_or_404(rows, pk=commitment_id)


# GET, POST /commitments/<id>/
@access(can_tell, on=commitment_of)
@require_http_methods(["GET", "HEAD", "POST"])
def commitment(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """Say what came of a commitment, or change its words and its day."""
    form = ChangeForm(request.POST if request.method == "POST" else None, commitment=commitment)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.change(commitment, what=said["what"], due_on=said["due_on"], by=request.user)
            actions.tell(commitment, state=said["state"], outcome=said["outcome"], by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("communities:commitments", commitment.community_id)
    is_own = commitment.membership.person_id == request.user.pk
    context = {
        "community": commitment.community,
        "tab": "plan",
        "commitment": commitment,
        "form": form,
    }
    if commitment.word == Commitment.Word.NOT_MINE and not is_own:
        context["refusal"] = NotTheirCommitment.sentence
    if commitment.word and is_own:
        context["word_path"] = commitment_path(commitment, commitment.membership)
    return render(request, "communities/commitment_form.html", context, status=422 if form.is_bound else 200)


# GET /own-commitments/<token>/?state=done
@access(anyone, on=own_commitment_of, signed_out=True)
@never_cache
@require_safe
def own_commitment(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """One's own commitment, from a mail: what came of it, with the answer chosen that was clicked."""
    asked = request.GET.get("state", "")
    chosen = asked if asked in Commitment.State.values else commitment.state
    form = OutcomeForm(initial={"state": chosen, "outcome": commitment.outcome})
    return answer_in(commitment.membership.language, _show_own, request, commitment, form)


# POST /own-commitments/<token>/outcome/
@access(anyone, on=own_commitment_of, signed_out=True)
@never_cache
@require_POST
def own_commitment_outcome(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """Record what came of one's own commitment."""
    return answer_in(commitment.membership.language, _tell, request, commitment)


# POST /own-commitments/<token>/word/
@access(anyone, on=own_commitment_of, signed_out=True)
@never_cache
@require_POST
def own_commitment_word(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """Record whether what somebody else wrote down for one is right."""
    return answer_in(commitment.membership.language, _give_word, request, commitment)


def _give_word(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    word = request.POST.get("word", "")
    form = OutcomeForm(initial={"state": commitment.state, "outcome": commitment.outcome})
    if word not in WORDS:
        return _show_own(request, commitment, form, problem=_("Choose one of the two answers."))
    if _reads_otherwise_now(request, commitment):
        return _show_own(request, commitment, form, problem=str(OTHER_WORDS))
    actions.give_word(commitment, word=word, by=commitment.membership.person)
    messages.success(request, _("Thank you. It is saved, and you can change it here."))
    return redirect(commitment_path(commitment, commitment.membership))


def _tell(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    form = OutcomeForm(request.POST)
    if _reads_otherwise_now(request, commitment):
        return _show_own(request, commitment, form, problem=str(OTHER_WORDS))
    if not form.is_valid():
        return _show_own(request, commitment, form)
    actions.tell(commitment, by=commitment.membership.person, **form.cleaned_data)
    messages.success(request, _("Thank you. It is saved, and you can change it here."))
    return redirect(commitment_path(commitment, commitment.membership))


def _stands(commitment: Commitment) -> dict[str, object]:
    """What a person says yes or no to, as their own page showed it."""
    return {"what": commitment.what, "due_on": commitment.due_on}


def _reads_otherwise_now(request: HttpRequest, commitment: Commitment) -> bool:
    """Whether the words or the day were changed after the page was opened that is answered."""
    return bool(changed_since(request.POST.get("read", ""), _stands(commitment)))


def _show_own(
    request: HttpRequest, commitment: Commitment, form: OutcomeForm, *, problem: str = ""
) -> HttpResponse:
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    asked = request.GET.get("word", "")
    chosen = asked if asked in WORDS and asked != commitment.word else ""
    is_telling = form.is_bound or request.GET.get("state", "") in Commitment.State.values
    context = {
        "commitment": commitment,
        "community": commitment.community,
        "form": form,
        "words": [(word, word.label, word == chosen) for word in WORDS],
        "to_confirm": Commitment.Word(chosen).label if chosen else "",
        "problem": problem,
        "read": mark(_stands(commitment)),
        "waits_for_word": commitment.word == Commitment.Word.ASKED and not is_telling,
        "word_url": reverse("communities:own_commitment_word", args=[token]),
        "outcome_url": reverse("communities:own_commitment_outcome", args=[token]),
    }
    status = 422 if form.is_bound or problem else 200
    return render(request, "communities/own_commitment.html", context, status=status)
