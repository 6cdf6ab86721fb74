"""Loops over flat arrays: compiled where numba is installed, and run as they stand elsewhere."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from engines.grouping.prepared import is_compiled, place_of_compiled

IS_COMPILED = is_compiled()
PLACE = place_of_compiled() if IS_COMPILED else None

if IS_COMPILED:
    import numba
    import numpy

    setattr(numba.config, "CACHE_DIR", "" if PLACE is None else str(PLACE))  # noqa: B010


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a function when it is first called (and keep that on disk), without holding the interpreter."""
    if not IS_COMPILED:
        return function
    return cast("F", numba.njit(cache=PLACE is not None, nogil=True)(function))


def whole(numbers: Iterable[int]) -> Any:
    """Whole numbers in the form that compiled loops read fastest: an array, or a list."""
    return numpy.array(numbers, dtype=numpy.int64) if IS_COMPILED else list(numbers)


def real(numbers: Iterable[float]) -> Any:
    """Real numbers in the form that compiled loops read fastest."""
    return numpy.array(numbers, dtype=numpy.float64) if IS_COMPILED else list(numbers)
