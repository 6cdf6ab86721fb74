"""Refusals of this room."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class NotFailed(DomainError):
    """Somebody asked to send a mail again that has left, or is still being tried."""

    code = "mail_not_failed"
    sentence = _("This mail has left already, or is still being tried. There is nothing to send again.")


class NotABrowser(DomainError):
    """What came to knock at is no address and keys as browsers give them."""

    code = "push_not_a_browser"
    sentence = _("This browser gave nothing that we can use. Try another one; mail comes in any case.")
