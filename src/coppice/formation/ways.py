"""What would let a formation's sizes and rules hold, in kind sentences, and the terms that come of each."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from coppice.formation.aspects import aspects_of
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule, rules_of
from coppice.formation.wording import rule_sentence
from coppice.programs.models import Enrollment
from coppice.programs.wording import words_for
from engines import grouping

STRONGEST: Mapping[str, Callable[..., int]] = {
    "raise_maximum": max,
    "lower_minimum": min,
    "more_groups": max,
    "fewer_groups": max,
}
"""Of several clashes that ask for other numbers the one that suits them all."""

SOFTER: Mapping[Kind, Kind] = {
    Kind.APART: Kind.BALANCED,
    Kind.TOGETHER: Kind.ALIKE,
    Kind.SHARED_HOURS: Kind.MEETING_HOURS,
    Kind.AT_LEAST: Kind.ENOUGH,
    Kind.WISHED_ONLY: Kind.WISHES,
}
"""The aim that a rule can be turned into when it cannot hold."""

EASED: Mapping[str, Kind] = {
    "allow_more_of_kind": Kind.AT_MOST,
    "ask_fewer_of_kind": Kind.AT_LEAST,
    "ask_fewer_hours": Kind.SHARED_HOURS,
}
"""The kind of rule whose number each of these changes."""

WIDER = (2, 1, 0)


@dataclass(frozen=True)
class Terms:
    """The sizes and rules that a formation has once a way is gone."""

    minimum: int
    maximum: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Way:
    """One change, in a sentence, and the `terms` it makes; None where somebody has to choose how.

    `key` names it for as long as the formation's terms stay as they are.
    """

    key: str
    sentence: str
    terms: Terms | None = None


def mark_of_terms(formation: Formation) -> str:
    """Return a mark of the sizes and rules as they stand: whoever saw others asks for something else."""
    return hashlib.sha256(json.dumps(formation.terms, sort_keys=True).encode()).hexdigest()[:16]


def ways_out(formation: Formation, clashes: Sequence[Mapping[str, Any]]) -> list[Way]:
    """Return what to change so that the clashes end, each change once.

    Changes that make everything possible stand alone where there are any; else each helps with a part.
    """
    ways = [way for clash in clashes for way in clash.get("relaxations", ())]
    ways = [way for way in ways if way["is_proven"]] or ways
    told = [each for way in ways for each in _ways(formation, way, ways)]
    return list({each.key: each for each in told}.values())


def _ways(formation: Formation, way: Mapping[str, Any], ways: Sequence[Mapping[str, Any]]) -> Iterator[Way]:
    words, code = words_for(formation.program), way["code"]
    alike = [other["number"] for other in ways if other["code"] == code]
    number = STRONGEST[code](alike) if code in STRONGEST else way["number"]
    values = {"number": number, "community": words.community, "communities": words.communities}
    now = _terms_of(formation)
    match code:
        case "raise_maximum":
            sentence = _("Allow up to %(number)d people in one %(community)s.") % values
            yield Way("maximum", sentence, replace(now, maximum=number))
        case "lower_minimum":
            values["number"] = max(1, number)
            sentence = _("Allow a smallest size of %(number)d for the %(communities)s.") % values
            yield Way("minimum", sentence, replace(now, minimum=max(1, number)))
        case "more_groups":
            yield _resized(formation, now, more=number)
        case "fewer_groups":
            yield _resized(formation, now, more=-number)
        case _:
            yield from _of_rules(now, way)


def _terms_of(formation: Formation) -> Terms:
    return Terms(formation.minimum, formation.maximum, tuple(rules_of(formation)))


def _resized(formation: Formation, now: Terms, *, more: int) -> Way:
    """Other sizes, so that there are so many more communities (fewer, where it is negative)."""
    key, terms = "more" if more > 0 else "fewer", _sizes_for(formation, now, more=more)
    groups = words_for(formation.program).counted(abs(more))
    values = {"groups": groups, "least": terms.minimum if terms else 0, "most": terms.maximum if terms else 0}
    if terms is None and more > 0:
        sentence = _("Choose smaller sizes, so that there is room for %(groups)s more.")
    elif terms is None:
        sentence = _("Choose larger sizes, so that it takes %(groups)s fewer.")
    elif more > 0:
        sentence = _("Choose sizes of %(least)d to %(most)d, so that there is room for %(groups)s more.")
    else:
        sentence = _("Choose sizes of %(least)d to %(most)d, so that it takes %(groups)s fewer.")
    return Way(key, sentence % values, terms)


def _sizes_for(formation: Formation, now: Terms, *, more: int) -> Terms | None:
    """The sizes by which the roster makes so many more communities; None where topics have their own."""
    if aspects_of(formation).has_topics or formation.is_whole_cohort:
        return None
    people = Enrollment.objects.current().filter(program=formation.program_id).count()
    wanted = len(grouping.plan_groups(people, minimum=now.minimum, maximum=now.maximum).sizes) + more
    if not 0 < wanted <= people:
        return None
    least, most = people // wanted, -(-people // wanted)
    plans = (
        (most + wider, grouping.plan_groups(people, minimum=least, maximum=most + wider)) for wider in WIDER
    )
    largest = next(size for size, plan in plans if len(plan.sizes) == wanted)
    return replace(now, minimum=least, maximum=largest)


def _of_rules(now: Terms, way: Mapping[str, Any]) -> Iterator[Way]:
    """A rule to ask less of, to aim for only, or to take away; people to let go."""
    for place in way["rules"]:
        rule = now.rules[place]
        told = {"rule": rule_sentence(rule)}
        eased = _eased(rule, way)
        if eased is not None:
            sentence = _("Ask for “%(eased)s” in place of “%(rule)s”.")
            told["eased"] = rule_sentence(eased)
            yield Way(f"ease-{place}-{eased.amount}", sentence % told, _with(now, place, eased))
        if rule.kind in SOFTER:
            softer = replace(rule, kind=SOFTER[rule.kind])
            told["softer"] = rule_sentence(softer)
            sentence = _("Only aim for it: “%(softer)s” in place of “%(rule)s”.")
            yield Way(f"soften-{place}", sentence % told, _with(now, place, softer))
        yield Way(f"drop-{place}", _("Take away “%(rule)s”.") % told, _with(now, place, None))
    if way["is_about_locks"]:
        yield Way("locks", _("Let some people go whom you keep where they are."))


def _eased(rule: Rule, way: Mapping[str, Any]) -> Rule | None:
    """The rule with the number at which it can hold, where it has one."""
    if EASED.get(way["code"]) != rule.kind or way["number"] < 1:
        return None
    return replace(rule, amount=way["number"])


def _with(now: Terms, place: int, rule: Rule | None) -> Terms:
    """The terms with another rule at this place, or none there."""
    rules = [rule if position == place else each for position, each in enumerate(now.rules)]
    return replace(now, rules=tuple(each for each in rules if each is not None))
