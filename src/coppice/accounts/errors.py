"""Refusals of this room."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class LinkSpent(DomainError):
    """A sign-in link that has signed somebody in already, or is too old."""

    code = "sign_in_link_spent"
    sentence = _("This link has been used or is too old. Ask for a new one.")


class StillNeeded(DomainError):
    """Somebody cannot be erased before they have handed something over; the sentence says what."""

    code = "still_needed"


class AddressInUse(DomainError):
    """Somebody else has come to sign in with the address since it was asked for."""

    code = "address_in_use"
    sentence = _("Somebody signs in with this address already. Choose another one.")
