"""From an import's file and columns to what it would do to each person of the program."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import chain
from sys import intern
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import translation

from coppice.lib.sharing import SharedTexts
from coppice.lib.tables import Table, read_table
from coppice.programs.models import Affiliation, Program, RosterImport
from coppice.programs.rosters.comparison import KnownPerson, RowPlan, compare, index_known
from coppice.programs.rosters.looks import ColumnLook
from coppice.programs.rosters.matching import ColumnMatch, choose_columns
from coppice.programs.rosters.people import ATTRIBUTE, Value, is_empty
from coppice.programs.rosters.rows import RosterReading, read_rows

FIELDS = ("name", "email", "phone", "external_id", "job_title", "language", "time_zone", "access_needs")
AT_ONCE = 2000


def read(content: bytes, filename: str) -> Table:
    """Return the table in a file; raises TableRefused with the row and the reason."""
    return read_table(content, filename)


def looks(roster_import: RosterImport) -> list[ColumnLook]:
    """Return how the file's columns looked when it was read."""
    return [
        ColumnLook(
            look["header"], tuple(look["samples"]), look["leaves_order_open"], look.get("known_as", "")
        )
        for look in roster_import.seen
    ]


def keepable(seen: Iterable[ColumnLook]) -> list[dict[str, Any]]:
    """Return looks as an import keeps them."""
    return [asdict(look) for look in seen]


def chosen_columns(seen: Sequence[ColumnLook], columns: Sequence[str]) -> list[ColumnMatch]:
    """Return the matches for the fields chosen, one per column in order."""
    headers, known = [look.header for look in seen], [look.known_as for look in seen]
    return choose_columns(headers, dict(enumerate(columns)), known)


def attributes_of(program: Program) -> list[str]:
    """Return the attributes that people of a program's roster have, the one that most have first."""
    rows = program.enrollments.order_by("pk").values_list("attributes", flat=True)
    return [key for key, _people in Counter(chain.from_iterable(rows.iterator(AT_ONCE))).most_common()]


def reading_of(roster_import: RosterImport) -> RosterReading:
    """Return the people in an import's file by its chosen columns; raises TableRefused or NobodyNamed."""
    matches = chosen_columns(looks(roster_import), roster_import.columns)
    with translation.override(roster_import.program.language):
        return read_rows(
            read(bytes(roster_import.content), roster_import.filename),
            matches,
            day_first=roster_import.day_first,
        )


def answers_of(roster_import: RosterImport) -> dict[int, int]:
    """Return who a row is, by the number of its first line, as it was said of this import."""
    return {int(row): person for row, person in roster_import.answers.items()}


def plans(reading: RosterReading, roster: "Roster", answers: Mapping[int, int]) -> list[RowPlan]:
    """Return what a file would do to each person, in its order."""
    return compare(reading.rows, index_known(roster.people), answers)


type Place = tuple[int, int, int, bool]
"""An affiliation as (its id, enrollment, organization, whether they lead it)."""


@dataclass(frozen=True)
class Roster:
    """A program's roster at one moment: all that a comparison and its writing go by.

    `enrolled` are the accounts on it, `places` who belongs where, by enrollment. `stamp` differs as soon as
    anything of it has changed, so that a plan made outside a transaction can be trusted inside it.
    """

    people: Sequence[KnownPerson]
    enrolled: Set[int]
    places: Mapping[int, Sequence[Place]]
    stamp: str

    @classmethod
    def of(cls, program: Program) -> "Roster":
        """Read the roster, in three queries."""
        digest = _Digest()
        organizations = {row[0]: row[1] for row in digest.of(_organizations(program))}
        places: dict[int, list[Place]] = defaultdict(list)
        for place in digest.of(_places(program)):
            places[place[1]].append(place)
        people, enrolled, shared = [], set(), SharedTexts()
        for row in digest.of(_people(program)):
            people.append(_known(row, places.get(row[0], ()), organizations, shared))
            enrolled.add(row[1])
        return cls(people, enrolled, places, digest.stamp)


def stamp(program: Program) -> str:
    """Return the stamp of the roster as it is now, without keeping anything of it."""
    digest = _Digest()
    for rows in (_organizations(program), _places(program), _people(program)):
        for _row in digest.of(rows):
            pass
    return digest.stamp


class _Digest:
    """Rows on their way past, digested."""

    def __init__(self) -> None:
        self._digest = blake2b(digest_size=16)

    def of(self, rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            self._digest.update(repr(row).encode())
            yield row
        self._digest.update(b"|")

    @property
    def stamp(self) -> str:
        return self._digest.hexdigest()


def _organizations(program: Program) -> Iterator[Any]:
    rows = program.organizations.order_by("pk").values_list("pk", "name", "area", "kind")
    return rows.iterator(AT_ONCE)


def _places(program: Program) -> Iterator[Any]:
    rows = Affiliation.objects.filter(enrollment__program=program).order_by("pk")
    return rows.values_list("pk", "enrollment_id", "organization_id", "is_lead").iterator(AT_ONCE)


def _people(program: Program) -> Iterator[Any]:
    """Yield everybody; their JSON stays text, which is quick to read and to digest."""
    texts = {f"{name}_text": Cast(name, TextField()) for name in ("attributes", "imported")}
    rows = program.enrollments.order_by("pk").annotate(**texts)
    return rows.values_list("pk", "person_id", "person__email", "ended_at", *FIELDS, *texts).iterator(AT_ONCE)


def _known(
    row: Sequence[Any], places: Sequence[Place], organizations: Mapping[int, str], shared: SharedTexts
) -> KnownPerson:
    pk, _person, account_email, ended_at, *said, attributes, imported = row
    belongs_to = tuple(organizations[organization] for _place, _enrollment, organization, _lead in places)
    known = {
        intern(key): shared.of(value) if isinstance(value, str) else value
        for key, value in json.loads(imported).items()
    }
    current: dict[str, Value | None] = {
        **dict(zip(FIELDS, said, strict=True)),
        "organizations": list(belongs_to),
        "is_leader": any(place[3] for place in places) if places else None,
        **{intern(ATTRIBUTE + key): value for key, value in json.loads(attributes).items()},
    }
    return KnownPerson(
        id=pk,
        current={
            key: _one_of(value, known.get(key)) for key, value in current.items() if not is_empty(value)
        },
        imported=known,
        organizations=belongs_to,
        account_email=account_email or "",
        has_left=ended_at is not None,
    )


def _one_of(value: Value | None, same: Value | None) -> Any:
    """Hold an equal value once rather than twice: a roster is most of the memory that an import takes."""
    return same if value == same and type(value) is type(same) else value
