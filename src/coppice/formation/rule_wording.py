"""Kind sentences for the rules that are about more than one field: what they ask, why they clash or broke."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.formation.answers import slot_in_words
from coppice.formation.lists import listed
from coppice.formation.rules import EVERYBODY, Kind, Rule

type Names = Mapping[str, str]
type Told = Mapping[str, Any]

PER_PERSON = {"too_few_hours", "nowhere_allowed"}
"""Clashes that come one for each person, and are told in one sentence for each rule."""


def sentence_of(rule: Rule) -> str:
    """Return a rule as the studio lists it; "" for those that `wording` tells."""
    values = {
        "number": rule.number,
        "value": rule.value,
        "field": rule.field_label,
        "people": len(rule.people),
        "topics": listed(rule.topics),
        "share": rule.share,
    }
    return _asked(rule) % values


def _asked(rule: Rule) -> str:
    match rule.kind:
        case Kind.PEOPLE_TOGETHER:
            return ngettext(
                "%(people)d named person together", "%(people)d named people together", len(rule.people)
            )
        case Kind.PEOPLE_APART:
            return ngettext(
                "%(people)d named person apart", "%(people)d named people apart", len(rule.people)
            )
        case Kind.AT_MOST if rule.value:
            return _("At most %(number)d with “%(value)s”: %(field)s")
        case Kind.AT_MOST:
            return _("At most %(number)d with the same answer: %(field)s")
        case Kind.AT_LEAST:
            return _("At least %(number)d with “%(value)s” in each: %(field)s")
        case Kind.SHARED_HOURS | Kind.MEETING_HOURS:
            return _hours(rule)
        case Kind.WISHED_ONLY:
            return _("Only topics that people wished for")
        case Kind.ONLY_ABOUT:
            return ngettext(
                "%(people)d named person only in groups about %(topics)s",
                "%(people)d named people only in groups about %(topics)s",
                len(rule.people),
            )
    return _aimed(rule)


def _aimed(rule: Rule) -> str:
    match rule.kind:
        case Kind.WISHES:
            return _("Topics that people wished for")
        case Kind.TOPIC_WANTED:
            return _("Topics in which people want help")
        case Kind.COMMON_NEEDS:
            return _("Needs that people share")
        case Kind.KNOWN_HERE:
            return _("For each need, somebody there who can help")
        case Kind.DIVERSE:
            return _("Different answers in each: %(field)s")
        case Kind.SPREAD:
            return _("“%(value)s” spread over all: %(field)s")
        case Kind.ACCOMPANIED if rule.value:
            return _("Nobody the only one with “%(value)s”: %(field)s")
        case Kind.ENOUGH:
            return _("At least %(number)d with “%(value)s” in each, if it can be: %(field)s")
        case Kind.STAY:
            return _("People stay where they were")
        case Kind.SIZE:
            return _("About %(number)d people in each")
    return ""


def _hours(rule: Rule) -> str:
    if rule.share >= EVERYBODY:
        return ngettext(
            "%(number)d hour a week when everybody can meet",
            "%(number)d hours a week when everybody can meet",
            rule.number,
        )
    return ngettext(
        "%(number)d hour a week when %(share)d%% can meet",
        "%(number)d hours a week when %(share)d%% can meet",
        rule.number,
    )


def topics_clash(clash: Told) -> str:
    """Return why the topics offered cannot hold everybody; "" for a clash that is not about them."""
    values = {"needed": clash["needed"], "available": clash["available"]}
    match clash["code"]:
        case "capacity_short":
            return (
                _(
                    "There are %(available)d places for %(needed)d people. Offer more topics, allow more "
                    "groups about one topic, or larger sizes."
                )
                % values
            )
        case "minimum_too_high":
            return (
                _(
                    "The topics that there have to be need %(needed)d people, and there are %(available)d. "
                    "Let some be left out, or allow smaller sizes."
                )
                % values
            )
        case "sizes_do_not_add_up":
            return (
                _(
                    "%(needed)d people do not divide into groups of these sizes: %(available)d find a place. "
                    "Choose a smaller smallest size or a larger largest size."
                )
                % values
            )
        case "group_out_of_reach":
            return (
                _(
                    "A topic that there has to be needs %(needed)d people, and only %(available)d may be in "
                    "it. Let it be left out, or take away what keeps people from it."
                )
                % values
            )
    return ""


def clash_of(rule: Rule, clash: Told, *, groups: str) -> str:
    """Return why a rule cannot hold; "" for a clash that `wording` tells. `groups` counts the communities."""
    teller = _CLASHES.get((rule.kind, clash["code"])) or _CLASHES.get((None, clash["code"]))
    values = {
        "value": clash["value"],
        "needed": clash["needed"],
        "available": clash["available"],
        "people": len(clash["people"]),
        "groups": groups,
    }
    return teller(values) if teller else ""


def _too_few(values: Told) -> str:
    return (
        _("There are too few people with “%(value)s”: %(needed)d are needed, and there are %(available)d.")
        % values
    )


def _too_many(values: Told) -> str:
    return _("%(needed)d people have “%(value)s”, and there is room for %(available)d of them.") % values


def _hours_short(values: Told) -> str:
    return ngettext(
        "One person is not free for so long. Ask for fewer hours, or for fewer people to be free.",
        "%(people)d people are not free for so long. Ask for fewer hours, or for fewer people to be free.",
        values["people"],
    ) % {**values}


def _hours_apart(values: Told) -> str:
    return _(
        "People who are kept together are not free together for so long. Ask for fewer hours, or let them "
        "part."
    )


def _nowhere(values: Told) -> str:
    return ngettext(
        "For one person none of their topics is offered. Offer more topics, or take this rule away.",
        "For %(people)d people none of their topics is offered. Offer more topics, or take this rule away.",
        values["people"],
    ) % {**values}


def _places(values: Told) -> str:
    return _("%(needed)d people may only be in groups that hold %(available)d.") % values


def _all_apart(values: Told) -> str:
    return _("%(needed)d people are all to be apart, and there are only %(groups)s for them.") % values


def _together_big(values: Told) -> str:
    return _("%(needed)d people are to be together, and one group holds at most %(available)d.") % values


_CLASHES: Mapping[tuple[Kind | None, str], Callable[[Told], str]] = {
    (None, "too_few_of_kind"): _too_few,
    (Kind.AT_MOST, "too_many_of_kind"): _too_many,
    (None, "too_few_hours"): _hours_short,
    (None, "together_vs_hours"): _hours_apart,
    (None, "nowhere_allowed"): _nowhere,
    (None, "allowed_too_few_places"): _places,
    (None, "allowed_vs_apart"): _all_apart,
    (Kind.PEOPLE_APART, "apart_too_many"): _all_apart,
    (Kind.PEOPLE_TOGETHER, "together_too_big"): _together_big,
}


def gathered(clashes: Sequence[Told]) -> list[Told]:
    """Return clashes with those that come one for each person gathered, one for each rule."""
    found: list[Told] = []
    at: dict[tuple[str, int], int] = {}
    for clash in clashes:
        key = clash["code"], clash.get("rule", -1)
        if clash["code"] not in PER_PERSON:
            found.append(clash)
        elif key in at:
            first = found[at[key]]
            found[at[key]] = {**first, "people": [*first["people"], *clash["people"]]}
        else:
            at[key] = len(found)
            found.append(clash)
    return found


def broken_of(rule: Rule | None, broken: Told, *, people: str, where: str) -> str:
    """Return one broken rule; "" for one that `wording` tells."""
    values = {
        "people": people,
        "where": where,
        "value": broken["value"],
        "rule": sentence_of(rule) if rule else "",
    }
    match broken["code"]:
        case "too_many" if rule and rule.kind == Kind.AT_MOST:
            return _("%(where)s has more people with “%(value)s” than “%(rule)s” allows.") % values
        case "too_few":
            return _("%(where)s has too few people with “%(value)s”.") % values
        case "too_few_hours":
            return _("%(where)s has too few hours when its people can meet.") % values
        case "not_apart":
            return _("%(people)s were to be apart, and are together in %(where)s.") % values
        case "not_allowed":
            return _("%(people)s should not be in %(where)s: “%(rule)s”.") % values
        case "not_together" if rule and rule.kind == Kind.PEOPLE_TOGETHER:
            return _("%(people)s were to be together, and are in %(where)s.") % values
    return ""


def _has_wish(told: Told, names: Names) -> str:
    if told.get("rank") == 1:
        return _("Wished for %(topic)s first of all.") % {"topic": told.get("topic", "")}
    return _("Wished for %(topic)s, as choice %(rank)s.") % {
        "topic": told.get("topic", ""),
        "rank": told.get("rank", ""),
    }


def _wants_topic(told: Told, names: Names) -> str:
    return _("Wants help with %(topic)s.") % {"topic": told.get("topic", "")}


def _need_is_met(told: Told, names: Names) -> str:
    return _("Wants help with %(topic)s, and %(people)s can give it.") % {
        "topic": told.get("topic", ""),
        "people": _people(told, names),
    }


def _meets_need(told: Told, names: Names) -> str:
    return _("Can help with %(topic)s, which %(people)s need.") % {
        "topic": told.get("topic", ""),
        "people": _people(told, names),
    }


def _shares_need(told: Told, names: Names) -> str:
    return _("Wants help with %(topic)s, as %(people)s do.") % {
        "topic": told.get("topic", ""),
        "people": _people(told, names),
    }


def _shares_hours(told: Told, names: Names) -> str:
    slots = [slot for slot in told.get("slots", []) if isinstance(slot, int)]
    return _("Is free when the others are: %(hours)s.") % {"hours": listed([_slot(each) for each in slots])}


def _stays(told: Told, names: Names) -> str:
    return _("Stays with the people of before.")


def _only_allowed(told: Told, names: Names) -> str:
    return _("May only be in groups about some of the topics.")


def _kept_apart(told: Told, names: Names) -> str:
    people = _people(told, names)
    return _("Is meant to be apart from %(people)s.") % {"people": people} if people else ""


def _different_number(told: Told, names: Names) -> str:
    return _("Brings a number that is far from those of the others.")


MOST_NAMED = 3
A_SUNDAY = datetime(2023, 1, 1)


def _people(told: Told, names: Names) -> str:
    known = [names[each] for each in told.get("people", ()) if each in names]
    more = len(known) - MOST_NAMED
    if more > 0:
        others = ngettext("one more", "%(count)d more", more) % {"count": more}
        known = [*known[:MOST_NAMED], others]
    return listed(known)


def _slot(slot: int) -> str:
    day, hour = slot_in_words(slot)
    at = A_SUNDAY.replace(day=1 + day, hour=hour)
    return f"{date_format(at, 'D')} {date_format(at, 'TIME_FORMAT')}"


TELLERS: Mapping[str, Callable[[Told, Names], str]] = {
    "has_wish": _has_wish,
    "wants_topic": _wants_topic,
    "need_is_met": _need_is_met,
    "meets_need": _meets_need,
    "shares_need": _shares_need,
    "shares_hours": _shares_hours,
    "stays": _stays,
    "only_allowed": _only_allowed,
    "kept_apart": _kept_apart,
    "different_number": _different_number,
}
"""The reasons that rules about topics, hours, people and earlier groups give, told to the staff."""
