"""Problems and answers as plain values, for JSON."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from engines.timefinding.problem import ProblemError


def to_plain(value: Any) -> Any:
    """A problem, an answer or any part of one as dicts, lists, strings and numbers.

    A set becomes a list, an instant its ISO 8601 text with the offset.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def from_plain[T](kind: type[T], plain: Any) -> T:
    """The inverse of `to_plain` for a problem or a part of one; absent fields take their defaults.

    Raises ProblemError when a field is unknown, lacking or of the wrong sort, or the problem is unsound.
    """
    try:
        return typing.cast("T", _read(kind, plain))
    except (TypeError, AttributeError) as error:
        raise ProblemError(f"this is no {kind.__name__}: {error}") from error


def _read(hint: Any, plain: Any) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return None if plain is None else _read(inner[0], plain)
    if origin in (tuple, frozenset):
        return origin(_read(inner[0], each) for each in _expected(list, plain))
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        fields = {name: _read(hints.get(name, object), each) for name, each in plain.items()}
        return typing.cast("Callable[..., Any]", hint)(**fields)
    if hint is datetime:
        return datetime.fromisoformat(_expected(str, plain))
    if hint is bool:
        return _truth(plain)
    return _expected(hint, plain)


def _truth(plain: Any) -> bool:
    if not isinstance(plain, bool):
        raise TypeError(f"{plain!r} is not true or false")
    return plain


def _expected(kind: Any, plain: Any) -> Any:
    if not isinstance(plain, kind) or isinstance(plain, bool):  # a bool is an int to Python, not to us
        raise TypeError(f"{plain!r} is not a {kind.__name__}")
    return plain
