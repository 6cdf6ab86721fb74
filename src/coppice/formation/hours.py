"""The hours when the people of a proposed community can meet, counted as the score counts them."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coppice.formation.models import Formation, ProposedCommunity
from coppice.formation.problems import ABOUT_HOURS
from coppice.formation.proposing import standing
from coppice.formation.rules import EVERYBODY, rules_of

ROUNDING = 1e-9
"""What a share of people may lie above a whole number by rounding alone."""


@dataclass(frozen=True)
class Hours:
    """In how many hours of the week so many in a hundred (`share`) of those who gave their hours are free."""

    count: int
    share: int

    @property
    def is_of_all(self) -> bool:
        return self.share == EVERYBODY


def hours_in_common(formation: Formation, proposed_community: ProposedCommunity) -> Hours | None:
    """Return the hours by the first rule about any; None where there is none, or nobody here gave hours."""
    rule = next((each for each in rules_of(formation) if each.kind in ABOUT_HOURS), None)
    if rule is None or not formation.can_change:
        return None
    stands = standing(formation, communities=[proposed_community])
    here = str(proposed_community.pk)
    given = [
        person.hours
        for person in stands.draft.problem.people
        if stands.assignment.get(person.id) == here and person.hours is not None
    ]
    if not given:
        return None
    return Hours(len(free_together(given, share=rule.share)), rule.share)


def free_together(given: Sequence[frozenset[int]], *, share: int) -> frozenset[int]:
    """Return the hours of the week when so many in a hundred of those who gave theirs (`given`) are free."""
    enough = math.ceil(share / EVERYBODY * len(given) - ROUNDING)
    free = Counter(slot for hours in given for slot in hours)
    return frozenset(slot for slot, count in free.items() if count >= enough)
