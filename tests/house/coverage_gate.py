"""Reports each part of the code that the whole suite leaves too little covered as a failed test.

Loaded by `./run test` when the whole suite runs: `pytest -p tests.house.coverage_gate --cov`, with
`--cov-branch` where branches are asked for too.
"""

import json
import tempfile
from collections.abc import Callable, Generator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePath

import pytest
from coverage import Coverage

VERBS = {"actions", "permissions"}


@dataclass(frozen=True)
class Gate:
    """A part of the code and the share of its lines, in per cent, that tests must reach.

    Where branches were measured they count as lines do.
    """

    name: str
    least: float
    holds: Callable[[PurePath], bool]


@dataclass(frozen=True)
class Measure:
    """One file: how many of its lines (and branches, where measured) tests reached, and which they did not.

    A line is also named when only some of the branches that start at it were taken.
    """

    path: PurePath
    reached: int
    total: int
    missing: tuple[int, ...] = ()


GATES = (
    Gate("engines", 100, lambda path: path.parts[:2] == ("src", "engines")),
    Gate("actions and permissions", 100, lambda path: bool(VERBS & {*path.parts[:-1], path.stem})),
    Gate("all of src", 95, lambda path: True),
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    result = yield  # pytest-cov has saved its figures when the loop comes back
    is_whole = not hasattr(session.config, "workerinput")  # a worker of xdist saw its share alone
    if is_whole and not session.testsfailed and not session.config.option.collectonly:
        measures = measured()
        for gate in GATES:
            held = [measure for measure in measures if gate.holds(measure.path)]
            if shortfall := explain_shortfall(gate, held):
                report_failure(session, gate, shortfall, unreached(held))
    return result


def measured() -> list[Measure]:
    """Read what pytest-cov has just saved, file by file."""
    coverage = Coverage()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text())["files"]
    return [_measure(PurePath(path), file) for path, file in files.items()]


def _measure(path: PurePath, file: dict) -> Measure:
    summary = file["summary"]
    branching = (start for start, _ in file.get("missing_branches", ()))
    return Measure(
        path=path,
        reached=summary["covered_lines"] + summary.get("covered_branches", 0),
        total=summary["num_statements"] + summary.get("num_branches", 0),
        missing=tuple(sorted({*file["missing_lines"], *branching})),
    )


def explain_shortfall(gate: Gate, held: list[Measure]) -> str:
    """Return one sentence on how far the files held fall short, or nothing when they reach the gate."""
    reached, total = sum(one.reached for one in held), sum(one.total for one in held)
    if reached * 100 >= gate.least * total:
        return ""
    return f"Tests reach {reached} of {total} places ({reached / total:.2%}), not {gate.least} %."


def unreached(held: list[Measure]) -> str:
    """Name the lines that tests leave out, a line of text for each file, the worst file first."""
    worst = sorted((one for one in held if one.missing), key=lambda one: one.reached - one.total)
    return "\n".join(f"{one.path}: {_spans(one.missing)}" for one in worst)


def _spans(lines: tuple[int, ...]) -> str:
    # A run of neighbours keeps the same distance between its lines and their places in the list.
    places = groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0])
    runs = [[line for _, line in run] for _, run in places]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def report_failure(session: pytest.Session, gate: Gate, shortfall: str, lines: str) -> None:
    report = pytest.TestReport(
        nodeid=f"coverage of {gate.name}",
        location=("coverage", None, gate.name),
        keywords={},
        outcome="failed",
        longrepr=shortfall,
        when="call",
        sections=[("Lines that no test reaches, or by one branch only", lines)],
    )
    session.config.hook.pytest_runtest_logreport(report=report)
