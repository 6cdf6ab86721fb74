"""Problems and answers as plain values, for JSON."""

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from engines.grouping.problem import MOST_NUMBER, MOST_WHOLE, Problem, ProblemError


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
        found = _read(kind, plain)
        if isinstance(found, Problem):
            _look_at_numbers(found)
        return typing.cast("T", found)
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


def _look_at_numbers(problem: Problem) -> None:
    """Refuse numbers that cannot be reckoned with: infinite, none, or far too large."""
    for person in problem.people:
        for about, number in (*person.numbers.items(), *person.expertise.items()):
            if not abs(number) <= MOST_NUMBER:
                raise ProblemError(f"person {person.id}: {about} of {number}")
    for part in (problem, *problem.groups, *problem.rules, *problem.aims):
        for field in dataclasses.fields(part):
            given = getattr(part, field.name)
            for number in given if isinstance(given, tuple) else (given,):
                if isinstance(number, int | float) and not abs(number) <= MOST_WHOLE:
                    raise ProblemError(f"{_kind(type(part))}: {field.name} of {number}")
