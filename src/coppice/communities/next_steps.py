"""What comes next for a member, and what they may choose: rooms above register tellers, as with tabs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
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
type Asked = Callable[[], Combinable]

_tellers: list[Teller] = []
_choosers: dict[Teller, Asked] = {}


def register(teller: Teller) -> None:
    """Ask `teller` what comes next for each new member; called from the room's AppConfig.ready()."""
    if teller not in _tellers:
        _tellers.append(teller)


def next_steps(membership: Membership) -> list[NextStep]:
    """Return what comes next for this member, in the order in which rooms registered."""
    return [step for teller in _tellers for step in teller(membership)]


def register_choices(teller: Teller, *, where: Asked) -> None:
    """Ask `teller` what a person may still choose about their place; called as `register` is.

    `where` says of a row of memberships whether the teller can have anything to say of it.
    """
    _choosers[teller] = where


def with_choices(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return memberships of which `choices` asks only those tellers that can have anything to say."""
    return memberships.annotate(**{_column(teller): where() for teller, where in _choosers.items()})


def choices(membership: Membership) -> list[NextStep]:
    """Return what this person may choose about their place beside the answers that communities know."""
    return [
        step for teller in _choosers if known(membership, teller) is not False for step in teller(membership)
    ]


def known(membership: Membership, teller: Teller) -> bool | None:
    """Whether a row of `with_choices` may have something by this teller; None of any other row."""
    answer: bool | None = getattr(membership, _column(teller), None)
    return answer


def _column(teller: Teller) -> str:
    return f"may_{teller.__name__}"
