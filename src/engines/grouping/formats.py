"""Problems and answers as plain values (for JSON), and the public problem format of participants and spec."""

import dataclasses
import math
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from engines.grouping import aims as a
from engines.grouping import rules as r
from engines.grouping.problem import Group, Person, Problem, ProblemError

SPECIAL = {"id", "needs", "prefs", "avail", "prev_group"}


def to_plain(value: Any) -> Any:
    """A problem, an answer or any part of one as dicts, lists, strings and numbers.

    A dataclass becomes a dict with its name in `kind` ("KeepApart" -> "keep_apart"), a set a sorted list.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"kind": _kind(type(value)), **fields}
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    return str(value) if isinstance(value, StrEnum) else value


def from_plain[T](kind: type[T], plain: Any) -> T:
    """The inverse of `to_plain` for a dataclass of the engine; absent fields take their defaults.

    Raises ProblemError when a field is unknown, lacking or of the wrong sort, or the problem is unsound.
    """
    try:
        return typing.cast("T", _read(kind, plain))
    except ProblemError:
        raise
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise ProblemError(f"this is no {_kind(kind)}: {error}") from error


def _kind(kind: Any) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


def _read(hint: Any, plain: Any) -> Any:
    if isinstance(hint, typing.TypeAliasType):
        hint = hint.__value__
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _read_choice(inner, plain)
    if origin in (tuple, frozenset):
        return origin(_read(inner[0], each) for each in _expected(list, plain))
    if origin is Mapping:
        return {key: _read(inner[1], each) for key, each in _expected(dict, plain).items()}
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        fields = {name: _read(hints[name], each) for name, each in plain.items() if name != "kind"}
        return typing.cast("Callable[..., Any]", hint)(**fields)
    if issubclass(hint, StrEnum):
        return hint(plain)
    return float(plain) if hint is float and type(plain) is int else _expected(hint, plain)


def _read_choice(choices: tuple[Any, ...], plain: Any) -> Any:
    if isinstance(plain, dict):
        kinds = {_kind(choice): choice for choice in choices if dataclasses.is_dataclass(choice)}
        return _read(kinds[plain["kind"]], plain)
    if isinstance(plain, list):
        series = [choice for choice in choices if typing.get_origin(choice) in (tuple, frozenset)]
        fitting = [c for c in series if all(type(each) is typing.get_args(c)[0] for each in plain)]
        return _read((fitting or choices)[0], plain)
    if type(plain) in choices:
        return plain
    return _read(choices[0], plain)


def _expected[T](kind: type[T], plain: Any) -> T:
    if not isinstance(plain, kind):
        raise TypeError(f"{plain!r} is not a {kind.__name__}")
    return plain


def problem_of(spec: Mapping[str, Any], rows: Iterable[dict[str, str]]) -> Problem:
    """The problem in `spec.json` and the rows of `participants.csv` (`shared/data/grouping`).

    Columns other than id, needs, prefs, avail, prev_group and exp_<topic> are categories, and numbers too
    where they read as one. Raises ProblemError when the two do not fit together.
    """
    try:
        return Problem(
            people=tuple(map(_Reader().person, rows)),
            groups=tuple(
                Group(g["id"], g["min"], g["max"], g.get("topic"), bool(g.get("optional")))
                for g in spec["groups"]
            ),
            rules=tuple(_rules(spec.get("hard", {}))),
            aims=tuple(_aim(criterion) for criterion in spec.get("criteria", ())),
            slots=spec.get("slots", 0),
            expert_level=spec.get("expert_level", 3),
        )
    except ProblemError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise ProblemError(f"the specification is not complete: {error!r}") from error


class _Reader:
    """Makes people of rows; equal words, numbers and lists become one object, which a large file needs."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.number = cache(_number)
        self.list = cache(_list)

    def person(self, row: dict[str, str]) -> Person:
        attributes = {
            n: self.word(v) for n, v in row.items() if n not in SPECIAL and not n.startswith("exp_")
        }
        numbers = {name: self.number(value) for name, value in attributes.items()}
        hours = row.get("avail")
        return Person(
            id=row["id"],
            categories=attributes,
            numbers={name: number for name, number in numbers.items() if number is not None},
            needs=self.list(row.get("needs")),
            wishes=self.list(row.get("prefs")),
            expertise={
                self.word(name[4:]): level
                for name, value in row.items()
                if name.startswith("exp_") and (level := int(value))
            },
            hours=frozenset(slot for slot, free in enumerate(hours) if free == "1") if hours else None,
            earlier_group=row.get("prev_group") or None,
        )

    def word(self, word: str) -> str:
        return self.words.setdefault(word, word)


def _list(cell: str | None) -> tuple[str, ...] | None:
    return None if cell is None else tuple(dict.fromkeys(part for part in cell.split(";") if part))


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _rules(hard: Mapping[str, Any]) -> Iterator[r.Rule]:
    for one, other in hard.get("keep_apart", ()):
        yield r.KeepApart(one, other)
    for people in hard.get("keep_together", ()):
        yield r.KeepTogether(tuple(people))
    for lock in hard.get("locked", ()):
        yield r.Locked(lock["id"], lock["group"])
    for person, groups in hard.get("allowed", {}).items():
        yield r.AllowedGroups(person, tuple(groups))
    for most in hard.get("max_same", ()):
        yield r.AtMost(most["attr"], most["max"])
    for least in hard.get("min_count", ()):
        yield r.AtLeast(least["attr"], least["value"], least["count"])


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


def _aim(criterion: Mapping[str, Any]) -> a.Aim:
    kind = AIMS[criterion["type"]]
    given = {RENAMED.get(name, name): value for name, value in criterion.items() if name != "type"}
    fields = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
    return kind(**fields)
