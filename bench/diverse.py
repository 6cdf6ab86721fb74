"""Groups as diverse as can be (MDGPLIB): distances in so much processor time, beside published methods.

Every run is the engine's command line in a process of its own, start and reading included; the instances,
the best sums known and the scorer lie in `../shared`, and share no code with the engine.
"""

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.machine import table

SHARED = Path(__file__).resolve().parents[2] / "shared"
INSTANCES = SHARED / "data" / "grouping" / "mdgp"
SEEDS = (1, 2, 3, 4, 5)
LATE = 1.05


@dataclass(frozen=True)
class Aim:
    """An instance, seconds, the best sum listed, and per cent below it: our aim, and what peers reached.

    Peers (IMS: iterated maxima search; TPSDP: three-phase search) had 3, 20 and 120 s.
    """

    name: str
    seconds: float
    best: float
    most_below: float
    ims: str
    tpsdp: str


AIMS = (
    Aim("RanInt_n120_ss_01", 3, 47909, 0.02, "0.03-0.09", "0.02-0.13"),
    Aim("RanReal_n120_ss_01", 3, 47363.207, 0.02, "0.03-0.09", "0.02-0.13"),
    Aim("Geo_n120_ss_01", 3, 101673.922, 0.02, "0.03-0.09", "0.02-0.13"),
    Aim("RanInt_n240_ss_01", 20, 155582, 0.04, "0.03-0.16", "0.03-0.10"),
    Aim("RanReal_n240_ss_01", 20, 155246.466, 0.04, "0.03-0.16", "0.03-0.10"),
    Aim("Geo_n240_ss_01", 20, 188909.142, 0.04, "0.03-0.16", "0.03-0.10"),
    Aim("RanInt_n480_ss_01", 12, 380859, 0.1, "0.43", "0.47"),
    Aim("RanReal_n480_ss_01", 12, 379227.605, 0.1, "0.34", "0.50"),
    Aim("Geo_n480_ss_01", 12, 552283.669, 0.1, "0.04", "0.05"),
)


@dataclass(frozen=True)
class Run:
    """What one run reached: the sum, what chance gives, broken bounds, seconds of the processor."""

    total: float
    by_chance: float
    broken: int
    seconds: float


def main() -> list[str]:
    """Measure each instance and return the aims that are missed."""
    if not INSTANCES.is_dir():
        return ["the instances lie in ../shared beside this checkout, and are absent here"]
    subprocess.run([sys.executable, "-m", "engines.grouping", "prepare"], check=True)
    faults: list[str] = []
    rows = []
    for aim in AIMS:
        with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
            plain = Path(folder) / "instance.txt"
            plain.write_bytes(gzip.decompress(_instance(aim).read_bytes()))
            runs = [_run(aim, plain, Path(folder) / "answer.csv", seed) for seed in SEEDS]
        faults += _faults(aim, runs)
        totals = [run.total for run in runs]
        by_chance = runs[0].by_chance
        middle = [statistics.mean(totals), statistics.median(totals), max(totals)]
        share = 100 * (middle[0] - by_chance) / (aim.best - by_chance)
        figures = [*(f"{total:.3f}" for total in middle), f"{aim.best:.3f}", f"{by_chance:.0f}"]
        below = [f"{_below(aim, middle[0]):.4f}", f"{aim.most_below:g}", aim.ims, aim.tpsdp, f"{share:.2f}"]
        rows.append(
            (aim.name, f"{max(run.seconds for run in runs):.2f} of {aim.seconds:g}", *figures, *below)
        )
        print(f"{aim.name} is measured.", file=sys.stderr, flush=True)
    heads = ("instance", "CPU s", "mean", "median", "highest", "best listed", "chance")
    more = ("mean below best %", "aim", "IMS", "TPSDP", "share of range %")
    print(table((*heads, *more), rows))
    return faults


def _instance(aim: Aim) -> Path:
    return INSTANCES / f"{aim.name}.txt.gz"


def _run(aim: Aim, plain: Path, answer: Path, seed: int) -> Run:
    command = [sys.executable, "-m", "engines.grouping", "mdgp", str(_instance(aim)), "-o", str(answer)]
    command += ["--seconds", str(aim.seconds), "--seed", str(seed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said: dict[str, Any] = json.loads(process.stdout.read())
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    scorer = SHARED / "tools" / "grouping" / "score_mdgp.py"
    judged = subprocess.run(
        [sys.executable, str(scorer), str(plain), str(answer)], check=False, capture_output=True, text=True
    )
    found = json.loads(judged.stdout)
    return Run(
        total=found["objective"],
        by_chance=said["by_chance"],
        broken=found["n_violations"],
        seconds=used.ru_utime + used.ru_stime,
    )


def _below(aim: Aim, total: float) -> float:
    """How many per cent a sum is below the best listed."""
    return 100 * (aim.best - total) / aim.best


def _faults(aim: Aim, runs: list[Run]) -> Iterator[str]:
    below = _below(aim, statistics.mean(run.total for run in runs))
    if below > aim.most_below:
        yield f"{aim.name}: on average {below:.4f} % below the best, not {aim.most_below:g} %"
    if any(run.broken for run in runs):
        yield f"{aim.name}: broken bounds {[run.broken for run in runs]}"
    slowest = max(run.seconds for run in runs)
    if slowest > LATE * aim.seconds:
        yield f"{aim.name}: {slowest:.2f} s of the processor"
