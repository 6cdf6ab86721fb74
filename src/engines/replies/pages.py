"""An HTML body as lines of text, with what it says of quotes, signatures and the mail that is answered."""

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape

from engines.replies.lines import ATTRIBUTED, ORIGINAL_BEGINS, SIGNED, bare, without_signs
from engines.replies.tags import Tag, pieces

DEEPEST = 6
"""Quotes and lists within one another are told apart to this depth."""

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
SPACED = frozenset(["blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"])
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
LISTS = frozenset(("ol", "ul"))

INDENTED = re.compile(r"border:\s*(?:none|0)|margin:\s*0(?:px)? 0(?:px)? 0(?:px)? 40px")
HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all")
DIVIDED = re.compile(r"border-top:[^;]*solid[^;]*;(?:[^;]*;)?\s*padding:\s*3(?:\.0)?pt")
SIGNATURES = frozenset(
    [
        "gmail_signature",
        "moz-signature",
        "protonmail_signature_block",
        "yahoo_signature",
        "k9mail-signature",
        "signature",
        "ms-outlook-mobile-signature",
        "tutanota_signature",
        "ymail_android_signature",
        "zmail_signature_below",
        "x_signature",
    ]
)
ORIGINALS = frozenset(
    [
        "divrplyfwdmsg",
        "appendonsend",
        "yahoo_quoted",
        "mail-editor-reference-message-container",
        "olk_src_body_section",
        "reply-intro",
        "ms-outlook-mobile-reference-message",
    ]
)
QUOTES = frozenset(
    [
        "gmail_quote",
        "protonmail_quote",
        "moz-cite",
        "cite",
        "tutanota_quote",
        "zmail_extra",
        "quote",
        "iwc-signature",
        "gmx_quote",
    ]
)
WRAPPERS = frozenset(("moz-cite-prefix", "zmail_extra_hr"))


@dataclass
class Element:
    """An open element and what it changes for the text within."""

    name: str
    is_quote: bool = False
    is_signature: bool = False
    is_hidden: bool = False
    is_attribution: bool = False
    href: str = ""
    count: int = 0


def to_text(html: str) -> str:
    """Write a page as text: quotes with "> ", lists and links as Markdown has them, one line a paragraph.

    Time and length grow no faster than the page's; a page that is no proper HTML is read as far as it can be.
    """
    writer = _Writer()
    for piece in pieces(without_signs(html)):
        if isinstance(piece, Tag):
            writer.tag(piece)
        else:
            writer.words(piece)
    return writer.text()


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.open: list[Element] = []
        self.names: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self.lead = ""
        self.link: list[str] = []

    def text(self) -> str:
        self.end_line()
        return "\n".join(self.lines)

    def tag(self, tag: Tag) -> None:
        if tag.is_end:
            self.close(tag.name)
        elif tag.name == "br":
            self.end_line(is_break=True)
        elif tag.name == "img":
            self.words(_picture(tag.value("alt")))
        elif tag.name in VOID:
            if tag.name == "hr":
                self.end_line()
        else:
            self.begin(tag)

    def begin(self, tag: Tag) -> None:
        if tag.name in BLOCKS:
            self.end_line()
        if tag.name in ("li", "p") and self.names[tag.name] and self.open[-1].name == tag.name:
            self.close(tag.name)
        if tag.name in SPACED and not _is_tight(tag) and not (tag.name in LISTS and self.names["li"]):
            self.blank()
        element = self.read(tag)
        if tag.name == "li":
            self.lead = self.bullet()
        if tag.name in ("td", "th"):
            self.line.append(" ")
        self.open.append(element)
        self.names[tag.name] += 1
        self.count(element, 1)

    def read(self, tag: Tag) -> Element:
        """What an element's attributes say of the text within, and the sign of it where one is due."""
        style = tag.value("style").casefold()[:400]
        marks = {*tag.value("class").casefold().split(), tag.value("id").casefold()}
        marks |= {tag.value("type").casefold(), tag.value("name").casefold()} if tag.name != "a" else set()
        element = Element(tag.name, is_hidden=bool(HIDDEN.search(style)))
        if tag.name == "blockquote" or (tag.name == "div" and tag.value("name").casefold() == "quote"):
            element.is_quote = not INDENTED.search(style) or bool(marks & QUOTES)
            if element.is_quote and marks & QUOTES and not self.inside["quote"]:
                self.lines.append(ATTRIBUTED)
        elif marks & ORIGINALS or DIVIDED.search(style):
            self.end_line()
            if not self.inside["quote"]:
                self.lines.append(ORIGINAL_BEGINS)
        element.is_signature = bool(marks & SIGNATURES)
        element.is_attribution = bool(marks & WRAPPERS)
        if tag.name == "a":
            element.href = tag.value("href").strip()
            self.link = []
        return element

    def close(self, name: str) -> None:
        if not self.names[name]:
            if name == "p":
                self.end_line()
            return
        while self.open:
            element = self.open.pop()
            if element.href:
                self.end_link(element.href)
            if element.name in BLOCKS:
                self.end_line()
            self.names[element.name] -= 1
            self.count(element, -1)
            if element.name in SPACED and not (element.name in LISTS and self.names["li"]):
                self.blank()
            if element.name == name:
                return

    def count(self, element: Element, step: int) -> None:
        self.inside["quote"] += step * element.is_quote
        self.inside["signature"] += step * element.is_signature
        self.inside["hidden"] += step * element.is_hidden
        self.inside["attribution"] += step * element.is_attribution

    def bullet(self) -> str:
        lists = [each for each in self.open[-2 * DEEPEST :] if each.name in LISTS]
        if not lists:
            return "- "
        lists[-1].count += 1
        sign = f"{lists[-1].count}. " if lists[-1].name == "ol" else "- "
        return "  " * (len(lists) - 1) + sign

    def words(self, words: str) -> None:
        if self.inside["hidden"] or not words:
            return
        if self.names["pre"]:
            first, *others = words.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for each in others:
                self.end_line(is_break=True)
                self.line.append(each)
            return
        folded = re.sub(r"[ \t\r\n\f]+", " ", words)
        self.line.append(folded)
        if self.names["a"]:
            self.link.append(folded)

    def end_link(self, href: str) -> None:
        """Write where a link leads, unless its words say so."""
        said = "".join(self.link).strip()
        self.link = []
        if not href.casefold().startswith(("http://", "https://")) or self.inside["hidden"] or not said:
            return
        if _place(said) == _place(href):
            return
        written = "".join(self.line)
        before, found, after = written.rpartition(said)
        if found:
            self.line = [before, f"[{said}]({href})", after]

    def end_line(self, *, is_break: bool = False) -> None:
        written = "".join(self.line)
        words = written.rstrip() if self.names["pre"] else written.strip(" \t\r\n")
        self.line = []
        if bare(words):
            self.lines.append(self.signs() + self.lead + words)
            self.lead = ""
        elif is_break:
            self.lines.append(self.signs().rstrip() if self.inside["quote"] else "")

    def signs(self) -> str:
        """What stands before a line: a sign for each quote around it, or that it is a signature."""
        if self.inside["quote"]:
            return "> " * min(self.inside["quote"], DEEPEST)
        if self.inside["attribution"]:
            return ATTRIBUTED
        return SIGNED if self.inside["signature"] else ""

    def blank(self) -> None:
        empty = "> " * min(self.inside["quote"], DEEPEST)
        if (
            self.lines
            and self.lines[-1]
            and self.lines[-1] not in (empty.rstrip(), ATTRIBUTED, ORIGINAL_BEGINS)
        ):
            self.lines.append(empty.rstrip())


def _is_tight(tag: Tag) -> bool:
    return tag.name == "p" and "msonormal" in tag.value("class").casefold()


def _place(address: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", unescape(address).strip().casefold()).rstrip("/")


def _picture(alt: str) -> str:
    """The sign that a picture stands for, as mail programs draw smileys; other pictures are attachments."""
    return alt if 0 < len(alt) <= 8 and not alt.isascii() else ""
