"""What to keep together, apart or balanced, and the answers on the roster that it can be about."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
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
    """What a rule asks for. CHOSEN is about organizations picked by name; those of MUST_HOLD must hold."""

    TOGETHER = "together", _("Keep together")
    APART = "apart", _("Keep apart")
    PEOPLE_TOGETHER = "people_together", _("Keep these people together")
    PEOPLE_APART = "people_apart", _("Keep these people apart")
    AT_MOST = "at_most", _("At most so many with one answer")
    AT_LEAST = "at_least", _("At least so many with this answer")
    SHARED_HOURS = "shared_hours", _("Hours when they can meet")
    WISHED_ONLY = "wished_only", _("Only topics that they wished for")
    ONLY_ABOUT = "only_about", _("Only in groups about these topics")
    CHOSEN = "chosen", _("Chosen organizations together")

    WISHES = "wishes", _("The topics that they wish for")
    TOPIC_WANTED = "topic_wanted", _("A topic in which they want help")
    COMMON_NEEDS = "common_needs", _("Needs that they share")
    KNOWN_HERE = "known_here", _("Somebody there can help")
    MEETING_HOURS = "meeting_hours", _("Hours when they can meet, if it can be")
    ALIKE = "alike", _("Alike, if it can be")
    DIVERSE = "diverse", _("Different, if it can be")
    BALANCED = "balanced", _("Balanced")
    SPREAD = "spread", _("One answer spread over all")
    ACCOMPANIED = "accompanied", _("Nobody the only one")
    ENOUGH = "enough", _("At least so many with this answer, if it can be")
    STAY = "stay", _("Stay where they were")
    SIZE = "size", _("About so many people")


MUST_HOLD = {
    Kind.TOGETHER,
    Kind.APART,
    Kind.PEOPLE_TOGETHER,
    Kind.PEOPLE_APART,
    Kind.AT_MOST,
    Kind.AT_LEAST,
    Kind.SHARED_HOURS,
    Kind.WISHED_ONLY,
    Kind.ONLY_ABOUT,
    Kind.CHOSEN,
}


@dataclass(frozen=True)
class Shape:
    """What a kind of rule is told beside its kind.

    `amount` is the usual one of those that count something (people, or hours of the week), 0 for the others;
    `answer` when it is about one answer to its field, `needs_answer` when it makes no sense without.
    """

    field: bool = False
    answer: bool = False
    needs_answer: bool = False
    amount: int = 0
    share: bool = False
    people: bool = False
    topics: bool = False
    needs_topics: bool = False


BY_FIELD = Shape(field=True)
SHAPES: Mapping[Kind, Shape] = {
    **dict.fromkeys([Kind.TOGETHER, Kind.APART, Kind.ALIKE, Kind.DIVERSE, Kind.BALANCED], BY_FIELD),
    Kind.PEOPLE_TOGETHER: Shape(people=True),
    Kind.PEOPLE_APART: Shape(people=True),
    Kind.AT_MOST: Shape(field=True, answer=True, amount=2),
    Kind.AT_LEAST: Shape(field=True, answer=True, needs_answer=True, amount=1),
    Kind.SHARED_HOURS: Shape(amount=1, share=True),
    Kind.WISHED_ONLY: Shape(needs_topics=True),
    Kind.ONLY_ABOUT: Shape(people=True, topics=True, needs_topics=True),
    Kind.CHOSEN: Shape(),
    Kind.WISHES: Shape(needs_topics=True),
    Kind.TOPIC_WANTED: Shape(needs_topics=True),
    Kind.COMMON_NEEDS: Shape(),
    Kind.KNOWN_HERE: Shape(),
    Kind.MEETING_HOURS: Shape(amount=2, share=True),
    Kind.SPREAD: Shape(field=True, answer=True, needs_answer=True),
    Kind.ACCOMPANIED: Shape(field=True, answer=True, amount=2),
    Kind.ENOUGH: Shape(field=True, answer=True, needs_answer=True, amount=1),
    Kind.STAY: Shape(),
    Kind.SIZE: Shape(amount=8),
}


class Weight(models.TextChoices):
    """How much an aim counts beside the others."""

    LOW = "low", _("a little")
    USUAL = "usual", _("as usual")
    HIGH = "high", _("a lot")


FACTORS: Mapping[Weight, float] = {Weight.LOW: 0.5, Weight.USUAL: 1.0, Weight.HIGH: 2.0}

EVERYBODY = 100
"""The share, in hundredths, of a group that has to be free: all who gave their hours."""

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
    """One rule of a formation; what it has beside its kind and `is_told` says its shape (SHAPES).

    organizations, people: ids of organizations and enrollments
    topics: names of topics
    value: the answer to `field` that it is about, as text; "" for every answer in turn
    amount: people, or hours of the week; 0 for the usual number of its kind
    share: of a group, in hundredths
    is_told: people may read in their invitation what the roster says of them here; of open attributes they
    may always
    """

    kind: Kind
    field: str = ""
    organizations: tuple[int, ...] = ()
    is_told: bool = False
    value: str = ""
    amount: int = 0
    share: int = EVERYBODY
    people: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    weight: Weight = Weight.USUAL

    @property
    def must_hold(self) -> bool:
        return self.kind in MUST_HOLD

    @property
    def shape(self) -> Shape:
        return SHAPES[self.kind]

    @property
    def number(self) -> int:
        """How many people or hours it asks for."""
        return self.amount or self.shape.amount

    @property
    def asked(self) -> "Rule":
        """What it asks, whatever it weighs and whoever may read it; the usual number need not be said."""
        return replace(self, is_told=False, weight=Weight.USUAL, amount=self.number)

    @property
    def field_label(self) -> str:
        """The field in words: our own fields are translated, a roster's column is called as it is there."""
        return label_of(self.field)

    def as_json(self) -> dict[str, Any]:
        """Return what a formation keeps of it: what is as usual is left out."""
        more = {
            "value": self.value,
            "amount": self.amount,
            "share": self.share if self.share != EVERYBODY else 0,
            "people": list(self.people),
            "topics": list(self.topics),
            "weight": "" if self.weight == Weight.USUAL else self.weight.value,
        }
        return {
            "kind": self.kind.value,
            "field": self.field,
            "organizations": list(self.organizations),
            "is_told": self.is_told,
            **{name: kept for name, kept in more.items() if kept},
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
            value=each.get("value", ""),
            amount=each.get("amount", 0),
            share=each.get("share", EVERYBODY),
            people=tuple(each.get("people", ())),
            topics=tuple(each.get("topics", ())),
            weight=Weight(each.get("weight", Weight.USUAL)),
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
    told = {key: [plain(value) for value in values] for key, values in found.items()}
    kept = {key: list(dict.fromkeys(v for v in values if v != "")) for key, values in told.items()}
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


LARGEST_NUMBER = 1e15
"""Up to here a float counts in whole steps; what is larger is no measure of people but a code: text."""


def number(value: str | float) -> float | None:
    """Return a number up to LARGEST_NUMBER, also one written as text ("3.5"); None for anything else."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if abs(found) <= LARGEST_NUMBER else None


def is_too_large(value: str | float) -> bool:
    """Say whether this reads as a number, but as one too large to reckon with ("1E100")."""
    try:
        found = float(value)
    except ValueError:
        return False
    return math.isfinite(found) and abs(found) > LARGEST_NUMBER


def text(value: str | float) -> str:
    """Return an answer as the name of a kind of people: 3.0 and "3" are one kind."""
    return written(value) if isinstance(value, float) else value


def written(value: float) -> str:
    """Return a number as people write it: whole ones in full, others to their last digit that counts."""
    if value.is_integer() and abs(value) <= LARGEST_NUMBER:
        return f"{value:.0f}"
    return f"{value:.15g}"


def plain(value: Any) -> str | float:
    """Return a cell of a roster as a number or as text: yes and no, and nothing, in words."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: ""}[value]
    if isinstance(value, int | float):
        return float(value)
    return str(value).strip()
