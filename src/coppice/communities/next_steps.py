"""What comes next for a member, and what they may choose: rooms above register tellers, as with tabs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from coppice.communities.models import Membership


@dataclass(frozen=True)
class NextStep:
    """What comes next or may be chosen, with an address that needs no account where that is safe.

    `is_later` is what can wait until all else is done.
    """

    sentence: str | Promise
    url: str
    label: str | Promise
    is_later: bool = False


type Teller = Callable[[Membership], list[NextStep]]

_tellers: list[Teller] = []
_choosers: list[Teller] = []


def register(teller: Teller) -> None:
    """Ask `teller` what comes next for each new member; called from the room's AppConfig.ready()."""
    if teller not in _tellers:
        _tellers.append(teller)


def next_steps(membership: Membership) -> list[NextStep]:
    """Return what comes next for this member, in the order in which rooms registered."""
    return [step for teller in _tellers for step in teller(membership)]


def register_choices(teller: Teller) -> None:
    """Ask `teller` what a person may still choose about their place; called as `register` is."""
    if teller not in _choosers:
        _choosers.append(teller)


def choices(membership: Membership) -> list[NextStep]:
    """Return what this person may choose about their place beside the answers that communities know."""
    return [step for teller in _choosers for step in teller(membership)]
