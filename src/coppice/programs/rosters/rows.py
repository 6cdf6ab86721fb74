"""The people of a roster: every row read, repeated people joined, problems said row by row."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from coppice.lib.tables import Table
from coppice.programs.rosters.companions import Companions
from coppice.programs.rosters.drafts import Draft, draft_rows
from coppice.programs.rosters.fields import Field
from coppice.programs.rosters.headers import fold
from coppice.programs.rosters.matching import ColumnMatch, require_people
from coppice.programs.rosters.people import RosterOrganization, RosterReading, RosterRow, Value
from coppice.programs.rosters.problems import NOBODY, RowProblem, warning
from coppice.programs.rosters.repeats import full_name, join_repeats

__all__ = ["RosterOrganization", "RosterReading", "RosterRow", "Value", "read_rows"]

LONGEST_NAME = 200
TOTAL = re.compile(
    r"^(?:(?:grand|gran|sub|overall) ?)?(?:totals?|totales|sum|suma)"
    r"(?: (?:general|people|participants|members|rows|count|personas|participantes|filas|of|de|\d+))*$"
)
ROLE_MAILBOXES = frozenset(
    [
        "admin",
        "contact",
        "enquiries",
        "frontdesk",
        "general",
        "hello",
        "help",
        "info",
        "inquiries",
        "mail",
        "office",
        "reception",
        "staff",
        "support",
        "team",
        "contacto",
        "correo",
        "oficina",
        "recepcion",
        "secretaria",
    ]
)


def read_rows(
    table: Table, matches: Sequence[ColumnMatch], *, day_first: bool | None = None
) -> RosterReading:
    """Read a table's rows as people.

    `day_first` settles dates such as 01/03/2026 in a column that does not settle them itself; without it they
    are left out with a warning. Only names that are made up follow the language of the reader. Raises
    NobodyNamed when no column tells people apart.
    """
    require_people(matches)
    drafts = draft_rows(table, matches, day_first=day_first)
    del table  # its cells are in the drafts now, and memory is dear
    people = join_repeats(drafts)
    _spell_alike(people)
    companions = Companions(filter(None, map(full_name, people)))
    return RosterReading(
        rows=tuple(_row(draft, companions) for draft in people),
        labels={match.key: match.header for match in matches if match.field == Field.ATTRIBUTE},
    )


def _row(draft: Draft, companions: Companions) -> RosterRow:
    texts, own_name = draft.texts, full_name(draft)
    name = own_name or _made_up_name(draft)
    problems = draft.problems + companions.problems(draft.attributes) + ([] if name else [NOBODY])
    problems += _nobody_in_person(draft, own_name)
    return RosterRow(
        numbers=tuple(draft.numbers),
        name=name[:LONGEST_NAME],
        given_name=texts.get(Field.GIVEN_NAME, ""),
        family_name=texts.get(Field.FAMILY_NAME, ""),
        has_own_name=bool(own_name),
        email=texts.get(Field.EMAIL, ""),
        phone=texts.get(Field.PHONE, ""),
        organizations=tuple(draft.organizations),
        job_title=texts.get(Field.JOB_TITLE, ""),
        external_id=texts.get(Field.EXTERNAL_ID, ""),
        language=texts.get(Field.LANGUAGE, ""),
        time_zone=texts.get(Field.TIME_ZONE, ""),
        access_needs=texts.get(Field.ACCESS_NEEDS, ""),
        is_leader=draft.is_leader,
        attributes=draft.attributes,
        problems=tuple(problems),
    )


def _nobody_in_person(draft: Draft, own_name: str) -> list[RowProblem]:
    """Warn of a row that is perhaps no person: the sum of a column, or an office with a mailbox."""
    called = own_name or draft.texts.get(Field.EXTERNAL_ID, "")
    if TOTAL.match(fold(called)):
        return [warning("perhaps_a_total", text=called)]
    email = draft.texts.get(Field.EMAIL, "")
    if not own_name and email.split("@")[0] in ROLE_MAILBOXES:
        return [warning("role_mailbox", text=email)]
    return []


def _spell_alike(people: list[Draft]) -> None:
    """Spell each organization as its first row does, so that "ACORN" and "Acorn" are one."""
    spelled: dict[str, str] = {}
    for draft in people:
        draft.organizations = [
            replace(place, name=spelled.setdefault(fold(place.name), place.name))
            for place in draft.organizations
        ]


def _made_up_name(draft: Draft) -> str:
    """A person without a name is called by ID, else by the front of the email address, else by phone."""
    external_id = draft.texts.get(Field.EXTERNAL_ID)
    if external_id:
        return _("Person %(id)s") % {"id": external_id}
    email = draft.texts.get(Field.EMAIL, "")
    return email.split("@")[0] or draft.texts.get(Field.PHONE, "")
