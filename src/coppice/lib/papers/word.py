"""Writes a paper as DOCX with python-docx: true headings, lists and heads of tables, to be edited further."""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor

from coppice.lib.papers import word_parts as parts
from coppice.lib.papers.paper import (
    Block,
    Callout,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Span,
    Spans,
    Table,
    Words,
    direction_of,
    line,
    lines_of,
    paragraphs,
    written,
)
from coppice.lib.papers.word_styles import FAINT, LEAF_DARK, TONES, dress

SIZES = {"a4": (Mm(210), Mm(297)), "us-letter": (Mm(215.9), Mm(279.4))}
MARGIN = Mm(22)
ROOM_TO_WRITE = Mm(9)
"""How high a row is in which somebody writes by hand, at least."""
LONGEST_PROPERTY = 255
"""So many letters python-docx takes for a property of a file."""


def write_docx(paper: Paper) -> bytes:
    """Return a paper as DOCX, in the paper's language and direction, with its properties set."""
    writer = _Writer(paper)
    writer.write()
    out = BytesIO()
    writer.document.save(out)
    return out.getvalue()


class _Writer:
    """Writes one paper into one document."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.document: Any = Document()
        self.width, height = SIZES[paper.size]
        section = self.document.sections[0]
        section.page_width, section.page_height = self.width, height
        section.left_margin = section.right_margin = MARGIN
        section.top_margin, section.bottom_margin = Mm(20), Mm(22)
        self.style_ids: dict[str, str] = {}
        dress(self.document, language=paper.language, is_right_to_left=paper.direction == "rtl")

    def write(self) -> None:
        self._properties()
        self._head()
        for block in self.paper.blocks:
            self._block(block)
        self._foot()

    def _properties(self) -> None:
        known = self.document.core_properties
        known.title, known.author, known.language = _short(self.paper.name), "Coppice", self.paper.language
        known.subject, known.keywords, known.comments = _short(line(self.paper.kicker)), "", ""
        # The format keeps whole seconds of UTC, and python-docx takes them without a zone.
        known.created = known.modified = parts.utc(self.paper.made_at)
        known.last_modified_by, known.revision = "Coppice", 1

    def _head(self) -> None:
        paper = self.paper
        if paper.kicker:
            self._add(line(paper.kicker), "Kicker")
        self._add(line(paper.title), "Title")
        if paper.subtitle:
            self._add(line(paper.subtitle), "Subtitle")
        if paper.state:
            ink, wash = TONES[paper.tone]
            state = self._add(f"\u00a0{line(paper.state)}\u00a0", "State")
            for run in state.runs:
                run.font.color.rgb = RGBColor.from_string(ink)
                parts.shade_run(run, wash)
        if paper.facts:
            rows = [[fact.label, fact.value] for fact in paper.facts]
            table = self._grid(rows, [2, 5], style="Fact")
            for row in table.rows:
                for run in row.cells[0].paragraphs[0].runs:
                    run.font.color.rgb = RGBColor.from_string(FAINT)
            self._add("", "Between")

    def _block(self, block: Block) -> None:
        match block:
            case Heading() if block.is_seen:
                number = f"{block.number}  " if block.number else ""
                self._add(number + line(block.words), f"Heading {block.level}")
                if block.under:
                    self._add(line(block.under), "Under a heading")
            case Paragraph():
                said = [block.words] if isinstance(block.words, Spans) else paragraphs(block.words)
                for each in said:
                    self._add(each, "Faint" if block.is_faint else "Normal")
            case Listing() if block.ticks:
                for ticked, item in zip(block.ticks, block.items, strict=True):
                    parts.lead(self._add(_clean(item), "Tick"), "☑\t" if ticked else "☐\t")
            case Listing():
                style = "List Number" if block.is_numbered else "List Bullet"
                added = [self._add(_clean(each), style) for each in block.items]
                if block.is_numbered and added:
                    parts.number_afresh(self.document, added)
            case Table():
                self._table(block)
            case Callout():
                self._callout(block)

    def _table(self, block: Table) -> None:
        rows = [block.head, *block.rows] if block.head else block.rows
        if not rows:
            return
        table = self._grid(rows, list(block.widths) or [1] * len(rows[0]), style="Cell")
        if block.head:
            self._head_row(table)
        else:
            for cell in table.columns[0].cells:
                parts.shade_cell(cell, TONES["leaf"][1])
        for row in table.rows:
            if any(not cell.text for cell in row.cells):
                row.height = ROOM_TO_WRITE
        self._add("", "Between")

    def _head_row(self, table: Any) -> None:
        parts.repeat_head(table.rows[0])
        for cell in table.rows[0].cells:
            parts.shade_cell(cell, TONES["leaf"][1])
            for run in cell.paragraphs[0].runs:
                run.font.bold = True
                run.font.color.rgb = RGBColor.from_string(LEAF_DARK)

    def _grid(self, rows: Any, widths: list[int], *, style: str) -> Any:
        table = self.document.add_table(rows=0, cols=len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        parts.rule_lines(table, is_right_to_left=self.paper.direction == "rtl")
        room = (self.width - 2 * MARGIN) // sum(widths)
        for row in rows:
            cells = table.add_row().cells
            for cell, words, wide in zip(cells, row, widths, strict=True):
                cell.width = room * wide
                self._fill(cell.paragraphs[0], _clean(words), style)
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = room * wide
        for row in table.rows:
            parts.keep_whole(row)
        return table

    def _callout(self, block: Callout) -> None:
        ink, wash = TONES[block.tone]
        title = [self._add(line(block.title), "Callout title")] if line(block.title) else []
        for run in (run for each in title for run in each.runs):
            run.font.color.rgb = RGBColor.from_string(ink)
        for each in (*title, *(self._add(words, "Callout") for words in paragraphs(block.words))):
            parts.shade_paragraph(each, wash, ink)
        self._add("", "Between")

    def _foot(self) -> None:
        foot = self.document.sections[0].footer.paragraphs[0]
        self._fill(foot, line(self.paper.foot), "Footer")
        before, _count, after = (_("Page %(number)s of %(count)s")).partition("%(count)s")
        start, _number, middle = before.partition("%(number)s")
        foot.add_run("  ·  " + start if self.paper.foot else start)
        parts.add_field(foot, "PAGE")
        foot.add_run(middle)
        parts.add_field(foot, "NUMPAGES")
        foot.add_run(after)
        foot.paragraph_format.space_before = Pt(6)

    def _id_of(self, style: str) -> str:
        if style not in self.style_ids:
            self.style_ids[style] = self.document.styles[style].style_id
        return self.style_ids[style]

    def _add(self, words: Words, style: str) -> Any:
        return self._fill(self.document.add_paragraph(), words, style)

    def _fill(self, paragraph: Any, words: Words, style: str) -> Any:
        # By its id: python-docx looks a style up among all for each paragraph that gets it by name.
        paragraph._p.style = self._id_of(style)
        direction = direction_of(words, self.paper.direction)
        lines = (
            lines_of(words) if isinstance(words, Spans) else [[Span(each)] for each in str(words).split("\n")]
        )
        for number, spans in enumerate(lines):
            for span in spans:
                if number and span is spans[0]:
                    paragraph.add_run().add_break()
                if span.words:
                    run = paragraph.add_run(span.words)
                    run.font.bold = True if span.is_strong else None
                    parts.turn(paragraph, run, direction, self.paper.direction)
        return paragraph


def _clean(words: Words) -> Words:
    return words if isinstance(words, Spans) else written(words)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_PROPERTY else words[: LONGEST_PROPERTY - 1] + "…"
