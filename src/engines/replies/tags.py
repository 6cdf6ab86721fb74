"""HTML cut into tags and text, in time that grows with its length; Python's parser does not promise that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,20})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
ENDLESS = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{8,});?")
SILENT = ("style", "script", "head", "title", "xml", "template")
MOST_OF_TAG = 4_000
MOST_SIGNS = 5


@dataclass(frozen=True)
class Tag:
    """A tag: its name in small letters, and its attributes as they stand there."""

    name: str
    is_end: bool = False
    attributes: str = ""

    def value(self, name: str) -> str:
        """What an attribute says; empty when it is not there."""
        for found in ATTRIBUTE.finditer(self.attributes):
            if found.group(1).casefold() == name:
                return unescape(found.group(2) or found.group(3) or found.group(4) or "")
        return ""


def pieces(html: str) -> Iterator[Tag | str]:
    """Cut HTML: tags, and text with its entities read. Comments, styles and scripts are left out."""
    missing: set[str] = set()
    index = 0
    while index < len(html):
        begins = html.find("<", index)
        if begins < 0:
            yield _text(html[index:])
            return
        if begins > index:
            yield _text(html[index:begins])
        found = NAME.match(html, begins)
        if html.startswith("<!--", begins):
            index = _behind(html, "-->", begins + 4, missing)
        elif found and ">" not in missing and html.find(">", begins) < 0:
            missing.add(">")
            yield "<"
            index = begins + 1
        elif found and ">" not in missing:
            index = _end_of_tag(html, found.end())
            name = found.group(2).casefold()
            if name in SILENT and not found.group(1):
                index = _behind(html, f"</{name}>", index, missing)
            else:
                told = html[found.end() : min(index, found.end() + MOST_OF_TAG)]
                yield Tag(name, bool(found.group(1)), told)
        elif html.startswith(("<!", "<?", "</"), begins) and ">" not in missing:
            index = _end_of_tag(html, begins + 2)
        else:
            yield "<"
            index = begins + 1


def _text(words: str) -> str:
    return unescape(ENDLESS.sub("", words)) if "&" in words else words


def _behind(html: str, sign: str, start: int, missing: set[str]) -> int:
    """The place behind a sign, in large or small letters; where it never comes, nothing is left out."""
    if sign in missing:
        return start
    found = re.compile(re.escape(sign), re.I).search(html, start)
    if not found:
        missing.add(sign)
        return start
    return found.end()


def _end_of_tag(html: str, start: int) -> int:
    """The place behind a tag: its sign may stand in quotes before."""
    first = html.find(">", start)
    if first < 0:
        return start
    end = first
    for _ in range(MOST_SIGNS):
        if end < 0 or end - start > MOST_OF_TAG:
            return first + 1
        if html.count('"', start, end) % 2 == 0:
            return end + 1
        end = html.find(">", end + 1)
    return first + 1
