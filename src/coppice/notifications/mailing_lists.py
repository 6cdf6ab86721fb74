"""Which lists people are on: rooms above register the kinds of list whose news can wait for a digest."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ListKind:
    """One kind of list, such as "community" of "community:3".

    `of` returns the lists that a person is on, as pairs of key and name, whether or not one has written to
    them yet. `still_on` returns, of pairs of a person's id and a list's key, those that still hold, asking
    for all at once: what waited for somebody who has gone meanwhile is not told.
    """

    name: str
    of: Callable[[Any], Iterable[tuple[str, str]]]
    still_on: Callable[[Collection[tuple[int, str]]], Collection[tuple[int, str]]]


_kinds: dict[str, ListKind] = {}


def register(kind: ListKind) -> None:
    """Offer digests on lists of this kind; called from AppConfig.ready()."""
    _kinds[kind.name] = kind


def can_wait(list_key: str) -> bool:
    """Say whether news of this list can come in a digest."""
    return list_key.partition(":")[0] in _kinds


def lists_of(person: Any) -> dict[str, str]:
    """Return the names of the lists that a person is on, by key."""
    return {key: name for kind in _kinds.values() for key, name in kind.of(person)}


def still_on(places: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return which of these people are on these lists still; where no room keeps a list, all are."""
    held: set[tuple[int, str]] = set()
    by_kind: dict[str, set[tuple[int, str]]] = {}
    for place in places:
        by_kind.setdefault(place[1].partition(":")[0], set()).add(place)
    for name, group in by_kind.items():
        held |= set(_kinds[name].still_on(group)) if name in _kinds else group
    return held
