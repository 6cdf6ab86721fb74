"""Signing in by the link from a mail, and by a password."""

from allauth.account import views as allauth_views
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from allauth.account.utils import get_login_redirect_url, get_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coppice.accounts import actions, queries
from coppice.accounts.errors import LinkSpent
from coppice.accounts.forms import PasswordSignInForm
from coppice.accounts.queries import SignInLink
from coppice.history.middleware import without_receipt
from coppice.lib.access import access, anyone


class PasswordView(allauth_views.LoginView):
    """Allauth's sign-in page with the password field that our code-first settings leave out."""

    form_class = PasswordSignInForm
    template_name = "accounts/password.html"


# GET, POST /sign-in/<token>/
@access(anyone, on=queries.sign_in_link_of, signed_out=True)
@without_receipt  # a receipt would answer a second click without the session that the first one opened
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, link: SignInLink) -> HttpResponse:
    """Ask on GET, because mail scanners open links; sign in on POST, once."""
    person = link.person
    next_url = get_next_redirect_url(request, REDIRECT_FIELD_NAME)
    if person is None and request.user.is_authenticated:
        return redirect(get_login_redirect_url(request, next_url))
    if person is None:
        return render(request, "accounts/sign_in_spent.html", status=410)
    if request.method != "POST":
        return render(request, "accounts/sign_in.html", {"person": person})
    try:
        actions.spend_sign_in_link(person)
    except LinkSpent:
        return render(request, "accounts/sign_in_spent.html", status=410)
    if request.user.is_authenticated and request.user.pk != person.pk:
        logout(request, show_message=False)
    record_authentication(request, person, method="code", email=person.email)
    return perform_login(request, Login(user=person, email=person.email, redirect_url=next_url))
