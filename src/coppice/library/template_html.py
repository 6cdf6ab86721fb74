"""A template on a page: its words as HTML, and the languages in which there is one."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from coppice.lib.markdown import to_html
from coppice.library.template_set import LANGUAGES


@dataclass(frozen=True)
class Language:
    """A language of the set by its own name."""

    code: str
    name: str
    is_current: bool


def languages_for(current: str) -> list[Language]:
    """Return the languages of the set, each by its own name."""
    own = dict(settings.LANGUAGES)
    return [Language(code, str(own.get(code, code)), code == current) for code in LANGUAGES]


def shown(markdown: str) -> SafeString:
    """Return the words of a template as HTML: tables move in frames of their own, boxes have no dots."""
    html = to_html(markdown, headings=2)
    opened = format_html(
        '<div class="template-table" role="region" tabindex="0" aria-label="{}">', _("Table")
    )
    # What is added is ours alone; the rest is what `to_html` left.
    return mark_safe(
        html.replace("<table>", f"{opened}<table>")
        .replace("</table>", "</table></div>")
        .replace("<li>☐ ", '<li class="template-box">☐ ')
        .replace("<li>☑ ", '<li class="template-box">☑ ')
    )
