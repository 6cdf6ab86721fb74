"""Addresses of accounts: our own pages under `accounts:`, and each allauth view that we show, by its name.

A view of allauth that is not listed here cannot be reached. Each goes through our door. None keeps a receipt
of the form sent: the answers belong to one session (which signing in replaces), may hold secrets, and the
count of failed attempts must not be undone or skipped; allauth itself makes a second sending harmless.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpResponse
from django.urls import include, path, re_path

from coppice.accounts.views import address, me, privacy, public, sign_in
from coppice.history.middleware import without_receipt
from coppice.lib.access import access, anyone, signed_in


def _open(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    return access(anyone, signed_out=True)(without_receipt(view))


def _own(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    return access(signed_in)(without_receipt(view))


pages = [
    path("me/", me.me, name="me"),
    path("me/address/", address.address, name="address"),
    path("me/address/<str:token>/", address.confirmation, name="address_confirmation"),
    path("me/security/sessions/others/end/", me.end_other_sessions, name="end_other_sessions"),
    path("me/security/sessions/<int:session_id>/end/", me.end_session, name="end_session"),
    path("me/privacy/", privacy.privacy, name="privacy"),
    path("me/privacy/download/", privacy.download, name="download"),
    path("me/privacy/links/end/", privacy.end_links, name="end_links"),
    path("me/privacy/erasure/", privacy.erasure, name="erasure"),
    path("erased/", public.erased, name="erased"),
    path("sign-in/password/", _open(sign_in.PasswordView.as_view()), name="password"),
    path("sign-in/<str:token>/", sign_in.sign_in, name="sign_in"),
]

entrance = [
    path("sign-in/", _open(account.login), name="account_login"),
    path("sign-in/code/", _open(account.request_login_code), name="account_request_login_code"),
    path("sign-in/code/check/", _open(account.confirm_login_code), name="account_confirm_login_code"),
    path("sign-in/passkey/", _open(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/second-step/", _open(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/suspended/", _open(account.account_inactive), name="account_inactive"),
    path("sign-in/password/forgotten/", _open(account.password_reset), name="account_reset_password"),
    path(
        "sign-in/password/forgotten/sent/",
        _open(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(  # the key holds hyphens too
        r"^sign-in/password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$",
        _open(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "sign-in/password/new/done/",
        _open(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("sign-out/", _open(account.logout), name="account_logout"),
]

security = [
    path("", _own(mfa.index), name="mfa_index"),
    path("sessions/", me.sessions, name="usersessions_list"),
    path("password/", _own(account.password_change), name="account_change_password"),
    path("password/new/", _own(account.password_set), name="account_set_password"),
    path("confirm/", _own(account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", _own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("confirm/passkey/", _own(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("authenticator/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("authenticator/removal/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery-codes/", _own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/new/",
        _own(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/file/",
        _own(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", _own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/new/", _own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", _own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/removal/", _own(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
]

urlpatterns = [
    path("", include(entrance)),
    path("me/security/", include(security)),
    path("", include((pages, "accounts"))),
]
