"""The engine's door: rounds for those who are here, an open round mended, groups of a round joined."""

from collections.abc import Sequence

from engines.pairing.answer import Plan, Repaired, Round
from engines.pairing.drafting import drafts
from engines.pairing.joining import joined
from engines.pairing.problem import Problem, check_groups
from engines.pairing.seating import part_the_barred, seated
from engines.pairing.telling import told
from engines.pairing.worth import Worth

type Groups = Sequence[Sequence[str]]


def pair(problem: Problem, *, seed: int = 0) -> Plan:
    """Rounds of pairs, trios or fours in which everybody has a place once, or is told why not.

    What counts, most important first: nobody sits with whom they must not; few are left over; few meet again;
    few colleagues sit together; few are without a common hour; many needs meet an offer.
    """
    made = drafts(problem, seed)
    rounds = []
    for draft in made.rounds:
        rounds.append(told(made.worth, draft.groups, draft.left, size=problem.size, is_best=draft.is_best))
        for group in draft.groups:
            made.worth.meet(group)
    return Plan(tuple(rounds), seed)


def repair(problem: Problem, groups: Groups, *, seed: int = 0) -> Repaired:
    """An open round after people came or left, with as little change as can be.

    problem.people are those who are here now, problem.met what was before this round; groups are those of the
    round as it stood. Who is in none of them is new, who is no longer among the people has left.
    Raises ProblemError when somebody is in two groups.
    """
    open_round = [tuple(group) for group in groups]
    check_groups(problem, open_round, all_here=False)
    worth = Worth(problem, seed)
    before = {person: frozenset(group) for group in open_round for person in group}
    still = [[worth.index[one] for one in group if one in worth.index] for group in open_round]
    kept, loose = part_the_barred(worth, [group for group in still if group])
    arrived = sorted(person for person in worth.index if person not in before)
    made, left = seated(worth, kept, [*loose, *(worth.index[person] for person in arrived)], problem.size)
    answer = told(worth, made, left, size=problem.size, is_best=False)
    after = {person: frozenset(group.people) for group in answer.groups for person in group.people}
    changed = sorted(one for one in worth.index if one in before and after.get(one) != before[one])
    return Repaired(
        round=answer,
        kept=len(set(before.values()) & set(after.values())),
        changed=tuple(changed),
        arrived=tuple(arrived),
    )


def join(problem: Problem, groups: Groups, *, seed: int = 0) -> Round:
    """Groups of one round joined two and two, such as pairs into fours; an odd one comes to two others.

    problem.met is what was before this round. People of the problem who are in no group are left out, and
    whoever sits together already is not weighed again. Raises ProblemError when somebody is in two groups, or
    in a group and not among the people.
    """
    check_groups(problem, groups, all_here=True)
    worth = Worth(problem, seed)
    made, is_best = joined(worth, sorted(sorted(worth.index[one] for one in group) for group in groups))
    return told(worth, made, (), size=2 * problem.size, is_best=is_best)
