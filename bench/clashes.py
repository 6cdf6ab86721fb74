"""Rules that cannot hold: verdicts, named cores and seconds of the processor, judged independently.

Every case of `cop_infeasible.py` in ../shared and its twin that can hold, over five seeds, and larger ones
of ours: each a process of its own, start and reading included.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from bench.machine import table
from engines.grouping import (
    AllowedGroups,
    AtMost,
    Group,
    KeepApart,
    KeepTogether,
    Person,
    Problem,
    SharedHours,
    to_plain,
)

SHARED = Path(__file__).resolve().parents[2] / "shared"
SEEDS = (1, 2, 3, 4, 5)
SECONDS = 2.0
"""What a verdict on the cases of forty people may take."""


@dataclass(frozen=True)
class Run:
    """What one run said (None: it left it open) and took."""

    verdict: bool | None
    hits: bool
    seconds: float
    megabytes: float


def main(*options: str) -> list[str]:
    """Diagnose every case and return the aims that are missed."""
    if not SHARED.is_dir():
        return ["the cases lie in ../shared beside this checkout, and are absent here"]
    runs: dict[str, list[Run]] = {}
    expected: dict[str, bool] = {}
    for seed in SEEDS:
        with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
            for name, is_possible, run in _published(Path(folder), seed):
                expected[name] = is_possible
                runs.setdefault(name, []).append(run)
        print(f"Seed {seed} is diagnosed.", file=sys.stderr, flush=True)
    for name, is_possible, problem in (*_larger(), *_tangled()):
        expected[name] = is_possible
        runs[name] = [_asked(problem)]
    heads = ("case", "can hold", "verdict right", "named", "CPU s, most", "MB, most")
    print(table(heads, [_row(name, expected[name], found) for name, found in runs.items()]))
    return [fault for name, found in runs.items() for fault in _faults(name, expected[name], found)]


def _published(folder: Path, seed: int) -> Iterator[tuple[str, bool, Run]]:
    make = SHARED / "tools" / "grouping" / "cop_infeasible.py"
    subprocess.run([sys.executable, make, folder, str(seed)], check=True)
    cases = json.loads((folder / "expected.json").read_text())
    for name, case in sorted(cases.items()):
        run, answer = _measured(["diagnose", str(folder / name)], "")
        core = set(case.get("core", ()))
        named = any(
            core <= set(reason["ids"]) and len(set(reason["ids"])) <= 2 * max(2, len(core))
            for reason in answer["reasons"]
        )
        yield name, case["feasible"], replace(run, hits=named)


def _larger() -> Iterator[tuple[str, bool, Problem]]:
    """What no count shows, for 120 and 600 people, with rules that have nothing to do with it."""
    for people, groups in ((120, 6), (600, 12)):
        names = [f"p{i:03}" for i in range(people)]
        each = people // groups
        half = each // 2 + 2
        crowd = tuple(
            Person(name, categories={"from": f"o{i % (people // 5)}"}, hours=frozenset(range(i % 3, 12)))
            for i, name in enumerate(names)
        )
        sizes = tuple(Group(f"g{g}", each - 3, each + 3) for g in range(groups))
        beside = (AtMost("from", 4), SharedHours(2))
        bulky = tuple(KeepTogether(tuple(names[k * half : (k + 1) * half])) for k in range(groups + 1))
        ring = names[-5:]
        odd = tuple(KeepApart(one, other) for one, other in zip(ring, ring[1:] + ring[:1], strict=True))
        limits = tuple(AllowedGroups(name, ("g0", "g1")) for name in ring)
        for what, rules in {"bulky": bulky, "odd ring": odd + limits}.items():
            yield f"{what}, {people} people", False, Problem(crowd, sizes, (*beside, *rules), slots=12)
        yield (
            f"none, {people} people",
            True,
            Problem(crowd, sizes, (*beside, *bulky[:groups], *odd[1:], *limits), slots=12),
        )


def _tangled() -> Iterator[tuple[str, bool, Problem]]:
    """Very many rules, and clashes, among 120 people."""
    draw = random.Random(3)
    names = [f"p{i:03}" for i in range(120)]
    crowd, sizes = tuple(map(Person, names)), tuple(Group(f"g{g:02}", 9, 11) for g in range(12))
    chain = tuple(KeepTogether(pair) for pair in pairwise(names[:101]))
    apart = tuple(dict.fromkeys(KeepApart(*draw.sample(names, 2)) for _ in range(3000)))
    crowded = tuple(AllowedGroups(name, ("g00",)) for name in names)
    for what, is_possible, rules in (
        ("1,000 pairs apart", True, apart[:1000]),
        ("a chain of 101, 1,000 pairs apart", False, (*chain, *apart[:1000])),
        ("3,000 pairs apart, one together", False, (*apart, KeepTogether((apart[0].first, apart[0].second)))),
        ("all of 120 in one group", False, crowded),
    ):
        yield what, is_possible, Problem(crowd, sizes, rules)


def _asked(problem: Problem) -> Run:
    run, answer = _measured(["diagnose", "--json"], json.dumps(to_plain(problem)))
    clash = answer.get("conflicts", [])
    return replace(run, hits=bool(clash) and len(clash[0]["rules"]) < len(problem.rules))


def _measured(arguments: list[str], problem: str) -> tuple[Run, dict[str, object]]:
    with tempfile.TemporaryFile("w+") as asked, tempfile.TemporaryFile("w+") as said:
        asked.write(problem)
        asked.seek(0)
        command = [sys.executable, "-m", "engines.grouping", *arguments]
        process = subprocess.Popen(command, stdin=asked, stdout=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        answer = json.load(said)
    verdict = {0: True, 2: False}.get(process.returncode)
    seconds = used.ru_utime + used.ru_stime
    return Run(verdict, hits=False, seconds=seconds, megabytes=used.ru_maxrss / 1024), answer


def _row(name: str, is_possible: bool, runs: list[Run]) -> tuple[object, ...]:
    right = sum(run.verdict == is_possible for run in runs)
    return (
        name,
        "yes" if is_possible else "no",
        f"{right} of {len(runs)}",
        "" if is_possible else f"{sum(run.hits for run in runs)} of {len(runs)}",
        f"{max(run.seconds for run in runs):.2f}",
        f"{max(run.megabytes for run in runs):.0f}",
    )


def _faults(name: str, is_possible: bool, runs: list[Run]) -> Iterator[str]:
    wrong = sum(run.verdict != is_possible for run in runs)
    if wrong:
        yield f"{name}: {wrong} of {len(runs)} verdicts wrong or left open"
    if not is_possible and not all(run.hits for run in runs):
        yield f"{name}: the clash is not named in {sum(not run.hits for run in runs)} of {len(runs)}"
    slowest = max(run.seconds for run in runs)
    if slowest > SECONDS and "people" not in name:
        yield f"{name}: {slowest:.2f} s of the processor"
