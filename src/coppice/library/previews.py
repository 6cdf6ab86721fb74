"""What a page shows of an item: a page as HTML, the words of a text file, the picture of another."""

import codecs
from dataclasses import dataclass

from django.utils.safestring import SafeString

from coppice.lib.markdown import to_html
from coppice.library.kinds import BY_TYPE, SHOWN_WITHIN, TEXTS
from coppice.library.models import Picture, Version

SHOWN = 64 * 1024
"""Bytes of a text file that a page shows; the rest is in the file."""


@dataclass(frozen=True)
class Preview:
    """What there is to see of a version: `is_cut` when `words` are the beginning alone."""

    html: SafeString | None = None
    words: str = ""
    is_cut: bool = False
    picture: Picture | None = None
    kind: str = ""
    can_be_shown: bool = False


def preview_of(version: Version) -> Preview:
    """Return what a page shows of a version; nothing of a file that is not ready or lost."""
    if version.markdown:
        return Preview(html=to_html(version.markdown))
    if not version.file:
        return Preview()
    kind = BY_TYPE.get(version.content_type)
    label = str(kind.label) if kind else ""
    if not version.is_ready:
        return Preview(kind=label)
    if version.content_type in TEXTS:
        return _of_text(version, label)
    picture = getattr(version, "picture", None)
    return Preview(kind=label, picture=picture, can_be_shown=version.content_type in SHOWN_WITHIN)


def words_of(version: Version) -> str:
    """Return how a text file begins, "" for any other, and for one that is not ready or lost."""
    if not version.file or not version.is_ready or version.content_type not in TEXTS:
        return ""
    try:
        with version.file.open() as file:
            return _read(file.read(SHOWN))
    except FileNotFoundError:
        return ""


def _of_text(version: Version, label: str) -> Preview:
    is_cut = version.size > SHOWN
    words = words_of(version)
    if version.content_type == "text/markdown" and not is_cut:
        return Preview(html=to_html(words), kind=label, can_be_shown=True)
    return Preview(words=words, is_cut=is_cut, kind=label, can_be_shown=True)


def _read(content: bytes) -> str:
    """Return the letters of a text file: UTF-8 or UTF-16 where it says so, else as Windows writes them."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(content)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
