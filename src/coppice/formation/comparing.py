"""Two proposals of a formation side by side: how well each does, which community is which, who moved."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from coppice.formation.matching import heaviest_matching
from coppice.formation.models import Place, Proposal, ProposedCommunity
from coppice.formation.rules import Rule, rules_of

SIZES = None
"""The key of the rule that each formation has without naming it: how many people in each."""

type Key = Rule | None
"""What makes a rule the same in two proposals: all of it but its weight and who may read of it.

To say the usual number is to say none."""


@dataclass(frozen=True)
class Measure:
    """How well a proposal keeps one rule: its score of 100 when it is aimed for, else how often it is broken.

    `rule` is None for the sizes. An aim about what nobody has answered has no score.
    """

    rule: Rule | None
    percent: int | None = None
    broken: int = 0

    @property
    def must_hold(self) -> bool:
        return self.rule is None or self.rule.must_hold


def measures_of(proposal: Proposal) -> dict[Key, Measure]:
    """Return how well a proposal keeps each rule that was asked of it: those that must hold come first."""
    outcome = proposal.outcome
    rules = list(enumerate(rules_of(proposal.formation_then())))
    broken = Counter(each["rule"] for each in outcome["broken"])
    sizes = sum(each["code"] in {"too_small", "too_large"} for each in outcome["broken"])
    found: dict[Key, Measure] = {SIZES: Measure(None, broken=sizes)}
    for number, rule in rules:
        if rule.must_hold:
            found[key_of(rule)] = Measure(rule, broken=broken[number])
    for number, rule in rules:
        if not rule.must_hold:
            score = outcome["rules"].get(str(number))
            found[key_of(rule)] = Measure(rule, percent=None if score is None else round(100 * score))
    return found


def key_of(rule: Rule) -> Key:
    """Return what makes a rule the same in two proposals."""
    return rule.asked


@dataclass(frozen=True)
class Side:
    """One of two proposals; `placed` gives everybody (enrollment id) the id of their community.

    `loose` holds the communities (ids) in which somebody is not locked.
    """

    proposal: Proposal
    communities: Mapping[int, ProposedCommunity]
    placed: Mapping[int, int]
    loose: Collection[int] = frozenset()

    @cached_property
    def measures(self) -> dict[Key, Measure]:
        return measures_of(self.proposal)

    @property
    def asked(self) -> tuple[int, int, frozenset[Rule]]:
        """The sizes and rules that it was worked out by."""
        then = self.proposal.formation_then()
        rules = frozenset(replace(rule, is_told=False, amount=rule.number) for rule in rules_of(then))
        return then.minimum, then.maximum, rules

    @cached_property
    def sizes(self) -> Counter[int]:
        return Counter(self.placed.values())

    @property
    def weakest(self) -> ProposedCommunity | None:
        """The community with the lowest score, the first of several."""
        scored = [each for each in self.communities.values() if each.score is not None]
        return min(scored, key=lambda each: each.score or 0, default=None)


@dataclass(frozen=True)
class Move:
    """Somebody (enrollment id) and their communities in the first and in the second; None without a place."""

    person: int
    name: str
    origin: ProposedCommunity | None
    target: ProposedCommunity | None
    is_moved: bool

    @property
    def is_in_both(self) -> bool:
        return self.origin is not None and self.target is not None


@dataclass(frozen=True)
class Pair:
    """A community of the second proposal and the one of the first that it goes on from, if any."""

    origin: ProposedCommunity | None
    target: ProposedCommunity | None
    people_before: int
    people_after: int
    in_common: int


@dataclass(frozen=True)
class Comparison:
    """Two proposals; `matched` says which community of the second each of the first goes on as (ids).

    `moves` has everybody with a place in either, by name.
    """

    first: Side
    second: Side
    matched: Mapping[int, int]
    moves: Sequence[Move]

    @cached_property
    def moved(self) -> list[Move]:
        """Who is in both, and in the second not where those are with whom they were."""
        return [each for each in self.moves if each.is_moved]

    @cached_property
    def changed(self) -> list[Move]:
        """Who moved, and who has a place in one of the two alone."""
        return [each for each in self.moves if each.is_moved or not each.is_in_both]

    @property
    def in_both_count(self) -> int:
        return sum(each.is_in_both for each in self.moves)

    @property
    def only_first_count(self) -> int:
        return sum(each.target is None for each in self.moves)

    @property
    def only_second_count(self) -> int:
        return sum(each.origin is None for each in self.moves)

    @property
    def pairs(self) -> list[Pair]:
        """The communities of the second in their order, then those of the first that none goes on from."""
        shared = overlaps(self.first.placed, self.second.placed)
        back = {after: before for before, after in self.matched.items()}
        couples: list[tuple[int | None, int | None]] = [(back.get(pk), pk) for pk in self.second.communities]
        couples += [(pk, None) for pk in self.first.communities if pk not in self.matched]
        return [
            Pair(
                origin=self.first.communities.get(before) if before else None,
                target=self.second.communities.get(after) if after else None,
                people_before=self.first.sizes[before] if before else 0,
                people_after=self.second.sizes[after] if after else 0,
                in_common=shared[before, after] if before and after else 0,
            )
            for before, after in couples
        ]

    @cached_property
    def renamed(self) -> Mapping[int, ProposedCommunity | None]:
        """Communities (ids) of the second by the name of another one of the first: which they go on from."""
        before = {after: self.first.communities[one] for one, after in self.matched.items()}
        names = {each.name for each in self.first.communities.values()}
        return {
            pk: before.get(pk)
            for pk, each in self.second.communities.items()
            if each.name in names and (pk not in before or before[pk].name != each.name)
        }

    @property
    def asks_the_same(self) -> bool:
        """Whether both were worked out by the same sizes, rules and weights, so that their scores compare."""
        first, second = (side.asked for side in (self.first, self.second))
        return first == second


def compared(first: Proposal, second: Proposal) -> Comparison:
    """Compare two proposals of one formation, in two queries.

    A community that was kept as it is, or that has one name by hand in both, goes on as itself; any other as
    one with which it has people in common, so that all in all the fewest people move: mere renumbering is no
    move.
    """
    both = [first.pk, second.pk]
    names: dict[int, str] = {}
    communities: dict[int, dict[int, ProposedCommunity]] = {pk: {} for pk in both}
    placed: dict[int, dict[int, int]] = {pk: {} for pk in both}
    for community in ProposedCommunity.objects.filter(proposal__in=both):
        communities[community.proposal_id][community.pk] = community
    rows = Place.objects.filter(proposal__in=both).order_by("enrollment__name", "enrollment")
    columns = ("proposal", "enrollment", "proposed_community", "enrollment__name", "is_locked")
    loose: set[int] = set()
    for proposal, person, community_id, name, is_locked in rows.values_list(*columns):
        placed[proposal][person] = community_id
        names[person] = name
        if not is_locked:
            loose.add(community_id)
    before, after = (Side(each, communities[each.pk], placed[each.pk], loose) for each in (first, second))
    matched = _matched(before, after)
    moves = []
    for person, name in names.items():
        origin, target = before.placed.get(person), after.placed.get(person)
        moves.append(
            Move(
                person=person,
                name=name,
                origin=before.communities[origin] if origin else None,
                target=after.communities[target] if target else None,
                is_moved=bool(origin and target and matched.get(origin) != target),
            )
        )
    return Comparison(before, after, matched, moves)


def _matched(before: Side, after: Side) -> dict[int, int]:
    """Which community of the second each of the first goes on as (ids)."""
    shared = overlaps(before.placed, after.placed)
    found = {
        one: other
        for one, other in shared
        if _is_same(before.communities[one], after.communities[other])
        or _is_kept(before, after, one, other, in_common=shared[one, other])
    }
    back = set(found.values())
    others = {pair: people for pair, people in shared.items() if pair[0] not in found and pair[1] not in back}
    return {**heaviest_matching(others), **found}


def _is_same(one: ProposedCommunity, other: ProposedCommunity) -> bool:
    return one.named_by_hand and other.named_by_hand and one.name == other.name


def _is_kept(before: Side, after: Side, one: int, other: int, *, in_common: int) -> bool:
    """Whether everybody of a community was locked, and is there again."""
    stands = before.communities[one].position == after.communities[other].position
    here = sum(person in after.placed for person, where in before.placed.items() if where == one)
    return stands and one not in before.loose and in_common == here


def overlaps(before: Mapping[int, int], after: Mapping[int, int]) -> Counter[tuple[int, int]]:
    """Return how many people two communities have in common, by their ids; those with none are not there."""
    return Counter((before[person], after[person]) for person in before if person in after)
