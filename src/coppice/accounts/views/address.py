"""Changing the address that one signs in with: asked for here, confirmed by a link mailed to the new one."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.ratelimit import consume, respond_429
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coppice.accounts import actions, queries
from coppice.accounts.errors import AddressInUse
from coppice.accounts.forms import AddressForm
from coppice.accounts.links import AddressLink
from coppice.accounts.views import reader
from coppice.lib.access import access, signed_in


# GET, POST /me/address/
@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Ask for a link to another address; the answer is the same whether somebody has that address or not."""
    person = reader(request)
    if not did_recently_reauthenticate(request):
        return redirect_to_login(request.path, "account_reauthenticate")
    form = AddressForm(request.POST if request.method == "POST" else None, person=person)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/address.html", {"form": form}, status=status)
    email = form.cleaned_data["email"]
    # Each is counted: what one person asks for, and what one mailbox is sent.
    if not (consume(request, action="manage_email") and consume(request, action="confirm_email", key=email)):
        return respond_429(request)
    actions.ask_for_address(person, email=email, by=person)
    return render(request, "accounts/address_asked.html", {"email": email})


# GET, POST /me/address/<token>/
@access(signed_in, on=queries.address_link_of)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, link: AddressLink) -> HttpResponse:
    """Ask on GET, change on POST. Only who asked can: a link mailed to a mistyped address opens nothing."""
    person = reader(request)
    if link.email is None:
        return render(request, "accounts/address_spent.html", status=410)
    if request.method != "POST":
        return render(request, "accounts/address_confirmation.html", {"email": link.email})
    try:
        actions.change_address(person, email=link.email, by=person)
    except AddressInUse as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("accounts:address")
    messages.success(request, _("From now on you sign in with %(email)s.") % {"email": link.email})
    return redirect("accounts:me")
