"""How allauth speaks through Coppice: its mail goes through the outbox, and nobody signs up uninvited."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import passthrough_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coppice.accounts.links import make_sign_in_token
from coppice.accounts.models import Person
from coppice.notifications.actions import send

CHANGES = {
    "account/email/password_set": _("You set a password."),
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_reset": _("Your password was set anew."),
    "mfa/email/totp_activated": _("An authenticator app was added."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed."),
    "mfa/email/webauthn_added": _("A passkey or security key was added."),
    "mfa/email/webauthn_removed": _("A passkey or security key was removed."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation links, never by an open sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write allauth's mail into the outbox, where the demo and the retries are."""
        person = Person.objects.with_email(email).first()
        if person is None:
            return
        if template_prefix == "account/email/login_code":
            self._send_sign_in(person, code=context["code"])
        elif template_prefix == "account/email/password_reset_key":
            _send(person, "accounts/email/password_reset", do_path=_path(context["password_reset_url"]))
        else:
            _send(person, "accounts/email/security", change=CHANGES[template_prefix], **_origin(context))

    def _send_sign_in(self, person: Person, *, code: str) -> None:
        """Send link and code in one mail: the link works on any device, the code in the open window."""
        path = reverse("accounts:sign_in", args=[make_sign_in_token(person)])
        path = passthrough_next_redirect_url(self.request, path, REDIRECT_FIELD_NAME)
        _send(person, "accounts/email/sign_in", do_path=path, code=code)


def _send(person: Person, template: str, **context: Any) -> None:
    """Write one mail; who chose no language of their own reads it in that of the page where they asked."""
    occasion = f"{template.rpartition('/')[2]}:{uuid.uuid4().hex}"
    send(
        recipient=person,
        occasion=occasion,
        template=template,
        context=context,
        language=get_language(),
        time_zone=get_current_timezone_name(),
    )


def _path(url: str) -> str:
    """Return an address without its host: allauth takes that from the request, which anybody can make up."""
    return urlsplit(url).path


def _origin(context: dict[str, Any]) -> dict[str, Any]:
    return {name: context[name] for name in ("ip", "user_agent", "timestamp")}
