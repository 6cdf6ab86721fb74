"""Markdown as the blocks of a paper: headings, paragraphs, lists, boxes to tick, tables and callouts."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from coppice.lib.papers.paper import Block, Callout, Heading, Listing, Paragraph, Span, Spans, Table, Words

TICK = re.compile(r"\[([ xX])\] +")
HIGHEST, LOWEST = 2, 3
"""A paper has two levels of headings: "##" is the first, for "#" is its title."""


def blocks_of(markdown: str) -> list[Block]:
    """Return the blocks of a text. A quotation is a callout, with its first line as title where that is bold.

    A list within a list goes on as lines of it, a line of dashes is left out, and of an address that words
    lead to both are there. Pictures are their descriptions.
    """
    tree = SyntaxTreeNode(_reader().parse(markdown))
    return [block for node in tree.children for block in _blocks(node)]


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    match node.type:
        case "heading":
            level = min(max(int(node.tag[1:]), HIGHEST), LOWEST) - HIGHEST + 1
            yield Heading(str(_words(node)), level=level)
        case "paragraph":
            yield Paragraph(_words(node))
        case "bullet_list" | "ordered_list":
            yield from _lists(node)
        case "blockquote":
            yield _callout(node)
        case "table":
            yield _table(node)
        case "fence" | "code_block":
            yield Paragraph(node.content)


def _lists(node: SyntaxTreeNode) -> Iterator[Listing]:
    """A list; where it has boxes before some of its lines only, several, so that each line keeps its sign."""
    is_numbered = node.type == "ordered_list"
    lines = [_ticked(words) for words in _items(node)]
    kinds = [tick is not None for tick, _words in lines]
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or kinds[end] != kinds[start]:
            items = [words for _tick, words in lines[start:end]]
            if kinds[start]:
                yield Listing(items, ticks=[bool(tick) for tick, _words in lines[start:end]])
            else:
                yield Listing(items, is_numbered=is_numbered)
            start = end


def _items(node: SyntaxTreeNode) -> Iterator[Words]:
    for item in node.children:
        said: list[Span] = []
        for each in item.children:
            if each.type == "paragraph":
                said += [*([Span("\n")] if said else []), *_spans(each)]
        yield _plain_or_spans(said)
        for each in item.children:
            if each.type in {"bullet_list", "ordered_list"}:
                yield from _items(each)


def _ticked(words: Words) -> tuple[bool | None, Words]:
    """A line of a list without its box, and whether that is ticked; None where it has no box."""
    found = TICK.match(str(words))
    if not found:
        return None, words
    is_ticked = found.group(1) != " "
    if not isinstance(words, Spans):
        return is_ticked, str(words)[found.end() :]
    first, *others = words.parts
    return is_ticked, Spans([Span(first.words[found.end() :], first.is_strong), *others])


def _callout(node: SyntaxTreeNode) -> Callout:
    first = next(iter(node.children), None)
    if first is not None and first.type == "paragraph" and _is_strong(_spans(first)):
        return Callout(str(_words(first)), "\n\n".join(_told(node.children[1:])))
    return Callout("", "\n\n".join(_told(node.children)))


def _told(nodes: Sequence[SyntaxTreeNode]) -> Iterator[str]:
    """What a callout says: it has paragraphs alone, so that a list is one with signs of its own."""
    for node in nodes:
        if node.type in {"bullet_list", "ordered_list"}:
            yield "\n".join(f"• {words}" for words in _items(node))
        elif node.children:
            yield str(_words(node))


def _table(node: SyntaxTreeNode) -> Table:
    rows = [[_words(cell) for cell in row.children] for part in node.children for row in part.children]
    head, *others = rows
    return Table([] if not any(str(words) for words in head) else head, others, widths=_widths(rows))


def _widths(rows: Sequence[Sequence[Words]]) -> list[int]:
    """Columns to one another by their longest words; one that is filled in by hand has room for that."""
    columns = [[len(str(row[column])) for row in rows] for column in range(len(rows[0]))]
    most = min(max(max(each) for each in columns), 60)
    least = [4 if len(each) > 1 and not any(each[1:]) else 2 for each in columns]
    return [
        max(low, min(6, round(6 * max(each) / (most or 1)))) for low, each in zip(least, columns, strict=True)
    ]


def _words(node: SyntaxTreeNode) -> Words:
    return _plain_or_spans(_spans(node))


def _plain_or_spans(spans: list[Span]) -> Words:
    if any(span.is_strong for span in spans):
        return Spans(spans)
    return "".join(span.words for span in spans)


def _is_strong(spans: list[Span]) -> bool:
    return bool(spans) and all(span.is_strong for span in spans if span.words.strip())


def _spans(node: SyntaxTreeNode, *, is_strong: bool = False) -> list[Span]:
    spans: list[Span] = []
    for each in node.children:
        if each.type in {"softbreak", "hardbreak"}:
            spans.append(Span("\n", is_strong))
        elif each.type == "link":
            spans += _spans(each, is_strong=is_strong)
            address = str(each.attrs.get("href", ""))
            if address and address not in "".join(span.words for span in spans):
                spans.append(Span(f" ({address})", is_strong))
        elif each.children:
            spans += _spans(each, is_strong=is_strong or each.type == "strong")
        elif each.content:
            spans.append(Span(each.content, is_strong))
    return spans
