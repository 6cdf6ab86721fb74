"""Keeping as a practice what was said elsewhere: each room tells of its own things, one room keeps them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coppice.communities.models import Community


@dataclass(frozen=True)
class Told:
    """Something that somebody said or wrote in another room: its title and words begin a practice.

    `label` says to a reader of the practice what it began with, `url` is its page. `origin` is what the
    practice remembers, where that is something larger ("thread:3" of "post:12").
    """

    title: str
    words: str
    label: str
    url: str
    kind: str = ""
    origin: str = ""


type Teller = Callable[[Any, Community, int], Told | None]
"""Takes a person, a community and the id of a thing; None where that person may not read it there."""

type Keeper = Callable[[Community, bool], str]
"""Takes a community and whether a member leads; returns the address of a new practice up to its origin,
such as "/…/new/?from=", or "" where they may not write one."""

_tellers: dict[str, Teller] = {}
_keepers: list[Keeper] = []


def register(prefix: str, teller: Teller) -> None:
    """Let things such as "post:12" (prefix "post") become practices; called from AppConfig.ready()."""
    _tellers[prefix] = teller


def register_keeper(keeper: Keeper) -> None:
    """Let practices be written at this address; called from AppConfig.ready() of the room that keeps them."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def keep_url(community: Community, *, is_leader: bool) -> str:
    """Return where a member of a community begins a practice, up to what it began with; "" for nowhere."""
    return next(filter(None, (keeper(community, is_leader) for keeper in _keepers)), "")


def told(person: Any, community: Community, origin: str) -> Told | None:
    """Return what "post:12" names, as this person may read it; None for what is not there."""
    prefix, _colon, number = origin.partition(":")
    if prefix not in _tellers or not number.isascii() or not number.isdigit() or len(number) > 17:
        return None
    return _tellers[prefix](person, community, int(number))
