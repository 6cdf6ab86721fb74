"""What an archive is, told by its content: a mailbox, an export of Slack or Discourse, a table."""

from typing import IO

from coppice.conversations.importing import discourse, packed, sheets
from coppice.conversations.importing.errors import NoArchive
from coppice.conversations.importing.mbox import is_mbox
from coppice.conversations.importing.unpacking import start_of
from coppice.lib.tables import TableRefused

MAIL, SLACK, DISCOURSE, TABLE = "mail", "slack", "discourse", "table"


def kind_of(file: IO[bytes], name: str) -> str:
    """Return what an unpacked file is. Raises NoArchive, BrokenArchive, ArchiveTooLarge, a TableRefused."""
    if is_mbox(start_of(file)):
        return MAIL
    if packed.has(file, "users.json", "channels.json"):
        return SLACK
    if discourse.is_discourse(file):
        return DISCOURSE
    try:
        table = sheets.table_of(file, name)
    except TableRefused as refusal:
        if refusal.code in {"empty_file", "no_rows", "not_a_spreadsheet", "no_header"}:
            raise NoArchive from None
        raise
    if len(table.header) < 2 and not any(sheets.guess(table)):
        raise NoArchive
    return TABLE
