"""Meeting times: 200 people, 14 days in steps of 15 minutes, the best proven; two and three in turn."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bench.machine import at_most, table, wanted
from engines.timefinding import Candidate, Person, Problem, every, to_plain, weekly
from engines.timefinding.tests.cast import MONDAY, crowd
from engines.timefinding.tests.plainly import burden

PEOPLE, DAYS, STEP, SECONDS = 200, 14, 15, 2.0
WEEKS = 26


def main() -> list[str]:
    """Measure everything and return the aims that are missed."""
    people = crowd(PEOPLE, days=DAYS)
    dates = every(STEP, MONDAY, MONDAY + timedelta(days=DAYS))
    rhythm = weekly(STEP, MONDAY.replace(tzinfo=ZoneInfo("America/New_York")), times=WEEKS // 2, weeks=2)
    asked = (
        ("one date", Problem(people, dates)),
        ("two dates", Problem(people, dates, take=2)),
        ("three dates", Problem(people, dates, take=3)),
        ("every second week", Problem(people, rhythm)),
        ("two times in turn", Problem(people, rhythm, take=2, repeats=True)),
    )
    rows, missed = [], []
    for name, problem in asked:
        answer, seconds = _run(problem)
        best = answer["options"][0]
        proven = "yes" if answer["is_best"] else f"{answer['bound'] / best['score']:.1%}"
        sizes = len(problem.people), len(problem.candidates)
        rows.append((name, *sizes, f"{seconds:.2f}", best["score"], proven))
        missed += wanted(f"{name}: proven", proven, "yes", is_met=answer["is_best"])
        if name == "one date":
            missed += at_most(f"{name}: seconds of the processor", seconds, SECONDS)
            again = min(_score(people, each, problem) for each in dates)
            is_least = best["score"] == again
            missed += wanted(f"{name}: the least of all, told plainly", best["score"], again, is_met=is_least)
    print(table(("choose", "people", "candidates", "CPU s", "score", "proven"), rows))
    return missed


def _score(people: tuple[Person, ...], candidate: Candidate, problem: Problem) -> int:
    """The score of one candidate, told minute by minute with nothing of the engine's."""
    return sum(
        sum(burden(person, start, problem.minutes, problem.step) for start in candidate.starts) ** 2
        for person in people
    )


def _run(problem: Problem) -> tuple[dict[str, Any], float]:
    """The answer of the command line, and the seconds of the processor it took, start included."""
    before = os.times()
    answer = subprocess.run(
        [sys.executable, "-m", "engines.timefinding"],
        input=json.dumps(to_plain(problem)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return json.loads(answer), used
