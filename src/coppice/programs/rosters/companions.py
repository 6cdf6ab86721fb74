"""People whom a roster wants together or apart, looked up among its own people."""

from collections.abc import Iterable
from difflib import get_close_matches

from coppice.programs.rosters.headers import fold
from coppice.programs.rosters.people import Value
from coppice.programs.rosters.problems import RowProblem, warning

CLOSE = 0.8
MOST_COMPARED = 5_000
MOST_LOOKED_UP = 200


class Companions:
    """The names of a roster's people; says of each name that is not among them whom it may mean."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {fold(name): name for name in names}
        self._found: dict[str, RowProblem | None] = {}
        self._looked_up = 0

    def problems(self, attributes: dict[str, Value]) -> list[RowProblem]:
        """Return a warning for each name to be kept with or apart that is nobody's."""
        wanted = [
            name
            for key in ("keep_with", "keep_apart")
            if isinstance(names := attributes.get(key, []), list)
            for name in names
        ]
        return [problem for name in wanted if (problem := self._problem(name))]

    def _problem(self, name: str) -> RowProblem | None:
        if name not in self._found:
            self._found[name] = None if fold(name) in self._names else self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> RowProblem:
        """Closeness is only measured so often, in rosters so small: each name is held against all."""
        self._looked_up += 1
        is_cheap = len(self._names) <= MOST_COMPARED and self._looked_up <= MOST_LOOKED_UP
        candidates = self._names if is_cheap else ()
        close = get_close_matches(fold(name), candidates, n=1, cutoff=CLOSE)
        if close:
            return warning("misspelt_person", text=name, other=self._names[close[0]])
        return warning("unknown_person", text=name)
