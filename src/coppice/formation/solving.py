"""The engine in a process of its own: its memory goes with it, and pages do not wait for it."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings

from engines import grouping

FEW_PEOPLE = 300
"""Up to so many people the loops do well uncompiled: nobody waits for a compiler that has not run yet."""

ANSWERS = {0: grouping.Proposal, 2: grouping.Clash, 3: grouping.NotFound}
"""What the engine's exit codes say that its answer is."""

type Outcome = grouping.Proposal | grouping.Clash | grouping.NotFound


@dataclass(frozen=True)
class Step:
    """Where a search is: what the engine is at ("preparing", "searching"), how much is done, of how much.

    `broken` counts the broken rules of the best grouping so far, `objective` is its score (0 to 1), `groups`
    how many it has, of `smallest` to `largest` people.
    """

    doing: str
    done: int = 0
    of: int = 0
    broken: int = 0
    objective: float = 0.0
    groups: int = 0
    smallest: int = 0
    largest: int = 0

    @property
    def best(self) -> Mapping[str, int]:
        """What can be told of the best grouping so far; nothing before one breaks no rule."""
        if self.broken or not self.groups:
            return {}
        return {"groups": self.groups, "smallest": self.smallest, "largest": self.largest}


type Teller = Callable[[Step], bool | None]


@dataclass(frozen=True)
class Search:
    """How to look: from which seed, with how many trials, up to which, and beginning from which grouping.

    `until` is where a search ended that was stopped; with it the same comes of it again. `start` gives a
    person's id the id of a group, and is empty for a search from nothing; with `most_moves` at most so many
    of its people come into another group. Looking `anew` it is only what the answer never falls below.
    """

    seed: int
    trials: int
    until: int | None = None
    start: Mapping[str, str] = field(default_factory=dict)
    most_moves: int | None = None
    anew: bool = False


def solve(problem: grouping.Problem, search: Search, *, tell: Teller | None = None) -> Outcome:
    """Ask the engine, in a process apart where its loops are compiled.

    A proposal has its bound. `tell` hears where the search is; by returning True it stops the search, which
    then answers with the best so far. The process ends when this one does.
    Raises subprocess.CalledProcessError when it breaks.
    """
    # Where compiled code is kept if it cannot lie beside its sources.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(settings.HOME) / "compiled"))
    told = tell or _silent
    if grouping.is_compiled():
        return _solved_apart(problem, search, told)

    def hear(at: grouping.Progress) -> bool:
        sizes = Counter(at.assignment.values()).values()
        among = (len(sizes), min(sizes, default=0), max(sizes, default=0))
        step = Step("searching", at.done, at.trials, at.violations, at.objective, *among)
        return bool(told(step)) or (search.until is not None and at.done >= search.until)

    return grouping.solve(
        problem,
        seed=search.seed,
        trials=search.trials,
        start=search.start,
        most_moves=search.most_moves,
        anew=search.anew,
        progress=hear,
        bounded=True,
    )


def usual_trials(people: int) -> int:
    """Return how many trials a search for so many people takes when nobody wants more."""
    return grouping.default_trials(people, compiled=grouping.is_compiled() and not _is_plain(people))


def _silent(step: Step) -> None:
    """Nobody wants to know."""


def _solved_apart(problem: grouping.Problem, search: Search, tell: Teller) -> Outcome:
    command = [sys.executable, "-m", "engines.grouping", "solve", "--json", "--watched", "--bound"]
    command += ["--seed", str(search.seed), "--trials", str(search.trials)]
    if search.until is not None:
        command += ["--until", str(search.until)]
    if search.most_moves is not None:
        command += ["--most-moves", str(search.most_moves)]
    if search.anew:
        command += ["--anew"]
    asked = json.dumps({**grouping.to_plain(problem), "start": dict(search.start)})
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
                said = _watched(process, asked, tell)
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
        elif tell(step) and not wanted.closed:
            wanted.close()
    return "".join(others)


def _step(line: str) -> Step | None:
    """A line of progress; None for any other, such as a warning."""
    if not line.startswith('{"doing": '):
        return None
    said: dict[str, Any] = json.loads(line)
    broken = said.pop("violations", 0)
    return Step(broken=broken, **said)


def _environment(problem: grouping.Problem) -> dict[str, str]:
    ours = {"PYTHONPATH": str(Path(grouping.__file__).parents[2])}
    if _is_plain(len(problem.people)):
        ours["NUMBA_DISABLE_JIT"] = "1"
    return {**os.environ, **ours}


def _is_plain(people: int) -> bool:
    """Whether loops go uncompiled where they could be compiled: nobody waits for that."""
    return people <= FEW_PEOPLE and not grouping.is_prepared()
