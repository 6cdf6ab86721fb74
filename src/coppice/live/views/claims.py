"""A guest's place becomes a known person's: by their phone, by a mailed link, or by a host's hand."""

from typing import Any

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.live import links
from coppice.live.actions import claims as actions
from coppice.live.errors import NotOnRoster
from coppice.live.forms import AddressForm
from coppice.live.models import Participant
from coppice.live.permissions import can_host_participant
from coppice.live.queries import (
    Claim,
    claim_by_link,
    claim_of,
    known_to_host,
    participant_by_link,
    participant_of,
)
from coppice.live.views.screens import by_link, in_their_language

A_PAGE = 30


# GET, POST /live/<token>/keeping/
@by_link(participant_by_link)
@require_http_methods(["GET", "HEAD", "POST"])
def keeping(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Let a guest say who they are: signed in, or by a mail to an address that the program knows."""
    return in_their_language(participant, _keeping, request, participant)


# GET, POST /live-claims/<token>/
@by_link(claim_by_link)
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, claim: Claim) -> HttpResponse:
    """Ask whoever was mailed whether the guest was they; only the button makes it so."""
    return in_their_language(claim.participant, _claim, request, claim)


# GET, POST /live-participants/<id>/person/
@access(can_host_participant, on=participant_of)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Say who a guest is: somebody of the roster."""
    roster = known_to_host(request.user, participant.room).select_related("person")
    refused = None
    if request.method == "POST":
        chosen = roster.filter(pk=id_in(request.POST.get("enrollment", ""))).first()
        try:
            if chosen is None:
                raise NotOnRoster
            actions.claim(participant, person=chosen.person, by=request.user)
        except DomainError as error:
            refused = str(error.sentence)
        else:
            said = _("%(guest)s is %(name)s from now on.")
            messages.success(request, said % {"guest": participant, "name": chosen})
            return redirect("live:people", participant.room_id)
    query = " ".join(request.GET.get("q", "").split())
    same_name = Case(When(name__iexact=participant.name, then=Value(0)), default=Value(1))
    found = roster.filter(name__icontains=query).order_by(same_name, "name", "pk")
    page = Paginator(found.prefetch_related("organizations"), A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"room": participant.room, "participant": participant, "page": page, "q": query}
    context["errors"] = (refused,) if refused else ()
    return render(request, "live/person.html", context, status=422 if refused else 200)


# POST /live-participants/<id>/parting/
@access(can_host_participant, on=participant_of)
@require_POST
def parting(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Make a place a guest's again."""
    try:
        actions.part(participant, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("%(name)s is a guest again.") % {"name": participant.guest_name})
    return redirect("live:people", participant.room_id)


def _keeping(request: HttpRequest, participant: Participant) -> HttpResponse:
    own = claim_of(participant, request.user)
    comes_as_known = bool(own.known) and "known" in request.POST
    form = AddressForm(request.POST if request.method == "POST" and not comes_as_known else None)
    asked = ""
    errors: tuple[str, ...] = ()
    try:
        if comes_as_known:
            return _done(request, actions.claim(participant, person=request.user, by=request.user))
        if form.is_bound and (
            form.is_valid() or not participant.is_guest
        ):  # else their place is taken by now
            asked = form.cleaned_data.get("email", "")
            if _may_ask(request, participant, asked):
                actions.ask(participant, email=asked)
            else:
                errors = (_("Enough mails for now. Try again in an hour, or ask the host."),)
    except DomainError as refused:
        errors = (str(refused.sentence),)
    context = {"claim": own, "room": participant.room, "participant": participant, "form": form}
    context |= {"asked": asked, "errors": errors, "next": request.path}
    context |= {"base": links.phone_path(participant)}
    return render(request, "live/keeping.html", context, status=422 if errors or form.errors else 200)


def _claim(request: HttpRequest, claim: Claim) -> HttpResponse:
    errors: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            return _done(request, actions.claim(claim.participant, person=claim.person, by=claim.person))
        except DomainError as refused:
            errors = (str(refused.sentence),)
    context = {"claim": claim, "room": claim.participant.room, "participant": claim.participant}
    is_theirs = claim.participant.person_id == claim.person.pk
    context |= {"errors": errors, "is_theirs": is_theirs, "base": ""}
    if is_theirs:
        context["base"] = links.phone_path(claim.participant)
    return render(request, "live/claim.html", context, status=422 if errors else 200)


def _done(request: HttpRequest, participant: Participant) -> HttpResponse:
    said = _("Kept. In this room you are %(name)s from now on, and what you did as a guest is yours.")
    messages.success(request, said % {"name": participant})
    return redirect(links.phone_path(participant))


def _may_ask(request: HttpRequest, participant: Participant, email: str) -> bool:
    # Each is counted: what one guest asks for, and what one mailbox is sent.
    keys = {"guest_asks": str(participant.pk), "mailbox_asked": email.lower()}
    limits = settings.GUEST_MAIL_LIMITS
    return all(
        consume(request, app="live", action=each, config=limits, key=key) for each, key in keys.items()
    )
