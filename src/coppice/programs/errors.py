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


class SomebodyErased(DomainError):
    """A file that may name somebody erased would bring them back."""

    code = "somebody_erased"
    sentence = _(
        "While this file waited, somebody had everything about them erased. So we threw the file away, and "
        "brought nothing in. If it names them, take their row out; then upload it again."
    )


class FileIsTooOld(DomainError):
    """A file waited for so long that it has to go."""

    code = "file_is_too_old"
    sentence = _("This file waited for 30 days, so we threw it away. Upload it again.")


class RosterChanged(DomainError):
    """The roster changed between comparing a file with it and applying the file."""

    code = "roster_changed"
    sentence = _("The roster changed in the meantime, so nothing was brought in. Try again.")


class ImportRefused(DomainError):
    """A job refused the import; the sentence is the one that it wrote down."""

    code = "import_refused"


class SamePersonTwice(DomainError):
    """Two rows of a file, with two addresses, would be one person."""

    code = "same_person_twice"
    sentence = _("Two rows cannot be the same person. Say of one of them that it is somebody else.")
