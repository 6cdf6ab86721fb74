"""From an import's file and columns to what it would do to each person of the program."""

from collections.abc import Sequence

from coppice.lib.tables import Table, read_table
from coppice.programs.models import Enrollment, Program, RosterImport
from coppice.programs.rosters.comparison import KnownPerson, RowPlan, compare, index_known
from coppice.programs.rosters.matching import ColumnMatch, choose_columns
from coppice.programs.rosters.people import ATTRIBUTE, Value, is_empty
from coppice.programs.rosters.rows import RosterReading, read_rows

FIELDS = ("name", "email", "phone", "external_id", "job_title", "language", "time_zone", "access_needs")


def read(content: bytes, filename: str) -> Table:
    """Return the table in a file; raises TableRefused with the row and the reason."""
    return read_table(content, filename)


def chosen_columns(table: Table, columns: Sequence[str]) -> list[ColumnMatch]:
    """Return the matches for the fields chosen, one per column in order."""
    return choose_columns(table, dict(enumerate(columns)))


def reading_of(roster_import: RosterImport) -> RosterReading:
    """Return the people in an import's file by its chosen columns; raises TableRefused or NobodyNamed."""
    table = read(bytes(roster_import.content), roster_import.filename)
    return read_rows(table, chosen_columns(table, roster_import.columns))


def plans(roster_import: RosterImport) -> list[RowPlan]:
    """Return what the import would do to each person, in the order of the file."""
    return compare(reading_of(roster_import).rows, index_known(known_people(roster_import.program)))


def known_people(program: Program) -> list[KnownPerson]:
    """Return a program's roster as the comparison knows it, in two queries."""
    return [
        KnownPerson(
            id=enrollment.pk,
            current=current_values(enrollment),
            imported=enrollment.imported,
            organizations=tuple(place.organization.name for place in enrollment.affiliations.all()),
        )
        for enrollment in program.enrollments.order_by("pk").prefetch_related("affiliations__organization")
    ]


def current_values(enrollment: Enrollment) -> dict[str, Value]:
    """Return what the roster says of a person now, by the keys of RosterRow.values (affiliations loaded)."""
    affiliations = list(enrollment.affiliations.all())
    said: dict[str, Value | None] = {name: getattr(enrollment, name) for name in FIELDS}
    said["organizations"] = [place.organization.name for place in affiliations]
    said["is_leader"] = any(place.is_lead for place in affiliations) if affiliations else None
    said |= {ATTRIBUTE + key: value for key, value in enrollment.attributes.items()}
    return {key: value for key, value in said.items() if value is not None and not is_empty(value)}
