"""A practice as a paper, for PDF and Word, and as a Markdown file; all of them as a table."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coppice.lib.papers import Paper, blocks_of, paper_response, size_in
from coppice.library.practice_models import Practice
from coppice.library.practice_queries import People
from coppice.library.practice_wording import answer_of, markdown_of
from coppice.library.template_paper import MARKDOWN, markdown_file


def practice_file(practice: Practice, people: People, ending: str) -> HttpResponse:
    """Return a practice as a file to keep, in the language that is spoken; `ending` is one of ENDINGS."""
    markdown = f"{markdown_of(practice, practice.kind)}\n{_facts(practice, people)}"
    if ending == MARKDOWN:
        return markdown_file(practice.title, markdown)
    return paper_response(practice_paper(practice, markdown), ending)


def practice_paper(practice: Practice, markdown: str) -> Paper:
    """Return a practice as a paper of its community."""
    community = practice.community
    return Paper(
        title=practice.title,
        subtitle=community.name,
        kicker=practice.get_kind_display(),
        language=translation.get_language() or "en",
        size=size_in(community.time_zone),
        made_at=timezone.now(),
        blocks=blocks_of(markdown),
        foot=f"{community.name} · {practice.title}",
    )


def rows_of(practices: Iterable[Any]) -> Iterator[list[str]]:
    """Yield a table of published practices, its heads first; each knows `tried`."""
    yield [
        *(_("In one sentence"), _("Kind"), _("Where and for whom"), _("What was done"), _("What came of it")),
        *(_("How we know"), _("What to watch for"), _("What it takes"), _("Topics"), _("Whose it is")),
        *(_("Written by"), _("Tried by"), _("Published"), _("State")),
    ]
    for each in practices:
        yield [
            *(each.title, each.get_kind_display(), each.context, each.done, each.came),
            *(answer_of(each, "evidence"), each.watch_for, each.takes),
            ", ".join(topic.name for topic in each.topics.all()),
            each.get_licence_display(),
            each.added_by.enrollment.name if each.added_by else "",
            str(each.tried),
            each.published_at.date().isoformat() if each.published_at else "",
            each.get_state_display(),
        ]


def _facts(practice: Practice, people: People) -> str:
    """Whose it is, from when, and by whom; no name of anybody who did not say yes."""
    facts = [] if practice.is_out else [practice.get_state_display()]
    facts.append(_("Whose it is: %(licence)s") % {"licence": practice.get_licence_display()})
    if practice.added_by:
        facts.append(_("Written by %(name)s") % {"name": practice.added_by.enrollment})
    if people.named:
        facts.append(_("The story of %(names)s") % {"names": ", ".join(people.named)})
    if practice.published_at:
        facts.append(
            _("Published on %(day)s") % {"day": date_format(timezone.localdate(practice.published_at))}
        )
    return "\n".join(f"- {each}" for each in facts) + "\n"
