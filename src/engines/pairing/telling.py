"""Drafts made into answers: ids instead of numbers, what a round costs, and why people sit together."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from engines.pairing.answer import Group, Measures, Reason, ReasonCode, Round, Unplaced
from engines.pairing.problem import Person
from engines.pairing.worth import Worth, members

FEW_SLOTS = 3


def told(
    worth: Worth, groups: Iterable[Sequence[int]], left: Sequence[int], *, size: int, is_best: bool
) -> Round:
    """A round with its reasons and measures; groups in alphabetical order of their people."""
    made = sorted((_group(worth, group, size) for group in groups), key=lambda group: group.people)
    alone = sorted((_unplaced(worth, one) for one in left), key=lambda each: each.person)
    return Round(tuple(made), tuple(alone), _measures(made, len(alone)), is_best)


def _group(worth: Worth, group: Sequence[int], size: int) -> Group:
    people = sorted(group, key=lambda one: worth.people[one].id)
    return Group(_ids(worth, people), tuple(_reasons(worth, people, size)))


def _ids(worth: Worth, people: Iterable[int]) -> tuple[str, ...]:
    return tuple(worth.people[one].id for one in people)


def _reasons(worth: Worth, group: Sequence[int], size: int) -> Iterator[Reason]:
    if len(group) != size:
        yield Reason(ReasonCode.OTHER_SIZE, {"size": size, "people": worth.count})
    if not any(worth.met[one][other] for one, other in combinations(group, 2)):
        yield Reason(ReasonCode.FIRST_MEETING)
    for one, other in combinations(group, 2):
        yield from _between(worth, one, other)
    told = [hours for one in group if (hours := worth.people[one].hours) is not None]
    if shared := sorted(frozenset.intersection(*told)) if told else []:
        few = tuple(shared[:FEW_SLOTS])
        yield Reason(ReasonCode.SHARED_HOURS, {"slots": few, "count": len(shared)})


def _between(worth: Worth, one: int, other: int) -> Iterator[Reason]:
    first, second = worth.people[one], worth.people[other]
    people = (first.id, second.id)
    if times := worth.met[one][other]:
        yield Reason(ReasonCode.MET_BEFORE, {"people": people, "times": times})
    if circles := first.circles & second.circles:
        yield Reason(ReasonCode.COLLEAGUES, {"people": people, "circles": tuple(sorted(circles))})
    if not worth.free[one] >> other & 1:
        yield Reason(ReasonCode.NO_SHARED_HOURS, {"people": people})
    yield from _help(first, second)
    yield from _help(second, first)


def _help(needing: Person, helper: Person) -> Iterator[Reason]:
    for topic, weight in sorted(needing.needs.items()):
        if topic in helper.offers:
            who = {"person": needing.id, "helper": helper.id}
            yield Reason(ReasonCode.NEED_MEETS_OFFER, {**who, "topic": topic, "weight": weight})


def _unplaced(worth: Worth, one: int) -> Unplaced:
    person = worth.people[one].id
    if worth.count == 1:
        return Unplaced(person, (Reason(ReasonCode.NOBODY_ELSE),))
    apart = tuple(sorted(_ids(worth, members(worth.never[one]))))
    code = ReasonCode.KEPT_APART if len(apart) == worth.count - 1 else ReasonCode.NO_PLACE
    return Unplaced(person, (Reason(code, {"people": apart}),))


def _measures(groups: Iterable[Group], unplaced: int) -> Measures:
    counted = dict.fromkeys(ReasonCode, 0)
    weigh = {ReasonCode.MET_BEFORE: "times", ReasonCode.NEED_MEETS_OFFER: "weight"}
    for group in groups:
        for reason in group.reasons:
            weight = reason.parameters[weigh[reason.code]] if reason.code in weigh else 1
            assert isinstance(weight, int)
            counted[reason.code] += weight
    return Measures(
        unplaced=unplaced,
        repeats=counted[ReasonCode.MET_BEFORE],
        colleagues=counted[ReasonCode.COLLEAGUES],
        without_hours=counted[ReasonCode.NO_SHARED_HOURS],
        needs=counted[ReasonCode.NEED_MEETS_OFFER],
    )
