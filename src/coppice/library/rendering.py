"""The first page of a PDF as a picture: drawn by typst in a process of its own with little time for it."""

import subprocess
import sys
import tempfile
from pathlib import Path

PATIENCE = 20
"""Seconds; a page that takes longer is not drawn."""
LARGEST = 50 * 1024 * 1024
WIDE = 800
SHEET = f"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image("page.pdf", page: 1, width: {WIDE}pt)
"""
MEMORY = 2 * 1024**3
"""Bytes that a drawing may take; a page that is a thousand times as long as wide would take all there are."""
DRAW = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
import typst
sys.stdout.buffer.write(typst.compile(sys.argv[1], format='png', ppi=144))
"""


class NotDrawn(Exception):
    """No picture came of a PDF: it is broken, locked, too large, or takes too long."""


def first_page(content: bytes) -> bytes:
    """Return the first page of a PDF as PNG, 1600 pixels wide. Raises NotDrawn."""
    if len(content) > LARGEST:
        raise NotDrawn
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "sheet.typ"
        sheet.write_text(SHEET)
        (Path(folder) / "page.pdf").write_bytes(content)
        try:
            drawn = subprocess.run(  # noqa: S603 -- our own interpreter, and paths that we made
                [sys.executable, "-I", "-c", DRAW, str(sheet)],
                cwd=folder,
                capture_output=True,
                timeout=PATIENCE,
                check=True,
            )
        except (subprocess.SubprocessError, OSError):
            raise NotDrawn from None
    return drawn.stdout
