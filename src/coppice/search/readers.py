"""Who is looking: the keys that a person holds now, as the rooms above tell them.

A key is short: a word, a colon and a number, such as "community:3". A document says which keys may see it; a
person's keys are asked for anew at every search, so that whoever leaves a community finds nothing of it from
that moment on, though no document changed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

KEY = re.compile(r"[a-z]+:[0-9]+")

type Teller = Callable[[Any], Iterable[str]]
type Namer = Callable[[Any, Sequence[int]], Mapping[int, str]]

_tellers: list[Teller] = []
_namers: list[Namer] = []


def register(teller: Teller) -> None:
    """Ask `teller` for the keys that a signed-in person holds; called from the room's AppConfig.ready()."""
    if teller not in _tellers:
        _tellers.append(teller)


def register_names(namer: Namer) -> None:
    """Ask `namer` what communities are called, given a person who may see them and their ids."""
    if namer not in _namers:
        _namers.append(namer)


def keys_of(person: Any) -> frozenset[str]:
    """Return the keys that this person holds now; none for somebody signed out, suspended or erased."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    return frozenset(key for teller in _tellers for key in teller(person) if KEY.fullmatch(key))


def names_of(person: Any, community_ids: Sequence[int]) -> dict[int, str]:
    """Return what these communities are called, of those that the person may see."""
    return {pk: name for namer in _namers for pk, name in namer(person, community_ids).items()}
