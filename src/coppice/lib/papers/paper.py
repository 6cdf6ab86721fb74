"""What a paper says, whatever it is written as: plain values that the writers of PDF and Word both take."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Literal

from django.conf import settings
from django.utils.functional import Promise


@dataclass(frozen=True)
class Span:
    """A part of a text, which stands out or not."""

    words: str
    is_strong: bool = False


@dataclass(frozen=True)
class Spans:
    """A text of which parts stand out; as a string it is all of its words."""

    parts: Sequence[Span]

    def __str__(self) -> str:
        return "".join(part.words for part in self.parts)


type Words = str | Promise | Spans
Tone = Literal["leaf", "hazel", "foxglove", "bluebell"]
Size = Literal["a4", "us-letter"]

RIGHT_TO_LEFT = {"R", "AL"}
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
"""Kinds of signs that leave a line empty: controls, half characters, spaces, breaks."""
# What XML 1.0 cannot hold, and half characters that no text has; a tab is a space.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
BREAKS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Heading:
    """A heading of a section (`level` 1) or a part of one (2); `number` stands before it, `under` below."""

    words: Words
    level: int = 1
    number: str = ""
    under: Words = ""

    @property
    def is_seen(self) -> bool:
        """Whether it has a letter to see: one without is left out, for PDF/UA-1 takes no empty heading."""
        return any(unicodedata.category(each) not in UNSEEN for each in f"{self.number}{self.words}")


@dataclass(frozen=True)
class Paragraph:
    """Words that people read: an empty line begins another paragraph, a new line stays one."""

    words: Words
    is_faint: bool = False


@dataclass(frozen=True)
class Listing:
    """A list, with signs before its lines, numbered, or with boxes: `ticks` says which of them are ticked."""

    items: Sequence[Words]
    is_numbered: bool = False
    ticks: Sequence[bool] = ()

    def by_tick(self) -> list[tuple[bool, list[Words]]]:
        """Return the lines of a list with boxes, those that follow one another and are alike together."""
        pairs = zip(self.ticks, self.items, strict=True)
        return [(tick, [item for _, item in each]) for tick, each in groupby(pairs, key=itemgetter(0))]


@dataclass(frozen=True)
class Table:
    """A table with a row of heads, repeated on each page; `widths` are those of columns to one another.

    Without heads, the first column says what stands beside it. Empty cells leave room to write in by hand.
    """

    head: Sequence[Words]
    rows: Sequence[Sequence[Words]]
    widths: Sequence[int] = ()


@dataclass(frozen=True)
class Callout:
    """Something to read first, in a box of its own colour; `title` may be empty."""

    title: Words
    words: Words = ""
    tone: Tone = "leaf"


type Block = Heading | Paragraph | Listing | Table | Callout


@dataclass(frozen=True)
class Fact:
    """One of the facts below the title: "Version" and "3"."""

    label: Words
    value: Words


@dataclass(frozen=True)
class Paper:
    """A whole paper. `state` says beside the title whether it holds ("Adopted"), in a colour and in words.

    `language` is a code such as "es" or "ar"; the paper runs from right to left where that language does.
    `made_at` needs a time zone. `kicker` stands above the title, `foot` at the end of each page.
    """

    title: Words
    language: str
    made_at: datetime
    blocks: Sequence[Block]
    subtitle: Words = ""
    kicker: Words = ""
    facts: Sequence[Fact] = ()
    state: Words = ""
    tone: Tone = "leaf"
    foot: Words = ""
    size: Size = "a4"

    @property
    def tongue(self) -> str:
        """The language without its region, as typesetting knows it: "es" of "es-MX"."""
        return self.language.partition("-")[0]

    @property
    def direction(self) -> str:
        """Whether its language runs "rtl" or "ltr"."""
        return "rtl" if self.tongue in settings.LANGUAGES_BIDI else "ltr"

    @property
    def name(self) -> str:
        """The title with the subtitle, as the file's properties name it; "Coppice" where they say nothing."""
        return line(f"{self.title}: {self.subtitle}" if self.subtitle else self.title) or "Coppice"


def written(words: Words) -> str:
    """Return words as files can hold them: without control characters, each line's end as one sign."""
    return UNWRITABLE.sub("", BREAKS.sub("\n", str(words)).replace("\t", " ")).strip()


def lines_of(words: Words) -> list[list[Span]]:
    """Return the lines of words as files can hold them, each with the parts that stand out or do not."""
    if not isinstance(words, Spans):
        return [[Span(each)] for each in written(words).split("\n")]
    lines: list[list[Span]] = [[]]
    for part in words.parts:
        first, *others = UNWRITABLE.sub("", BREAKS.sub("\n", part.words).replace("\t", " ")).split("\n")
        lines[-1].append(Span(first, part.is_strong))
        lines += [[Span(each, part.is_strong)] for each in others]
    return lines


def line(words: Words) -> str:
    """Return words on one line."""
    return " ".join(written(words).split())


def paragraphs(words: Words) -> list[str]:
    """Return the paragraphs of a text, which an empty line parts; lines stay in each."""
    return [part.strip() for part in re.split(r"\n\s*\n", written(words)) if part.strip()]


def direction_of(words: Words, otherwise: str) -> str:
    """Return "rtl" or "ltr" by the first letter that has a direction, as browsers do for dir="auto"."""
    for letter in str(words):
        kind = unicodedata.bidirectional(letter)
        if kind in RIGHT_TO_LEFT:
            return "rtl"
        if kind == "L":
            return "ltr"
    return otherwise
