"""Topics left to the engine: 600 and 1,000 people with ranked wishes, thin topics, and what they get."""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.machine import table

STARTING, CHOOSING, FORMING = 0.6, 2.0, 3.0
"""Seconds of the processor: for starting, for a choice of 1,000 people, and for forming 600 into groups."""

SHORTFALL = 0.001
"""How far below the proven bound groups formed by wishes alone may be."""


def main() -> list[str]:
    """Choose and form by the engine's command line; return the aims that are missed."""
    faults = []
    heads = (
        "ranked wishes",
        "people",
        "topics",
        "CPU s",
        "first wish %",
        "none %",
        "dropped",
        "would change",
    )
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
        for name, people, topics, least in (("choose", 1_000, 40, 20), ("choose, thin", 600, 12, 45)):
            wishes = _write(Path(folder), people, topics, least, each=1)
            said, seconds = _run("choose", folder)
            ranks = list(said["met"].values())
            wrong = _would_change(Path(folder), wishes)
            first, none = (100 * ranks.count(rank) / people for rank in (1, 0))
            dropped = len(said["dropped"])
            rows.append(
                (name, people, topics, f"{seconds:.2f}", f"{first:.1f}", f"{none:.1f}", dropped, wrong)
            )
            if seconds > STARTING + CHOOSING:
                faults.append(f"{name}: {seconds:.2f} s of the processor")
            if wrong:
                faults.append(f"{name}: {wrong} would rather swap or be where room is")
        _write(Path(folder), 600, 12, 9, each=4)
        said, seconds = _run("solve", folder, "--seconds", str(FORMING), "--bound")
    print(table(heads, rows))
    reached, most = said["score"]["objective"], said["bound"]
    forming = ("topics of 48 optional groups", 600, f"{seconds:.2f}", f"{reached:.4f}", f"{most:.4f}")
    print(table(("left to the engine", "people", "CPU s", "reached", "bound"), [forming]))
    if reached < (1 - SHORTFALL) * most:
        faults.append(f"topics left to the engine: {reached:.4f} of {most:.4f}")
    return faults


def _write(folder: Path, people: int, topics: int, least: int, *, each: int) -> dict[str, list[str]]:
    """A problem in the public format: the lower a topic's number, the more often it is wished."""
    draw = random.Random(people)
    shares = [1 / (1 + k) for k in range(topics)]
    wishes: dict[str, list[str]] = {}
    for i in range(people):
        mine: dict[str, None] = {}
        while len(mine) < 4:
            mine[f"t{draw.choices(range(topics), shares)[0]}"] = None
        wishes[f"p{i}"] = list(mine)
    most = max(least + 5, int(1.6 * people / topics / each))
    spec: dict[str, Any] = {
        "groups": [
            {"id": f"g{k}-{n}", "min": least, "max": most, "topic": f"t{k}", "optional": True}
            for k in range(topics)
            for n in range(each)
        ],
        "criteria": [{"id": "wishes", "type": "preference", "utilities": [1.0, 0.75, 0.5], "weight": 1}],
    }
    (folder / "spec.json").write_text(json.dumps(spec))
    with (folder / "participants.csv").open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["id", "prefs"])
        writer.writerows((name, ";".join(mine)) for name, mine in wishes.items())
    return wishes


def _run(command: str, folder: str, *more: str) -> tuple[dict[str, Any], float]:
    """What the command says, and the seconds of the processor that it took with start and reading."""
    words = [sys.executable, "-m", "engines.grouping", command, folder, "-o", f"{folder}/out.csv", *more]
    process = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = json.loads(process.stdout.read())
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return said, used.ru_utime + used.ru_stime


def _would_change(folder: Path, wishes: dict[str, list[str]]) -> int:
    """Pairs of groups between which two people would both rather swap, or one would rather go and could."""
    spec = json.loads((folder / "spec.json").read_text())
    groups = {group["id"]: group for group in spec["groups"]}
    with (folder / "out.csv").open(newline="") as lines:
        place = {row["id"]: row["group"] for row in csv.DictReader(lines)}
    sizes = {name: list(place.values()).count(name) for name in groups}

    def likes(person: str, group: str) -> int:
        mine, topic = wishes[person], groups[group]["topic"]
        return len(mine) - mine.index(topic) if topic in mine else 0

    wants = {
        (here, there)
        for person, here in place.items()
        for there in groups
        if sizes[there] and likes(person, there) > likes(person, here)
    }
    return sum(
        (there, here) in wants or (sizes[there] < groups[there]["max"] and sizes[here] > groups[here]["min"])
        for here, there in wants
    )
