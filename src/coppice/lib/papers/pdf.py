"""Writes a paper as a tagged PDF with typst, to which all words go as data: nobody's words are markup."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible
import fontpkg_fraunces
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import fontpkg_rubik
from django.utils.translation import gettext as _

from coppice.lib.papers.paper import (
    Block,
    Callout,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Spans,
    Table,
    Words,
    direction_of,
    line,
    lines_of,
    paragraphs,
)

FONT_PACKAGES = (
    fontpkg_atkinson_hyperlegible,
    fontpkg_fraunces,
    fontpkg_noto_sans,
    fontpkg_noto_sans_arabic,
    fontpkg_rubik,
)
TYPESETTER = Path(__file__).with_name("typesetting.py")
PATIENCE = 30
"""So many seconds a paper may take; a plan takes a tenth of one."""


def write_pdf(paper: Paper) -> bytes:
    """Return a paper as PDF: accessible by PDF/UA-1, with title, language, headings and heads of tables.

    Where a letter is in no font that is at hand, neither ours nor the machine's, PDF/UA-1 would refuse the
    whole paper: then it is a tagged PDF that does not claim that norm, with a box for the letter. Raises
    subprocess.CalledProcessError or TimeoutExpired when it cannot be set.
    """
    asked = {
        "paper": _data(paper),
        "fonts": [str(package.ROOT / "files") for package in FONT_PACKAGES],
        "timestamp": int(paper.made_at.timestamp()),
    }
    command = [sys.executable, "-I", str(TYPESETTER)]
    # Our own script; words reach it on its standard input alone.
    done = subprocess.run(  # noqa: S603
        command, input=json.dumps(asked).encode(), capture_output=True, check=True, timeout=PATIENCE
    )
    return done.stdout


@dataclass(frozen=True)
class _Run:
    """Writes texts as the template takes them: their lines, and the direction in which they run."""

    otherwise: str

    def text(self, words: Words) -> dict[str, Any]:
        lines = [[[span.words, span.is_strong] for span in each] for each in lines_of(words)]
        return {"lines": lines, "dir": direction_of(words, self.otherwise)}

    def one(self, words: Words) -> dict[str, Any]:
        return {"lines": [[[line(words), False]]], "dir": direction_of(words, self.otherwise)}


def _data(paper: Paper) -> dict[str, Any]:
    run = _Run(paper.direction)
    return {
        "title": run.one(paper.title),
        "subtitle": run.one(paper.subtitle) if paper.subtitle else None,
        "name": paper.name,
        "language": paper.tongue,
        "direction": paper.direction,
        "size": paper.size,
        "kicker": run.one(paper.kicker),
        "state": run.one(paper.state) if paper.state else None,
        "tone": paper.tone,
        "facts": [[run.one(fact.label), run.text(fact.value)] for fact in paper.facts],
        "foot": run.one(paper.foot),
        "page": _("Page %(number)s of %(count)s") % {"number": "{number}", "count": "{count}"},
        "blocks": _closed([part for block in paper.blocks for part in _parts(block, run)]),
    }


def _closed(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Raise the part of a section whose own heading was left out: PDF/UA-1 skips no level."""
    above = 0
    for part in parts:
        if part["kind"] == "heading":
            above = part["level"] = min(part["level"], above + 1)
    return parts


def _parts(block: Block, run: _Run) -> list[dict[str, Any]]:
    match block:
        case Heading() if not block.is_seen:
            return []
        case Heading():
            under = run.one(block.under) if block.under else None
            words = {"words": run.one(block.words), "number": block.number, "under": under}
            return [{"kind": "heading", "level": block.level, **words}]
        case Paragraph(words=Spans()):
            return [{"kind": "paragraph", "faint": block.is_faint, "words": run.text(block.words)}]
        case Paragraph():
            said = paragraphs(block.words)
            return [{"kind": "paragraph", "faint": block.is_faint, "words": run.text(each)} for each in said]
        case Listing() if block.ticks:
            return [
                {"kind": "ticks", "ticked": ticked, "items": [run.text(each) for each in items]}
                for ticked, items in block.by_tick()
            ]
        case Listing():
            items = [run.text(each) for each in block.items]
            return [{"kind": "list", "numbered": block.is_numbered, "items": items}] if items else []
        case Table():
            head = [run.one(each) for each in block.head]
            rows = [[run.text(each) for each in row] for row in block.rows]
            if not head and not rows:
                return []
            widths = list(block.widths) or [1] * len(head or rows[0])
            return [{"kind": "table", "head": head, "rows": rows, "widths": widths}]
        case Callout():
            below = [run.text(each) for each in paragraphs(block.words)]
            title = run.one(block.title) if line(block.title) else None
            return [{"kind": "callout", "title": title, "words": below, "tone": block.tone}]
