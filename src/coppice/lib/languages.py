"""The languages that Coppice speaks, out of those that people and rosters name."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation


def first_spoken(*wishes: str | None) -> str:
    """Return the first wish that Coppice speaks, else the installation's language.

    "es-MX" is spoken as "es" where nobody translated the region's own. That Django has words in a
    language is not enough: half a page is none.
    """
    return next(filter(None, map(_spoken, wishes)), settings.LANGUAGE_CODE)


def answer_in(language: str, page: Callable[..., HttpResponse], *arguments: Any) -> HttpResponse:
    """Return what a view answers in a language that is not the browser's, and say so in its header."""
    with translation.override(language):
        response = page(*arguments)
    response.headers["Content-Language"] = language
    return response


def _spoken(wish: str | None) -> str:
    try:
        return translation.get_supported_language_variant((wish or "").lower(), strict=True)
    except LookupError:
        return ""
