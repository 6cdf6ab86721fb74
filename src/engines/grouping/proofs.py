"""What is proven of a problem with some of its rules: one oracle, which remembers and counts its work."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engines.grouping.breaches import violations_on
from engines.grouping.conflicts import is_plainly_impossible
from engines.grouping.feasibility import bare, settle
from engines.grouping.problem import Group, Problem
from engines.grouping.rules import Rule
from engines.grouping.sheet import Sheet

WORK = 1_200_000
"""The work for all questions about one problem: about so many microseconds, counted and not timed."""

EACH, EACH_PERSON, EACH_COUNT = 1_500, 15, 200
"""What a question costs besides that of `program.settle`, and one that a count answers."""

LATEST, EACH_PLACE = 24, 2
"""So many groupings that were found are tried first, the latest; and what each place in one costs."""


class Oracle:
    """Says whether the people can be placed if only some rules are to hold, or other groups are there."""

    def __init__(self, problem: Problem, work: int = WORK) -> None:
        self.problem = bare(problem)
        self.work = work
        self.groupings: list[dict[str, str]] = []
        self._known: dict[tuple[frozenset[Rule], tuple[Group, ...]], bool | None] = {}

    def is_possible(
        self, rules: Sequence[Rule] | None = None, groups: tuple[Group, ...] | None = None
    ) -> bool | None:
        """Whether a grouping holds all these rules (None: all) in these groups; None when that stays open.

        True is proven by a grouping, False by a count or by an exhaustive search.
        """
        rules = self.problem.rules if rules is None else tuple(rules)
        groups = self.problem.groups if groups is None else groups
        key = frozenset(rules), groups
        if key not in self._known:
            self._known[key] = self.of(replace(self.problem, groups=groups, rules=rules))
        return self._known[key]

    def is_countable(self, problem: Problem, rules: Sequence[Rule]) -> bool | None:
        """Whether no count shows that some rules cannot hold; None when there has been work enough."""
        if self.work <= 0:
            return None
        self.work -= EACH_COUNT + EACH_PERSON * len(problem.people)
        return not is_plainly_impossible(Sheet(replace(problem, rules=tuple(rules))))

    def broken(self, grouping: Mapping[str, str], rules: Sequence[Rule]) -> frozenset[Rule]:
        """Those of some rules that a grouping breaks; none when it does not keep to the problem's groups."""
        problem = replace(self.problem, rules=tuple(rules), aims=())
        found = violations_on(Sheet(problem), grouping)
        if any(each.rule is None for each in found):
            return frozenset()
        return frozenset(each.rule for each in found if each.rule is not None)

    def of(self, problem: Problem) -> bool | None:
        """The same of a problem that differs from this one in anything."""
        if self.work <= 0:
            return None
        self.work -= EACH + EACH_PERSON * len(problem.people)
        sheet = Sheet(problem)
        if is_plainly_impossible(sheet):
            return False
        known = self.groupings[-LATEST:]
        self.work -= EACH_PLACE * len(known) * len(problem.people)
        if any(not violations_on(sheet, each) for each in known):
            return True
        found = settle(sheet, self.work)
        self.work -= found.work
        if found.is_possible and violations_on(sheet, found.assignment):
            return None
        if found.is_possible:
            self.groupings.append(found.assignment)
        return found.is_possible
