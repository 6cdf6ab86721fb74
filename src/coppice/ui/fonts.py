"""Subset web fonts, made once from the installed font packages and kept in HOME/fonts."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fontpkg_atkinson_hyperlegible
import fontpkg_fraunces
from django.conf import settings

# The ranges that web font services use for these two subsets.
SUBSETS = {
    "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, "
    "U+2000-206F, U+20AC, U+2122, U+2190-2193, U+2212, U+2215, U+FEFF, U+FFFD",
    "latin-ext": "U+0100-0130, U+0132-0151, U+0154-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, "
    "U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF",
}
# Change this word whenever the way that fonts are made changes, so that every home makes them anew.
RECIPE = "3"


@dataclass(frozen=True)
class Face:
    """One source file and how CSS names it; `axes` pins or narrows the axes of a variable font."""

    family: str
    source: Path
    weight: str
    style: str = "normal"
    axes: tuple[tuple[str, float | tuple[float, float]], ...] = ()


def faces() -> list[Face]:
    atkinson = fontpkg_atkinson_hyperlegible.ROOT / "files"
    name = "AtkinsonHyperlegible"
    return [
        Face("Atkinson Hyperlegible", atkinson / f"{name}-Regular.ttf", "400"),
        Face("Atkinson Hyperlegible", atkinson / f"{name}-Bold.ttf", "700"),
        Face("Atkinson Hyperlegible", atkinson / f"{name}-Italic.ttf", "400", "italic"),
        Face("Atkinson Hyperlegible", atkinson / f"{name}-BoldItalic.ttf", "700", "italic"),
        Face(
            "Fraunces",
            fontpkg_fraunces.ROOT / "files" / "Fraunces[SOFT,WONK,opsz,wght].ttf",
            "400 700",
            axes=(("wght", 560.0), ("opsz", 36.0), ("SOFT", 0.0), ("WONK", 0.0)),
        ),
    ]


def folder() -> Path:
    """Return where the made fonts are kept."""
    return Path(settings.HOME) / "fonts"


def build() -> Path:
    """Make the fonts and their `fonts.css` once; return the folder. Takes a few seconds the first time only.

    File names carry a hash of their content. `fonts.css` is written last and whole, so a half-made folder is
    made again and two processes that start together do no harm.
    """
    home = folder()
    sheet = home / "fonts.css"
    signature = f"/* {_signature()} */\n"
    if sheet.exists() and sheet.read_text(encoding="utf-8").startswith(signature):
        return home
    home.mkdir(parents=True, exist_ok=True)
    rules = [_rule(face, subset, home) for face in faces() for subset in SUBSETS]
    _write(sheet, (signature + "\n".join(rules)).encode())
    for stale in _stale(home, "".join(rules)):
        stale.unlink(missing_ok=True)
    return home


def _signature() -> str:
    sources = [
        f"{face} {face.source.stat().st_size}".replace(str(face.source.parent), "") for face in faces()
    ]
    return hashlib.sha256("\n".join([RECIPE, *sources, *SUBSETS.values()]).encode()).hexdigest()[:16]


def _rule(face: Face, subset: str, home: Path) -> str:
    content = _subset(face, SUBSETS[subset])
    slug = f"{face.family} {face.weight} {face.style} {subset}".lower().replace(" ", "-")
    name = f"{slug}.{hashlib.sha256(content).hexdigest()[:10]}.woff2"
    _write(home / name, content)
    return (
        f'@font-face {{ font-family: "{face.family}"; font-style: {face.style}; font-weight: {face.weight}; '
        f'font-display: swap; src: url("{name}") format("woff2"); unicode-range: {SUBSETS[subset]}; }}'
    )


def _subset(face: Face, ranges: str) -> bytes:
    # fontTools takes a third of a second to import, and most starts find the fonts already made.
    from io import BytesIO

    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True, hinting=False)
    options.drop_tables += ["DSIG", "STAT"] if face.axes else ["DSIG"]
    font = TTFont(face.source, recalcTimestamp=False)  # the same bytes whenever and by whom it is made
    worker = subset.Subsetter(options)
    worker.populate(unicodes=list(_codepoints(ranges)))
    worker.subset(font)
    if face.axes:
        font = instancer.instantiateVariableFont(font, dict(face.axes), inplace=True)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _codepoints(ranges: str) -> Iterator[int]:
    for part in ranges.replace("U+", "").split(", "):
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def _stale(home: Path, rules: str) -> list[Path]:
    return [path for path in home.glob("*.woff2") if path.name not in rules]
