"""What follows when somebody goes, in words; some things have to be handed over first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Consequence:
    """One thing that follows: a whole sentence, and the page (`path`, `label`) where something can be done.

    `is_refusal` says that it must be dealt with first.
    """

    sentence: StrOrPromise
    is_refusal: bool = False
    path: str = ""
    label: StrOrPromise = ""
