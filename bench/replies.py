"""Replies by mail: how many of 32 public ones are read exactly, how many lose words, what a mail takes."""

import time
from difflib import SequenceMatcher
from pathlib import Path

from bench.machine import at_most, table, wanted
from engines.replies import MOST, read

ROOT = Path(__file__).parents[1]
PUBLIC = ROOT.parent / "shared" / "data" / "replies"
OURS = ROOT / "src" / "engines" / "replies" / "tests" / "examples"
ROUNDS = 20

EXACT = 26
MILLISECONDS, SECONDS = 5.0, 20.0
"""The processor's time for a mail as people send them, and for a megabyte of the worst."""

WORST = (
    ">",
    ">\n",
    "> > >\n",
    ":\n",
    "\n",
    "On On On ",
    "On 1 a@b.c:\n",
    "From:\n",
    "--\n",
    "a\n> b\n",
    "[[@",
)
WORST_PAGES = ("<", "<blockquote>", "<li><ul>", "<p>a", '<a href="', "&#9")


def main() -> list[str]:
    """Measure everything and return the aims that are missed."""
    return [*_public(), *_ours(), *_worst()]


def _public() -> list[str]:
    mails = [
        (path.read_bytes().decode(), (PUBLIC / "trimmed" / path.name).read_text())
        for path in sorted((PUBLIC / "emails").glob("*.txt"))
    ]
    began = time.process_time()
    for _ in range(ROUNDS):
        found = [read(text).words for text, _words in mails]
    milliseconds = 1000 * (time.process_time() - began) / (ROUNDS * len(mails))
    exact = sum(each.split() == words.split() for each, (_text, words) in zip(found, mails, strict=True))
    lost = sum(_is_lossy(each, words) for each, (_text, words) in zip(found, mails, strict=True))
    print(
        table(
            ("public mails", "exact", "lose words", "CPU-ms a mail"),
            [(len(mails), exact, lost, f"{milliseconds:.2f}")],
        )
    )
    return [
        *wanted("public mails read exactly", exact, f"at least {EXACT}", is_met=exact >= EXACT),
        *at_most("public mails that lose words", lost, 0),
        *at_most("milliseconds a mail", milliseconds, MILLISECONDS),
    ]


def _ours() -> list[str]:
    exact = 0
    paths = sorted(OURS.glob("*.txt"))
    for path in paths:
        text, _, rest = path.read_text().partition("%%%% html\n")
        html, _, words = rest.partition("%%%% words\n")
        exact += read(text, html).words.split() == words.split()
    print(table(("mails of our own", "exact"), [(len(paths), exact)]))
    return wanted("our own mails read exactly", exact, "all", is_met=exact == len(paths))


def _worst() -> list[str]:
    rows, missed = [], []
    bodies = [(piece, piece * (2 * MOST // len(piece)), "") for piece in WORST]
    bodies += [(piece, "", piece * (2 * MOST // len(piece))) for piece in WORST_PAGES]
    for piece, text, html in bodies:
        began = time.process_time()
        read(text, html)
        seconds = time.process_time() - began
        rows.append((repr(piece), f"{seconds:.2f}"))
        missed += at_most(f"a megabyte of {piece!r}: seconds of the processor", seconds, SECONDS)
    print(table(("a megabyte of", "CPU s"), rows))
    return missed


def _is_lossy(found: str, words: str) -> bool:
    """Whether a word that should be there is missing, in its order."""
    matching = SequenceMatcher(None, words.split(), found.split(), autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) < len(words.split())
