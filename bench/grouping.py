"""Communities by design: the score reached in so much processor time, judged independently, beside peers.

Every run is the engine's command line in a process of its own, start and reading included, with `--seconds`;
the problems, their generator and the scorer lie in `../shared`, and share no code with the engine.
"""

import csv
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from bench import bounds, wishes
from bench.machine import table

SHARED = Path(__file__).resolve().parents[2] / "shared"
SEEDS = (1, 2, 3, 4, 5)
LATE = 1.05
SCRATCH_SEEDS, SAME = (11, 12), 0.9995
"""The seeds of searches that begin with nobody in any group, and how near them another counts as as good."""


@dataclass(frozen=True)
class Aim:
    """A problem, its budget in seconds, the score and memory to reach, and what peers reached.

    A twin is a problem with its people and groups in another order and renamed: as good within half a point.
    """

    name: str
    seconds: float
    score: float
    peers: str = ""
    made: tuple[str, ...] = ()
    twin_of: str = ""
    share: float = 1.0
    megabytes: float = 0.0
    seeds: tuple[int, ...] = SEEDS


SHORT = (
    Aim(
        "planted_n120_s1", 1, 0.9568, "GroupEng 0.801 (14 broken), CP-SAT 0.830 in 157 s, k-means 0.739 (11)"
    ),
    Aim("planted_n480_s1", 10, 0.9554, "GroupEng 0.709 (22 broken), CP-SAT 0.692, k-means 0.762 (17)"),
    Aim("wild_n120_s1", 1, 0.845, "GroupEng 0.689 (3 broken)"),
    Aim("wild_n480_s1", 10, 0.910),
    Aim("twin of planted_n120_s1", 1, 0.9568 - 0.005, twin_of="planted_n120_s1"),
    Aim("twin of wild_n120_s1", 1, 0.845 - 0.005, twin_of="wild_n120_s1"),
    Aim("again_n480_s1", 10, 0.0, made=("--n", "480", "--mode", "stable")),
)
LONG = (
    Aim("planted_n2000", 60, 0.0, made=("--n", "2000"), share=0.99, megabytes=300, seeds=(1, 2, 3)),
    Aim("planted_n10000", 120, 0.0, made=("--n", "10000"), share=0.985, megabytes=300, seeds=(1,)),
    Aim("planted_n100000", 300, 0.0, made=("--n", "100000"), share=0.97, megabytes=600, seeds=(1,)),
)

OPTIONS = ("--long", *(aim.name for aim in SHORT + LONG))
"""What `./run bench grouping` takes: the large problems too, or only those that are named."""


@dataclass(frozen=True)
class Run:
    """What one run reached: score, broken rules, share who stay, seconds of the processor, peak megabytes."""

    score: float
    broken: int
    stay: float
    seconds: float
    megabytes: float


def main(*options: str) -> list[str]:
    """Measure each problem, or those that are named, and return the aims that are missed."""
    if not SHARED.is_dir():
        return ["the problems lie in ../shared beside this checkout, and are absent here"]
    faults: list[str] = []
    heads = ("problem", "budget s", "CPU s", "median", "lowest", "aim", "of aim %", "broken", "MB", "peers")
    rows = []
    subprocess.run([sys.executable, "-m", "engines.grouping", "prepare"], check=True)
    named = [aim for aim in SHORT + LONG if aim.name in options]
    for aim in named or SHORT + (LONG if "--long" in options else ()):
        with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
            problem, least = _problem(aim, Path(folder))
            runs = [_run(problem, Path(folder) / "answer.csv", aim.seconds, seed) for seed in aim.seeds]
            if "stable" in aim.made:
                faults += _beside_scratch(aim, problem, runs)
        faults += _faults(aim, least, runs)
        median = statistics.median(run.score for run in runs)
        rows.append(
            (
                aim.name,
                f"{aim.seconds:g}",
                f"{max(run.seconds for run in runs):.2f}",
                f"{median:.4f}",
                f"{min(run.score for run in runs):.4f}",
                f"{least:.4f}",
                f"{100 * median / least:.2f}",
                sum(run.broken for run in runs),
                f"{max(run.megabytes for run in runs):.0f}",
                aim.peers,
            )
        )
        print(f"{aim.name} is measured.", file=sys.stderr, flush=True)
    print(table(heads, rows))
    return faults if named else faults + bounds.main() + wishes.main()


def _problem(aim: Aim, folder: Path) -> tuple[Path, float]:
    """The problem's folder and the score to reach."""
    if aim.twin_of:
        original = SHARED / "data" / "grouping" / aim.twin_of
        permute = SHARED / "tools" / "grouping" / "cop_permute.py"
        subprocess.run([sys.executable, permute, original, folder, "7"], check=True)
        return folder, aim.score
    if not aim.made:
        return SHARED / "data" / "grouping" / aim.name, aim.score
    generator = SHARED / "tools" / "grouping" / "cop_gen.py"
    subprocess.run([sys.executable, generator, folder, "--seed", "1", *aim.made], check=True)
    reference = _scorer().score(str(folder), str(folder / "planted.csv"))[0]["total"]
    return folder, round(aim.share * reference, 6)


def _beside_scratch(aim: Aim, problem: Path, runs: list[Run]) -> Iterator[str]:
    """Whether people stay, and the total is as good as when the search begins with nobody in any group.

    Other seeds, and twice the time.
    """
    nowhere = problem / "nowhere.csv"
    nowhere.write_text("id,group\nnobody,nowhere\n", encoding="utf-8")
    more = ("--start", str(nowhere))
    scratch = [_run(problem, problem / "scratch.csv", 2 * aim.seconds, seed, *more) for seed in SCRATCH_SEEDS]
    best, median = max(run.score for run in scratch), statistics.median(run.score for run in runs)
    print(
        f"{aim.name}: {100 * min(run.stay for run in runs):.1f} % stay, with a total of {median:.4f}; begun "
        f"from scratch, in twice the time, at best {best:.4f}.",
        flush=True,
    )
    if median < SAME * best:
        yield f"{aim.name}: {median:.4f}, and {best:.4f} from scratch"


def _run(problem: Path, answer: Path, seconds: float, seed: int, *more: str) -> Run:
    command = [sys.executable, "-m", "engines.grouping", "solve", str(problem), "-o", str(answer)]
    command += ["--seconds", str(seconds), "--seed", str(seed), *more]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    result, _ = _scorer().score(str(problem), str(answer))
    return Run(
        score=result["total"],
        broken=result["n_violations"],
        stay=_stay(problem, answer),
        seconds=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / 1024,
    )


def _stay(problem: Path, answer: Path) -> float:
    """The share of those with an earlier group who are in it again."""
    with (problem / "participants.csv").open(newline="") as people, answer.open(newline="") as places:
        earlier = {row["id"]: row["prev_group"] for row in csv.DictReader(people) if row["prev_group"]}
        now = {row["id"]: row["group"] for row in csv.DictReader(places)}
    return sum(now[person] == group for person, group in earlier.items()) / max(1, len(earlier))


def _faults(aim: Aim, least: float, runs: list[Run]) -> Iterator[str]:
    median = statistics.median(run.score for run in runs)
    if median < least:
        yield f"{aim.name}: a median of {median:.4f}, not {least:.4f}"
    if any(run.broken for run in runs):
        yield f"{aim.name}: broken rules {[run.broken for run in runs]}"
    slowest = max(run.seconds for run in runs)
    if slowest > LATE * aim.seconds:
        yield f"{aim.name}: {slowest:.2f} s of the processor"
    most = max(run.megabytes for run in runs)
    if aim.megabytes and most > aim.megabytes:
        yield f"{aim.name}: {most:.0f} MB"
    if "stable" in aim.made and min(run.stay for run in runs) < 0.99:
        yield f"{aim.name}: {100 * min(run.stay for run in runs):.1f} % stay"


def _scorer() -> ModuleType:
    place = importlib.util.spec_from_file_location(
        "score_cop", SHARED / "tools" / "grouping" / "score_cop.py"
    )
    assert place is not None
    assert place.loader is not None
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module
