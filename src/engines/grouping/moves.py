"""What moving one person would do: told for one group in full, or for every other group in short."""

from collections.abc import Mapping

from engines.grouping.answer import Alternative, Effect
from engines.grouping.breaches import violations_on
from engines.grouping.judge import Judge
from engines.grouping.measures import measure_of
from engines.grouping.problem import Problem
from engines.grouping.scoring import members_of, score_of_tables
from engines.grouping.sheet import Sheet


def effect(problem: Problem, assignment: Mapping[str, str], *, person: str, to: str) -> Effect:
    """What it does to put a person (id) into a group (id): scores before and after, and what breaks.

    The grouping maps person's id -> group's id; it is not changed. Moving somebody to where they are changes
    nothing.
    """
    sheet = Sheet(problem)
    moved = {**assignment, person: to}
    members, then = members_of(sheet, assignment), members_of(sheet, moved)
    changed = [g for g in range(len(members)) if members[g] != then[g]]
    now: dict[str, dict[int, float]] = {}
    later: dict[str, dict[int, float]] = {}
    for aim in problem.aims:
        measure = measure_of(aim, sheet)
        now[aim.name] = {g: measure(here, g) for g, here in enumerate(members) if here}
        later[aim.name] = now[aim.name] | {g: measure(then[g], g) for g in changed if then[g]}
    before, after = violations_on(sheet, assignment), violations_on(sheet, moved)
    known = set(before)
    return Effect(
        before=score_of_tables(sheet, members, now),
        after=score_of_tables(sheet, then, later),
        violations=after,
        broken=tuple(violation for violation in after if violation not in known),
    )


def alternatives(
    problem: Problem, assignment: Mapping[str, str], *, person: str
) -> tuple[float, tuple[Alternative, ...]]:
    """The total score as it stands, and what it would be with a person (id) in each of the other groups.

    In the order of the problem's groups. The person must be in one of them.
    """
    sheet = Sheet(problem)
    judge = Judge(sheet)
    members = members_of(sheet, assignment)
    worths = [judge.worth(here, g) for g, here in enumerate(members)]
    placed, total = sum(map(len, members)), sum(worths)
    i, home = sheet.person_at[person], sheet.group_at[assignment[person]]
    left = [each for each in members[home] if each != i]
    has_company = any(i in unit and len(unit) > 1 for unit in sheet.units)
    loss = judge.worth(left, home) - worths[home]
    harm = judge.breach(left, home) - judge.breach(members[home], home)
    found = []
    for group in problem.groups:
        g = sheet.group_at[group.id]
        if g != home:
            joined = [*members[g], i]
            gain = judge.worth(joined, g) - worths[g]
            more = judge.breach(joined, g) - judge.breach(members[g], g)
            breaks = has_company or harm + more > 0 or g not in sheet.allowed[i]
            found.append(Alternative(group.id, (total + loss + gain) / placed, breaks))
    return total / placed, tuple(found)
