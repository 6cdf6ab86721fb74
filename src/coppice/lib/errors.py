"""The root of every refusal that an action can give."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DomainError(Exception):
    """A refusal with a stable `code` and a kind translatable `sentence` that says what to do next."""

    code = "refused"
    sentence: StrOrPromise = ""

    def __init__(self, sentence: StrOrPromise | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.code)
