"""Sets one paper with typst, in a process of its own: JSON in, a PDF out. Knows neither Django nor Coppice.

typst keeps what it worked out for papers to come, 40 MB for a table of 300 rows. A process of its own gives
that back at once, and cannot hold a server up.
"""

import json
import sys
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).with_name("paper.typ")
ACCESSIBLE: Any = ["ua-1"]


def main() -> None:
    """Read {"paper", "fonts", "timestamp"} from standard input, and write the PDF to standard output."""
    asked = json.load(sys.stdin)
    sys.stdout.buffer.write(set_paper(asked))


def set_paper(asked: dict[str, Any]) -> bytes:
    """Return the PDF; letters that our fonts lack are looked for in the machine's own, and only then."""
    for of_machine in (False, True):
        try:
            return _compile(asked, of_machine=of_machine, standards=ACCESSIBLE)
        except typst.TypstError as error:
            if "could not be displayed" not in error.message:
                raise
    return _compile(asked, of_machine=True, standards=[])


def _compile(asked: dict[str, Any], *, of_machine: bool, standards: Any) -> bytes:
    fonts = typst.Fonts(
        include_system_fonts=of_machine, include_embedded_fonts=of_machine, font_paths=asked["fonts"]
    )
    made: Any = typst.Compiler(TEMPLATE.read_bytes(), font_paths=fonts, ignore_system_fonts=True).compile(
        format="pdf",
        sys_inputs={"paper": json.dumps(asked["paper"])},
        pdf_standards=standards,
        timestamp=asked["timestamp"],
    )
    return bytes(made)


if __name__ == "__main__":
    main()
