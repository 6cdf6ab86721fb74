"""Papers that people take away: one small model of what a paper says, written as PDF and as Word (DOCX)."""

from coppice.lib.papers.answering import FORMATS, paper_response, write_docx
from coppice.lib.papers.from_markdown import blocks_of
from coppice.lib.papers.paper import (
    Block,
    Callout,
    Fact,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Size,
    Span,
    Spans,
    Table,
    Tone,
    Words,
)
from coppice.lib.papers.pdf import write_pdf
from coppice.lib.papers.sizes import size_in

__all__ = [
    "FORMATS",
    "Block",
    "Callout",
    "Fact",
    "Heading",
    "Listing",
    "Paper",
    "Paragraph",
    "Size",
    "Span",
    "Spans",
    "Table",
    "Tone",
    "Words",
    "blocks_of",
    "paper_response",
    "size_in",
    "write_docx",
    "write_pdf",
]
