"""The command line: a mail's bodies as JSON in, what was read in them as JSON out.

python -m engines.replies read < mail.json

The mail is an object: {"text": "…", "html": "…"}; either may be missing.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from engines.replies.reading import read

USAGE = "python -m engines.replies read < mail.json"
DONE, UNREADABLE = 0, 4


def main(arguments: Sequence[str], said: TextIO, told: TextIO, complaints: TextIO) -> int:
    """Read the mail that `said` brings, write the reading to `told`; 4 and the reason when there is none."""
    if list(arguments) != ["read"]:
        print(USAGE, file=complaints)
        return UNREADABLE
    try:
        mail = json.load(said)
        reading = read(str(mail.get("text", "")), str(mail.get("html", "")))
    except (AttributeError, ValueError) as reason:
        print(f"{USAGE}: {reason}", file=complaints)
        return UNREADABLE
    json.dump(asdict(reading), told, indent=2, ensure_ascii=False)
    print(file=told)
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin, sys.stdout, sys.stderr))
