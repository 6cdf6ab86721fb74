"""What programs refuse, and what to do then."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class AwardEndsTooEarly(DomainError):
    """The award would end before it starts."""

    code = "award_ends_too_early"
    sentence = _("The award ends before it starts. Choose a later end date.")


class LastAdministrator(DomainError):
    """Nobody would be left to look after the provider."""

    code = "last_administrator"
    sentence = _("This is the last administrator. Make somebody else an administrator first.")


class AddressTaken(DomainError):
    """Two people of one roster would share an address."""

    code = "address_taken"
    sentence = _("Somebody on this roster has that address already. Look for them in the list of people.")


class PersonIsErased(DomainError):
    """Somebody who had themself erased cannot be brought back."""

    code = "person_is_erased"
    sentence = _(
        "This person had themself erased. If they want to take part again, add them as somebody new."
    )


class ImportIsOver(DomainError):
    """The import was applied or refused already."""

    code = "import_is_over"
    sentence = _("This file was dealt with already. Upload it again to start anew.")


class ImportRefused(DomainError):
    """A job refused the import; the sentence is the one that it wrote down."""

    code = "import_refused"


class SamePersonTwice(DomainError):
    """Two rows of a file, with two addresses, would be one person."""

    code = "same_person_twice"
    sentence = _("Two rows cannot be the same person. Say of one of them that it is somebody else.")
