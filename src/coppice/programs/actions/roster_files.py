"""The file of an import is thrown away: once dealt with, when it is old, or when it names somebody erased."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from coppice.lib.errors import DomainError
from coppice.programs.actions.roster_lines import forget_lines
from coppice.programs.errors import FileIsTooOld, SomebodyErased
from coppice.programs.models import Enrollment, RosterImport
from coppice.programs.roster_reading import read

State = RosterImport.State
OVER = (State.APPLIED, State.REFUSED)
FILE = ("content", "seen")


def empty(roster_import: RosterImport) -> None:
    """Take the file and the samples of its cells out of an import; the caller saves `FILE`."""
    roster_import.content = b""
    roster_import.seen = [{**look, "samples": []} for look in roster_import.seen]


def refuse(roster_import: RosterImport, refusal: DomainError) -> None:
    """End an import without doing anything, and throw its file away.

    The sentence is kept in the language of who brought the file.
    """
    by = roster_import.by
    with translation.override((by and by.language) or roster_import.program.language):
        sentence = str(refusal.sentence)
    roster_import.state = State.REFUSED
    roster_import.refusal = {"code": refusal.code, "sentence": sentence}
    empty(roster_import)
    roster_import.save(update_fields=["state", "refusal", *FILE])
    forget_lines(roster_import)


def forget_files_with(person: Any) -> None:
    """Throw away every open file that may name somebody who is being erased, in the caller's transaction.

    Of the programs that know them it is each open file, because names and ids can be written in many ways; of
    other programs it is each that holds an address of theirs. Files that were dealt with are gone already.
    """
    known = Enrollment.objects.filter(person=person)
    programs = set(known.values_list("program", flat=True))
    addresses = {person.email or "", *known.values_list("email", flat=True)} - {""}
    for roster_import in list(_waiting()):
        if roster_import.program_id in programs or _holds(roster_import, addresses):
            refuse(roster_import, SomebodyErased())


@transaction.atomic
def throw_away_files(*, before: datetime) -> None:
    """Refuse every file that came in before a moment, and that nobody dealt with since."""
    for roster_import in list(_waiting().filter(created_at__lt=before)):
        refuse(roster_import, FileIsTooOld())


def _waiting() -> QuerySet[RosterImport]:
    """Files that nobody dealt with yet; each is loaded when it is looked into."""
    waiting = RosterImport.objects.exclude(state__in=OVER).select_related("program", "by").defer("content")
    return waiting.select_for_update(of=("self",)).order_by("pk")


def _holds(roster_import: RosterImport, addresses: set[str]) -> bool:
    """Say whether some cell holds one of these addresses; a file that cannot be read might."""
    if not addresses:
        return False
    try:
        table = read(bytes(roster_import.content), roster_import.filename)
    except DomainError:
        return True
    wanted = {address.casefold() for address in addresses}
    cells = (cell.casefold() for row in table.rows for cell in row.cells if "@" in cell)
    return any(address in cell for cell in cells for address in wanted)
