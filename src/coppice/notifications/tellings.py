"""What rooms above say of their lines in a digest: how several are counted, which are told at all."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from coppice.lib.lines import one_line
from coppice.notifications.models import Line

type Counted = Callable[[int], str]
"""Takes how many; returns words for it, "3 new answers", in the language that is spoken now."""

type Check = Callable[[Sequence[Line]], Collection[int]]
"""Takes lines about one kind of thing; returns the keys of those to tell, with queries for all at once."""


@dataclass(frozen=True)
class Rewording:
    """What a line says by now."""

    title: str
    words: str


type Reword = Callable[[Sequence[Line]], Mapping[int, Rewording]]
"""Takes lines about one kind of thing that will be told; returns, by key, what those say that were changed
since they were written, with queries for all at once."""

_counted: dict[str, Counted] = {}
_checks: dict[str, Check] = {}
_rewords: dict[str, Reword] = {}


def count_as(kind: str, counted: Counted) -> None:
    """Say how several lines of a kind ("answer") about one thing are told; called from AppConfig.ready()."""
    _counted[kind] = counted


def check(prefix: str, worth: Check) -> None:
    """Ask `worth` before lines about things such as "thread:12" (prefix "thread") are told.

    It leaves out what its reader has read meanwhile, and what they may not read any more.
    """
    _checks[prefix] = worth


def say_anew(prefix: str, reword: Reword) -> None:
    """Ask `reword` what lines about things such as "thread:12" say by now; called from AppConfig.ready()."""
    _rewords[prefix] = reword


def reworded(lines: Iterable[Line]) -> None:
    """Let lines say what their things say now, where a room knows; nothing is saved."""
    for prefix, group in _by_prefix(lines).items():
        said = _rewords[prefix](group) if prefix in _rewords else {}
        for line in group:
            if line.pk in said:
                line.title, line.words = (
                    one_line(said[line.pk].title)[:300],
                    one_line(said[line.pk].words)[:300],
                )


def counted(kind: str, number: int) -> str:
    """Return words for several lines of a kind."""
    if kind in _counted:
        return _counted[kind](number)
    return ngettext("%(count)s update", "%(count)s updates", number) % {"count": number}


def worth_telling(lines: Iterable[Line]) -> set[int]:
    """Return the keys of the lines to tell; those of which no room says anything all are."""
    held: set[int] = set()
    for prefix, group in _by_prefix(lines).items():
        held |= set(_checks[prefix](group)) if prefix in _checks else {line.pk for line in group}
    return held


def _by_prefix(lines: Iterable[Line]) -> dict[str, list[Line]]:
    by_prefix: dict[str, list[Line]] = {}
    for line in lines:
        by_prefix.setdefault(line.object_key.partition(":")[0], []).append(line)
    return by_prefix
