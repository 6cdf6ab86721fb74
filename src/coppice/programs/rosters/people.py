"""The people of a roster as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from sys import intern

from coppice.programs.rosters.headers import fold
from coppice.programs.rosters.identity import Identity
from coppice.programs.rosters.problems import RowProblem, Severity

type Value = str | int | float | bool | list[str]

ATTRIBUTE = "attributes."
"""What stands before the key of an attribute in `RosterRow.values`."""


@dataclass(frozen=True, slots=True)
class RosterOrganization:
    """An organization as a roster names it; area and kind are empty when the roster does not say."""

    name: str
    area: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of a roster, from one row or several (`numbers`, as the spreadsheet program shows them).

    `name` is never empty unless the row is skipped; `has_own_name` is false where it was made from an ID, an
    email address or a phone. `email` is in lower case, `phone` digits with perhaps a plus, `language` a code,
    `time_zone` an IANA name, each empty when missing or wrong. `is_leader` is None when the roster does not
    say. `attributes` holds whatever else the row says. Keys of our own, beside those of unknown columns:
    wishes, free_hours (slots such as "mon-09"), keep_with, keep_apart, needs, expertise, languages (all
    lists), notes, joined_on (ISO date), answered_at (ISO date and time), area and kind (of no named
    organization).
    """

    numbers: tuple[int, ...]
    name: str
    given_name: str = ""
    family_name: str = ""
    has_own_name: bool = True
    email: str = ""
    phone: str = ""
    organizations: tuple[RosterOrganization, ...] = ()
    job_title: str = ""
    external_id: str = ""
    language: str = ""
    time_zone: str = ""
    access_needs: str = ""
    is_leader: bool | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[RowProblem, ...] = ()

    @property
    def is_skipped(self) -> bool:
        return any(problem.severity == Severity.SKIP for problem in self.problems)

    @property
    def identity(self) -> Identity:
        return Identity.of(
            email=self.email,
            external_id=self.external_id,
            phone=self.phone,
            name=self.name if self.has_own_name else "",
            organizations=[organization.name for organization in self.organizations],
        )

    def values(self) -> dict[str, Value]:
        """Return everything the row says, by field, fit for JSON; what it does not say is absent.

        Keys are name, email, phone, external_id, job_title, language, time_zone, access_needs, is_leader,
        organizations (names) and "attributes.…". A name that was made up is not said.
        """
        said: dict[str, Value | None] = {
            "name": self.name if self.has_own_name else "",
            "email": self.email,
            "phone": self.phone,
            "external_id": self.external_id,
            "job_title": self.job_title,
            "language": self.language,
            "time_zone": self.time_zone,
            "access_needs": self.access_needs,
            "is_leader": self.is_leader,
            "organizations": [organization.name for organization in self.organizations],
        }
        said.update({intern(ATTRIBUTE + key): value for key, value in self.attributes.items()})
        return {key: value for key, value in said.items() if value is not None and not is_empty(value)}


@dataclass(frozen=True, slots=True)
class RosterReading:
    """A whole roster: its people in the order of their first rows, and the headers of its attributes by "
    "key."""

    rows: tuple[RosterRow, ...]
    labels: Mapping[str, str]

    @property
    def organizations(self) -> tuple[RosterOrganization, ...]:
        """Every organization once, with the area and kind that the last row to say so gave it."""
        merged: dict[str, RosterOrganization] = {}
        for organization in (place for row in self.rows for place in row.organizations):
            known = merged.get(fold(organization.name), organization)
            merged[fold(organization.name)] = RosterOrganization(
                known.name, organization.area or known.area, organization.kind or known.kind
            )
        return tuple(merged.values())


def is_empty(value: object) -> bool:
    """Whether a value says nothing; False and 0 say something."""
    return value is None or value == "" or value == []
