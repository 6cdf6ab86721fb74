"""Loops over flat arrays: native code where it can be had (`native.py`), and run as they stand elsewhere."""

import functools
from array import array
from collections.abc import Callable, Iterable
from typing import Annotated, Any, cast

from engines.grouping.native import native_loops

FUNCTIONS: list[Callable[..., Any]] = []
"""Every function that compiled loops are made of, but for the entries."""

ENTRIES: dict[str, Callable[..., Any]] = {}
"""The functions that Python calls, by name."""

Whole = Annotated[Any, "q"]
"""Whole numbers one after another: what `whole` gives; native code gets the address."""

Short = Annotated[Any, "i"]
"""Whole numbers of 32 bits, which take half the room: what `short` gives; loops only read them."""

Real = Annotated[Any, "d"]
"""Real numbers one after another: what `real` gives."""


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Let compiled loops call a function; called from Python it runs as it stands."""
    FUNCTIONS.append(function)
    return function


def entry[F: Callable[..., Any]](function: F) -> F:
    """Have a function that Python calls done by native code, without holding the interpreter.

    Its parameters and result are annotated as Whole, Short, Real, int, float or None.
    """
    ENTRIES[function.__name__] = function

    @functools.wraps(function)
    def called(*arguments: Any) -> Any:
        return native_loops().get(function.__name__, function)(*arguments)

    return cast("F", called)


def whole(numbers: Iterable[int]) -> Any:
    """Whole numbers in the form that the loops read fastest: an array for native code, or a list."""
    return array("q", numbers) if native_loops() else list(numbers)


def short(numbers: Iterable[int]) -> Any:
    """Whole numbers between -2 ** 31 and 2 ** 31 - 1, in half the room."""
    return array("i", numbers) if native_loops() else list(numbers)


def real(numbers: Iterable[float]) -> Any:
    """Real numbers in the form that the loops read fastest."""
    return array("d", numbers) if native_loops() else list(numbers)
