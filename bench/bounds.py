"""What no grouping can surpass: how near the bound is to the best that was reached, and how long it takes."""

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.machine import table

SHARED = Path(__file__).resolve().parents[2] / "shared"

REACHED = (
    ("planted_n120_s1", 0.9568),
    ("planted_n480_s1", 0.9554),
    ("wild_n120_s1", 0.845),
    ("wild_n480_s1", 0.910),
)
"""The published problems and what is known to be reachable in them."""

STARTING, SMALL, LARGE = 0.6, 0.5, 5.0
"""Seconds of the processor: for starting, and for the bound of hundreds and of ten thousand people."""


def main() -> list[str]:
    """Bound each problem by the engine's command line and return the aims that are missed."""
    rows, faults = [], []
    with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
        generator = SHARED / "tools" / "grouping" / "cop_gen.py"
        subprocess.run([sys.executable, generator, folder, "--seed", "1", "--n", "10000"], check=True)
        problems = [(SHARED / "data" / "grouping" / name, reached, SMALL) for name, reached in REACHED]
        for problem, reached, limit in (*problems, (Path(folder), 0.0, LARGE)):
            objective, seconds = _bound(problem)
            people = _people(problem)
            name = problem.name if reached else f"planted_n{people}"
            gap = f"{100 * (objective / reached - 1):.2f}" if reached else ""
            rows.append((name, people, f"{seconds:.2f}", f"{objective:.4f}", f"{reached or '':}", gap))
            if seconds > STARTING + limit:
                faults.append(f"the bound of {name}: {seconds:.2f} s of the processor")
            if objective < reached:
                faults.append(f"the bound of {name}: {objective:.4f}, below what is reached")
    print(table(("bound of", "people", "CPU s", "bound", "reached", "above it by %"), rows))
    return faults


def _bound(problem: Path) -> tuple[float, float]:
    """The bound, and the seconds of the processor that it took with start and reading."""
    command = [sys.executable, "-m", "engines.grouping", "bound", str(problem)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = json.loads(process.stdout.read())
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return said["objective"], used.ru_utime + used.ru_stime


def _people(problem: Path) -> int:
    with (problem / "participants.csv").open(newline="") as people:
        return sum(1 for _ in csv.DictReader(people))
