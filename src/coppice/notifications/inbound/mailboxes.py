"""Which mail addresses are a person's own: their account's, and those that rooms above know of them."""

from collections.abc import Callable, Iterable
from typing import Any

type Teller = Callable[[Any], Iterable[str]]
"""Takes a person; returns addresses of theirs, such as those in rosters."""

GOOGLE = {"gmail.com", "googlemail.com"}

_tellers: list[Teller] = []


def register_own_addresses(teller: Teller) -> None:
    """Ask `teller` which addresses a person has; called from AppConfig.ready()."""
    if teller not in _tellers:
        _tellers.append(teller)


def own_addresses(person: Any) -> set[str]:
    """Return every address by which a person may write to us."""
    told = {address for teller in _tellers for address in teller(person)}
    return {address for address in {person.email or "", *told} if address}


def is_same(one: str, other: str) -> bool:
    """Say whether two addresses are one mailbox: capitals, and what follows a plus, make no other of it."""
    return bool(one) and _mailbox(one) == _mailbox(other)


def _mailbox(address: str) -> tuple[str, str]:
    name, _at, domain = address.strip().lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in GOOGLE:
        return name.replace(".", ""), "gmail.com"
    return name, domain
