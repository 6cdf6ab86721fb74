"""The engine in a process of its own: its memory goes with it, and pages do not wait for it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings

from engines import grouping

FEW_PEOPLE = 300
"""Up to so many people the loops do well uncompiled: nobody waits for a compiler that has not run yet."""

ANSWERS = {0: grouping.Proposal, 2: grouping.Clash, 3: grouping.NotFound}
"""What the engine's exit codes say that its answer is."""

type Outcome = grouping.Proposal | grouping.Clash | grouping.NotFound
type Teller = Callable[[str, int, int], bool | None]


def solve(problem: grouping.Problem, *, seed: int, tell: Teller | None = None) -> Outcome:
    """Ask the engine, in a process apart where its loops are compiled.

    `tell` hears what the engine is at ("preparing", "searching"), how much is done, and of how much; by
    returning True it stops the search, which then answers with the best so far. The process ends when this
    one does.
    Raises subprocess.CalledProcessError when it breaks.
    """
    # Where compiled code is kept if it cannot lie beside its sources.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(settings.HOME) / "compiled"))
    told = tell or _silent
    if grouping.is_compiled():
        return _solved_apart(problem, seed, told)
    return grouping.solve(problem, seed=seed, progress=lambda at: told("searching", at.done, at.trials))


def _silent(doing: str, done: int, total: int) -> None:
    """Nobody wants to know."""


def _solved_apart(problem: grouping.Problem, seed: int, tell: Teller) -> Outcome:
    command = [sys.executable, "-m", "engines.grouping", "solve", "--json", "--watched", "--seed", str(seed)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as answer:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=_environment(problem),
            stdin=subprocess.PIPE,
            stdout=answer,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        with process:
            try:
                said = _watched(process, json.dumps(grouping.to_plain(problem)), tell)
            except BaseException:
                process.kill()
                raise
        if process.returncode not in ANSWERS:
            raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
        answer.seek(0)
        return grouping.from_plain(ANSWERS[process.returncode], json.load(answer))


def _watched(process: "subprocess.Popen[str]", problem: str, tell: Teller) -> str:
    """Hand over the problem, pass progress on, and return whatever else the process said."""
    wanted, heard = cast("IO[str]", process.stdin), cast("IO[str]", process.stderr)
    wanted.write(problem + "\n")
    wanted.flush()
    others = []
    for line in heard:
        step = _step(line)
        if step is None:
            others.append(line)
        elif tell(*step) and not wanted.closed:
            wanted.close()
    return "".join(others)


def _step(line: str) -> tuple[str, int, int] | None:
    """A line of progress; None for any other, such as a warning."""
    if not line.startswith('{"doing": '):
        return None
    said: dict[str, Any] = json.loads(line)
    return said["doing"], said.get("done", 0), said.get("of", 0)


def _environment(problem: grouping.Problem) -> dict[str, str]:
    ours = {"PYTHONPATH": str(Path(grouping.__file__).parents[2])}
    if len(problem.people) <= FEW_PEOPLE and not grouping.is_prepared():
        ours["NUMBA_DISABLE_JIT"] = "1"
    return {**os.environ, **ours}
