"""What a member says about a charter from a mail: GET shows, the button's POST acts."""

from functools import partial

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coppice.communities.actions import charters as actions
from coppice.communities.charter_board import parts_of
from coppice.communities.charter_forms import ConsentForm, ResolutionForm
from coppice.communities.charter_models import Charter, Consent
from coppice.communities.links import charter_path, own_charter_of
from coppice.communities.models import Membership
from coppice.communities.views.charters import said_by
from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.languages import answer_in

type Asked = tuple[Charter, Membership]


# GET /own-charters/<token>/?answer=agree
@access(anyone, on=own_charter_of, signed_out=True)
@never_cache
@require_safe
def own_charter(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The version, and what one says about it, with the answer chosen that was clicked."""
    return answer_in(asked[1].language, _show, request, asked)


# POST /own-charters/<token>/consent/
@access(anyone, on=own_charter_of, signed_out=True)
@never_cache
@require_POST
def own_charter_consent(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Record what one says about the version."""
    return answer_in(asked[1].language, _consent, request, asked)


# POST /own-charters/<token>/resolution/
@access(anyone, on=own_charter_of, signed_out=True)
@never_cache
@require_POST
def own_charter_resolution(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Record whether one's objection is resolved."""
    return answer_in(asked[1].language, _resolve, request, asked)


def _consent(request: HttpRequest, asked: Asked) -> HttpResponse:
    charter, membership = asked
    form = ConsentForm(request.POST)
    if form.is_valid():
        try:
            actions.consent(charter, membership=membership, by=membership.person, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Thank you. You can change it until the last day."))
            return redirect(charter_path(charter, membership))
    return _show(request, asked, form, status=422)


def _resolve(request: HttpRequest, asked: Asked) -> HttpResponse:
    charter, membership = asked
    objection = _objection_of(charter, membership)
    form = ResolutionForm(request.POST)
    if objection and form.is_kept(partial(actions.resolve, objection, by=membership.person)):
        messages.success(request, _("Thank you. It is saved."))
        return redirect(charter_path(charter, membership))
    return _show(request, asked, resolution=form, status=422)


def _show(
    request: HttpRequest,
    asked: Asked,
    form: Form | None = None,
    *,
    resolution: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    charter, membership = asked
    given = charter.consents.filter(membership=membership).first()
    older = charter.community.charters.filter(number__lt=charter.number).first()
    clicked = request.GET.get("answer", "")
    chosen = {"answer": clicked} if clicked in Consent.Answer.values else {}
    objection = _objection_of(charter, membership)
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    context = {
        "charter": charter,
        "community": charter.community,
        "parts": parts_of(charter, charter.plan, older),
        "older": older,
        "given": given,
        "objection": objection,
        "form": form or ConsentForm(initial={**said_by(given), **chosen}),
        "resolution": resolution or ResolutionForm.about(objection),
        "consent_url": reverse("communities:own_charter_consent", args=[token]),
        "pdf_url": reverse("communities:own_charter_pdf", args=[token]),
        "docx_url": reverse("communities:own_charter_docx", args=[token]),
        "resolution_url": reverse("communities:own_charter_resolution", args=[token]),
    }
    return render(request, "communities/own_charter.html", context, status=status)


def _objection_of(charter: Charter, membership: Membership) -> Consent | None:
    """One's own objection that was answered, and so can be called resolved."""
    answered = charter.consents.filter(membership=membership, answer=Consent.Answer.OBJECT)
    return answered.exclude(reply="").first()
