"""What can stop a backup or its return."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class HomeInUse(DomainError):
    code = "home_in_use"
    sentence = _("Coppice already lives here: restore into an empty COPPICE_HOME, or use --replace.")


class NotABackup(DomainError):
    code = "not_a_backup"
    sentence = _("This file is not a whole Coppice backup, so nothing was changed: fetch it again.")


class WrongDatabase(DomainError):
    code = "wrong_database"
    sentence = _("The backup comes from another kind of database: set COPPICE_DATABASE_URL to that kind.")


class ToolMissing(DomainError):
    code = "tool_missing"
    sentence = _("PostgreSQL's own tools are needed (pg_dump, pg_restore): install postgresql-client.")


class ToolFailed(DomainError):
    code = "tool_failed"
    sentence = _("PostgreSQL's tools could not do it; what they said stands above.")


class CannotWrite(DomainError):
    code = "cannot_write"
    sentence = _("The backup could not be written there: look at the folder and the room on its disk.")
