"""What comes next for a member: rooms above register a teller, as they register tabs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from coppice.communities.models import Membership


@dataclass(frozen=True)
class NextStep:
    """One thing that comes next, with an address that works without signing in wherever that is safe."""

    sentence: str | Promise
    url: str
    label: str | Promise


type Teller = Callable[[Membership], list[NextStep]]

_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Ask `teller` what comes next for each new member; called from the room's AppConfig.ready()."""
    if teller not in _tellers:
        _tellers.append(teller)


def next_steps(membership: Membership) -> list[NextStep]:
    """Return what comes next for this member, in the order in which rooms registered."""
    return [step for teller in _tellers for step in teller(membership)]
