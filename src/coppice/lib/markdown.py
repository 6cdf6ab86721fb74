"""What people write, as Markdown: to HTML that is safe to show, and to plain words."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.metadata import version
from itertools import pairwise
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img"),
    *("div", "table", "thead", "tbody", "tr", "th", "td", "h2", "h3", "h4", "h5", "h6"),
}
ATTRIBUTES = {
    "div": {"class", "role", "tabindex", "aria-label"},
    "li": {"class"},
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
LOWEST_HEADING = 6

WRITTEN_ANEW = 1
"""Raise it with whatever changes the HTML or the words that come of a text."""

WRITTEN_BY = blake2b(
    f"{WRITTEN_ANEW} {version('markdown-it-py')} {version('nh3')}".encode(), digest_size=4
).hexdigest()
"""Who writes HTML here, as eight letters: what is kept of another one is written anew."""

ADDRESS = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
ENDS_A_SENTENCE = ".,;:!?…*_~"
BOX = re.compile(r"^\[([ xX])\] +")
BOXES = {" ": "☐ ", "x": "☑ "}
OURS = re.compile(r"/(?![/\\])")


def to_html(text: str, *, headings: int = 3, marked: Sequence[str] = (), base_url: str = "") -> SafeString:
    """Return Markdown as HTML in which nothing runs, and no picture comes from elsewhere.

    A line break is a break, as people who type into a plain box expect; an address is a link. A link whose
    words do not name where it leads is followed by its host in brackets. The highest heading is `<h3>`, or
    of the level `headings`. A picture from elsewhere is a link to it. `marked` are words that stand out,
    such as "@Ana Ruiz". With `base_url`, links to pages of ours work in a mail, too. HTML that somebody
    typed is shown as they typed it. "[ ]" before a line of a list is a box to tick (`<li class="box">`). A
    table moves in a frame of its own where it is too wide, and has no heads where they are all empty.
    """
    tokens = _markdown().parse(_clean(text))
    _stand_out(tokens, marked)
    _lower_headings(tokens, headings)
    _draw_boxes(tokens)
    tokens = list(_in_frames(_without_empty_heads(tokens)))
    written = _markdown().renderer.render(tokens, _markdown().options, {})
    return mark_safe(_cleaner(base_url).clean(written))  # it leaves nothing but our tags and attributes


def to_words(text: str) -> str:
    """Return the words of Markdown without its marks, on one line: for a subject, a list, a search."""
    words = [word for token in _markdown().parse(_clean(text)) for word in _words_of(token)]
    return " ".join(" ".join(words).split())


@cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
    reader.enable(["table", "strikethrough"])
    reader.core.ruler.after("inline", "addresses", _link_addresses)
    reader.core.ruler.after("addresses", "pictures", _link_pictures_from_elsewhere)
    reader.core.ruler.after("pictures", "hosts", _name_hosts)
    return reader


@lru_cache(maxsize=8)
def _cleaner(base_url: str) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_only_our_pictures,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
        url_relative=("rewrite_with_base", base_url) if base_url else "pass_through",
    )


def _clean(text: str) -> str:
    """Return text without halves of letters, which no file and no mail can hold."""
    return text.encode("utf-8", "replace").decode()


def _only_our_pictures(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src") and not OURS.match(value):
        return None
    return value


def _link_addresses(state: StateCore) -> None:
    """Make a link of each address that stands in the text as it is."""
    for token in _inline(state.tokens):
        token.children = list(_each_text(token.children or [], _with_links))


def _link_pictures_from_elsewhere(state: StateCore) -> None:
    """Make a link of each picture that another server would give: opening the page would tell that server."""
    for token in _inline(state.tokens):
        children: list[Token] = []
        for child in token.children or []:
            address = str(child.attrGet("src") or "")
            if child.type == "image" and not OURS.match(address):
                children += _link(address, child.content or address)
            else:
                children.append(child)
        token.children = children


def _name_hosts(state: StateCore) -> None:
    """Say where a link leads when its words do not."""
    for token in _inline(state.tokens):
        named: list[Token] = []
        opened: list[int] = []
        for child in token.children or []:
            if child.type == "link_open":
                opened = [len(named)]
            named.append(child)
            if child.type == "link_close" and opened:
                start = opened.pop()
                host = _host(str(named[start].attrGet("href") or ""))
                said = "".join(each.content for each in named[start:])
                if host and host not in said.lower():
                    named.append(_text(f" ({host})"))
        token.children = named


def _stand_out(tokens: list[Token], marked: Sequence[str]) -> None:
    if not marked:
        return
    longest_first = sorted(set(marked), key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(words) for words in longest_first), re.IGNORECASE)

    def strong(text: str) -> Iterator[Token]:
        end = 0
        for found in pattern.finditer(text):
            yield _text(text[end : found.start()])
            yield Token("strong_open", "strong", 1)
            yield _text(found.group())
            yield Token("strong_close", "strong", -1)
            end = found.end()
        yield _text(text[end:])

    for token in _inline(tokens):
        token.children = list(_each_text(token.children or [], strong))


def _lower_headings(tokens: list[Token], highest: int) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + highest - 1, LOWEST_HEADING)}"


def _draw_boxes(tokens: list[Token]) -> None:
    """Write "[ ]" and "[x]" at the start of a list's lines as boxes."""
    for opened, line in pairwise(token for token in tokens if token.type != "paragraph_open"):
        first = next(iter(line.children or ()), None)
        if opened.type == "list_item_open" and first is not None and first.type == "text":
            first.content, boxes = BOX.subn(lambda found: BOXES[found.group(1).lower()], first.content)
            if boxes:
                opened.attrSet("class", "box")


def _in_frames(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens, with a frame around each table, which moves by keyboard as well."""
    for token in tokens:
        if token.type == "table_open":
            frame = {"class": "table-frame", "role": "group", "tabindex": "0", "aria-label": _("Table")}
            yield Token("frame_open", "div", 1, attrs={**frame}, block=True)
        yield token
        if token.type == "table_close":
            yield Token("frame_close", "div", -1, block=True)


def _without_empty_heads(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens without the heads of tables in which all cells are empty."""
    head: list[Token] = []
    for token in tokens:
        if token.type == "thead_open" or head:
            head.append(token)
            if token.type == "thead_close":
                yield from head if any(each.content for each in head) else []
                head = []
        else:
            yield token


def _inline(tokens: list[Token]) -> Iterator[Token]:
    return (token for token in tokens if token.type == "inline")


def _each_text(children: list[Token], write: Callable[[str], Iterator[Token]]) -> Iterator[Token]:
    """Yield the tokens, with each text outside of links written anew."""
    depth = 0
    for child in children:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "text" and depth == 0:
            yield from write(child.content)
        else:
            yield child


def _with_links(text: str) -> Iterator[Token]:
    end = 0
    for found in ADDRESS.finditer(text):
        address = _without_end_of_sentence(found.group())
        if not _host(address):
            continue
        yield _text(text[end : found.start()])
        yield from _link(address, address)
        end = found.start() + len(address)
    yield _text(text[end:])


def _link(address: str, words: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": address}), _text(words), Token("link_close", "a", -1)]


def _without_end_of_sentence(address: str) -> str:
    end = len(address.rstrip(ENDS_A_SENTENCE))
    unopened = address.count(")", 0, end) - address.count("(", 0, end)
    while unopened > 0 and address[end - 1] == ")":
        end -= 1
        unopened -= 1
        while end and address[end - 1] in ENDS_A_SENTENCE:
            end -= 1
    return address[:end]


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _words_of(token: Token) -> Iterator[str]:
    if token.children is None:
        yield token.content
        return
    glued = ""
    for child in token.children:
        glued += " " if child.type in {"softbreak", "hardbreak"} else child.content
    yield glued
