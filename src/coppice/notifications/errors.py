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


class NotANumber(DomainError):
    """What somebody wrote is no number that can be texted from here."""

    code = "text_not_a_number"
    sentence = _("We cannot text this number. Write it with its area code, such as 555 123 4567.")


class TooManyCodes(DomainError):
    """A person or a number has had as many codes as there are in a day."""

    code = "text_too_many_codes"
    sentence = _("That was the third code today. Try again tomorrow; mail comes in any case.")


class NumberStopped(DomainError):
    """Whoever holds a number has answered STOP."""

    code = "text_number_stopped"
    sentence = _("This number answered STOP. Send START from it to our texts first, then enter it again.")


class WrongCode(DomainError):
    """A code that is not the one which was sent, or came too late or too often."""

    code = "text_wrong_code"
    sentence = _("This is not the code, or it is older than ten minutes. Look again, or ask for a new one.")
