"""Which communities there may be about which topics, before the engine chooses among them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coppice.formation.answers import Answered
from coppice.formation.aspects import Offer
from engines import grouping

MOST_GROUPS = 2_000


@dataclass(frozen=True)
class Demand:
    """How many people want a topic: first of all, and at all (as a wish or a need)."""

    first: int
    any: int


def demand_of(answered: Iterable[Answered]) -> dict[str, Demand]:
    """Return the demand for every topic that somebody wishes for or needs, the most wanted first.

    Somebody's first topic is their first wish, or where they wish for none, their first need.
    """
    first: Counter[str] = Counter()
    anyhow: Counter[str] = Counter()
    for said in answered:
        wanted = tuple(dict.fromkeys([*(said.wishes or ()), *(said.needs or ())]))
        first.update(wanted[:1])
        anyhow.update(wanted)
    order = sorted(anyhow, key=lambda topic: (-anyhow[topic], -first[topic], topic))
    return {topic: Demand(first[topic], anyhow[topic]) for topic in order}


def topic_groups(
    offers: Sequence[Offer],
    *,
    answered: Sequence[Answered],
    minimum: int,
    maximum: int,
) -> list[grouping.Group]:
    """Return the groups that may be; the engine leaves optional ones empty.

    A topic gets as many as its first-choosers fill at a middle size, and one to spare where more people want
    it; where all seats together are too few, topics get more in turn, up to their own limit.
    """
    wanted = _first_offered(answered, {offer.topic for offer in offers})
    anyhow = demand_of(answered)
    seats, counts = 0, dict[str, int]()
    for offer in offers:
        least, most = limits_of(offer, minimum, maximum)
        filled = max(1, round(2 * wanted[offer.topic] / (least + most)))
        could = anyhow[offer.topic].any // least if offer.topic in anyhow else 0
        counts[offer.topic] = _capped(offer, max(1, min(filled + 1, could)))
        seats += counts[offer.topic] * most
    growing = [offer for offer in offers if _capped(offer, counts[offer.topic] + 1) > counts[offer.topic]]
    turn = 0
    while growing and seats < len(answered) and turn < MOST_GROUPS:
        offer = growing[turn % len(growing)]
        turn += 1
        if _capped(offer, counts[offer.topic] + 1) > counts[offer.topic]:
            counts[offer.topic] += 1
            seats += limits_of(offer, minimum, maximum)[1]
    return [
        grouping.Group(
            f"{offer.topic}:{number}",
            *limits_of(offer, minimum, maximum),
            topic=offer.topic,
            optional=offer.may_be_left_out or number > 0,
        )
        for offer in offers
        for number in range(counts[offer.topic])
    ]


def _first_offered(answered: Iterable[Answered], offered: set[str]) -> Counter[str]:
    """How many people have each topic as the first of theirs that is offered."""
    found: Counter[str] = Counter()
    for said in answered:
        wanted = (*(said.wishes or ()), *(said.needs or ()))
        found.update([topic for topic in wanted if topic in offered][:1])
    return found


def limits_of(offer: Offer, minimum: int, maximum: int) -> tuple[int, int]:
    """Return the smallest and largest size of a community about this topic, where those are usual."""
    least = offer.minimum or minimum
    return least, max(least, offer.maximum or maximum)


def _capped(offer: Offer, count: int) -> int:
    return min(count, offer.most) if offer.most else count
