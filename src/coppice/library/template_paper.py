"""A filled template as a paper, for PDF and Word, and as a Markdown file."""

from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.text import slugify

from coppice.communities.models import Community
from coppice.lib.papers import Paper, blocks_of, paper_response, size_in
from coppice.library.templates_of import Filled
from coppice.programs.models import Provider

MARKDOWN = "md"


def template_file(filled: Filled, ending: str, *, of: Community | Provider, language: str) -> HttpResponse:
    """Return a template as a file to keep; `ending` is one of ENDINGS."""
    if ending == MARKDOWN:
        return markdown_file(filled.title, filled.markdown)
    with translation.override(language):
        return paper_response(template_paper(filled, of=of, language=language), ending)


def template_paper(filled: Filled, *, of: Community | Provider, language: str) -> Paper:
    """Return a filled template, for a community or for a provider where there is none."""
    return Paper(
        title=filled.title,
        subtitle=of.name,
        kicker=of.program.name if isinstance(of, Community) else "",
        language=language,
        size=size_in(of.time_zone),
        made_at=timezone.now(),
        blocks=blocks_of(filled.markdown),
        foot=f"{of.name} · {filled.title}",
    )


def markdown_file(title: str, markdown: str) -> HttpResponse:
    """Return a text as a Markdown file under its title."""
    plain = slugify(title) or "template"
    name = slugify(title, allow_unicode=True) or plain
    return HttpResponse(
        f"# {title}\n\n{markdown}",
        content_type="text/markdown; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{plain}.md"; '
            f"filename*=UTF-8''{quote(f'{name}.md')}",
            "Cache-Control": "no-store",
        },
    )
