"""The public problem format: what `spec.json` and `participants.csv` say, and nothing passed over."""

import dataclasses
import difflib
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from engines.grouping import aims as a
from engines.grouping import rules as r
from engines.grouping.problem import MOST_NUMBER, MOST_SLOTS, Group, Person, Problem, ProblemError
from engines.grouping.spots import Spot, listed

SPECIAL = {"id", "needs", "prefs", "avail", "prev_group"}
EXPERTISE = "exp_"

AIMS: dict[str, Callable[..., a.Aim]] = {
    "similar_cat": a.Alike,
    "diverse_cat": a.Diverse,
    "similar_num": a.AlikeNumbers,
    "diverse_num": a.DiverseNumbers,
    "balance_num": a.Balanced,
    "distribute": a.Proportional,
    "no_isolate": a.NobodyIsolated,
    "min_count": a.EnoughOf,
    "topic_need": a.TopicWanted,
    "common_need": a.CommonNeeds,
    "coverage": a.Coverage,
    "availability": a.MeetingHours,
    "preference": a.Wishes,
    "stability": a.Stability,
    "size": a.SizeNear,
}
RENAMED = {"id": "name", "attr": "attribute", "atleast": "at_least"}
PUBLIC = {ours: public for public, ours in RENAMED.items()}

COLUMNS: Mapping[str, str] = {
    "topic_need": "needs",
    "common_need": "needs",
    "coverage": "needs",
    "availability": "avail",
    "preference": "prefs",
    "stability": "prev_group",
}
"""The column that a type of criterion reads, besides those that its `attr` names."""

FIELDS = ("version", "seed", "mode", "n", "slots", "topics", "expert_level", "groups", "hard", "criteria")
ALIKE = 0.75
"""From so much likeness on a name in the spec counts as another one misspelt."""

HARD = ("keep_apart", "keep_together", "locked", "allowed", "max_same", "min_count")
NUMERIC = (a.AlikeNumbers, a.DiverseNumbers, a.Balanced)

MOST_LEVEL = 1000
"""No level of expertise is higher."""


def problem_of(
    spec: Any, rows: Iterable[Mapping[str, str]], *, columns: Sequence[str] | None = None
) -> Problem:
    """The problem in `spec.json` and the rows of `participants.csv` (`shared/data/grouping`).

    Columns other than id, needs, prefs, avail, prev_group and exp_<topic> are categories, and numbers too
    where they read as one. An empty cell is no answer. Beside its own fields a spec may have others that do
    not look like one of them misspelt; inside of groups, rules and criteria no name is passed over.

    columns: those that there are; whatever the spec asks for has to be among them (None: anything is taken).
    Raises ProblemError, which says where what stands and what would do, when the two do not fit together.
    """
    whole = Spot(spec, "spec.json").entries()
    if "groups" not in whole:
        raise ProblemError("spec.json: groups is lacking")
    for name, spot in whole.items():
        meant = difflib.get_close_matches(name, FIELDS, 1, ALIKE)
        if meant and name not in FIELDS:
            raise ProblemError(f"{spot.way}: this name is unknown; {meant[0]} would do")
    groups = tuple(map(_group, whole["groups"].items()))
    rules = tuple(_rules(_given(whole, "hard", {}), columns))
    aims = tuple(_aim(spot, columns) for spot in _given(whole, "criteria", []).items())
    slots = _given(whole, "slots", 0)
    if slots.whole() > MOST_SLOTS:
        raise slots.wrong(f"a number up to {MOST_SLOTS}")
    numeric = {aim.attribute for aim in aims if isinstance(aim, NUMERIC)}
    people = tuple(map(_Reader(numeric, slots.whole()).person, rows))
    if columns is not None and any(isinstance(aim, a.Coverage) for aim in aims):
        _look_for_experts(people, columns)
    level = _given(whole, "expert_level", 3).whole()
    return Problem(people, groups, rules, aims, slots=slots.whole(), expert_level=level)


def _given(whole: dict[str, Spot], name: str, otherwise: Any) -> Spot:
    """A field of the spec, or what counts where it is absent."""
    return whole.get(name) or Spot(otherwise, f"spec.json, {name}")


def _group(spot: Spot) -> Group:
    fields = spot.fields(("id", "min", "max"), ("topic", "optional"))
    topic, optional = fields.get("topic"), fields.get("optional")
    return Group(
        id=fields["id"].name(),
        minimum=fields["min"].whole(),
        maximum=fields["max"].whole(),
        topic=topic.text() if topic and topic.value != "" else None,
        optional=optional.flag() if optional else False,
    )


def _rules(hard: Spot, columns: Sequence[str] | None) -> Iterator[r.Rule]:
    given = hard.fields((), HARD)

    def each(name: str) -> list[Spot]:
        return given[name].items() if name in given else []

    for spot in each("keep_apart"):
        yield r.KeepApart(*spot.pair())
    for spot in each("keep_together"):
        yield r.KeepTogether(spot.texts())
    for spot in each("locked"):
        fields = spot.fields(("id", "group"), ())
        yield r.Locked(fields["id"].text(), fields["group"].text())
    for person, groups in given["allowed"].entries().items() if "allowed" in given else ():
        yield r.AllowedGroups(person, groups.texts())
    for spot in each("max_same"):
        fields = spot.fields(("attr", "max"), ())
        yield r.AtMost(_attribute(fields["attr"], columns), fields["max"].whole())
    for spot in each("min_count"):
        fields = spot.fields(("attr", "value", "count"), ())
        count = fields["count"].whole()
        yield r.AtLeast(_attribute(fields["attr"], columns), fields["value"].text(), count)


def _aim(spot: Spot, columns: Sequence[str] | None) -> a.Aim:
    kinds = spot.entries()
    if "type" not in kinds:
        raise ProblemError(f"{spot.way}: type is lacking")
    if kinds["type"].text() not in AIMS:
        raise kinds["type"].wrong(listed(AIMS))
    kind = typing.cast("type[a.Aim]", AIMS[kinds["type"].value])
    fields, hints = dataclasses.fields(kind), typing.get_type_hints(kind)
    public = {PUBLIC.get(field.name, field.name): field for field in fields}
    needed = [name for name, field in public.items() if field.default is dataclasses.MISSING]
    given = spot.fields(["type", *needed], [name for name in public if name not in needed])
    column = COLUMNS.get(given.pop("type").value)
    if column and columns is not None and column not in columns:
        raise ProblemError(f"{spot.way}: participants.csv has no column {column}, which this reads")
    if "attr" in given:
        _attribute(given["attr"], columns)
    return kind(**{public[name].name: _READ[hints[public[name].name]](each) for name, each in given.items()})


_READ: Mapping[Any, Callable[[Spot], Any]] = {
    str: Spot.text,
    int: Spot.whole,
    float: Spot.number,
    bool: Spot.flag,
    tuple[float, ...]: Spot.numbers,
    tuple[str, ...] | types.NoneType: Spot.texts,
}


def _attribute(spot: Spot, columns: Sequence[str] | None) -> str:
    """The name of a column that people have an attribute in."""
    name = spot.name()
    if columns is not None:
        free = [each for each in columns if each not in SPECIAL and not each.startswith(EXPERTISE)]
        if name not in free:
            would_do = f"{listed(free)} would do" if free else "it has none with people's attributes"
            raise ProblemError(f"{spot.way}: participants.csv has no such column as {name}; {would_do}")
    return name


def _look_for_experts(people: Iterable[Person], columns: Sequence[str]) -> None:
    known = {name.removeprefix(EXPERTISE) for name in columns if name.startswith(EXPERTISE)}
    for person in people:
        for topic in person.needs or ():
            if topic not in known:
                raise ProblemError(
                    f"participants.csv, needs of {person.id}: there is no column {EXPERTISE}{topic}, in "
                    "which coverage looks for who knows it"
                )


class _Reader:
    """Makes people of rows; equal words, numbers and lists become one object, which a large file needs."""

    def __init__(self, numeric: set[str], slots: int) -> None:
        self.numeric = numeric
        self.slots = slots
        self.words: dict[str, str] = {}
        self.number = cache(_number)
        self.list = cache(_list)

    def person(self, row: Mapping[str, str]) -> Person:
        name = row.get("id")
        if not name:
            raise ProblemError(
                "participants.csv: somebody has no id; a column id with one for everybody would do"
            )
        attributes = {
            n: self.word(v) for n, v in row.items() if n not in SPECIAL and not n.startswith(EXPERTISE)
        }
        numbers = {attribute: self.number(value) for attribute, value in attributes.items()}
        for attribute in self.numeric & numbers.keys():
            if abs(numbers[attribute] or 0) > MOST_NUMBER:
                raise _wrong(name, attribute, attributes[attribute], f"a number up to {MOST_NUMBER:g}")
        return Person(
            id=name,
            categories=attributes,
            numbers={attribute: number for attribute, number in numbers.items() if number is not None},
            needs=self.list(row.get("needs")),
            wishes=self.list(row.get("prefs")),
            expertise={
                self.word(column[len(EXPERTISE) :]): level
                for column, value in row.items()
                if column.startswith(EXPERTISE) and (level := _level(name, column, value))
            },
            hours=self.hours(name, row.get("avail")),
            earlier_group=row.get("prev_group") or None,
        )

    def hours(self, name: str, cell: str | None) -> frozenset[int] | None:
        if not cell:
            return None
        if len(cell) != self.slots or set(cell) - {"0", "1"}:
            raise _wrong(name, "avail", cell, f"nothing, or a 0 or 1 for each of the {self.slots} slots,")
        return frozenset(slot for slot, free in enumerate(cell) if free == "1")

    def word(self, word: str) -> str:
        return self.words.setdefault(word, word)


def _wrong(person: str, column: str, cell: str, would_do: str) -> ProblemError:
    return Spot(cell, f"participants.csv, {column} of {person}").wrong(would_do)


def _level(person: str, column: str, cell: str) -> int:
    """A level of expertise; an empty cell is none."""
    try:
        level = int(cell or 0)
    except ValueError:
        raise _wrong(person, column, cell, "a whole number") from None
    if abs(level) > MOST_LEVEL:
        raise _wrong(person, column, cell, "a smaller number")
    return level


def _list(cell: str | None) -> tuple[str, ...] | None:
    return None if cell is None else tuple(dict.fromkeys(part for part in cell.split(";") if part))


def _number(cell: str) -> float | None:
    """A cell as a number; None for words, and for infinity and what is no number."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
