"""The engine's command line: `python -m engines.grouping solve …`, and `prepare` to compile its loops."""

import argparse
import csv
import json
import select
import sys
from pathlib import Path
from typing import Any

from engines.grouping.answer import Clash, Conflict, NotFound, Progress, Proposal
from engines.grouping.engine import solve
from engines.grouping.formats import from_plain, problem_of, to_plain
from engines.grouping.prepared import is_compiled, is_prepared, prepare
from engines.grouping.problem import Problem, ProblemError

STARTING, EACH_PERSON, LEAST = 0.62, 0.0012, 0.05
"""Seconds that starting takes, and reading and explaining each person; the least that the search gets."""

EXIT_PROPOSAL, EXIT_CLASH, EXIT_NOT_FOUND, EXIT_UNREADABLE = 0, 2, 3, 4


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 proposal, 2 clash, 3 not found, 4 unreadable problem."""
    options = _parser().parse_args(arguments)
    if options.command == "prepare":
        prepare()
        return EXIT_PROPOSAL
    try:
        problem = _problem(options)
    except (ProblemError, OSError, ValueError) as error:
        print(f"This problem cannot be read: {error}", file=sys.stderr)
        return EXIT_UNREADABLE
    if options.watched and is_compiled() and not is_prepared():
        _say({"doing": "preparing"})
        prepare()
    outcome = solve(
        problem,
        seed=options.seed,
        trials=options.trials,
        seconds=_seconds(options, problem),
        progress=_tell if options.watched else None,
        reasons=options.json,
    )
    print(json.dumps(to_plain(outcome) if options.json else _report(outcome)))
    if options.output and not isinstance(outcome, Clash):
        grouping = outcome.nearest if isinstance(outcome, NotFound) else outcome
        _write(grouping.assignment, Path(options.output))
    return {Clash: EXIT_CLASH, NotFound: EXIT_NOT_FOUND}.get(type(outcome), EXIT_PROPOSAL)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engines.grouping")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("prepare", help="compile the loops of the search, once for all later processes")
    command = commands.add_parser("solve", help="place everybody into groups")
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("directory", nargs="?", help="holds participants.csv and spec.json")
    source.add_argument("--json", action="store_true", help="read a problem, write the answer, both as JSON")
    command.add_argument("-o", "--output", help="write id,group as CSV here")
    command.add_argument("--seed", type=int, default=0)
    effort = command.add_mutually_exclusive_group()
    effort.add_argument("--trials", type=int, help="changes to try")
    effort.add_argument("--seconds", type=float, help="the work of so many, counted and not timed")
    command.add_argument(
        "--watched",
        action="store_true",
        help="with --json: the problem is one line; tell of progress on standard error, a line of JSON each "
        "time; when standard input ends, stop and answer with the best so far",
    )
    return parser


def _problem(options: argparse.Namespace) -> Problem:
    if options.json:
        return from_plain(Problem, json.loads(sys.stdin.readline() if options.watched else sys.stdin.read()))
    directory = Path(options.directory)
    with (directory / "participants.csv").open(newline="", encoding="utf-8-sig") as lines:
        spec = json.loads((directory / "spec.json").read_text(encoding="utf-8"))
        return problem_of(spec, csv.DictReader(lines))


def _seconds(options: argparse.Namespace, problem: Problem) -> float | None:
    """What is left for the search of the seconds that the whole may take."""
    if options.seconds is None:
        return None
    rest = options.seconds - STARTING - EACH_PERSON * len(problem.people)
    return float(max(rest, min(LEAST, options.seconds)))


def _tell(progress: Progress) -> bool:
    """Say where the search stands; True when nobody watches any more."""
    shown = {"done": progress.done, "of": progress.trials, "violations": progress.violations}
    _say({"doing": "searching", **shown, "objective": progress.objective})
    readable, _, _ = select.select([sys.stdin], [], [], 0)
    return bool(readable) and sys.stdin.readline() == ""


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line), file=sys.stderr, flush=True)


def _report(outcome: Proposal | Clash | NotFound) -> dict[str, Any]:
    """The outcome in short; a clash in the form that `score_diagnosis.py` reads, with the conflicts."""
    if isinstance(outcome, Clash):
        reasons = [{"text": _sentence(each), "ids": _core(each)} for each in outcome.conflicts]
        return {"feasible": False, "reasons": reasons, "conflicts": to_plain(outcome.conflicts)}
    grouping = outcome.nearest if isinstance(outcome, NotFound) else outcome
    return {
        "feasible": True if isinstance(outcome, Proposal) else None,
        "seed": grouping.seed,
        "trials": grouping.trials,
        "moves": grouping.moves,
        "score": to_plain(grouping.score),
        "violations": to_plain(grouping.violations),
        "groups": to_plain(grouping.groups),
    }


def _sentence(conflict: Conflict) -> str:
    what = str(conflict.code).replace("_", " ")
    where = ", ".join(_core(conflict))
    return f"{what}: {conflict.needed} needed, {conflict.available} possible ({where})"


def _core(conflict: Conflict) -> list[str]:
    """The ids that make the conflict: the kind that is too many, or else people, or else groups."""
    if conflict.code == "too_many_of_kind" and conflict.value is not None:
        return [conflict.value]
    return list(conflict.people or conflict.groups)


def _write(assignment: dict[str, str], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["id", "group"])
        writer.writerows(assignment.items())


if __name__ == "__main__":
    sys.exit(main())
