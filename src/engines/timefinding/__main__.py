"""The engine's command line: `python -m engines.timefinding < problem.json`."""

import json
import sys

from engines.timefinding.answer import NoTime
from engines.timefinding.engine import find_times
from engines.timefinding.formats import from_plain, to_plain
from engines.timefinding.problem import Problem, ProblemError

EXIT_FOUND, EXIT_NO_TIME, EXIT_UNREADABLE = 0, 2, 4


def main() -> int:
    """Read a problem from standard input and print the answer, JSON: 0 found, 2 no time, 4 unreadable."""
    try:
        answer = find_times(from_plain(Problem, json.load(sys.stdin)))
    except (ProblemError, ValueError) as error:
        print(f"This question cannot be read: {error}", file=sys.stderr)
        return EXIT_UNREADABLE
    print(json.dumps(to_plain(answer)))
    return EXIT_NO_TIME if isinstance(answer, NoTime) else EXIT_FOUND


if __name__ == "__main__":
    sys.exit(main())
