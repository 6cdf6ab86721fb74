"""What would let a formation's sizes and rules hold, in kind sentences: the engine's relaxations, told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from coppice.formation.models import Formation
from coppice.formation.rules import Kind, rules_of
from coppice.formation.wording import rule_sentence
from coppice.programs.wording import words_for

STRONGEST: Mapping[str, Callable[..., int]] = {
    "raise_maximum": max,
    "lower_minimum": min,
    "more_groups": max,
    "fewer_groups": max,
}
"""Of several clashes that ask for other numbers the one that suits them all."""


def ways_out(formation: Formation, clashes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what to change so that the clashes end, each change once.

    Changes that make everything possible stand alone where there are any; else each helps with a part.
    """
    ways = [way for clash in clashes for way in clash.get("relaxations", ())]
    ways = [way for way in ways if way["is_proven"]] or ways
    told = [sentence for way in ways for sentence in _sentences(formation, way, ways)]
    return list(dict.fromkeys(told))


def _sentences(
    formation: Formation, way: Mapping[str, Any], ways: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    words, code = words_for(formation.program), way["code"]
    alike = [other["number"] for other in ways if other["code"] == code]
    number = STRONGEST[code](alike) if code in STRONGEST else way["number"]
    values = {
        "number": number,
        "community": words.community,
        "communities": words.communities,
        "groups": words.counted(number),
    }
    match code:
        case "raise_maximum":
            yield _("Allow up to %(number)d people in one %(community)s.") % values
        case "lower_minimum":
            values["number"] = max(1, number)
            yield _("Allow a smallest size of %(number)d for the %(communities)s.") % values
        case "more_groups":
            yield _("Choose smaller sizes, so that there is room for %(groups)s more.") % values
        case "fewer_groups":
            yield _("Choose larger sizes, so that it takes %(groups)s fewer.") % values
        case _:
            yield from _of_rules(formation, way)


def _of_rules(formation: Formation, way: Mapping[str, Any]) -> Iterator[str]:
    """A rule to take away, or to replace by one that is only aimed for; people to let go."""
    rules = rules_of(formation)
    for place in way["rules"]:
        rule = {"rule": rule_sentence(rules[place])}
        match rules[place].kind:
            case Kind.APART:
                yield _("Take away “%(rule)s”, or take “balanced” in place of “apart”.") % rule
            case Kind.TOGETHER:
                yield _("Take away “%(rule)s”, or take “alike” in place of “together”.") % rule
            case _:
                yield _("Take away “%(rule)s”.") % rule
    if way["is_about_locks"]:
        yield _("Let some people go whom you keep where they are.")
