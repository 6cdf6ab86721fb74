"""What rules would do before anything is run: whom each is about, and whether it can hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from coppice.formation import outcomes
from coppice.formation.models import Formation
from coppice.formation.problems import ABOUT_HOURS, Draft
from coppice.formation.proposing import drawn_up
from coppice.formation.queries import facts_of
from coppice.formation.rules import Kind, RosterRow, Rule, answers_in, is_too_large, number, rules_of, text
from coppice.formation.wording import clash_sentences, rule_sentence
from engines import grouping


@dataclass(frozen=True)
class Tried:
    """One rule in words, how many people it is about, how many have not answered, and what is in its way.

    `unanswered` is None of a rule that asks for no answer. `note` tells of answers that are read in another
    way than may be meant; "" where there are none.
    """

    sentence: str
    must_hold: bool
    people: int
    unanswered: int | None
    clashes: Sequence[str] = ()
    note: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether it is aimed for and about nobody, so that it counts for nothing."""
        return not self.must_hold and not self.people


@dataclass(frozen=True)
class Trial:
    """What is known of a formation's rules before it is worked out.

    `others` are clashes of sizes, topics or people who are kept, which no one rule is to blame for.
    """

    people: int
    rules: Sequence[Tried]
    others: Sequence[str]
    unanswered: int

    @property
    def asks_for_answers(self) -> bool:
        return any(rule.unanswered is not None for rule in self.rules)

    @property
    def can_hold(self) -> bool:
        return not self.others and not any(rule.clashes for rule in self.rules)


def trial(formation: Formation, *, roster: Sequence[RosterRow], locks: Mapping[str, int]) -> Trial:
    """Look at the rules of a formation, saved or not, as they would be put to the engine.

    Every clash told is proven; none told does not promise that a grouping exists. Counting people and looking
    for plain contradictions takes no search, so it is done within a request.
    """
    plan, drawn = drawn_up(formation, roster=roster, locks=locks, facts=facts_of(formation))
    if drawn is None:
        sizes = {"minimum": formation.minimum, "maximum": formation.maximum}
        told = outcomes.sizes_clash(plan, people=len(roster), **sizes)["clashes"] if plan else []
        return Trial(len(roster), (), clash_sentences(formation, told), 0)
    clashes = [outcomes.conflict_of(drawn, conflict) for conflict in grouping.conflicts(drawn.problem)]
    rules = rules_of(formation)
    return Trial(
        people=len(roster),
        rules=[
            Tried(
                rule_sentence(rule),
                rule.must_hold,
                *_touched(rule, drawn, roster),
                clashes=clash_sentences(formation, _clashes_at(place, clashes)),
                note=_too_large(rule, roster),
            )
            for place, rule in enumerate(rules)
        ],
        others=clash_sentences(formation, _clashes_at(outcomes.NOBODY.rule, clashes)),
        unanswered=len(drawn.unanswered),
    )


def _clashes_at(place: int, clashes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [clash for clash in clashes if clash["rule"] == place]


def _touched(rule: Rule, drawn: Draft, roster: Sequence[RosterRow]) -> tuple[int, int | None]:
    """How many people a rule is about, and how many have not answered what it asks, if it asks anything."""
    people = drawn.problem.people
    if rule.kind == Kind.CHOSEN:
        sought = set(rule.organizations)
        return sum(any(house.pk in sought for house in row.organizations) for row in roster), None
    if rule.shape.people:
        here = {person.id for person in people}
        return sum(str(pk) in here for pk in rule.people), None
    if rule.shape.field:
        answers = [person.values_of(rule.field) for person in people]
        about = sum(rule.value in each if rule.value else bool(each) for each in answers)
        return about, sum(not each for each in answers)
    answered = sum(_has_answered(rule.kind, person) for person in people)
    return answered, None if rule.kind in {Kind.SIZE, Kind.STAY} else len(people) - answered


def _too_large(rule: Rule, roster: Sequence[RosterRow]) -> str:
    """Say that a column is taken as words, where one of its numbers is too large to reckon with."""
    if not rule.field:
        return ""
    answers = [value for row in roster for value in answers_in(row, {rule.field}).get(rule.field, ())]
    found = next((value for value in answers if is_too_large(value)), None)
    if found is None or any(number(value) is None and not is_too_large(value) for value in answers):
        return ""
    return _("%(value)s is too large to reckon with, so this column counts as words, not as numbers.") % {
        "value": text(found)
    }


def _has_answered(kind: Kind, person: grouping.Person) -> bool:
    if kind in ABOUT_HOURS:
        return person.hours is not None
    if kind in {Kind.WISHES, Kind.WISHED_ONLY}:
        return person.wishes is not None
    if kind == Kind.STAY:
        return person.earlier_group is not None
    return kind == Kind.SIZE or person.needs is not None
