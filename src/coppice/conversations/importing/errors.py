"""Why an archive is refused, and what to do then."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class ArchiveRefused(DomainError):
    """A file from which nothing can be brought in."""

    code = "archive_refused"


class NoArchive(ArchiveRefused):
    """The file is of no kind that is read."""

    code = "no_archive"
    sentence = _(
        "This is no archive that we can read. Take an mbox file, an export of Slack or Discourse, or a table "
        "as CSV."
    )


class NothingInIt(ArchiveRefused):
    """There is nothing in the file that anybody wrote."""

    code = "nothing_in_it"
    sentence = _("Nothing in this file was written by anybody. Look whether it is the right one.")


class BrokenArchive(ArchiveRefused):
    """The file is damaged."""

    code = "broken_archive"
    sentence = _("This file is damaged, or was not loaded down to its end. Fetch it once more.")


class ArchiveTooLarge(ArchiveRefused):
    """The file holds more than is read."""

    code = "archive_too_large"
    sentence = _("This file is larger than what we read. Cut it, for example into years, and bring in each.")


class PartTooLarge(ArchiveRefused):
    """One JSON file holds more than is read at once."""

    code = "part_too_large"
    sentence = _(
        "A JSON file in this archive is larger than 16 MB, more than is read at once. Export a shorter "
        "time, or cut that file into several, each a list of its own."
    )


class TooManyEntries(ArchiveRefused):
    """The file holds more posts than are read."""

    code = "too_many_entries"
    sentence = _(
        "There are more than 200,000 posts in this file. Cut it, for example into years, and bring in each."
    )
