"""What to keep together, apart or balanced, and the answers on the roster that it can be about."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coppice.communities.wording import COLUMN as ATTRIBUTE
from coppice.communities.wording import is_open
from coppice.formation.models import Formation
from coppice.programs.wording import attribute_label

type Answers = Mapping[str, list[str | float]]


class Kind(models.TextChoices):
    """The first two must hold; the others are aimed for. CHOSEN is about organizations picked by name."""

    TOGETHER = "together", _("Keep together")
    APART = "apart", _("Keep apart")
    ALIKE = "alike", _("Alike, if it can be")
    BALANCED = "balanced", _("Balanced")
    ACCOMPANIED = "accompanied", _("Nobody the only one")
    CHOSEN = "chosen", _("Chosen organizations together")


MUST_HOLD = {Kind.TOGETHER, Kind.APART, Kind.CHOSEN}

FIELDS: Mapping[str, str | Promise] = {
    "organization": _("organization"),
    "area": _("area"),
    "kind": _("type of organization"),
    "language": _("language"),
    "time_zone": _("time zone"),
    "job_title": _("job title"),
}


def label_of(key: str) -> str:
    """Return a field in words: ours translated, a roster's column as `programs.wording` calls it."""
    return str(FIELDS[key]) if key in FIELDS else attribute_label(key.removeprefix(ATTRIBUTE))


@dataclass(frozen=True)
class Rule:
    """One rule of a formation; `organizations` (ids) only for the kind CHOSEN, which has no field.

    `is_told` when people may read in their invitation what the roster says of them here; of open attributes
    they may always.
    """

    kind: Kind
    field: str = ""
    organizations: tuple[int, ...] = ()
    is_told: bool = False

    @property
    def must_hold(self) -> bool:
        return self.kind in MUST_HOLD

    @property
    def field_label(self) -> str:
        """The field in words: our own fields are translated, a roster's column is called as it is there."""
        return label_of(self.field)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "field": self.field,
            "organizations": list(self.organizations),
            "is_told": self.is_told,
        }


@dataclass(frozen=True, slots=True)
class House:
    """An organization that somebody on the roster belongs to."""

    pk: int
    name: str
    area: str
    kind: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """What a roster tells of one person, as formation reads it; `pk` is the enrollment's."""

    pk: int
    name: str
    language: str
    time_zone: str
    job_title: str
    attributes: Mapping[str, Any]
    organizations: tuple[House, ...]


@dataclass(frozen=True)
class Field:
    """Something that a roster tells of its people: `is_number` when every answer is a number."""

    key: str
    label: str
    is_number: bool


def rules_of(formation: Formation) -> list[Rule]:
    """Return a formation's rules in their order."""
    return [
        Rule(
            kind=Kind(each["kind"]),
            field=each.get("field", ""),
            organizations=tuple(each.get("organizations", ())),
            is_told=bool(each.get("is_told")),
        )
        for each in formation.rules
    ]


def may_be_told(formation: Formation) -> Callable[[str], bool]:
    """Return what says of a field whether people may read it: open ones, and those that a rule ticks."""
    ticked = {rule.field for rule in rules_of(formation) if rule.is_told}
    return lambda field: is_open(field) or field in ticked


def answers_of(row: RosterRow) -> dict[str, list[str | float]]:
    """Return what the roster tells of a person, by field; what is not answered is left out.

    A person in two organizations has two answers; a list in the attributes gives one answer for each of its
    values.
    """
    return answers_in(row, None)


def answers_in(row: RosterRow, fields: Collection[str] | None) -> dict[str, list[str | float]]:
    """Return the answers to these fields alone, where not all are wanted."""
    found: dict[str, list[Any]] = {
        key: read(row) for key, read in _READERS.items() if fields is None or key in fields
    }
    for name, value in row.attributes.items():
        if fields is None or ATTRIBUTE + name in fields:
            found[ATTRIBUTE + name] = list(value) if isinstance(value, list) else [value]
    plain = {key: [_plain(value) for value in values] for key, values in found.items()}
    kept = {key: list(dict.fromkeys(v for v in values if v != "")) for key, values in plain.items()}
    return {key: values for key, values in kept.items() if values}


_READERS: Mapping[str, Callable[[RosterRow], list[Any]]] = {
    "organization": lambda row: [organization.name for organization in row.organizations],
    "area": lambda row: [organization.area for organization in row.organizations],
    "kind": lambda row: [organization.kind for organization in row.organizations],
    "language": lambda row: [row.language],
    "time_zone": lambda row: [row.time_zone],
    "job_title": lambda row: [row.job_title],
}


def fields_of(answers: Iterable[Answers]) -> list[Field]:
    """Return the fields that somebody has answered: ours first, then the roster's columns by name."""
    numeric: dict[str, bool] = {}
    for each in answers:
        for key, values in each.items():
            if numeric.get(key, True):
                is_number = key not in FIELDS and len(values) == 1 and number(values[0]) is not None
                numeric[key] = is_number
    own = [key for key in FIELDS if key in numeric]
    columns = sorted(key for key in numeric if key not in FIELDS)
    return [
        Field(
            key=key,
            label=label_of(key),
            is_number=numeric[key],
        )
        for key in [*own, *columns]
    ]


def number(value: str | float) -> float | None:
    """Return a finite number, also one written as text ("3.5"); None for anything else."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def text(value: str | float) -> str:
    """Return an answer as the name of a kind of people: 3.0 and "3" are one kind."""
    return f"{value:g}" if isinstance(value, float) else value


def _plain(value: Any) -> str | float:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: ""}[value]
    if isinstance(value, int | float):
        return float(value)
    return str(value).strip()
