"""What accounts writes to people about the address that they sign in with."""

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coppice.accounts.links import make_address_token
from coppice.accounts.models import Person
from coppice.notifications.actions import send


def confirm_address(person: Person, *, email: str) -> None:
    """Mail a link to the new address, to show that its mail is read."""
    path = reverse("accounts:address_confirmation", args=[make_address_token(person, email=email)])
    _send(person, "confirm_address", to_address=email, email=email, do_path=path, do_label=_("Confirm it"))


def address_in_use(owner: Person) -> None:
    """Tell whoever has an address that another account asked for it; who that was is not said."""
    path = reverse("account_login")
    _send(owner, "address_in_use", email=owner.email, do_path=path, do_label=_("Sign in"))


def address_changed(person: Person, *, old: str) -> None:
    """Tell the old address that it no longer signs in."""
    _send(person, "address_changed", to_address=old)


def _send(person: Person, template: str, *, to_address: str = "", **context: Any) -> None:
    send(
        recipient=person,
        occasion=f"{template}:{uuid.uuid4().hex}",
        template=f"accounts/email/{template}",
        to_address=to_address,
        context=context,
    )
