"""Refusals of this room."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class LinkSpent(DomainError):
    """A sign-in link that has signed somebody in already, or is too old."""

    code = "sign_in_link_spent"
    sentence = _("This link has been used or is too old. Ask for a new one.")
