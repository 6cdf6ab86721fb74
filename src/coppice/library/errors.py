"""What the library refuses, and what to do then."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class TooManyFolders(DomainError):
    """A community has as many folders as anybody still overlooks."""

    code = "too_many_folders"
    sentence = _(
        "There are 12 folders, as many as anybody keeps in mind. Use topics, or do without one folder."
    )


class FolderExists(DomainError):
    """A folder of this name is there."""

    code = "folder_exists"
    sentence = _("There is a folder of this name already. Choose another name, or use that one.")


class NothingKept(DomainError):
    """A version would hold nothing."""

    code = "nothing_kept"
    sentence = _("Write something first, choose a file, or give an address.")


class NotWhole(DomainError):
    """A file is still on its way."""

    code = "not_whole"
    sentence = _("This file is not here as a whole yet. Choose it again, and it goes on where it stopped.")


class WrongPlace(DomainError):
    """A piece does not follow what is here."""

    code = "wrong_place"
    sentence = _("This piece does not follow what is here already. Ask how far it is, and go on from there.")


class TooLarge(DomainError):
    """A file is larger than this installation takes."""

    code = "too_large"
    sentence = _("This file is too large. Make it smaller, or put in a link to where it lies.")


class LibraryFull(DomainError):
    """The library of a community holds as much as this installation gives it."""

    code = "library_full"
    sentence = _(
        "The library is full. Throw away files that nobody needs, or put in a link to where this lies."
    )


class TooManyUploads(DomainError):
    """A person has several files on their way already."""

    code = "too_many_uploads"
    sentence = _("Several of your files are on their way already. Finish one, or throw it away.")


class NotTaken(DomainError):
    """A file of a kind that the library does not take."""

    code = "not_taken"
    sentence = _(
        "The library does not take files of this kind, because opening one may run a program. "
        "Save it as PDF, as text or in an office format without macros."
    )


class NotWhatItSays(DomainError):
    """A file's content is of another kind than its name says."""

    code = "not_what_it_says"
    sentence = _(
        "This file is of another kind than its name says. Save it anew in its program, and try again."
    )


class NotToBeTold(DomainError):
    """Somebody whose story a practice is does not want it told."""

    code = "not_to_be_told"
    sentence = _(
        "Somebody whose story this is does not want it told. Change it so that they can say yes, or put it "
        "aside."
    )


class VoicesMissing(DomainError):
    """Somebody whose story a practice is has not answered yet, and was asked not long ago."""

    code = "voices_missing"
    sentence = _(
        "Not everybody whose story this is has answered. Wait for them: two weeks after they were asked it "
        "can be published without their names."
    )


class NotThere(DomainError):
    """A practice is not where this step begins: somebody was quicker, or it was taken back."""

    code = "not_there"
    sentence = _("This practice has gone on meanwhile. Look at where it stands now, then choose again.")
