"""The command line: opinions as JSON in, the ranking as JSON out.

python -m engines.scoring gaps < opinions.json

The opinions are a list: [{"person": …, "topic": …, "importance": 5, "confidence": 2}, …]
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from engines.scoring.gaps import Opinion, rank_gaps

USAGE = "python -m engines.scoring gaps < opinions.json"
DONE, UNREADABLE = 0, 4


def main(arguments: Sequence[str], said: TextIO, told: TextIO, complaints: TextIO) -> int:
    """Rank what is read from `said` and write it to `told`; 4 when it cannot be read, with the reason."""
    if list(arguments) != ["gaps"]:
        print(USAGE, file=complaints)
        return UNREADABLE
    try:
        opinions = [Opinion(**each) for each in json.load(said)]
        ranking = rank_gaps(opinions)
    except (TypeError, ValueError) as reason:
        print(f"{USAGE}: {reason}", file=complaints)
        return UNREADABLE
    json.dump([asdict(gap) for gap in ranking], told, indent=2)
    print(file=told)
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin, sys.stdout, sys.stderr))
