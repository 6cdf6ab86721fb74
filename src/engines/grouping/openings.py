"""Where somebody new could go, and who could come into a gap."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engines.grouping.judge import Judge
from engines.grouping.problem import Problem
from engines.grouping.scoring import members_of
from engines.grouping.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Opening:
    """A group (id) that somebody without a place could come to.

    before and after: the group's own score, 0 to 1, without and with them (an empty group scores 0).
    gain: what the sum of everybody's scores wins; the best opening has the largest.
    room: how many more people the group could take before they come. breaks: a rule or a size is broken by
    it that was not before.
    """

    group: str
    before: float
    after: float
    gain: float
    room: int
    breaks: bool


def openings(problem: Problem, assignment: Mapping[str, str], *, person: str) -> tuple[Opening, ...]:
    """Every group as a place for somebody (id) who has none yet, the best first; full groups are left out.

    Whoever else has no place counts in no group. Those that break nothing come first, then by the gain, then
    in the order of the problem's groups.
    """
    sheet = Sheet(problem)
    judge = Judge(sheet)
    i = sheet.person_at[person]
    company = {each for unit in sheet.units if i in unit for each in unit} - {i}
    found = []
    for g, here in enumerate(members_of(sheet, {**assignment, person: ""})):
        group = sheet.groups[g]
        room = group.maximum - len(here)
        if room > 0:
            joined = [*here, i]
            now, then = judge.worth(here, g), judge.worth(joined, g)
            others = [each for each in company if sheet.people[each].id in assignment]
            harm = judge.breach(joined, g) > judge.breach(here, g)
            apart = any(assignment[sheet.people[each].id] != group.id for each in others)
            breaks = harm or apart or g not in sheet.allowed[i]
            before = now / len(here) if here else 0.0
            found.append(Opening(group.id, before, then / len(joined), then - now, room, breaks))
    order = {group.id: number for number, group in enumerate(problem.groups)}
    return tuple(sorted(found, key=lambda each: (each.breaks, -each.gain, order[each.group])))


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody (id) who could come from another group (id) into a gap.

    gain: what the sum of everybody's scores wins, of which a hundred people's worth is a whole score of 1.
    """

    person: str
    origin: str
    gain: float


def arrivals(
    problem: Problem, assignment: Mapping[str, str], *, group: str, at_most: int
) -> tuple[Arrival, ...]:
    """Who could come into a group (id) from the others by one move that breaks nothing, the best first.

    Whoever is kept together with others is not asked to come alone, nor is anybody whose own group has no
    more people than its smallest size. Ties keep the order of the problem's people.
    """
    sheet = Sheet(problem)
    judge = Judge(sheet)
    members = members_of(sheet, assignment)
    target = sheet.group_at[group]
    here = members[target]
    if len(here) >= sheet.groups[target].maximum:
        return ()
    now, harm = judge.worth(here, target), judge.breach(here, target)
    found = []
    for i, home in _who_may_leave(sheet, members, target):
        left = [each for each in members[home] if each != i]
        joined = [*here, i]
        if judge.breach(left, home) > judge.breach(members[home], home):
            continue
        if judge.breach(joined, target) > harm:
            continue
        loss = judge.worth(left, home) - judge.worth(members[home], home)
        gain = judge.worth(joined, target) - now
        found.append(Arrival(sheet.people[i].id, sheet.groups[home].id, loss + gain))
    order = {person.id: number for number, person in enumerate(problem.people)}
    return tuple(sorted(found, key=lambda each: (-each.gain, order[each.person]))[:at_most])


def _who_may_leave(sheet: Sheet, members: list[list[int]], target: int) -> Iterator[tuple[int, int]]:
    alone = {unit[0] for unit in sheet.units if len(unit) == 1}
    for home, here in enumerate(members):
        if home != target and len(here) > sheet.groups[home].minimum:
            yield from ((i, home) for i in here if i in alone and target in sheet.allowed[i])
