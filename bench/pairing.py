"""Pairs, trios and fours: how near the most that can be proven, and what they take for up to 1,000 people."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from bench.machine import at_most, table, wanted
from engines.grouping.program import Program
from engines.pairing import Person, Problem, join, pair, repair, to_plain

ROUNDS = 5
PEOPLE = (10, 30, 84, 300, 1000)
BOUNDED = PEOPLE

PLAIN_SECONDS, NEEDS_SECONDS = 1.0, 3.0
"""Seconds of the processor for five rounds of 1,000 people, start and reading included."""

SHORT = 0.01
"""So much of the needs that a bound allows may be missing."""

FIRST = ("unplaced", "repeats", "colleagues", "without_hours")


@dataclass(frozen=True)
class Run:
    """An answer of the command line, and the seconds of the processor that it took."""

    rounds: list[dict[str, Any]]
    seconds: float

    def total(self, measure: str) -> int:
        """A measure, added up over the rounds."""
        return sum(each["measures"][measure] for each in self.rounds)


def main() -> list[str]:
    """Measure everything and return the aims that are missed."""
    return [*_rounds(), *_bounds(), *_circles(), *_changes()]


def crowd(count: int, *, needs: bool) -> tuple[Person, ...]:
    """So many people with organizations and hours; with three needs and offers of twenty topics, or none."""
    draw = random.Random(count)
    topics = [f"topic {number}" for number in range(20)]
    return tuple(
        Person(
            f"p{number}",
            circles=frozenset({f"organization {draw.randrange(count // 8 + 2)}"}),
            needs={topic: draw.randint(1, 3) for topic in draw.sample(topics, 3)} if needs else {},
            offers=frozenset(draw.sample(topics, 3)) if needs else frozenset(),
            hours=frozenset(draw.sample(range(21), 6)),
        )
        for number in range(count)
    )


def _rounds() -> Iterator[str]:
    rows = []
    for count in PEOPLE:
        for size in (2, 3, 4):
            for needs in (False, True):
                run = _run(Problem(crowd(count, needs=needs), size=size, rounds=ROUNDS))
                proven = sum(each["is_best"] for each in run.rounds)
                figures = [run.total(measure) for measure in (*FIRST, "needs")]
                rows.append((f"{count} people, {size}{', needs' if needs else ''}", *figures, proven))
                rows[-1] += (f"{run.seconds:.2f}",)
                if count == max(PEOPLE):
                    most = NEEDS_SECONDS if needs else PLAIN_SECONDS
                    yield from at_most(f"{rows[-1][0]}: seconds of the processor", run.seconds, most)
                    lost = sum(run.total(measure) for measure in FIRST)
                    yield from at_most(f"{rows[-1][0]}: left over, repeats, colleagues, no hours", lost, 0)
                if size == 2:
                    yield from wanted(f"{rows[-1][0]}: rounds proven", proven, "all", is_met=proven == ROUNDS)
    heads = ("five rounds of", "left over", "repeats", "colleagues", "no common hour", "needs met")
    print(table((*heads, "proven best", "CPU s"), rows))


def _run(problem: Problem) -> Run:
    command = [sys.executable, "-m", "engines.pairing", "pair", "--seed", "1"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(to_plain(problem)))
    process.stdin.close()
    said = json.loads(process.stdout.read())
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(said["rounds"], used.ru_utime + used.ru_stime)


def _bounds() -> Iterator[str]:
    """One round beside what no round can surpass: a linear program over all pairs, with prices checked."""
    rows = []
    for count in BOUNDED:
        for size in (2, 4):
            problem = Problem(crowd(count, needs=True), size=size)
            [answer] = pair(problem, seed=1).rounds
            lost = sum(getattr(answer.measures, measure) for measure in FIRST)
            most = _bound(problem, size - 1)
            met = answer.measures.needs
            rows.append((f"{count} people, {size}", lost, met, f"{most:.1f}", f"{1 - met / most:.2%}"))
            if size == 2 and not lost:
                yield from at_most(
                    f"{count} people: share of the bound that is missing", 1 - met / most, SHORT
                )
    print(table(("one round of", "lost", "needs met", "bound", "below"), rows))


def _bound(problem: Problem, others: int) -> float:
    """What needs can be met at most when nothing else is lost: all sit with so many others, or in part."""
    people = problem.people
    program = Program()
    rows = [program.row(low=others, high=others) for _ in people]
    for (one, first), (other, second) in combinations(enumerate(people), 2):
        if not first.circles & second.circles and first.hours & second.hours:
            needs = sum(weight for topic, weight in first.needs.items() if topic in second.offers)
            needs += sum(weight for topic, weight in second.needs.items() if topic in first.offers)
            program.column(float(needs), 1.0, [(rows[one], 1.0), (rows[other], 1.0)])
    return program.ceiling(program.solve().prices)


def _circles() -> Iterator[str]:
    """All meet all: one round fewer than people, when nothing else is asked."""
    rows = []
    for count in (4, 10, 30, 84, 200):
        people = tuple(Person(f"p{number}") for number in range(count))
        began = time.process_time()
        plan = pair(Problem(people, rounds=count - 1), seed=1)
        repeats = sum(answer.measures.repeats for answer in plan.rounds)
        rows.append((f"{count} people", count - 1, repeats, f"{time.process_time() - began:.2f}"))
        yield from at_most(f"{count} people, all meet all: repeats", repeats, 0)
    print(table(("all meet all", "rounds", "repeats", "CPU s"), rows))


def _changes() -> Iterator[str]:
    """An open round in which one of twenty leaves and as many come; and pairs joined into fours."""
    rows = []
    for count in (84, 1000):
        everybody = crowd(count + count // 20, needs=True)
        before, late = everybody[:count], everybody[count:]
        groups = [group.people for group in pair(Problem(before), seed=1).rounds[0].groups]
        gone = {person.id for person in before[::20]}
        here = tuple(person for person in before if person.id not in gone) + late
        began = time.process_time()
        mended = repair(Problem(here), groups, seed=1)
        mending = time.process_time() - began
        touched = sum(not gone.isdisjoint(group) for group in groups)
        rows.append((f"{count} people, mended", len(groups) - touched, mended.kept, f"{mending:.2f}"))
        short = len(groups) - touched - mended.kept
        yield from at_most(f"{count} people, mended: groups changed in vain", short, 1)
        began = time.process_time()
        fours = join(Problem(before), groups, seed=1)
        spent = time.process_time() - began
        rows.append((f"{count} people, joined", 0, fours.measures.colleagues, f"{spent:.2f}"))
        yield from at_most(f"{count} people, joined: pairs of colleagues", fours.measures.colleagues, 0)
    print(table(("change", "groups of no concern", "kept, or pairs of colleagues", "CPU s"), rows))
