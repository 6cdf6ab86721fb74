"""How a paper looks in Word: the styles of its paragraphs, which whoever edits it goes on with."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from coppice.lib.papers.word_parts import child

# Fonts that Word and LibreOffice have everywhere; a DOCX brings none of its own.
WORK, VOICE = "Calibri", "Georgia"
INK, FAINT, LEAF, LEAF_DARK = "1D2721", "4C584F", "2C6640", "1E4A2E"
TONES = {
    "leaf": ("1E4A2E", "E6EFE3"),
    "hazel": ("65400A", "F8ECD0"),
    "foxglove": ("761C43", "F8E4EC"),
    "bluebell": ("2E3577", "E9EAF6"),
}
"""Ink and wash of each tone."""

# Name, size in points, colour, font, bold, space before and after in points.
STYLES = (
    ("Normal", 11, INK, WORK, False, 0, 7),
    ("Title", 26, LEAF_DARK, VOICE, False, 0, 2),
    ("Subtitle", 15, FAINT, VOICE, False, 0, 6),
    ("Heading 1", 15, LEAF_DARK, VOICE, False, 18, 4),
    ("Heading 2", 12, INK, WORK, True, 12, 3),
    ("List Bullet", 11, INK, WORK, False, 0, 3),
    ("List Number", 11, INK, WORK, False, 0, 3),
    ("Tick", 11, INK, WORK, False, 0, 3),
    ("Footer", 9, FAINT, WORK, False, 0, 0),
    ("Kicker", 10, LEAF, WORK, True, 0, 2),
    ("State", 10.5, LEAF_DARK, WORK, True, 2, 8),
    ("Under a heading", 11, FAINT, WORK, False, 0, 6),
    ("Faint", 11, FAINT, WORK, False, 0, 7),
    ("Fact", 10.5, INK, WORK, False, 2, 2),
    ("Cell", 10, INK, WORK, False, 2, 2),
    ("Callout title", 11, INK, WORK, True, 8, 0),
    ("Callout", 11, INK, WORK, False, 0, 0),
    ("Between", 6, INK, WORK, False, 0, 0),
)
STAY_WITH_NEXT = {"Kicker", "Title", "Subtitle", "Heading 1", "Heading 2", "Under a heading", "Callout title"}


def dress(document: Any, *, language: str, is_right_to_left: bool) -> None:
    """Set the styles of a new document, and say in which language and direction it runs."""
    for name, size, colour, font, is_bold, before, after in STYLES:
        style = _style(document, name)
        style.font.size, style.font.name, style.font.bold = Pt(size), font, is_bold
        style.font.italic = name == "Under a heading"
        style.font.color.rgb = RGBColor.from_string(colour)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = name in STAY_WITH_NEXT
        _name_fonts(style, font, size=size, is_bold=is_bold)
        if name == "Tick":
            style.paragraph_format.left_indent, style.paragraph_format.first_line_indent = Mm(7), Mm(-7)
        if is_right_to_left:
            child(style.element.get_or_add_pPr(), "w:bidi")
    _without_rule_below(document.styles["Title"])
    _speak(document, language, is_right_to_left=is_right_to_left)


def _style(document: Any, name: str) -> Any:
    if name in {style.name for style in document.styles}:
        return document.styles[name]
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.quick_style = document.styles["Normal"], True
    return style


def _name_fonts(style: Any, font: str, *, size: float, is_bold: bool) -> None:
    """Name the font for every script: the template's styles name those of a theme, which would win."""
    properties = style.element.get_or_add_rPr()
    fonts = child(properties, "w:rFonts")
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), font)
    child(properties, "w:szCs").set(qn("w:val"), str(round(size * 2)))
    if is_bold:
        child(properties, "w:bCs")
    for name in ("w:spacing", "w:kern"):
        for stray in properties.findall(qn(name)):
            properties.remove(stray)


def _without_rule_below(title: Any) -> None:
    for rule in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(rule)


def _speak(document: Any, language: str, *, is_right_to_left: bool) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    spoken = child(defaults.find(qn("w:rPrDefault")).find(qn("w:rPr")), "w:lang")
    spoken.set(qn("w:val"), language)
    if is_right_to_left:
        spoken.set(qn("w:bidi"), language)
        child(document.sections[0]._sectPr, "w:bidi")
    for settings in document.settings.element.findall(qn("w:themeFontLang")):
        settings.set(qn("w:val"), language)
