"""What accounts does when allauth tells of a change."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest


@receiver(authenticator_added)
def note_possession(request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
    """Take adding an app or a key for the confirmation that it is: do not ask for it again a second later."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request,
            user,
            method="mfa",
            id=authenticator.pk,
            type=authenticator.type,
            reauthenticated=True,
        )
