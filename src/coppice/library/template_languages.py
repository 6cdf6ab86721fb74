"""The languages in which there are templates, as a page names them."""

from dataclasses import dataclass

from django.conf import settings

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
