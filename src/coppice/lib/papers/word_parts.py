"""The parts of a DOCX that python-docx has no words for, each a few elements of WordprocessingML."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

HAIRLINE = "C4C0AE"
# The order in which the schema wants these children; others that we add may stand at the end.
ORDERED = {
    "w:rPr": (
        *("w:rStyle", "w:rFonts", "w:b", "w:bCs", "w:i", "w:iCs", "w:caps", "w:smallCaps", "w:strike"),
        *("w:outline", "w:shadow", "w:noProof", "w:vanish", "w:color", "w:spacing", "w:w", "w:kern"),
        *("w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:vertAlign"),
        *("w:rtl", "w:cs", "w:lang"),
    ),
    "w:pPr": (
        *("w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:widowControl", "w:numPr"),
        *("w:pBdr", "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind"),
        *("w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr"),
    ),
    "w:tblPr": (
        *("w:tblStyle", "w:bidiVisual", "w:tblW", "w:jc", "w:tblInd", "w:tblBorders", "w:shd"),
        *("w:tblLayout", "w:tblCellMar", "w:tblLook"),
    ),
    "w:trPr": ("w:cantSplit", "w:tblHeader"),
    "w:tcPr": ("w:tcW", "w:gridSpan", "w:vMerge", "w:tcBorders", "w:shd", "w:vAlign"),
    "w:sectPr": (
        *("w:headerReference", "w:footerReference", "w:type", "w:pgSz", "w:pgMar", "w:cols", "w:titlePg"),
        *("w:bidi", "w:docGrid"),
    ),
}


def child(parent: Any, name: str) -> Any:
    """Return a child element by its name, made where the schema wants it when it is not there yet."""
    found = parent.find(qn(name))
    if found is not None:
        return found
    made = OxmlElement(name)
    order = ORDERED.get(f"w:{parent.tag.rpartition('}')[2]}", ())
    later = {qn(each) for each in order[order.index(name) + 1 :]} if name in order else set()
    following = next((each for each in parent if each.tag in later), None)
    if following is None:
        parent.append(made)
    else:
        following.addprevious(made)
    return made


def turn(paragraph: Any, run: Any, direction: str, of_paper: str) -> None:
    """Let words run in their own direction, in a paper that runs in one as well."""
    if direction == "rtl":
        child(run._r.get_or_add_rPr(), "w:rtl")
    if direction != of_paper:
        bidi = child(paragraph._p.get_or_add_pPr(), "w:bidi")
        bidi.set(qn("w:val"), "1" if direction == "rtl" else "0")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT


def number_afresh(document: Any, paragraphs: Sequence[Any]) -> None:
    """Let a numbered list begin with 1: paragraphs of one style would go on counting through the paper."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element
    number_id = style.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(number_id).abstractNumId.val
    afresh = numbering.add_num(abstract)
    afresh.add_lvlOverride(ilvl=0).add_startOverride(1)
    for paragraph in paragraphs:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, afresh.numId


def lead(paragraph: Any, signs: str) -> None:
    """Put signs before all that a paragraph says."""
    run = paragraph.add_run(signs)
    properties = paragraph._p.pPr
    if properties is None:
        paragraph._p.insert(0, run._r)
    else:
        properties.addnext(run._r)


def repeat_head(row: Any) -> None:
    """Make a row the head of its table, repeated on each page and read out with each cell."""
    child(row._tr.get_or_add_trPr(), "w:tblHeader")


def keep_whole(row: Any) -> None:
    """Keep a row on one page."""
    child(row._tr.get_or_add_trPr(), "w:cantSplit")


def rule_lines(table: Any, *, is_right_to_left: bool) -> None:
    """Draw hairlines between rows, and let the first column stand where the paper begins."""
    properties = table._tbl.tblPr
    borders = child(properties, "w:tblBorders")
    for edge in ("top", "bottom", "insideH"):
        rule = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", HAIRLINE)):
            rule.set(qn(f"w:{name}"), value)
        borders.append(rule)
    if is_right_to_left:
        child(properties, "w:bidiVisual")


def shade_cell(cell: Any, colour: str) -> None:
    """Give a cell a colour, as RRGGBB."""
    _shade(cell._tc.get_or_add_tcPr(), colour)


def shade_run(run: Any, colour: str) -> None:
    """Give words a colour behind them, as RRGGBB."""
    _shade(run._r.get_or_add_rPr(), colour)


def shade_paragraph(paragraph: Any, colour: str, edge: str) -> None:
    """Give a paragraph a colour and a line at its side, as RRGGBB."""
    properties = paragraph._p.get_or_add_pPr()
    border = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", edge)):
        border.set(qn(f"w:{name}"), value)
    child(properties, "w:pBdr").append(border)
    _shade(properties, colour)


def add_field(paragraph: Any, code: str) -> None:
    """Add what Word counts itself, such as PAGE."""
    run = paragraph.add_run()
    for kind in ("begin", None, "separate", "text", "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = f" {code} "
        elif kind == "text":
            element = OxmlElement("w:t")
            element.text = "1"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def utc(moment: datetime) -> datetime:
    """Return a moment as the properties of a DOCX keep it."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _shade(properties: Any, colour: str) -> None:
    shade = child(properties, "w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
