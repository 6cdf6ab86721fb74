"""The languages in which there are templates, as a page names them."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language_info

from coppice.library.template_set import LANGUAGES


@dataclass(frozen=True)
class Language:
    """A language of the set by its own name."""

    code: str
    name: str
    is_current: bool


def languages_for(current: str) -> list[Language]:
    """Return the languages of the set, each by its own name."""
    return [
        Language(code, capfirst(get_language_info(code)["name_local"]), code == current) for code in LANGUAGES
    ]
