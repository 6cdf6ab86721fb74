"""How good any grouping could be at most: proven, in a fraction of the time that a search takes."""

from engines.grouping import aims as a
from engines.grouping.answer import Bound
from engines.grouping.ceilings import ceiling_of, sizes_of
from engines.grouping.problem import Group, Problem
from engines.grouping.relaxation import Relaxation, worth_of
from engines.grouping.sheet import Sheet


def bound(problem: Problem) -> Bound:
    """What the objective of no grouping that places everybody and holds every hard rule can surpass.

    Topics, wishes, staying, sizes, mixes and counts are bounded together by a linear program, every other aim
    by itself, and the weakest group by the mean and by what each group that has to be used could be at best.
    A rule more never raises it by more than the rounding of sums.
    """
    sheet = Sheet(problem)
    people, weight = len(sheet.people), sum(aim.weight for aim in sheet.aims)
    if not people or not weight:
        return Bound(1.0)
    if not sheet.groups:
        return Bound(0.0, is_possible=False)
    shares = {aim.name: aim.weight / weight for aim in sheet.aims}
    relaxation = Relaxation(sheet, shares)
    program = relaxation.program
    together = program.ceiling(program.solve().prices) / people
    if together < 0:
        return Bound(0.0, is_possible=False)
    sizes = sizes_of(sheet)
    single = [aim for aim in sheet.aims if aim.name not in relaxation.taken]
    alone = {aim.name: ceiling_of(aim, sheet, sizes) / people for aim in single}
    total = min(1.0, together + sum(shares[name] * ceiling for name, ceiling in alone.items()))
    return Bound(_blended(sheet, shares, total), alone)


def _blended(sheet: Sheet, shares: dict[str, float], total: float) -> float:
    """The mean and the weakest group as the problem weighs them."""
    share = sheet.problem.worst_group_first
    if not share:
        return total
    weakest = min([_best_of_group(sheet, shares, g, group) for g, group in enumerate(sheet.groups)])
    return (1 - share) * total + share * min(total, weakest)


def _best_of_group(sheet: Sheet, shares: dict[str, float], g: int, group: Group) -> float:
    """What a group that has to be used is worth with those who want its topic most, and all else met."""
    if group.optional or group.minimum == 0:
        return 1.0
    aims = [aim for aim in sheet.aims if isinstance(aim, a.TopicWanted | a.Wishes)]
    worths = sorted(
        (
            sum(shares[aim.name] * worth_of(aim, sheet, i, group.topic) for aim in aims)
            for i, allowed in enumerate(sheet.allowed)
            if g in allowed
        ),
        reverse=True,
    )
    lost = sum(shares[aim.name] for aim in aims)
    return 1 - lost + sum(worths[: group.minimum]) / group.minimum
