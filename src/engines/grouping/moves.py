"""What a change by hand would do: a move or an exchange in full, every other group and partner in short."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from engines.grouping.answer import Alternative, Effect, GroupReport, Swap, Violation
from engines.grouping.breaches import violations_among, violations_on
from engines.grouping.judge import Judge
from engines.grouping.measures import Measure, measure_of
from engines.grouping.problem import Problem
from engines.grouping.reasons import report_on
from engines.grouping.scoring import members_of, score_of_tables
from engines.grouping.sheet import Sheet

MOST_SWAPS = 3
LEAST_GAIN = 1e-9
"""Differences below this are rounding."""


class Board:
    """A grouping (person's id -> group's id) laid out once, to be asked what changes by hand would do.

    Nothing that is asked changes the grouping.
    """

    def __init__(
        self, problem: Problem, assignment: Mapping[str, str], *, sheet: Sheet | None = None
    ) -> None:
        self.problem = problem
        self.assignment = assignment
        self.sheet = sheet or Sheet(problem)
        self.members = members_of(self.sheet, assignment)

    def effect(self, moves: Mapping[str, str]) -> Effect:
        """What it does to put these people (ids) into these groups (ids), all at once."""
        sheet, members = self.sheet, self.members
        moved = {**self.assignment, **moves}
        then = members_of(sheet, moved)
        changed = [g for g in range(len(members)) if members[g] != then[g]]
        now: dict[str, dict[int, float]] = {}
        later: dict[str, dict[int, float]] = {}
        for aim in self.problem.aims:
            measure = self.measures[aim.name]
            now[aim.name] = {g: measure(here, g) for g, here in enumerate(members) if here}
            later[aim.name] = now[aim.name] | {g: measure(then[g], g) for g in changed if then[g]}
        before, after = violations_on(sheet, self.assignment), violations_on(sheet, moved)
        known = set(before)
        return Effect(
            before=score_of_tables(sheet, members, now),
            after=score_of_tables(sheet, then, later),
            violations=after,
            broken=tuple(violation for violation in after if violation not in known),
            reports=report_on(sheet, [here if g in changed else [] for g, here in enumerate(then)], later),
        )

    def broken(self, moves: Mapping[str, str]) -> tuple[Violation, ...]:
        """The violations that `effect` would call broken, without the scores: quick for a few people."""
        groups = {self.assignment[person] for person in moves} | set(moves.values())
        moved = {**self.assignment, **moves}
        known = set(violations_among(self.sheet, self.assignment, groups=groups, people=set(moves)))
        after = violations_among(self.sheet, moved, groups=groups, people=set(moves))
        return tuple(violation for violation in after if violation not in known)

    def reports(self) -> tuple[GroupReport, ...]:
        """How each used group fares, in the order of the problem's groups."""
        used = [(g, here) for g, here in enumerate(self.members) if here]
        tables = {name: {g: measure(here, g) for g, here in used} for name, measure in self.measures.items()}
        return report_on(self.sheet, self.members, tables)

    def alternatives(self, person: str) -> tuple[float, tuple[Alternative, ...]]:
        """The total score as it stands, and what it would be with a person (id) in each other group.

        In the order of the problem's groups. The person must be in one of them.
        """
        sheet, judge, members = self.sheet, self.judge, self.members
        i, home = sheet.person_at[person], sheet.group_at[self.assignment[person]]
        left = [each for each in members[home] if each != i]
        loss = judge.worth(left, home) - self.worths[home]
        harm = judge.breach(left, home) - judge.breach(members[home], home)
        found = []
        for group in self.problem.groups:
            g = sheet.group_at[group.id]
            if g != home:
                joined = [*members[g], i]
                gain = judge.worth(joined, g) - self.worths[g]
                more = judge.breach(joined, g) - judge.breach(members[g], g)
                breaks = i in self.with_company or harm + more > 0 or g not in sheet.allowed[i]
                found.append(Alternative(group.id, self.total_with(loss + gain), breaks))
        return self.total_with(0.0), tuple(found)

    def best_swaps(self, person: str, *, most: int = MOST_SWAPS) -> tuple[float, tuple[Swap, ...]]:
        """The total score as it stands, and the people (at most `most`) to exchange a person (id) with.

        The best first, of all people in all other groups, each exactly scored; exchanges that break a rule
        are left out, also those with, or of, somebody who is kept together with others. Ties go by id.
        """
        found: list[tuple[float, str, int, int]] = []
        i, home = self.sheet.person_at[person], self.sheet.group_at[self.assignment[person]]
        if i not in self.with_company and most > 0:
            self._look_for_swaps(i, home, most, found)
        now = self.total_with(0.0)
        return now, tuple(
            Swap(name, self.sheet.groups[g].id, self.total_with(gain)) for gain, name, g, _j in found
        )

    def _look_for_swaps(self, i: int, home: int, most: int, found: list[tuple[float, str, int, int]]) -> None:
        """Fill in the best exchanges; who cannot be one even if their group became perfect is passed over.

        A group's worth is at most its people, so what the home gains bounds what the exchange can.
        """
        sheet, judge, members = self.sheet, self.judge, self.members
        left = [each for each in members[home] if each != i]
        breach_home = judge.breach(members[home], home)
        for g, here in self._roomiest(home):
            if g not in sheet.allowed[i]:
                continue
            room = len(here) - self.worths[g]
            breach_here: int | None = None
            for k, j in enumerate(here):
                if j in self.with_company or home not in sheet.allowed[j]:
                    continue
                stays = [*left, j]
                gain = judge.worth(stays, home) - self.worths[home]
                if len(found) == most and gain + room < found[-1][0] - LEAST_GAIN:
                    continue
                goes = [*here[:k], *here[k + 1 :], i]
                gain += judge.worth(goes, g) - self.worths[g]
                entry = (gain, sheet.people[j].id, g, j)
                if len(found) == most and _rank(entry) >= _rank(found[-1]):
                    continue
                if breach_here is None:
                    breach_here = judge.breach(here, g)
                if judge.breach(stays, home) > breach_home or judge.breach(goes, g) > breach_here:
                    continue
                found.append(entry)
                found.sort(key=_rank)
                del found[most:]

    def _roomiest(self, home: int) -> Iterator[tuple[int, list[int]]]:
        """The other groups, the weakest first: there an exchange has most to win, and bounds bite sooner."""
        others = [(g, here) for g, here in enumerate(self.members) if here and g != home]
        yield from sorted(others, key=lambda each: self.worths[each[0]] - len(each[1]))

    def after(self, moves: Mapping[str, str]) -> "Board":
        """The board once these people (ids) are in these groups (ids); what stays the same is kept."""
        board = Board(self.problem, {**self.assignment, **moves}, sheet=self.sheet)
        for name in ("judge", "with_company", "measures"):
            if name in self.__dict__:
                board.__dict__[name] = self.__dict__[name]
        if "worths" in self.__dict__:
            pairs = zip(self.members, self.worths, strict=True)
            board.__dict__["worths"] = [
                worth if here == board.members[g] else board.judge.worth(board.members[g], g)
                for g, (here, worth) in enumerate(pairs)
            ]
        return board

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """What each aim (by name) measures of people in a group."""
        return {aim.name: measure_of(aim, self.sheet) for aim in self.problem.aims}

    @cached_property
    def judge(self) -> Judge:
        return Judge(self.sheet)

    @cached_property
    def worths(self) -> list[float]:
        """What each group is worth, times its people."""
        return [self.judge.worth(here, g) for g, here in enumerate(self.members)]

    @cached_property
    def with_company(self) -> frozenset[int]:
        """Those whom a rule keeps together with others: they cannot go alone."""
        return frozenset(i for unit in self.sheet.units if len(unit) > 1 for i in unit)

    def total_with(self, gain: float) -> float:
        """The total score when the groups together are worth so much more, times their people."""
        return (sum(self.worths) + gain) / sum(map(len, self.members))


def _rank(entry: tuple[float, str, int, int]) -> tuple[float, str]:
    """The best first; what differs by rounding alone goes by the person's id."""
    return -round(entry[0], 9), entry[1]


def effect(problem: Problem, assignment: Mapping[str, str], *, person: str, to: str) -> Effect:
    """What it does to put a person (id) into a group (id): scores before and after, and what breaks.

    The grouping maps person's id -> group's id; it is not changed. Moving somebody to where they are changes
    nothing.
    """
    return Board(problem, assignment).effect({person: to})


def exchange(problem: Problem, assignment: Mapping[str, str], *, first: str, second: str) -> Effect:
    """What it does when two people (ids) take each other's place, as `effect` tells of a move."""
    places = {first: assignment[second], second: assignment[first]}
    return Board(problem, assignment).effect(places)


def alternatives(
    problem: Problem, assignment: Mapping[str, str], *, person: str
) -> tuple[float, tuple[Alternative, ...]]:
    """The total score as it stands, and what it would be with a person (id) in each of the other groups.

    In the order of the problem's groups. The person must be in one of them.
    """
    return Board(problem, assignment).alternatives(person)


def best_swaps(
    problem: Problem, assignment: Mapping[str, str], *, person: str, most: int = MOST_SWAPS
) -> tuple[float, tuple[Swap, ...]]:
    """The total score as it stands, and the best people (at most `most`) to exchange a person (id) with.

    As `Board.best_swaps`: over all groups, exactly scored, none that breaks a rule.
    """
    return Board(problem, assignment).best_swaps(person, most=most)
