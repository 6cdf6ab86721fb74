"""The engine's command line: `python -m engines.pairing pair|repair|join < question.json`."""

import argparse
import json
import sys
from typing import Any

from engines.pairing.answer import Plan, Repaired, Round
from engines.pairing.engine import join, pair, repair
from engines.pairing.formats import from_plain, to_plain
from engines.pairing.problem import Groups, Problem, ProblemError

EXIT_ANSWERED, EXIT_UNREADABLE = 0, 4


def main(arguments: list[str] | None = None) -> int:
    """Read a question from standard input and print the answer, both JSON: 0 answered, 4 unreadable.

    `pair` reads a problem; `repair` and `join` read it with `groups`, lists of ids, beside its own fields.
    """
    options = _parser().parse_args(arguments)
    try:
        answer = _answer(options.command, json.load(sys.stdin), options.seed)
    except (ProblemError, ValueError) as error:
        print(f"This question cannot be read: {error}", file=sys.stderr)
        return EXIT_UNREADABLE
    print(json.dumps(to_plain(answer)))
    return EXIT_ANSWERED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engines.pairing")
    parser.add_argument("command", choices=["pair", "repair", "join"])
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same answer")
    return parser


def _answer(command: str, plain: Any, seed: int) -> Plan | Repaired | Round:
    if command == "pair":
        return pair(from_plain(Problem, plain), seed=seed)
    if not isinstance(plain, dict):
        raise ProblemError("a problem with groups is expected")
    question = dict(plain)
    groups = from_plain(Groups, {"groups": question.pop("groups", None)}).groups
    do = repair if command == "repair" else join
    return do(from_plain(Problem, question), groups, seed=seed)


if __name__ == "__main__":
    sys.exit(main())
