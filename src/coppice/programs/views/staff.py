"""Who works for a provider, and who funds its programs."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.programs import actions
from coppice.programs.errors import LastAdministrator
from coppice.programs.forms import FunderForm, StaffForm
from coppice.programs.models import Program, Provider, Staff
from coppice.programs.permissions import can_administer, can_run
from coppice.programs.queries import program_of, provider_of


@dataclass(frozen=True)
class PostOfProvider:
    """One post, with the provider through which it was reached."""

    provider: Provider
    post: Staff


def post_of(person: Any, *, provider_id: int, post_id: int) -> PostOfProvider:
    """Return an active post of a provider that the person works for; raises Http404 otherwise."""
    provider = provider_of(person, provider_id=provider_id)
    post = get_object_or_404(provider.staff.filter(is_active=True).select_related("person"), pk=post_id)
    return PostOfProvider(provider=provider, post=post)


def can_end_post(person: Any, held: PostOfProvider) -> bool:
    """Say whether this person may end the post: the provider's administrators."""
    return can_administer(person, held.provider)


# GET, POST /providers/<id>/staff/
@access(can_administer, on=provider_of)
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest, provider: Provider) -> HttpResponse:
    form = StaffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.add_staff(provider, by=request.user, **form.cleaned_data)
        except LastAdministrator as refusal:
            form.add_error("role", refusal.sentence)
        else:
            messages.success(request, _("%(name)s was added and told by mail.") % {"name": post.called})
            return redirect("programs:staff", provider.pk)
    context = {
        "provider": provider,
        "form": form,
        "posts": provider.staff.filter(is_active=True).order_by("name", "pk"),
    }
    return render(request, "programs/staff.html", context, status=422 if form.errors else 200)


# POST /providers/<id>/staff/<post>/end/
@access(can_end_post, on=post_of)
@require_POST
def end_post(request: HttpRequest, held: PostOfProvider) -> HttpResponse:
    try:
        actions.remove_staff(held.post, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("%(name)s no longer works here.") % {"name": held.post.called})
    return redirect("programs:staff", held.provider.pk)


# GET, POST /programs/<id>/funders/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def funders(request: HttpRequest, program: Program) -> HttpResponse:
    form = FunderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        seat = actions.seat_funder(program, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s can now read the counts.") % {"name": seat.called})
        return redirect("programs:funders", program.pk)
    context = {
        "program": program,
        "form": form,
        "seats": program.funder_seats.order_by("name", "pk"),
    }
    return render(request, "programs/funders.html", context, status=422 if form.errors else 200)
