"""How good a grouping is: every aim in every group, and the whole."""

import math
from collections.abc import Mapping

from engines.grouping.answer import AimScore, Score
from engines.grouping.measures import measure_of
from engines.grouping.problem import Problem
from engines.grouping.sheet import Sheet


def score(problem: Problem, assignment: Mapping[str, str]) -> Score:
    """The score of a grouping, person's id -> group's id; unknown names and people left out do not count.

    Equal to the total of `score_cop.py`: sum over aims of weight x mean over groups weighted by people,
    divided by the sum of weights. Without aims, or without people placed, everything is 1.
    """
    sheet = Sheet(problem)
    members = members_of(sheet, assignment)
    return score_of_tables(sheet, members, tables_of(sheet, members))


def score_of_tables(
    sheet: Sheet, members: list[list[int]], tables: Mapping[str, Mapping[int, float]]
) -> Score:
    """The score of people's numbers in each group, from what every aim is worth in each used group."""
    problem = sheet.problem
    used = [g for g, here in enumerate(members) if here]
    groups = {sheet.groups[g].id: _blend(problem, {name: tables[name][g] for name in tables}) for g in used}
    aims = {name: _aim_score([(table[g], len(members[g])) for g in used]) for name, table in tables.items()}
    total = _blend(problem, {name: aim.mean for name, aim in aims.items()})
    share = problem.worst_group_first
    objective = (1 - share) * total + share * min(groups.values(), default=1.0)
    in_order = {group.id: groups[group.id] for group in problem.groups if group.id in groups}
    return Score(total=total, objective=objective, aims=aims, groups=in_order)


def members_of(sheet: Sheet, assignment: Mapping[str, str]) -> list[list[int]]:
    """The people's numbers in each group, in the sheet's order."""
    members: list[list[int]] = [[] for _ in sheet.groups]
    for i, person in enumerate(sheet.people):
        group = sheet.group_at.get(assignment.get(person.id, ""))
        if group is not None:
            members[group].append(i)
    return members


def tables_of(sheet: Sheet, members: list[list[int]]) -> dict[str, dict[int, float]]:
    """By aim's name the score of the aim in each group that is used."""
    tables = {}
    for aim in sheet.problem.aims:
        measure = measure_of(aim, sheet)
        tables[aim.name] = {g: measure(here, g) for g, here in enumerate(members) if here}
    return tables


def _blend(problem: Problem, scores: Mapping[str, float]) -> float:
    """The weighted mean of scores by aim's name."""
    weight = math.fsum(aim.weight for aim in problem.aims)
    if weight == 0:
        return 1.0
    return math.fsum(aim.weight * scores[aim.name] for aim in problem.aims) / weight


def _aim_score(scores: list[tuple[float, int]]) -> AimScore:
    """From each group's score and size."""
    if not scores:
        return AimScore(mean=1.0, tenth_percentile=1.0, lowest=1.0)
    mean = math.fsum(score * size for score, size in scores) / sum(size for _, size in scores)
    ranked = sorted(score for score, _ in scores)
    return AimScore(mean=mean, tenth_percentile=ranked[int(0.1 * (len(ranked) - 1))], lowest=ranked[0])
