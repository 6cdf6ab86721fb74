"""The sample classes of two tools for forming classes, with rules as their users state them, rule by rule.

GroupEng's class is judged by the independent `score_groupeng.py`: of each rule and group, kept or failed.
gruepr's file has no judge; what the engine reports of each rule and group is counted.
"""

import csv
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bench.machine import table
from engines.grouping import (
    Balanced,
    Group,
    KeepApart,
    KeepTogether,
    MeetingHours,
    NobodyIsolated,
    Person,
    Problem,
    Proposal,
    Wishes,
    solve,
)

SHARED = Path(__file__).resolve().parents[2] / "shared"
ROSTERS = SHARED / "data" / "rosters"
SECONDS = 5
SEEDS = (1, 2, 3, 4, 5)
MOST_FAILURES = 5
GROUPS, EACH = 21, 5
IN_TEAM = 4
HOURS = ("8AM", "9AM", "10AM", "11AM", "noon", "1PM", "2PM", "3PM", "4PM", "5PM", "6PM", "7PM", "8PM", "9PM")
ENOUGH_HOURS = 4


def main() -> list[str]:
    """Form both classes, print what was kept of each rule, and return the aims that are missed."""
    if not ROSTERS.is_dir():
        return ["the sample classes lie in ../shared beside this checkout, and are absent here"]
    return [*_groupeng(), *_gruepr()]


def _groupeng() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="coppice-bench-") as name:
        folder = Path(name)
        _write_groupeng(folder)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for seed in SEEDS:
            answer = folder / f"{seed}.csv"
            command = [sys.executable, "-m", "engines.grouping", "solve", str(folder), "-o", str(answer)]
            command += ["--seconds", str(SECONDS), "--seed", str(seed)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        judged = [_judged(folder / f"{seed}.csv") for seed in SEEDS]
    failures = [each["failures"] for each in judged]
    rows = [(rule, *(each["by_rule"][rule] for each in judged)) for rule in judged[0]["by_rule"]]
    heads = ("GroupEng's class: failures by rule", *(f"seed {seed}" for seed in SEEDS))
    print(table(heads, [*rows, (f"all, of {judged[0]['pairs']}", *failures)]))
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{used / len(SEEDS):.2f} CPU-s each. GroupEng 7 to 12 in 0.4 to 5 s, CP-SAT 5 in 154 s.")
    if statistics.median(failures) > MOST_FAILURES:
        yield f"GroupEng's class: a median of {statistics.median(failures)} failures, not {MOST_FAILURES}"


def _write_groupeng(folder: Path) -> None:
    """GroupEng's class and rules in the engine's format; what its rules only count as kept is strict here."""
    stated = json.loads((ROSTERS / "groupeng_sample_rules.json").read_text())
    with (ROSTERS / "groupeng_sample_class_1.csv").open(newline="") as lines:
        rows = [{"id": row.pop("ID"), **row} for row in csv.DictReader(lines)]
    criteria: list[dict[str, Any]] = []
    for k, rule in enumerate(stated["rules"]):
        part = {"id": f"r{k}", "attr": rule["attr"], "weight": 1}
        match rule["type"]:
            case "cluster":
                values = rule["values"][0]
                for row in rows:  # several values in one list count as one
                    row[rule["attr"]] = values[0] if row[rule["attr"]] in values else row[rule["attr"]]
                criteria.append({**part, "type": "no_isolate", "values": values[:1]})
            case "aggregate":
                criteria.append({**part, "type": "similar_cat", "strict": True})
            case "balance":
                criteria.append({**part, "type": "balance_num", "tolerance": rule["tol"], "strict": True})
            case "distribute":
                weight = 1 / len(rule["values"])
                for value in rule["values"]:
                    one = {**part, "id": f"r{k} {value}", "value": value, "weight": weight}
                    criteria.append({**one, "type": "distribute", "strict": True})
    groups = [{"id": f"g{g:02}", "min": EACH, "max": EACH} for g in range(GROUPS)]
    (folder / "spec.json").write_text(json.dumps({"groups": groups, "criteria": criteria}))
    with (folder / "participants.csv").open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _judged(answer: Path) -> dict[str, Any]:
    scorer = SHARED / "tools" / "grouping" / "score_groupeng.py"
    command = [sys.executable, str(scorer), str(ROSTERS / "groupeng_sample_class_1.csv")]
    command += [str(ROSTERS / "groupeng_sample_rules.json"), str(answer)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _gruepr() -> Iterator[str]:
    problem = _gruepr_problem()
    outcome = solve(problem, seed=1, seconds=SECONDS)
    if not isinstance(outcome, Proposal):
        yield f"gruepr's class: {outcome}"
        return
    rows: list[tuple[object, ...]] = [(type(rule).__name__, "kept") for rule in problem.rules]
    for aim in problem.aims:
        whole = sum(group.scores[aim.name] >= 1 for group in outcome.groups)
        mean = outcome.score.aims[aim.name].mean
        rows.append((aim.name, f"{whole} of {len(outcome.groups)}, mean {mean:.2f}"))
    print(table(("gruepr's class: rule or aim", "kept wholly in teams"), rows))
    if outcome.violations:
        yield f"gruepr's class: {len(outcome.violations)} broken rules"


def _gruepr_problem() -> Problem:
    """gruepr's 32 answers: teams of four, at least four shared hours, no woman alone, skills even, wishes."""
    with (ROSTERS / "gruepr_testdata.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    first, last = "What is your first name?", "What is your last name?"
    gender = "With which gender do you identify?"
    days = [key for key in rows[0] if key.startswith("Check the times")]
    names = [f"{row[first].strip()} {row[last].strip()}" for row in rows]
    people = tuple(
        Person(
            name,
            categories={"gender": row[gender]},
            numbers={skill: float(row[key][0]) for skill, key in _skills(row) if row[key][:1].isdigit()},
            wishes=tuple(row[key] for key in row if key.startswith("Please rank") and row[key]),
            hours=frozenset(
                len(HOURS) * d + k
                for d, day in enumerate(days)
                for k, hour in enumerate(HOURS)
                if hour not in row[day].split(";")
            ),
        )
        for name, row in zip(names, rows, strict=True)
    )
    projects = sorted({wish for person in people for wish in person.wishes or ()})
    return Problem(
        people,
        tuple(Group(project, IN_TEAM, IN_TEAM, project, optional=True) for project in projects),
        rules=tuple(_companions(rows, names)),
        aims=(
            NobodyIsolated(name="no woman alone", attribute="gender", values=("woman",)),
            MeetingHours(name="four shared hours", target=ENOUGH_HOURS, weight=2),
            Balanced(name="programming even", attribute="programming"),
            Balanced(name="building even", attribute="building"),
            Wishes(name="project wished"),
        ),
        slots=len(days) * len(HOURS),
    )


def _skills(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for key in row:
        if "programming" in key:
            yield "programming", key
        if "hands-on" in key:
            yield "building", key


def _companions(rows: list[dict[str, str]], names: list[str]) -> Iterator[KeepTogether | KeepApart]:
    """Whom they would like to have with them, and whom not; a name is the nearest that somebody bears."""
    seen: set[frozenset[str]] = set()
    for name, row in zip(names, rows, strict=True):
        for key, cell in row.items():
            for part in cell.split(",") if key.startswith("Please list") else ():
                for other in get_close_matches(part.strip(), names, n=1, cutoff=0.8):
                    if frozenset((name, other)) not in seen:
                        seen.add(frozenset((name, other)))
                        yield KeepApart(name, other) if "to not have" in key else KeepTogether((name, other))
