"""What a member says to a decision from a mail, behind a signed link: GET shows, the button's POST acts."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coppice.communities.charter_forms import ResolutionForm
from coppice.communities.models import Membership
from coppice.conversations.actions import decisions as actions
from coppice.conversations.circle import circle_of
from coppice.conversations.decision_forms import AnswerForm
from coppice.conversations.decision_links import answer_path, own_decision_of
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.decision_permissions import can_answer, can_resolve
from coppice.conversations.decision_wording import HOW
from coppice.conversations.decision_words import Reader, Shown
from coppice.conversations.remark_models import Remark
from coppice.conversations.silence import why_silent
from coppice.conversations.views.decisions import shows_other_time
from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.languages import answer_in
from coppice.lib.markdown import to_html

type Asked = tuple[Decision, Membership]


def by_link(page: Callable[[HttpRequest, Asked], HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a page to whoever holds the link, in the language and zone of the person it was made for."""

    def in_their_language(request: HttpRequest, asked: Asked) -> HttpResponse:
        with timezone.override(asked[1].zone):
            return answer_in(asked[1].language, page, request, asked)

    return access(anyone, on=own_decision_of, signed_out=True)(never_cache(in_their_language))


# GET /own-decisions/<token>/
@by_link
@require_safe
def own_decision(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The question, with the form for one's own answer while it is open."""
    return _show(request, asked)


# POST /own-decisions/<token>/answer/
@by_link
@require_POST
def own_answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Record what one says; where one may not say it any more, the page tells why."""
    decision, membership = asked
    if not can_answer(membership.person, decision):
        return _show(request, asked, status=422)
    form = AnswerForm(request.POST, decision=decision, options=list(decision.options.all()))
    if form.is_valid():
        try:
            actions.answer(decision, membership=membership, said=form.said, by=membership.person)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Your answer counts. You can change it until it closes."))
            return redirect(answer_path(decision, membership))
    return _show(request, asked, form=form, status=422)


# POST /own-decisions/<token>/resolution/
@by_link
@require_POST
def own_resolution(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Record whether one's objection, which was answered, is resolved."""
    decision, membership = asked
    objection = _objection_of(decision, membership)
    if objection is None:
        messages.error(request, _("No objection of yours waits for this any more."))
        return redirect(answer_path(decision, membership))
    form = ResolutionForm(request.POST)
    if form.is_kept(partial(actions.resolve, objection, by=membership.person)):
        messages.success(request, _("Thank you. It is saved."))
        return redirect(answer_path(decision, membership))
    return _show(request, asked, resolution=form, status=422)


def _show(
    request: HttpRequest,
    asked: Asked,
    *,
    form: Form | None = None,
    resolution: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    decision, membership = asked
    community, person = decision.thread.community, membership.person
    own = decision.ballots.filter(membership=membership).prefetch_related("choices").first()
    objection = _objection_of(decision, membership)
    if form is None and can_answer(person, decision):
        form = AnswerForm(decision=decision, options=list(decision.options.all()), ballot=own)
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    circle, reader = circle_of(community), Reader(decision, person)
    question = reader.sees(Remark.Part.QUESTION)
    context = {
        "community": community,
        "decision": decision,
        "how": HOW[Decision.Kind(decision.kind)],
        "background": to_html(decision.background) if not question.is_hidden or question.is_own else "",
        "outcome": _unflagged(reader.sees(Remark.Part.OUTCOME)),
        "opener": circle.called(decision.opened_by_id),
        "other_zone": shows_other_time(decision),
        "own": own,
        "form": form,
        "why_silent": why_silent(person, community, decision.thread),
        "objection": objection,
        "reply": _unflagged(reader.sees(Remark.Part.REPLY, objection)) if objection else None,
        "resolution": resolution or ResolutionForm.about(objection),
        "answer_url": reverse("conversations:own_answer", args=[token]),
        "resolution_url": reverse("conversations:own_resolution", args=[token]),
    }
    return render(request, "conversations/own_decision.html", context, status=status)


def _unflagged(shown: Shown) -> Shown:
    """The same without the way to flag it, which is for who is signed in."""
    return replace(shown, flag_url="")


def _objection_of(decision: Decision, membership: Membership) -> Ballot | None:
    """One's own objection that was answered, while one can call it resolved."""
    answered = decision.ballots.filter(membership=membership, stance=Ballot.Stance.OBJECT)
    ballot = answered.exclude(reply="").select_related("membership").first()
    if ballot is None:
        return None
    ballot.decision = decision
    return ballot if can_resolve(membership.person, ballot) else None
