"""Problems and groupings read from files and streams; whatever cannot be read is told in one sentence."""

import csv
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from engines.grouping.formats import from_plain
from engines.grouping.problem import Problem, ProblemError
from engines.grouping.public import problem_of
from engines.grouping.spots import Spot, is_writable

PEOPLE, SPEC = "participants.csv", "spec.json"


def read_problem(directory: Path) -> Problem:
    """The problem in a directory. Raises ProblemError, in one sentence, for whatever cannot be read."""
    spec = _json(_text(directory / SPEC), SPEC)
    with _Table(directory / PEOPLE) as table:
        rows = table.rows()
        first = next(rows, None)
        if first is None:
            raise ProblemError(f"{PEOPLE} has nobody in it: a row for each person would do")
        return problem_of(spec, chain([first], rows), columns=table.columns)


def read_plain(stream: TextIO, *, is_one_line: bool) -> tuple[Problem, dict[str, str]]:
    """A problem as `to_plain` writes it, and the grouping in its field `start`, to begin from."""
    try:
        text = stream.readline() if is_one_line else stream.read()
    except UnicodeDecodeError as error:
        raise _not_utf8("standard input", error) from None
    plain = _json(text, "standard input")
    start = plain.pop("start", {}) if isinstance(plain, dict) else {}
    problem = from_plain(Problem, plain)
    for name in (*(each.id for each in problem.people), *(each.id for each in problem.groups)):
        if not is_writable(name):
            raise ProblemError(f"the id {name!a} holds half a character")
    return problem, {person: group.text() for person, group in Spot(start, "start").entries().items()}


def read_grouping(path: Path) -> dict[str, str]:
    """A grouping as `solve -o` writes it, person's id -> group's id."""
    with _Table(path) as table:
        if not {"id", "group"} <= set(table.columns):
            raise ProblemError(f"{path.name} has no columns id and group")
        return {row["id"]: row["group"] for row in table.rows()}


class _Table:
    """A CSV file with heads, all of whose rows have a cell under each."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            # newline="": cells may hold line breaks. The handle is closed on leaving the context.
            self.lines = path.open(newline="", encoding="utf-8-sig")
        except OSError as error:
            raise _unread(path, error) from None
        self.cells = csv.reader(self.lines)
        self.columns: list[str] = []

    def __enter__(self) -> "_Table":
        self.columns = next(self._filled(), [])
        for place, column in enumerate(self.columns):
            if column in self.columns[:place]:
                raise ProblemError(f"{self.name} has two columns called {column}")
        return self

    def __exit__(self, *_: object) -> None:
        self.lines.close()

    def rows(self) -> Iterator[dict[str, str]]:
        """The rows below the heads."""
        for cells in self._filled():
            if len(cells) != len(self.columns):
                raise ProblemError(
                    f"{self.name}, line {self.cells.line_num}: cells that stand there: {len(cells)}; "
                    f"{len(self.columns)} would do, one under each head"
                )
            yield dict(zip(self.columns, cells, strict=True))

    def _filled(self) -> Iterator[list[str]]:
        try:
            yield from (cells for cells in self.cells if cells)
        except UnicodeDecodeError as error:
            raise _not_utf8(self.name, error) from None
        except csv.Error as error:
            raise ProblemError(f"{self.name}, line {self.cells.line_num}: {error}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _unread(path, error) from None
    except UnicodeDecodeError as error:
        raise _not_utf8(path.name, error) from None


def _json(text: str, name: str) -> Any:
    def each_once(fields: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(fields)
        if len(found) < len(fields):
            twice = next(key for key, _ in fields if sum(key == other for other, _ in fields) > 1)
            raise ProblemError(f"{name}: {twice!a} stands twice in one object")
        return found

    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=each_once)
    except ProblemError:
        raise
    except (ValueError, RecursionError) as error:
        raise ProblemError(f"{name} is not JSON: {error}") from None


def _unread(path: Path, error: OSError) -> ProblemError:
    return ProblemError(f"{path}: {error.strerror}")


def _not_utf8(name: str, error: UnicodeDecodeError) -> ProblemError:
    return ProblemError(
        f"{name} is not in UTF-8: byte {error.start} cannot be read; saved as UTF-8 it would do"
    )
