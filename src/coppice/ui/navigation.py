"""What the rail and the bottom bar show: plain values that `home` fills for each reader."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

type Words = str | Promise


@dataclass(frozen=True)
class Item:
    """One place to go; also one tab.

    `badge` counts what waits there and `badge_words` says it ("3 calls"); `short` is for the phone bar.
    """

    label: Words
    url: str
    icon: str = ""
    current: bool = False
    badge: int = 0
    badge_words: Words = ""
    short: Words = ""


@dataclass(frozen=True)
class Section:
    """The places of one program, under its name; `onward` leads to others."""

    label: Words
    items: Sequence[Item]
    onward: Item | None = None


@dataclass(frozen=True)
class Navigation:
    """Everything one reader may go to: `counts` is what funders and leads of organizations may read.

    A phone's bottom bar shows the first four of `quick`, then Menu.
    """

    main: Sequence[Item]
    quick: Sequence[Item] = field(default_factory=tuple)
    programs: Sequence[Section] = field(default_factory=tuple)
    counts: Section | None = None
    account: Sequence[Item] = field(default_factory=tuple)
    person_name: str = ""
