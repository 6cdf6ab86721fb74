"""Few moves: a search that may bring only so many people away from the group where they stood."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from engines.grouping import layout as at
from engines.grouping.sheet import Sheet
from engines.grouping.table import Memory

CLOSINGS = 3
"""How many optional groups, the smallest first, are tried closed, each alone."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many people may be elsewhere than where they stood (person's id -> group's id).

    Who stood nowhere, or in a group that is gone, does not count.
    """

    most_moves: int
    stood: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.most_moves < 0:
            raise ValueError("nobody can make fewer than 0 moves")

    def lay_down(self, memory: Memory, sheet: Sheet) -> None:
        """Tell the loops of it."""
        memory.whole[at.LIMITED], memory.whole[at.LIMIT] = 1, self.most_moves
        memory.put(at.AT_STOOD, [self._home(sheet, i) for i in range(len(sheet.people))])
        memory.put(at.AT_LOOSE, [0] * len(sheet.units))
        memory.put(at.AT_LOOSE_AT, [-1] * len(sheet.units))

    def open_choices(self, sheet: Sheet, choices: list[list[bool]]) -> list[list[bool]]:
        """Which groups to use: those where people stood, and more if need be; or one such closed.

        `choices` are those that the sizes allow; each counts with the groups where people stood added.
        """
        sizes = Counter(self._home(sheet, i) for i in range(len(sheet.people)))
        used = [sizes[g] > 0 for g in range(len(sheet.groups))]
        stays = [a or not group.optional for a, group in zip(used, sheet.groups, strict=True)]
        kept = [[a or b for a, b in zip(choice, used, strict=True)] for choice in choices]
        small = sorted(
            (sizes[g], g)
            for g, group in enumerate(sheet.groups)
            if group.optional and 0 < sizes[g] <= self.most_moves
        )
        closed = [[is_open and h != g for h, is_open in enumerate(kept[0])] for _, g in small[:CLOSINGS]]
        found: list[list[bool]] = []
        for choice in (stays, *kept, *closed):
            if choice not in found:
                found.append(choice)
        return found

    def _home(self, sheet: Sheet, i: int) -> int:
        return sheet.group_at.get(self.stood.get(sheet.people[i].id, ""), -1)


def moved(stood: Mapping[str, str], groups: set[str], assignment: Mapping[str, str]) -> tuple[str, ...]:
    """Who (ids, in the grouping's order) stood in one of these groups (ids) and is in another now."""
    return tuple(
        person
        for person, group in assignment.items()
        if stood.get(person) in groups and stood[person] != group
    )
