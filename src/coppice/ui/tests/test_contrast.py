"""Every pair of text and ground that the stylesheets use can be read, in both schemes."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[1] / "static" / "ui" / "css" / "tokens.css"
GROUNDS = ["paper", "card", "sunk"]
TONES = ["leaf", "bluebell", "hazel", "foxglove"]
TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "ink-2", *TONES) for ground in GROUNDS),
    *(("ink-3", ground) for ground in ("paper", "card")),
    *((text, f"{tone}-wash") for tone in TONES for text in ("ink", "ink-2", f"{tone}-dark")),
    *((tone, f"{tone}-wash") for tone in TONES),
    *((f"{tone}-dark", f"{tone}-disc") for tone in TONES),
    *((f"{tone}-dark", ground) for tone in TONES for ground in GROUNDS),
    ("on-leaf", "leaf"),
    ("on-leaf", "leaf-dark"),
    ("on-foxglove", "foxglove"),
    ("ink", "leaf-disc"),
]
SHAPE_PAIRS = [
    *(
        (shape, ground)
        for shape in ("line-3", "leaf", "bluebell", "hazel-fill", "foxglove")
        for ground in GROUNDS
    ),
]


def tokens(scheme: str) -> dict[str, str]:
    pattern = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
    place = {"light": 1, "dark": 2}[scheme]
    return {found[1]: found[place + 1] for found in pattern.finditer(TOKENS.read_text(encoding="utf-8"))}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_formula_gives_the_known_extremes():
    assert (contrast("#ffffff", "#000000"), contrast("#2c6640", "#2c6640")) == (21, 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_pair_reaches_four_and_a_half(scheme):
    colours = tokens(scheme)

    weak = [
        (text, ground, round(contrast(colours[text], colours[ground]), 2))
        for text, ground in TEXT_PAIRS
        if contrast(colours[text], colours[ground]) < 4.5
    ]

    assert weak == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_control_and_drawing_reaches_three(scheme):
    colours = tokens(scheme)

    weak = [
        (shape, ground, round(contrast(colours[shape], colours[ground]), 2))
        for shape, ground in SHAPE_PAIRS
        if contrast(colours[shape], colours[ground]) < 3
    ]

    assert weak == []


def test_light_tokens_are_those_of_the_design():
    colours = tokens("light")

    named = [
        "paper",
        "card",
        "sunk",
        "ink",
        "ink-2",
        "ink-3",
        "line",
        "line-2",
        "leaf",
        "leaf-dark",
        "leaf-wash",
    ]

    assert [colours[name] for name in named] == [
        "#faf8f2", "#fffefb", "#f2efe4", "#1d2721", "#4c584f", "#6b756d",
        "#dcd8c8", "#c4c0ae", "#2c6640", "#1e4a2e", "#e6efe3",
    ]  # fmt: skip


def test_no_stylesheet_but_the_tokens_names_a_colour():
    sheets = [sheet for sheet in TOKENS.parent.glob("*.css") if sheet.name not in {"tokens.css", "print.css"}]

    named = {
        sheet.name: re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text(encoding="utf-8")) for sheet in sheets
    }

    assert named == {"base.css": [], "layout.css": [], "components.css": [], "forms.css": []}
