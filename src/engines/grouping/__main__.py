"""The engine's command line: `python -m engines.grouping solve …`, `choose …`, `bound …`, `prepare`."""

import argparse
import csv
import io
import json
import os
import select
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from engines.grouping.answer import Choice, Clash, NotFound, Possible, Progress, Proposal
from engines.grouping.bounds import bound
from engines.grouping.choosing import choose
from engines.grouping.diverse import diversify
from engines.grouping.engine import diagnose, solve
from engines.grouping.formats import to_plain
from engines.grouping.mdgplib import THOUSAND, read_mdgplib
from engines.grouping.prepared import is_compiled, is_prepared, prepare
from engines.grouping.problem import Problem, ProblemError
from engines.grouping.proofs import WORK
from engines.grouping.reading import read_grouping, read_plain, read_problem
from engines.grouping.telling import reasons

STARTING, EACH_PERSON, LEAST = 0.12, 0.00021, 0.05
"""Seconds that starting takes, and reading and explaining each person; the least that the search gets."""

STARTING_PAIRS, EACH_PAIR = 0.09, 1.5e-6
"""Seconds that starting takes where people have distances, and reading the distance of two of them."""

EXIT_PROPOSAL, EXIT_CLASH, EXIT_NOT_FOUND, EXIT_UNREADABLE = 0, 2, 3, 4

EXITS = {
    Proposal: EXIT_PROPOSAL,
    Possible: EXIT_PROPOSAL,
    Clash: EXIT_CLASH,
    NotFound: EXIT_NOT_FOUND,
}

MOST_SECONDS = 1e9

USUAL_SECONDS = 2.0
"""The seconds in which `diagnose` does the work that it does when it is not told."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 proposal, 2 clash, 3 not found, 4 unreadable problem."""
    options = _parser().parse_args(arguments)
    if options.command == "prepare":
        prepare()
        return EXIT_PROPOSAL
    output = getattr(options, "output", None)
    if output and not Path(output).parent.is_dir():
        return _refused(f"The answer cannot be written: there is no folder {Path(output).parent}")
    try:
        return _asked(options)
    except ProblemError as error:
        return _refused(f"This problem cannot be read: {error}")
    except _Unwritten as error:
        return _refused(f"The answer cannot be written: {error}")


def _asked(options: argparse.Namespace) -> int:
    if options.command == "mdgp":
        return _diversify(options)
    problem, start = _problem(options)
    match options.command:
        case "diagnose":
            return _diagnosed(problem, options)
        case "bound":
            return _say_bound(problem)
        case "choose":
            return _choose(options, problem)
    return _solve(options, problem, start)


def _refused(sentence: str) -> int:
    """Say in one line why nothing is answered."""
    print(" ".join(sentence.split()), file=sys.stderr)
    return EXIT_UNREADABLE


def _say_bound(problem: Problem) -> int:
    found = bound(problem)
    print(json.dumps(to_plain(found)))
    return EXIT_PROPOSAL if found.is_possible else EXIT_CLASH


def _choose(options: argparse.Namespace, problem: Problem) -> int:
    outcome = choose(problem, seed=options.seed)
    if not isinstance(outcome, Choice):
        return _answer(options, outcome)
    said = _report(outcome.proposal)
    more = {"met": to_plain(outcome.met), "dropped": to_plain(outcome.dropped)}
    print(json.dumps(to_plain(outcome) if options.json else {**said, **more}))
    if options.output:
        _write(outcome.proposal.assignment, Path(options.output))
    return EXIT_PROPOSAL


def _solve(options: argparse.Namespace, problem: Problem, start: dict[str, str]) -> int:
    if options.watched and is_compiled() and not is_prepared():
        _say({"doing": "preparing"})
        prepare()
    outcome = solve(
        problem,
        seed=options.seed,
        trials=options.trials,
        seconds=_seconds(options, problem),
        start=start,
        most_moves=options.most_moves,
        anew=options.anew,
        progress=_watcher(options),
        bounded=options.bound,
        reasons=options.json,
    )
    return _answer(options, outcome)


def _answer(options: argparse.Namespace, outcome: Proposal | Clash | NotFound) -> int:
    """Print the outcome, write the grouping if there is one, and return the exit code."""
    print(json.dumps(to_plain(outcome) if options.json else _report(outcome)))
    if options.output and not isinstance(outcome, Clash):
        grouping = outcome.nearest if isinstance(outcome, NotFound) else outcome
        _write(grouping.assignment, Path(options.output))
    return EXITS[type(outcome)]


def _diagnosed(problem: Problem, options: argparse.Namespace) -> int:
    outcome = diagnose(problem, work=int(WORK * options.seconds / USUAL_SECONDS))
    answer = json.dumps(to_plain(outcome) if options.json else _verdict(outcome))
    if options.output:
        _put(Path(options.output), answer + "\n")
    else:
        print(answer)
    return EXITS[type(outcome)]


class _Parser(argparse.ArgumentParser):
    """Leaves with the code of what cannot be read, for 2 is that of a clash."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_UNREADABLE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m engines.grouping")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("prepare", help="compile the loops of the search, once for all later processes")
    judged = commands.add_parser("diagnose", help="say whether the hard rules can all hold, and if not, why")
    _add_source(judged)
    judged.add_argument("-o", "--output", help="write the answer here, as JSON")
    judged.set_defaults(watched=False)
    judged.add_argument("--seconds", type=_span, default=USUAL_SECONDS, help="the work of about so many")
    least = commands.add_parser("bound", help="say what no grouping can surpass")
    _add_source(least)
    least.set_defaults(watched=False)
    wished = commands.add_parser("choose", help="give everybody the best topic that there is room for")
    _add_source(wished)
    wished.add_argument("-o", "--output", help="write id,group as CSV here")
    wished.add_argument("--seed", type=int, default=0)
    wished.set_defaults(watched=False)
    diverse = commands.add_parser("mdgp", help="group people by the distances between them, as far as can be")
    diverse.add_argument("instance", help="a problem as MDGPLIB writes it, gzipped or not")
    diverse.add_argument("-o", "--output", required=True, help="write id,group as CSV here")
    diverse.add_argument("--seed", type=int, default=0)
    diverse.add_argument(
        "--seconds", type=_span, default=3.0, help="the work of so many, counted and not timed"
    )
    command = commands.add_parser("solve", help="place everybody into groups")
    _add_source(command)
    command.add_argument("--bound", action="store_true", help="say, too, what no grouping can surpass")
    command.add_argument("-o", "--output", help="write id,group as CSV here")
    command.add_argument("--seed", type=int, default=0)
    effort = command.add_mutually_exclusive_group()
    effort.add_argument("--trials", type=_count, help="changes to try")
    effort.add_argument("--seconds", type=_span, help="the work of so many, counted and not timed")
    command.add_argument("--start", help="begin from the grouping in this CSV file with id,group")
    command.add_argument(
        "--most-moves", type=_count, help="so many people of the start at most come into another group"
    )
    command.add_argument(
        "--anew", action="store_true", help="look as without a start, and never answer with less than it"
    )
    command.add_argument(
        "--until", type=_count, help="stop where so many are done, as a search did that was stopped there"
    )
    command.add_argument(
        "--watched",
        action="store_true",
        help="with --json: the problem is one line; tell of progress on standard error, a line of JSON each "
        "time; when standard input ends, stop and answer with the best so far",
    )
    return parser


def _add_source(command: argparse.ArgumentParser) -> None:
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("directory", nargs="?", help="holds participants.csv and spec.json")
    source.add_argument(
        "--json",
        action="store_true",
        help="read a problem, write the answer, both as JSON; `start` beside the problem's own fields is a "
        "grouping to begin from",
    )


def _diversify(options: argparse.Namespace) -> int:
    """Group people by the distances between them; says the sum within groups, and what chance gives."""
    distances = read_mdgplib(Path(options.instance))
    rest = options.seconds - STARTING_PAIRS - EACH_PAIR * len(distances.between) / 2
    found = diversify(distances, seed=options.seed, seconds=max(rest, 0.0))
    _write({str(person): str(group) for person, group in enumerate(found.places)}, Path(options.output))
    said = {"objective": found.total / THOUSAND, "by_chance": found.by_chance / THOUSAND}
    print(json.dumps({**said, "seed": options.seed, "looks": found.looks}))
    return EXIT_PROPOSAL


def _problem(options: argparse.Namespace) -> tuple[Problem, dict[str, str]]:
    """The problem, and the grouping to begin from, if any."""
    if options.json:
        is_watched = options.command == "solve" and options.watched
        return read_plain(sys.stdin, is_one_line=is_watched)
    earlier = options.start if options.command == "solve" else None
    problem = read_problem(Path(options.directory))
    return problem, read_grouping(Path(earlier)) if earlier else {}


def _count(text: str) -> int:
    """A whole number from 0. Raises ValueError for any other."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _span(text: str) -> float:
    """A number of seconds from 0. Raises ValueError for any other."""
    number = float(text)
    if not 0 <= number <= MOST_SECONDS:
        raise ValueError(text)
    return number


def _seconds(options: argparse.Namespace, problem: Problem) -> float | None:
    """What is left for the search of the seconds that the whole may take."""
    if options.seconds is None:
        return None
    rest = options.seconds - STARTING - EACH_PERSON * len(problem.people)
    return float(max(rest, min(LEAST, options.seconds)))


def _watcher(options: argparse.Namespace) -> Callable[[Progress], bool] | None:
    """What looks at the search from time to time: tells of it, and stops it where that is asked for."""
    if not options.watched and options.until is None:
        return None

    def look(progress: Progress) -> bool:
        is_left = options.watched and _tell(progress)
        return is_left or (options.until is not None and progress.done >= options.until)

    return look


def _tell(progress: Progress) -> bool:
    """Say where the search stands; True when nobody watches any more."""
    shown = {"done": progress.done, "of": progress.trials, "violations": progress.violations}
    sizes = Counter(progress.assignment.values()).values()
    groups = {"groups": len(sizes), "smallest": min(sizes, default=0), "largest": max(sizes, default=0)}
    _say({"doing": "searching", **shown, "objective": progress.objective, **groups})
    readable, _, _ = select.select([sys.stdin], [], [], 0)
    return bool(readable) and sys.stdin.readline() == ""


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line), file=sys.stderr, flush=True)


def _report(outcome: Proposal | Clash | NotFound) -> dict[str, Any]:
    """The outcome in short; a clash in the form that `score_diagnosis.py` reads, with the conflicts."""
    if isinstance(outcome, Clash):
        return _verdict(outcome)
    grouping = outcome.nearest if isinstance(outcome, NotFound) else outcome
    return {
        "feasible": True if isinstance(outcome, Proposal) else None,
        "seed": grouping.seed,
        "trials": grouping.trials,
        "moves": grouping.moves,
        "moved": list(grouping.moved),
        "bound": grouping.bound,
        "score": to_plain(grouping.score),
        "violations": to_plain(grouping.violations),
        "groups": to_plain(grouping.groups),
    }


def _verdict(outcome: Possible | Proposal | Clash | NotFound) -> dict[str, Any]:
    """Whether the rules can hold (null: nobody knows), with the clashes or the grouping that proves it."""
    if isinstance(outcome, NotFound):
        return {"feasible": None, "reasons": [], "violations": to_plain(outcome.nearest.violations)}
    if not isinstance(outcome, Clash):
        return {"feasible": True, "reasons": [], "assignment": to_plain(outcome.assignment)}
    told = [reason for each in outcome.conflicts for reason in reasons(each)]
    return {"feasible": False, "reasons": told, "conflicts": to_plain(outcome.conflicts)}


def _write(assignment: dict[str, str], path: Path) -> None:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["id", "group"])
    writer.writerows(assignment.items())
    _put(path, lines.getvalue())


class _Unwritten(Exception):
    """There is no writing where the answer is to go."""


def _put(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise _Unwritten(f"{path}: {error.strerror}") from error


if __name__ == "__main__":
    if sys.argv[1:2] == ["diagnose"] and not is_prepared():
        # Its search is so short that compiling its loops would take longer than all the rest.
        os.environ.setdefault("NUMBA_DISABLE_JIT", "1")
    sys.exit(main())
