"""What a format refuses, and what to do instead."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class TableChanged(DomainError):
    code = "table_changed"
    sentence = _("Your table has changed meanwhile. Look who sits with you now.")


class NotOpen(DomainError):
    code = "not_open"
    sentence = _("This step is not open. Wait until the host opens it.")
