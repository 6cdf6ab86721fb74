"""House law: styles say where a line starts and ends, not left and right: pages run either way."""

import re
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "coppice"
STYLES = sorted(SRC.rglob("*.css"))
MAILS = sorted(SRC.glob("*/templates/**/email/*.html"))
PAGES = sorted(SRC.glob("*/templates/**/*.html"))

SIDES = re.compile(
    r"(?:^|[\s;{(\"'])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)[\w-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right)\s*:"
    r"|(?:text-align|float|clear|justify-content|justify-items|justify-self|background-position)\s*:[^;}]*"
    r"\b(?:left|right)\b"
)
FOUR = re.compile(r"(margin|padding|inset|border-width|border-radius)\s*:\s*([^;}\"]+)")

# A line that names a side, and why it is right.
REASONED = {
    "inset-block-start: 0; left: 0;": "a pointer is measured from the left of the window in every language",
    "background-position: right 1.0625rem center, right 0.75rem center;": "turned by the next line",
    '[dir="rtl"] .field select:not([multiple]) { background-position: left': "turns the line before it",
}


def sides_in(text):
    """Return what names a side of the page, without what stands in REASONED."""
    for line in REASONED:
        text = text.replace(line, "")
    uneven = [whole[0] for whole in FOUR.finditer(text) if is_uneven(whole[1], whole[2])]
    return [whole[0].strip() for whole in SIDES.finditer(text)] + uneven


def is_uneven(name, values):
    """Whether a shorthand of four gives the left another value than the right."""
    parts = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", values.partition("!")[0]).split()
    if len(parts) != 4:
        return False
    top_or_corner, right, bottom, left = parts
    return (top_or_corner, bottom) != (right, left) if name == "border-radius" else right != left


@pytest.mark.parametrize("style", [*STYLES, *MAILS], ids=lambda path: path.relative_to(SRC).as_posix())
def test_no_style_names_a_side(style):
    assert sides_in(style.read_text()) == []


def test_every_reason_is_still_needed():
    everything = "".join(style.read_text() for style in STYLES)

    assert [line for line in REASONED if line not in everything] == []


@pytest.mark.parametrize(
    "line",
    [
        "a { margin-left: 1px }",
        "a{left:0}",
        "a { text-align: right; }",
        'style="padding:0 1px 0 2px"',
        "a { border-top-left-radius: 1px }",
        "a { border-radius: 1px 0 0 1px; }",
    ],
)
def test_a_side_would_be_found(line):
    assert len(sides_in(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "a { margin: 0 1px }",
        "a { inset: auto 0 0 0; }",
        "a { margin-inline-start: 1px }",
        "a { text-align: end }",
    ],
)
def test_what_names_no_side_passes(line):
    assert sides_in(line) == []


def test_arrows_turn_with_the_text():
    """An arrow is a letter that no browser mirrors; an icon or the class `turns` does."""
    bare = {
        path.relative_to(SRC).as_posix()
        for path in PAGES
        if re.search("[←→⇐⇒◀▶]", path.read_text().replace('<span class="turns">→</span>', ""))
    }

    assert bare == set()
