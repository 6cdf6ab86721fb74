"""Who could help whom: the network that lies in needs and offers of the same topic. Plain values.

A *tie* leads from somebody who offers help with a topic, and may be asked now, to somebody who needs it; both
as far as the reader sees them. Nobody is tied to themself. What people said in their own words alone is of no
topic and ties nobody. Ties are not counted one by one: a `Weave` keeps who needs and who offers each topic.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from coppice.profiles.board import Reach
from coppice.profiles.models import Expertise


@dataclass(frozen=True)
class Tie:
    """That `helper` could help `needer` (enrollment ids) with these topics (ids, ascending)."""

    helper: int
    needer: int
    topics: tuple[int, ...]


@dataclass(frozen=True)
class Weave:
    """Who needs and who offers each topic: enrollment ids by the topic's id."""

    needs: Mapping[int, frozenset[int]]
    offers: Mapping[int, frozenset[int]]

    @cached_property
    def helping(self) -> dict[int, int]:
        """By person how many needs of others they could help with; nobody with none."""
        return _weights(self.offers, self.needs)

    @cached_property
    def helped(self) -> dict[int, int]:
        """By person how many offers of others would help them; nobody with none."""
        return _weights(self.needs, self.offers)

    @cached_property
    def people(self) -> list[int]:
        """Everybody who needs or offers something, those with the most ties first."""
        everybody = {each for side in (self.needs, self.offers) for group in side.values() for each in group}
        ties = {each: self.helping.get(each, 0) + self.helped.get(each, 0) for each in everybody}
        return sorted(everybody, key=lambda each: (-ties[each], each))

    @property
    def loose(self) -> int:
        """How many people have no tie at all."""
        return len(self.people) - len({*self.helping, *self.helped})

    @property
    def fragile(self) -> int:
        """How many needs could be helped by one other person alone."""
        return sum(
            len(self.offers.get(topic, frozenset()) - {needer}) == 1
            for topic, needers in self.needs.items()
            for needer in needers
        )

    def about(self, topic_id: int) -> "Weave":
        """Return what there is of one topic alone."""
        return Weave(
            {topic_id: self.needs.get(topic_id, frozenset())},
            {topic_id: self.offers.get(topic_id, frozenset())},
        )

    def beside(self, person: int) -> list[int]:
        """Return somebody, then those who could help them or whom they could help, most ties first."""
        near = {
            each
            for one, other in ((self.needs, self.offers), (self.offers, self.needs))
            for topic, group in one.items()
            if person in group
            for each in other.get(topic, frozenset())
        }
        return [person, *(each for each in self.people if each in near and each != person)]

    def ties(self, among: Collection[int]) -> list[Tie]:
        """Return the ties between some people, by helper and needer."""
        chosen, found = frozenset(among), defaultdict[tuple[int, int], list[int]](list)
        for topic in sorted(self.offers):
            needers = self.needs.get(topic, frozenset()) & chosen
            for helper in self.offers[topic] & chosen:
                for needer in needers - {helper}:
                    found[helper, needer].append(topic)
        return [Tie(helper, needer, tuple(topics)) for (helper, needer), topics in sorted(found.items())]


def weave_of(reach: Reach) -> Weave:
    """Return the network as far as a reader sees it, in two queries."""
    needs = reach.needs().exclude(topic=None).order_by()
    offers = reach.offers().filter(state=Expertise.State.OFFERED).exclude(topic=None).order_by()
    return Weave(
        _by_topic(needs.values_list("topic", "enrollment").distinct()),
        _by_topic(offers.values_list("topic", "enrollment").distinct()),
    )


def matrix_of(ties: Iterable[Tie], people: Sequence[int]) -> list[list[int]]:
    """Return the adjacency: a row for each who helps, a column for each who needs, the number of topics."""
    at = {(tie.helper, tie.needer): len(tie.topics) for tie in ties}
    return [[at.get((helper, needer), 0) for needer in people] for helper in people]


def _by_topic(rows: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found = defaultdict[int, set[int]](set)
    for topic, person in rows:
        found[topic].add(person)
    return {topic: frozenset(people) for topic, people in found.items()}


def _weights(ours: Mapping[int, frozenset[int]], theirs: Mapping[int, frozenset[int]]) -> dict[int, int]:
    found = defaultdict[int, int](int)
    for topic, people in ours.items():
        others = theirs.get(topic, frozenset())
        for each in people:
            if number := len(others) - (each in others):
                found[each] += number
    return dict(found)
