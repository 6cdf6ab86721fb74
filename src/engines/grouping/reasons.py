"""Why each person is where they are, and how each group fares, in codes and plain values."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from engines.grouping import aims as a
from engines.grouping import rules as r
from engines.grouping.answer import GroupReport, Placement, Reason, ReasonCode, Value
from engines.grouping.measures import mean_and_spread
from engines.grouping.problem import Group, Person, Problem
from engines.grouping.scoring import aim_table, members_of
from engines.grouping.sheet import Sheet, enough

SLOTS_NAMED = 3


def explain(problem: Problem, assignment: Mapping[str, str]) -> tuple[Placement, ...]:
    """Everybody's placement in a grouping (person's id -> group's id) with its reasons, as it stands.

    Works for any grouping, also one changed by hand, whether or not it holds the rules. People who are in no
    known group are left out. Reasons come strongest first: rules, wishes, needs, company, hours, then the
    rest.
    """
    circles = _Circles(problem, assignment)
    return tuple(
        circles.placement(person, circles.groups[assignment[person.id]])
        for person in problem.people
        if assignment.get(person.id) in circles.groups
    )


def report(problem: Problem, assignment: Mapping[str, str]) -> tuple[GroupReport, ...]:
    """How each used group of a grouping fares, in the order of the problem's groups."""
    sheet = Sheet(problem)
    members = members_of(sheet, assignment)
    return report_of_tables(
        sheet, members, {aim.name: aim_table(aim, sheet, members) for aim in problem.aims}
    )


def report_of_tables(
    sheet: Sheet, members: list[list[int]], tables: Mapping[str, Mapping[int, float]]
) -> tuple[GroupReport, ...]:
    """The same of people's numbers in each group, from what every aim is worth in each used group."""
    problem = sheet.problem
    weights = {aim.name: aim.weight for aim in problem.aims}
    listed = {person.id: k for k, person in enumerate(problem.people)}
    reports = []
    for group in problem.groups:
        g = sheet.group_at[group.id]
        if members[g]:
            people = sorted((sheet.people[i] for i in members[g]), key=lambda person: listed[person.id])
            scores = {name: table[g] for name, table in tables.items()}
            losses = {name: weights[name] * (1 - score) for name, score in scores.items()}
            weight = sum(weights.values())
            weakest = max(losses, key=losses.__getitem__, default=None)
            reports.append(
                GroupReport(
                    group=group.id,
                    people=tuple(person.id for person in people),
                    scores=scores,
                    total=1 - sum(losses.values()) / weight if weight else 1.0,
                    weakest=weakest if weakest is not None and losses[weakest] > 0 else None,
                    shared_hours=_free_slots(people, problem.slots, 1.0),
                )
            )
    return tuple(reports)


class _Circles:
    """The groups with their people, and what can be said of each person in one."""

    def __init__(self, problem: Problem, assignment: Mapping[str, str]) -> None:
        self.problem = problem
        self.groups = {group.id: group for group in problem.groups}
        self.people: dict[str, list[Person]] = {}
        for person in problem.people:
            self.people.setdefault(assignment.get(person.id, ""), []).append(person)
        self.slots: dict[tuple[str, float], tuple[int, ...]] = {}
        self.spreads: dict[str, float] = {}

    def placement(self, person: Person, group: Group) -> Placement:
        others = [other for other in self.people[group.id] if other.id != person.id]
        reasons = [*self.of_rules(person, group, others), *self.of_topics(person, group, others)]
        for aim in self.problem.aims:
            reasons.extend(self.of_aim(aim, person, group, others))
        missing, by_default = self.missing(person)
        if by_default:
            reasons.append(_reason(ReasonCode.PLACED_BY_DEFAULT, missing=missing))
        if not reasons:
            size = len(others) + 1
            limits = {"minimum": group.minimum, "maximum": group.maximum}
            reasons.append(_reason(ReasonCode.FITS_SIZE, size=size, **limits))
        return Placement(person.id, group.id, _distinct(reasons), missing, by_default)

    def of_rules(self, person: Person, group: Group, others: list[Person]) -> Iterator[Reason]:
        if (r.Locked(person.id, group.id)) in self.locks:
            yield _reason(ReasonCode.LOCKED)
        for groups in self.limits.get(person.id, ()):
            yield _reason(ReasonCode.ONLY_ALLOWED, groups=groups)
        here = {other.id for other in others}
        together = sorted(self.friends.get(person.id, set()) & here)
        if together:
            yield _reason(ReasonCode.KEPT_TOGETHER, people=tuple(together))
        apart = sorted(self.foes.get(person.id, set()) - here)
        if apart:
            yield _reason(ReasonCode.KEPT_APART, people=tuple(apart))

    @cached_property
    def locks(self) -> set[r.Locked]:
        return set(self.problem.rules_of(r.Locked))

    @cached_property
    def limits(self) -> dict[str, list[tuple[str, ...]]]:
        limits: dict[str, list[tuple[str, ...]]] = {}
        for rule in self.problem.rules_of(r.AllowedGroups):
            limits.setdefault(rule.person, []).append(rule.groups)
        return limits

    @cached_property
    def friends(self) -> dict[str, set[str]]:
        friends: dict[str, set[str]] = {}
        for rule in self.problem.rules_of(r.KeepTogether):
            for name in rule.people:
                friends.setdefault(name, set()).update(set(rule.people) - {name})
        return friends

    @cached_property
    def foes(self) -> dict[str, set[str]]:
        foes: dict[str, set[str]] = {}
        for rule in self.problem.rules_of(r.KeepApart):
            foes.setdefault(rule.first, set()).add(rule.second)
            foes.setdefault(rule.second, set()).add(rule.first)
        return foes

    def of_topics(self, person: Person, group: Group, others: list[Person]) -> Iterator[Reason]:
        """Wishes and needs: given whatever the aims are, since they speak to everybody."""
        wishes, needs = person.wishes or (), person.needs or ()
        level = self.problem.expert_level
        if group.topic in wishes:
            rank = wishes.index(group.topic) + 1
            yield _reason(ReasonCode.HAS_WISH, topic=group.topic, rank=rank, of=len(wishes))
        if group.topic in needs:
            yield _reason(ReasonCode.WANTS_TOPIC, topic=group.topic)
        for topic in needs:
            experts = tuple(o.id for o in others if o.expertise.get(topic, 0) >= level)
            if experts:
                yield _reason(ReasonCode.NEED_IS_MET, topic=topic, people=experts)
        for topic in sorted(topic for topic, own in person.expertise.items() if own >= level):
            asking = tuple(other.id for other in others if topic in (other.needs or ()))
            if asking:
                yield _reason(ReasonCode.MEETS_NEED, topic=topic, people=asking)
        for topic in needs:
            sharing = tuple(other.id for other in others if topic in (other.needs or ()))
            if sharing:
                yield _reason(ReasonCode.SHARES_NEED, topic=topic, people=sharing)

    def of_aim(self, aim: a.Aim, person: Person, group: Group, others: list[Person]) -> Iterator[Reason]:
        """What the person's place does for one aim."""
        match aim:
            case a.Alike() | a.NobodyIsolated():
                wanted = aim.values if isinstance(aim, a.NobodyIsolated) else None
                yield from _company(aim.attribute, person, others, wanted)
            case a.Diverse():
                yield from _difference(aim.attribute, person, others)
            case a.AlikeNumbers() | a.DiverseNumbers():
                yield from self.of_number(aim, person, others)
            case a.Proportional() | a.EnoughOf():
                if aim.value in person.values_of(aim.attribute):
                    yield from self.of_share(aim, len(others) + 1)
            case a.MeetingHours():
                slots = self.free(group, aim.quorum)
                mine = tuple(slot for slot in slots if slot in (person.hours or ()))
                if mine:
                    size = len(others) + 1
                    code = ReasonCode.SHARES_HOURS
                    yield _reason(code, slots=mine[:SLOTS_NAMED], count=len(mine), size=size)
            case a.Stability():
                if person.earlier_group == group.id:
                    yield _reason(ReasonCode.STAYS)

    def of_number(
        self, aim: a.AlikeNumbers | a.DiverseNumbers, person: Person, others: list[Person]
    ) -> Iterator[Reason]:
        """Near the others' mean, or far from it, by the spread among all people."""
        here = [number for other in others if (number := other.numbers.get(aim.attribute)) is not None]
        own = person.numbers.get(aim.attribute)
        if own is None or not here:
            return
        mean = sum(here) / len(here)
        is_near = abs(own - mean) <= self.spread(aim.attribute) / 2
        if is_near and isinstance(aim, a.AlikeNumbers):
            yield _reason(ReasonCode.SIMILAR_NUMBER, attribute=aim.attribute, value=own, mean=mean)
        if not is_near and isinstance(aim, a.DiverseNumbers):
            yield _reason(ReasonCode.DIFFERENT_NUMBER, attribute=aim.attribute, value=own, mean=mean)

    def spread(self, attribute: str) -> float:
        if attribute not in self.spreads:
            people = self.problem.people
            numbers = [n for person in people if (n := person.numbers.get(attribute)) is not None]
            self.spreads[attribute] = mean_and_spread(numbers)[1]
        return self.spreads[attribute]

    def of_share(self, aim: a.Proportional | a.EnoughOf, size: int) -> Iterator[Reason]:
        needed = aim.count if isinstance(aim, a.EnoughOf) else 0
        yield _reason(
            ReasonCode.COUNTS_TOWARDS, attribute=aim.attribute, value=aim.value, needed=needed, size=size
        )

    def free(self, group: Group, quorum: float) -> tuple[int, ...]:
        key = group.id, quorum
        if key not in self.slots:
            self.slots[key] = _free_slots(self.people[group.id], self.problem.slots, quorum)
        return self.slots[key]

    def missing(self, person: Person) -> tuple[tuple[str, ...], bool]:
        """The answers asked for that the person has not given, and whether the place is by default."""
        answers = [name for name in self.asked_answers if not getattr(person, name)]
        attributes = [
            name
            for name in self.asked_attributes
            if not person.values_of(name) and name not in person.numbers
        ]
        asked, gone = self.asked_attributes, attributes
        if self.asked_answers:
            asked, gone = self.asked_answers, answers
        return (*answers, *attributes), bool(asked) and len(gone) == len(asked)

    @cached_property
    def asked_answers(self) -> list[str]:
        asked = {
            "needs": (a.TopicWanted, a.CommonNeeds, a.Coverage),
            "wishes": (a.Wishes,),
            "hours": (a.MeetingHours,),
        }
        given = [
            name for name, kinds in asked.items() if any(isinstance(x, kinds) for x in self.problem.aims)
        ]
        if "hours" not in given and self.problem.rules_of(r.SharedHours):
            given.append("hours")
        return given

    @cached_property
    def asked_attributes(self) -> list[str]:
        names = (getattr(each, "attribute", None) for each in (*self.problem.aims, *self.problem.rules))
        return sorted({name for name in names if name is not None})


def _reason(code: ReasonCode, **parameters: Value) -> Reason:
    return Reason(code, parameters)


def _distinct(reasons: list[Reason]) -> tuple[Reason, ...]:
    """Each thing is said once, though two aims may say it."""
    return tuple(reason for k, reason in enumerate(reasons) if reason not in reasons[:k])


def _company(
    attribute: str, person: Person, others: list[Person], wanted: tuple[str, ...] | None
) -> Iterator[Reason]:
    for value in person.values_of(attribute):
        count = sum(value in other.values_of(attribute) for other in others)
        if count and (wanted is None or value in wanted):
            yield _reason(
                ReasonCode.SHARES_VALUE, attribute=attribute, value=value, count=count, others=len(others)
            )


def _difference(attribute: str, person: Person, others: list[Person]) -> Iterator[Reason]:
    """Said of a value that at most a quarter of the others have, so that it adds something."""
    value = person.categories.get(attribute)
    if value is None:
        return
    count = sum(other.categories.get(attribute) == value for other in others)
    if others and 4 * count <= len(others):
        yield _reason(
            ReasonCode.ADDS_VALUE, attribute=attribute, value=value, count=count, others=len(others)
        )


def _free_slots(people: list[Person], slots: int, quorum: float) -> tuple[int, ...]:
    """The slots in which enough of those who gave their hours are free; none when nobody gave any."""
    given = [person.hours for person in people if person.hours is not None]
    if not given:
        return ()
    needed = enough(len(given), quorum)
    return tuple(slot for slot in range(slots) if sum(slot in hours for hours in given) >= needed)
