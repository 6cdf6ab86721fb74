"""A formation and its roster as a problem for the grouping engine: plain values, nothing of Django's."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from coppice.formation.answers import EXPERT, HOURS_OF_WEEK, Answered, Reader, guess, without_hours
from coppice.formation.aspects import Aspects, aspects_of
from coppice.formation.models import Formation, ProposedCommunity
from coppice.formation.rules import (
    FACTORS,
    Field,
    Kind,
    RosterRow,
    Rule,
    answers_in,
    fields_of,
    number,
    rules_of,
    text,
)
from coppice.formation.topics import limits_of
from coppice.programs.rosters.headers import fold
from engines import grouping

MOST_VALUES = 30

EVEN_SIZES = "even sizes"
"""The aim that no rule names: communities of about one size. It weighs little, and no rule shows it."""

EVEN_SIZES_WEIGHT = 0.25

UNANSWERED = "unanswered"
"""The aim, and the attribute, by which people who answered nothing are spread over all communities."""

UNANSWERED_WEIGHT = 0.25

WISH_HALVES = 0.5

ABOUT_TOPICS = {Kind.TOPIC_WANTED, Kind.COMMON_NEEDS, Kind.KNOWN_HERE}
ABOUT_WISHES = {Kind.WISHES, Kind.WISHED_ONLY}
ABOUT_HOURS = {Kind.SHARED_HOURS, Kind.MEETING_HOURS}

CONCERNS: Mapping[Kind, Callable[[grouping.Person], bool]] = {
    Kind.WISHES: lambda person: bool(person.wishes),
    Kind.TOPIC_WANTED: lambda person: person.needs is not None,
    Kind.COMMON_NEEDS: lambda person: bool(person.needs),
    Kind.KNOWN_HERE: lambda person: bool(person.needs),
    Kind.MEETING_HOURS: lambda person: person.hours is not None,
    Kind.STAY: lambda person: person.earlier_group is not None,
}
"""Whom an aim is about that is not about a field."""


@dataclass(frozen=True)
class Facts:
    """What the program knows beside its roster.

    topics: id -> name, of the topics of communities that are proposed already
    earlier: enrollment's id -> name of the community that they are in now
    """

    topics: Mapping[int, str] = field(default_factory=dict)
    earlier: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Where an engine's rule comes from: the place in the formation's rules, and the answer it is about."""

    rule: int
    value: str = ""


@dataclass(frozen=True)
class Draft:
    """A problem, and what its parts mean: `sources` of its rules, and the rule's place by the aim's name.

    An aim that no rule names (even sizes, spreading those without answers) has no place. `unanswered` holds
    the people (ids) who answered nothing of what the rules ask for.
    """

    problem: grouping.Problem
    sources: Mapping[grouping.Rule, Source]
    aims: Mapping[str, int]
    unanswered: frozenset[str] = frozenset()


def reader_of(formation: Formation, *, roster: Sequence[RosterRow], hours: bool = False) -> Reader:
    """Return what reads the answers of a formation's people: by the columns chosen, or as they look.

    Their `hours` are read only where they are wanted.
    """
    aspects, program = aspects_of(formation), formation.program
    columns = guess(roster) if aspects.columns is None else aspects.columns
    return Reader(
        columns if hours else without_hours(columns),
        zone=program.zone,
        on=program.award_starts,
        topics=[offer.topic for offer in aspects.offers],
    )


def groups_now(communities: Mapping[str, ProposedCommunity], *, facts: Facts) -> list[grouping.Group]:
    """Return the groups that proposed communities are, each by its name here and with its topic."""
    return [
        grouping.Group(
            name,
            each.minimum,
            each.maximum,
            topic=facts.topics.get(each.topic_id or 0),
            optional=each.minimum == 0,
        )
        for name, each in communities.items()
    ]


def draft(
    formation: Formation,
    *,
    roster: Sequence[RosterRow],
    groups: Sequence[grouping.Group],
    locks: Mapping[str, str],
    facts: Facts | None = None,
) -> Draft:
    """Put a formation to the engine: people are enrollments (id as text), groups those given.

    `locks` maps people to the group that they stay in. Only what a rule asks for is handed over.
    """
    facts = facts or Facts()
    rules, aspects = rules_of(formation), aspects_of(formation)
    named = {rule.field for rule in rules if rule.field}
    answers = {str(each.pk): answers_in(each, named) for each in roster}
    fields = {field.key: field for field in fields_of(answers.values()) if field.key in named}
    known = _known(formation, rules, roster=roster, groups=groups, facts=facts)
    people = tuple(known(_person(name, answers[name], fields.values())) for name in answers)
    drawing = _Drawing(roster, people, groups, fields)
    sources: dict[grouping.Rule, Source] = {}
    aims: dict[str, int] = {}
    found_aims: list[grouping.Aim] = []
    for place, rule in enumerate(rules):
        for hard, value in drawing.hard(rule):
            sources.setdefault(hard, Source(place, value))
        for aim in drawing.aims(rule, str(place)):
            aims[aim.name] = place
            found_aims.append(aim)
    if people and len(groups) > 1 and not any(rule.kind == Kind.SIZE for rule in rules):
        found_aims.append(
            grouping.SizeNear(
                name=EVEN_SIZES, target=_even(formation, people, groups), weight=EVEN_SIZES_WEIGHT
            )
        )
    unanswered = _unanswered(people, rules)
    if 1 < len(unanswered) < len(people) and len(groups) > 1:
        people = tuple(_marked(person, unanswered) for person in people)
        found_aims.append(
            grouping.Proportional(
                name=UNANSWERED, attribute=UNANSWERED, value="yes", weight=UNANSWERED_WEIGHT
            )
        )
    locked = tuple(grouping.Locked(person, group) for person, group in locks.items())
    problem = grouping.Problem(
        people=people,
        groups=tuple(groups),
        rules=(*sources, *locked),
        aims=tuple(found_aims),
        slots=HOURS_OF_WEEK if any(rule.kind in ABOUT_HOURS for rule in rules) else 0,
        expert_level=EXPERT,
        worst_group_first=aspects.worst_group_first,
    )
    return Draft(problem=problem, sources=sources, aims=aims, unanswered=unanswered)


def _person(name: str, answers: Mapping[str, list[str | float]], fields: Iterable[Field]) -> grouping.Person:
    categories: dict[str, str] = {}
    sets: dict[str, frozenset[str]] = {}
    numbers: dict[str, float] = {}
    for each in fields:
        values = answers.get(each.key, [])
        if len(values) == 1:
            categories[each.key] = text(values[0])
        elif values:
            sets[each.key] = frozenset(text(value) for value in values)
        figure = number(values[0]) if each.is_number and values else None
        if figure is not None:
            numbers[each.key] = figure
    return grouping.Person(name, categories=categories, numbers=numbers, sets=sets)


@dataclass(frozen=True)
class _Known:
    """Adds to a person what they answered beyond values, as far as the rules ask for it."""

    answered: Mapping[str, Answered]
    homes: Mapping[str, str]
    kinds: frozenset[Kind]
    has_topics: bool

    def __call__(self, person: grouping.Person) -> grouping.Person:
        said = self.answered.get(person.id)
        if said is None:
            return person
        return replace(
            person,
            wishes=said.wishes if self.has_topics or self.kinds & ABOUT_WISHES else None,
            needs=said.needs if self.has_topics or self.kinds & ABOUT_TOPICS else None,
            expertise=said.expertise if Kind.KNOWN_HERE in self.kinds else {},
            hours=said.hours if self.kinds & ABOUT_HOURS else None,
            earlier_group=self.homes.get(person.id),
        )


def _known(
    formation: Formation,
    rules: Sequence[Rule],
    *,
    roster: Sequence[RosterRow],
    groups: Sequence[grouping.Group],
    facts: Facts,
) -> _Known:
    aspects: Aspects = aspects_of(formation)
    kinds = frozenset(rule.kind for rule in rules)
    has_topics = aspects.has_topics and not formation.is_whole_cohort
    if not has_topics and not kinds & (ABOUT_TOPICS | ABOUT_WISHES | ABOUT_HOURS | {Kind.STAY}):
        return _Known({}, {}, kinds, has_topics=False)
    reader = reader_of(formation, roster=roster, hours=bool(kinds & ABOUT_HOURS))
    answered = {str(row.pk): reader.read(row) for row in roster}
    homes = _homes(answered, groups, facts) if Kind.STAY in kinds else {}
    return _Known(answered, homes, kinds, has_topics)


GONE = "gone"
"""The earlier group of people whose group is not among those to come."""


def _homes(
    answered: Mapping[str, Answered], groups: Sequence[grouping.Group], facts: Facts
) -> dict[str, str]:
    """For each person the group (id) that goes on from their earlier one: the largest go first.

    An earlier group goes on in one about the topic by whose name it went, else in one about none.
    """
    was = {name: said.earlier or facts.earlier.get(int(name)) for name, said in answered.items()}
    sizes = Counter(earlier for earlier in was.values() if earlier)
    free, homes = list(groups), dict[str, str]()
    for earlier, _size in sorted(sizes.items(), key=lambda each: (-each[1], each[0])):
        fitting = [group for group in free if group.topic and fold(group.topic) == fold(earlier)]
        fitting += [group for group in free if group.topic is None]
        if fitting:
            free.remove(fitting[0])
        homes[earlier] = fitting[0].id if fitting else GONE
    return {name: homes[earlier] for name, earlier in was.items() if earlier}


def _even(formation: Formation, people: Sequence[grouping.Person], groups: Sequence[grouping.Group]) -> float:
    """About how many people are to be in each: where there are topics, the middle of what these allow.

    It is the same whether groups that may stay empty are among them (before) or gone (in a proposal).
    """
    aspects = aspects_of(formation)
    if not aspects.has_topics or formation.is_whole_cohort:
        return len(people) / len(groups)
    limits = [limits_of(offer, formation.minimum, formation.maximum) for offer in aspects.offers]
    return sum(map(sum, limits or [(formation.minimum, formation.maximum)])) / (2 * max(1, len(limits)))


def _unanswered(people: Sequence[grouping.Person], rules: Sequence[Rule]) -> frozenset[str]:
    """Who answered none of the needs, wishes and hours asked for, or where none is, none of the fields.

    What nobody answered tells nobody apart: it is left aside, unless the rules ask for nothing else.
    """
    kinds = {rule.kind for rule in rules}
    asked: list[str] = []
    asked += ["needs"] if kinds & ABOUT_TOPICS else []
    asked += ["wishes"] if kinds & ABOUT_WISHES else []
    asked += ["hours"] if kinds & ABOUT_HOURS else []
    named = {rule.field for rule in rules if rule.field}
    answered = [name for name in asked if any(getattr(person, name) is not None for person in people)]
    if answered or (asked and not named):
        return frozenset(
            person.id for person in people if all(getattr(person, name) is None for name in asked)
        )
    return frozenset(
        person.id
        for person in people
        if named and not any(person.values_of(name) or name in person.numbers for name in named)
    )


def _marked(person: grouping.Person, unanswered: frozenset[str]) -> grouping.Person:
    mark = "yes" if person.id in unanswered else "no"
    return replace(person, categories={**person.categories, UNANSWERED: mark})


class _Drawing:
    """The engine's rules and aims for each rule of ours."""

    def __init__(
        self,
        roster: Sequence[RosterRow],
        people: Sequence[grouping.Person],
        groups: Sequence[grouping.Group],
        fields: Mapping[str, Field],
    ) -> None:
        self.roster, self.people, self.groups, self.fields = roster, people, groups, fields
        self.ids = {person.id for person in people}

    def hard(self, rule: Rule) -> Iterable[tuple[grouping.Rule, str]]:
        """What must hold, each with the answer that it is about."""
        named = [str(pk) for pk in rule.people if str(pk) in self.ids]
        match rule.kind:
            case Kind.APART:
                yield grouping.AtMost(rule.field, 1), ""
            case Kind.CHOSEN:
                sought = set(rule.organizations)
                chosen = [each for each in self.roster if any(h.pk in sought for h in each.organizations)]
                if len(chosen) > 1:
                    yield grouping.KeepTogether(tuple(str(each.pk) for each in chosen)), ""
            case Kind.TOGETHER:
                for value, here in _by_value(rule.field, self.people).items():
                    if len(here) > 1:
                        yield grouping.KeepTogether(tuple(here)), value
            case Kind.PEOPLE_TOGETHER:
                if len(named) > 1:
                    yield grouping.KeepTogether(tuple(sorted(named))), ""
            case Kind.PEOPLE_APART:
                for one, other in combinations(sorted(named), 2):
                    yield grouping.KeepApart(one, other), ""
            case Kind.AT_MOST:
                yield grouping.AtMost(rule.field, rule.number, rule.value or None), rule.value
            case Kind.AT_LEAST:
                yield grouping.AtLeast(rule.field, rule.value, rule.number), rule.value
            case Kind.SHARED_HOURS:
                yield grouping.SharedHours(rule.number, rule.share / 100), ""
            case Kind.WISHED_ONLY:
                for person in self.people:
                    if person.wishes:
                        yield grouping.AllowedGroups(person.id, self._about(person.wishes)), ""
            case Kind.ONLY_ABOUT:
                for name in named:
                    yield grouping.AllowedGroups(name, self._about(rule.topics)), ""

    def _about(self, topics: Sequence[str]) -> tuple[str, ...]:
        return tuple(group.id for group in self.groups if group.topic in topics)

    def aims(self, rule: Rule, name: str) -> Iterable[grouping.Aim]:
        """What is aimed for; the aims of one rule together weigh as much as its weight.

        None of a rule about answers that nobody has given: it would be reached wholly by any grouping.
        """
        concerns = CONCERNS.get(rule.kind)
        if concerns is not None and not any(map(concerns, self.people)):
            return
        weight = FACTORS[rule.weight]
        if rule.field in self.fields:
            yield from self._of_field(rule, name, weight)
        share = rule.share / 100
        match rule.kind:
            case Kind.WISHES:
                yield grouping.Wishes(name=name, utilities=_utilities(self.people), weight=weight)
            case Kind.TOPIC_WANTED:
                yield grouping.TopicWanted(name=name, weight=weight)
            case Kind.COMMON_NEEDS:
                yield grouping.CommonNeeds(name=name, weight=weight)
            case Kind.KNOWN_HERE:
                yield grouping.Coverage(name=name, weight=weight)
            case Kind.MEETING_HOURS:
                yield grouping.MeetingHours(name=name, target=rule.number, quorum=share, weight=weight)
            case Kind.STAY:
                yield grouping.Stability(name=name, weight=weight)
            case Kind.SIZE:
                yield grouping.SizeNear(name=name, target=rule.number, weight=weight)

    def _of_field(self, rule: Rule, name: str, weight: float) -> Iterable[grouping.Aim]:
        attribute, is_number = rule.field, self.fields[rule.field].is_number
        if rule.value and rule.kind != Kind.ENOUGH and rule.value not in _by_value(attribute, self.people):
            return
        match rule.kind:
            case Kind.ALIKE:
                alike = grouping.AlikeNumbers if is_number else grouping.Alike
                yield alike(name=name, attribute=attribute, weight=weight)
            case Kind.DIVERSE:
                diverse = grouping.DiverseNumbers if is_number else grouping.Diverse
                yield diverse(name=name, attribute=attribute, weight=weight)
            case Kind.ACCOMPANIED:
                values = (rule.value,) if rule.value else None
                yield grouping.NobodyIsolated(
                    name=name, attribute=attribute, values=values, at_least=rule.number, weight=weight
                )
            case Kind.ENOUGH:
                yield grouping.EnoughOf(
                    name=name, attribute=attribute, value=rule.value, count=rule.number, weight=weight
                )
            case Kind.SPREAD:
                yield grouping.Proportional(name=name, attribute=attribute, value=rule.value, weight=weight)
            case Kind.BALANCED if is_number:
                yield grouping.Balanced(name=name, attribute=attribute, weight=weight)
            case Kind.BALANCED:
                by_value = _by_value(attribute, self.people)
                counts = Counter({value: len(here) for value, here in by_value.items()})
                common = sorted(value for value, _ in counts.most_common(MOST_VALUES))
                for value in common:
                    yield grouping.Proportional(
                        name=f"{name}:{value}", attribute=attribute, value=value, weight=weight / len(common)
                    )


def _by_value(attribute: str, people: Sequence[grouping.Person]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person in people:
        for value in person.values_of(attribute):
            found.setdefault(value, []).append(person.id)
    return found


def _utilities(people: Sequence[grouping.Person]) -> tuple[float, ...]:
    """What the first, second … wish is worth: 1, ¾, ½, and half of the one before from there on."""
    longest = max((len(person.wishes or ()) for person in people), default=0)
    worth = [1.0, 0.75, 0.5]
    while len(worth) < longest:
        worth.append(worth[-1] * WISH_HALVES)
    return tuple(worth)
