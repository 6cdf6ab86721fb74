"""Gaps that people who left have made, and who could come: shown, and never filled by itself."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from coppice.communities.models import KNOWN_TO_MEMBERS, Membership
from coppice.formation.afterwards import Circle
from coppice.formation.models import Formation, Swap, SwapRequest
from engines import grouping

NAMED = 3


@dataclass(frozen=True)
class Comer:
    """Somebody who could come from another community; `points` of 100 for the two together."""

    enrollment: int
    name: str
    origin: str
    points: int

    @property
    def amount(self) -> int:
        return abs(self.points)


@dataclass(frozen=True)
class Gap:
    """A community that people left: how many went, how many are there, how many it is meant to have."""

    key: str
    name: str
    people: int
    gone: int
    minimum: int
    maximum: int

    @property
    def is_too_small(self) -> bool:
        return self.people < self.minimum


def gaps_of(circle: Circle, gone: dict[int, int]) -> list[Gap]:
    """Return the communities that are too small, or that people left, the emptiest first.

    `gone` counts by community id who declined, left or was taken back.
    """
    found = [
        Gap(
            key=key,
            name=str(each.community),
            people=circle.sizes[key],
            gone=gone.get(int(key), 0),
            minimum=each.minimum,
            maximum=each.maximum,
        )
        for key, each in circle.proposed.items()
    ]
    open_ones = [each for each in found if each.is_too_small or (each.gone and each.people < each.maximum)]
    return sorted(open_ones, key=lambda each: (each.people - each.minimum, each.name))


def comers(circle: Circle, gap: Gap) -> list[Comer]:
    """Return who could come into a gap by one move that breaks no rule, the best first."""
    arrivals = grouping.arrivals(circle.draft.problem, circle.assignment, group=gap.key, at_most=NAMED)
    return [
        Comer(
            enrollment=int(each.person),
            name=circle.roster[each.person].name,
            origin=str(circle.proposed[each.origin].community),
            points=round(100 * each.gain / max(1, gap.people + circle.sizes[each.origin])),
        )
        for each in arrivals
    ]


def wishing(requests: list[SwapRequest], gap: Gap) -> list[SwapRequest]:
    """Return who asked to come here."""
    return [each for each in requests if str(each.wanted_id) == gap.key]


def gone_from(formation: Formation) -> dict[int, int]:
    """Return how many people declined, left or were taken back, by community id; in one query.

    Whoever changed places with somebody has left no gap, wherever they are now; whoever took a free place has
    left one, and whoever left after a change is missed where they were last.
    """
    founded = formation.proposed_communities.exclude(community=None).values("community")
    swaps = formation.swaps.filter(state__in=[Swap.State.DONE, Swap.State.UNDONE])
    theirs = Q(request__membership__person=OuterRef("person")) | Q(
        other__membership__person=OuterRef("person")
    )
    alone = swaps.filter(state=Swap.State.DONE, other=None, request__membership=OuterRef("pk"))
    places = Membership.objects.filter(community__in=founded).order_by("ended_at", "pk")
    rows = list(
        places.annotate(has_changed=Exists(swaps.filter(theirs)), has_moved=Exists(alone)).values_list(
            "pk", "person", "community", "state", "has_changed", "has_moved"
        )
    )
    here = {person for _pk, person, _community, state, *_more in rows if state in KNOWN_TO_MEMBERS}
    last: dict[tuple[int, int], int] = {}
    for pk, person, community, state, has_changed, _has_moved in rows:
        if state not in KNOWN_TO_MEMBERS and not (has_changed and person in here):
            last[person, 0 if has_changed else pk] = community
    moved = [community for _pk, _person, community, _state, _changed, has_moved in rows if has_moved]
    return dict(Counter([*last.values(), *moved]))
