"""A paper as the answer to a request: a file to keep, named after what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.text import slugify

from coppice.lib.papers.paper import Paper
from coppice.lib.papers.pdf import write_pdf


def write_docx(paper: Paper) -> bytes:
    """Return a paper as DOCX."""
    # python-docx and lxml take 0.13 s and 17 MB to import, and most servers write no such file for days.
    from coppice.lib.papers import word

    return word.write_docx(paper)


@dataclass(frozen=True)
class Format:
    """What a paper can be written as."""

    media_type: str
    write: Callable[[Paper], bytes]


FORMATS: Mapping[str, Format] = {
    "pdf": Format("application/pdf", write_pdf),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_docx),
}
"""Each format by the end of its files' names."""


def paper_response(paper: Paper, ending: str) -> HttpResponse:
    """Return a paper as a file; `ending` is a key of FORMATS. Nobody's browser or proxy keeps a copy."""
    chosen = FORMATS[ending]
    plain = slugify(paper.name) or "coppice"
    name = slugify(paper.name, allow_unicode=True) or plain
    return HttpResponse(
        chosen.write(paper),
        content_type=chosen.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{plain}.{ending}"; '
            f"filename*=UTF-8''{quote(f'{name}.{ending}')}",
            "Content-Language": paper.language,
            "Cache-Control": "no-store",
        },
    )
