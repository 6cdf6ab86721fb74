"""The languages that a person speaks, as a roster keeps them and as people write them."""

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info, gettext

from coppice.lib.lines import one_line
from coppice.programs.models import Enrollment
from coppice.programs.rosters.cells import language_code

MOST = 12


def languages_of(enrollment: Enrollment) -> list[str]:
    """Return the languages of somebody as the roster keeps them: codes, or names that it does not know."""
    several = enrollment.attributes.get("languages")
    if isinstance(several, list) and several:
        return [str(each) for each in several]
    return [enrollment.language] if enrollment.language else []


def in_words(languages: list[str]) -> str:
    """Return languages as people write them, in the reader's language: "English, Spanish"."""
    return ", ".join(_name(each) for each in languages)


def read(text: str) -> list[str]:
    """Return the languages of a line that somebody wrote, codes where we know one, each once."""
    named = [one_line(name) for name in text.replace(";", ",").replace("\n", ",").split(",")]
    codes = [_known(name) or name[:60] for name in named if name]
    return list(dict.fromkeys(codes))[:MOST]


def _name(language: str) -> str:
    return str(get_language_info(language)["name_translated"]) if language in LANG_INFO else language


def _known(name: str) -> str | None:
    """The code of a language by its name in the languages that Coppice reads, or as its reader calls it."""
    words = name.casefold()
    for code, told in LANG_INFO.items():
        if words in {str(told.get("name", "")).casefold(), gettext(told.get("name", "-")).casefold()}:
            return str(code)
    known = language_code(name)
    return known if known in LANG_INFO else None
