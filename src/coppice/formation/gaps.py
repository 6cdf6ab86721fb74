"""Gaps that people who left have made, and who could come: shown, and never filled by itself."""

from collections import Counter
from dataclasses import dataclass

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
    """Return how many people declined, left or were taken back, by community id; in three queries.

    Whoever changed places with somebody has left no gap, wherever they are now; whoever took a free place has
    left one, and whoever left after a change is missed where they were last.
    """
    founded = formation.proposed_communities.exclude(community=None).values("community")
    places = Membership.objects.filter(community__in=founded)
    swaps = list(
        formation.swaps.filter(state__in=[Swap.State.DONE, Swap.State.UNDONE]).select_related(
            "request__membership", "other__membership"
        )
    )
    sides = [each for swap in swaps for each in (swap.request, swap.other) if each is not None]
    changed = {each.membership.person_id for each in sides}
    here = set(places.known_to_members().filter(person__in=changed).values_list("person", flat=True))
    ended = places.exclude(state__in=KNOWN_TO_MEMBERS).order_by("ended_at", "pk")
    last: dict[tuple[int, int], int] = {}
    for pk, person, community in ended.values_list("pk", "person", "community"):
        if person not in here:
            last[person, 0 if person in changed else pk] = community
    moved = [
        swap.request.membership.community_id
        for swap in swaps
        if swap.other is None and swap.state == Swap.State.DONE
    ]
    return dict(Counter([*last.values(), *moved]))
