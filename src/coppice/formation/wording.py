"""Rules, reasons, broken rules and clashes in kind sentences, for the people who form communities."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from coppice.formation.lists import listed
from coppice.formation.models import Formation
from coppice.formation.reasons import merged
from coppice.formation.rule_wording import TELLERS, broken_of, clash_of, gathered, sentence_of, topics_clash
from coppice.formation.rules import FIELDS, Kind, Rule, label_of, rules_of, written
from coppice.programs.wording import words_for

type Names = Mapping[str, str]

BEYOND_VALUES: Mapping[str, Promise] = {
    "needs": gettext_lazy("needs"),
    "wishes": gettext_lazy("wishes"),
    "hours": gettext_lazy("free hours"),
}
"""What the engine calls the answers that are more than a value."""


def community_name(formation: Formation, *, number: int, area: str = "", again: int = 0) -> str:
    """Return the name of a proposed community that nobody has named: its area, or its number."""
    if formation.is_whole_cohort:
        return formation.program.name
    if area:
        return _("%(area)s %(number)d") % {"area": area, "number": again} if again > 1 else area
    return _("%(community)s %(number)d") % {
        "community": capfirst(words_for(formation.program).community),
        "number": number,
    }


def field_label(key: str) -> str:
    """Return a field in words."""
    return str(BEYOND_VALUES[key]) if key in BEYOND_VALUES else label_of(key)


def value_words(key: str, value: str) -> str:
    """Return an answer to a field in words: a language by its name, any other as it was given."""
    return _language(value) if key == "language" else value


def rule_sentence(rule: Rule) -> str:
    """Return a rule as the studio lists it."""
    if rule.kind == Kind.CHOSEN:
        return _("Chosen organizations together")
    told = sentence_of(rule)
    if told:
        return told
    sentences = _OF_OURS if rule.field in FIELDS else _OF_A_COLUMN
    return str(sentences[rule.kind]) % {"field": rule.field_label}


# A column may be called by a whole question, which fits into no sentence of ours.
_OF_OURS: Mapping[Kind, str | Promise] = {
    Kind.TOGETHER: gettext_lazy("Same %(field)s together"),
    Kind.APART: gettext_lazy("Same %(field)s apart"),
    Kind.ALIKE: gettext_lazy("Much the same %(field)s in each"),
    Kind.BALANCED: gettext_lazy("A good mix by %(field)s in each"),
    Kind.ACCOMPANIED: gettext_lazy("Nobody the only one of their %(field)s"),
}
_OF_A_COLUMN: Mapping[Kind, str | Promise] = {
    Kind.TOGETHER: gettext_lazy("Same answer together: %(field)s"),
    Kind.APART: gettext_lazy("Same answer apart: %(field)s"),
    Kind.ALIKE: gettext_lazy("Much the same answers in each: %(field)s"),
    Kind.BALANCED: gettext_lazy("A good mix of answers in each: %(field)s"),
    Kind.ACCOMPANIED: gettext_lazy("Nobody the only one with their answer: %(field)s"),
}


def reason_sentences(reasons: Sequence[Mapping[str, Any]], *, names: Names) -> list[str]:
    """Return why somebody is where they are; `names` gives people by enrollment id (text). Never empty."""
    told = [
        _reason(str(reason.get("code")), reason.get("parameters") or {}, names) for reason in merged(reasons)
    ]
    return list(dict.fromkeys(sentence for sentence in told if sentence)) or [
        _("The sizes asked for make room for them here.")
    ]


def broken_sentence(formation: Formation, broken: Mapping[str, Any], *, names: Names, groups: Names) -> str:
    """Return one broken rule; `names` gives people and `groups` communities by id (text)."""
    rule = _rule(formation, broken)
    people = listed([names[each] for each in broken["people"] if each in names])
    where = listed([groups[each] for each in broken["groups"] if each in groups])
    amount = broken["amount"]
    told = broken_of(rule, broken, people=people, where=where)
    if told:
        return told
    match broken["code"]:
        case "too_small":
            return ngettext(
                "%(where)s has one person fewer than its smallest size.",
                "%(where)s has %(amount)d people fewer than its smallest size.",
                amount,
            ) % {"where": where, "amount": amount}
        case "too_large":
            return ngettext(
                "%(where)s has one person more than its largest size.",
                "%(where)s has %(amount)d people more than its largest size.",
                amount,
            ) % {"where": where, "amount": amount}
        case "too_many":
            return _("%(people)s were to be apart by %(field)s, and are together in %(where)s.") % {
                "people": people,
                "field": rule.field_label if rule else "",
                "where": where,
            }
        case "not_together" if rule and rule.kind == Kind.CHOSEN:
            return _("People of the chosen organizations were to be together, and are in %(where)s.") % {
                "where": where
            }
        case "not_together":
            return _("People of “%(value)s” were to be together, and are in %(where)s.") % {
                "value": broken["value"],
                "where": where,
            }
    return _("A rule is broken in %(where)s.") % {"where": where}


def clash_sentences(formation: Formation, clashes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return why a proposal cannot exist, each rule once, however many kinds of people it is about."""
    return list(dict.fromkeys(sentence for sentence, _clashes in clashes_in_words(formation, clashes)))


def clashes_in_words(
    formation: Formation, clashes: Sequence[Mapping[str, Any]]
) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Return the sentences of `clash_sentences`, each with the clashes that it tells."""
    alike: dict[tuple[str, Any], list[Mapping[str, Any]]] = {}
    for place, clash in enumerate(gathered(clashes)):
        key = clash.get("rule") if clash.get("value") and clash["code"] in PER_KIND else f"alone {place}"
        alike.setdefault((clash["code"], key), []).append(clash)
    return [
        (_one_for_many(formation, here) if len(here) > 1 else clash_sentence(formation, here[0]), here)
        for here in alike.values()
    ]


PER_KIND = {"together_too_big", "too_many_of_kind"}
KINDS_NAMED = 4


def _one_for_many(formation: Formation, clashes: Sequence[Mapping[str, Any]]) -> str:
    """One sentence for a rule that cannot hold for several kinds of people, the largest first."""
    largest = sorted(clashes, key=lambda clash: (-clash["needed"], clash["value"]))
    named = [
        ngettext("one person of “%(value)s”", "%(people)d people of “%(value)s”", clash["needed"])
        % {"people": clash["needed"], "value": clash["value"]}
        for clash in largest[:KINDS_NAMED]
    ]
    more = len(largest) - len(named)
    if more:
        named.append(ngettext("one kind more", "%(count)d kinds more", more) % {"count": more})
    rule = _rule(formation, largest[0])
    words, available = words_for(formation.program), min(clash["available"] for clash in largest)
    values = {
        "rule": rule_sentence(rule) if rule else "",
        "available": available,
        "community": words.community,
        "groups": words.counted(available),
        "people": listed(named),
    }
    if rule is not None and rule.kind == Kind.AT_MOST:
        return (
            _("“%(rule)s” cannot hold: there is room for %(available)d, and there are %(people)s.") % values
        )
    if largest[0]["code"] == "together_too_big":
        return (
            _(
                "“%(rule)s” cannot hold: one %(community)s holds at most %(available)d, and there are "
                "%(people)s."
            )
            % values
        )
    return _("“%(rule)s” cannot hold: there are only %(groups)s, and %(people)s to put in them.") % values


def clash_sentence(formation: Formation, clash: Mapping[str, Any]) -> str:
    """Return why a proposal cannot exist, and what would make it possible."""
    if clash["code"] == "sizes":
        return _sizes(formation, clash)
    about_topics = topics_clash(clash)
    if about_topics:
        return about_topics
    rule = _rule(formation, clash)
    if rule is None:
        return _("People who are kept where they are leave no room for the others. Unlock some of them.")
    words = words_for(formation.program)
    values = {
        "rule": rule_sentence(rule),
        "field": rule.field_label,
        "value": clash["value"],
        "needed": clash["needed"],
        "available": clash["available"],
        "community": words.community,
        "groups": words.counted(clash["available"]),
        "maximum": formation.maximum,
    }
    told = clash_of(rule, clash, groups=words.counted(clash["available"]))
    if told:
        return _("“%(rule)s” cannot hold.") % values + f" {told}"
    match clash["code"]:
        case "together_too_big" if rule.kind == Kind.CHOSEN:
            return (
                _(
                    "The chosen organizations have %(needed)d people, and one %(community)s holds "
                    "at most %(available)d."
                )
                % values
            )
        case "together_too_big" if clash["value"]:
            return (
                _(
                    "“%(rule)s” puts %(needed)d people of “%(value)s” into one %(community)s, which holds "
                    "at most %(available)d."
                )
                % values
            )
        case "too_many_of_kind" | "apart_too_many":
            return (
                _(
                    "“%(rule)s” cannot hold: “%(value)s” has %(needed)d people, and there are only "
                    "%(groups)s to put them in."
                )
                % values
            )
        case "rules_vs_one_another" if len(clash["rules"]) > 1:
            rules = [rule_sentence(rules_of(formation)[place]) for place in clash["rules"]]
            return _("Within these sizes not all of these can hold: %(rules)s.") % {
                "rules": listed([f"“{each}”" for each in rules])
            }
        case "rule_vs_sizes" | "rules_vs_one_another":
            return _("Within these sizes “%(rule)s” cannot hold for everybody.") % values
        case _ if len(clash["rules"]) > 1:
            rules = [rule_sentence(rules_of(formation)[place]) for place in clash["rules"]]
            return _("These cannot both hold: %(rules)s. Take one of them away.") % {
                "rules": listed([f"“{each}”" for each in rules])
            }
    return (
        _("“%(rule)s” cannot hold beside the other rules and sizes. Take it away, or loosen another.")
        % values
    )


def _sizes(formation: Formation, clash: Mapping[str, Any]) -> str:
    if not clash["people"]:
        return _("There is nobody on the roster yet. Bring your people in first.")
    return ngettext(
        "One person does not make %(communities)s of %(minimum)d to %(maximum)d. Choose other sizes.",
        "%(people)d people do not divide into %(communities)s of %(minimum)d to %(maximum)d. "
        "Choose a smaller smallest size or a larger largest size.",
        clash["people"],
    ) % {
        "people": clash["people"],
        "minimum": formation.minimum,
        "maximum": formation.maximum,
        "communities": words_for(formation.program).communities,
    }


def _rule(formation: Formation, told: Mapping[str, Any]) -> Rule | None:
    rules = rules_of(formation)
    place = told.get("rule", -1)
    return rules[place] if 0 <= place < len(rules) else None


def _reason(code: str, parameters: Mapping[str, Any], names: Names) -> str:
    teller = _TELLERS.get(code)
    return teller(parameters, names) if teller else ""


def _moved_by_hand(parameters: Mapping[str, Any], names: Names) -> str:
    return _("Moved here by hand.")


def _locked(parameters: Mapping[str, Any], names: Names) -> str:
    return _("Kept here by hand.")


def _kept_together(parameters: Mapping[str, Any], names: Names) -> str:
    people = [names[each] for each in parameters.get("people", []) if each in names]
    return _("Is meant to be with %(people)s.") % {"people": listed(people)} if people else ""


def _shares_value(parameters: Mapping[str, Any], names: Names) -> str:
    count = int(parameters.get("count", 0))
    return ngettext(
        "Shares “%(value)s” (%(field)s) with one other person here.",
        "Shares “%(value)s” (%(field)s) with %(count)d other people here.",
        count,
    ) % {**_values(parameters), "count": count}


def _adds_value(parameters: Mapping[str, Any], names: Names) -> str:
    return _("Brings “%(value)s” (%(field)s) into the group.") % _values(parameters)


def _shares_values(parameters: Mapping[str, Any], names: Names) -> str:
    count = int(parameters.get("count", 0))
    return ngettext(
        "Shares %(values)s with one other person here.",
        "Shares %(values)s with %(count)d other people here, each.",
        count,
    ) % {"values": _several(parameters), "count": count}


def _adds_values(parameters: Mapping[str, Any], names: Names) -> str:
    return _("Brings %(values)s into the group.") % {"values": _several(parameters)}


def _several(parameters: Mapping[str, Any]) -> str:
    told = [_values({"attribute": attribute, "value": value}) for attribute, value in parameters["values"]]
    return listed([_("“%(value)s” (%(field)s)") % each for each in told])


def _similar_number(parameters: Mapping[str, Any], names: Names) -> str:
    return _("Has %(value)s (%(field)s); the others have %(mean)s on average.") % _values(parameters)


def _counts_towards(parameters: Mapping[str, Any], names: Names) -> str:
    return _("“%(value)s” (%(field)s) is shared out evenly, and there was room for it here.") % _values(
        parameters
    )


def _placed_by_default(parameters: Mapping[str, Any], names: Names) -> str:
    missing = listed([_quoted(each) for each in parameters.get("missing", [])])
    return _("The roster says nothing about %(missing)s, so they were put where there was room.") % {
        "missing": missing
    }


def _fits_size(parameters: Mapping[str, Any], names: Names) -> str:
    return _("The sizes asked for make room for them here.")


def _values(parameters: Mapping[str, Any]) -> dict[str, str]:
    mean = parameters.get("mean")
    value = parameters.get("value", "")
    attribute = str(parameters.get("attribute", ""))
    if attribute == "language":
        value = _language(str(value))
    return {
        "field": field_label(attribute),
        "value": written(value) if isinstance(value, float) else str(value),
        "mean": f"{mean:.1f}" if isinstance(mean, float) else "",
    }


def _quoted(attribute: str) -> str:
    """A field within a sentence; a roster's column as it is headed there."""
    label = field_label(attribute)
    return (
        label if attribute in FIELDS or attribute in BEYOND_VALUES else _("“%(column)s”") % {"column": label}
    )


def _language(code: str) -> str:
    """A language by its name in the reader's language; the code as it is when nobody knows it."""
    try:
        return capfirst(str(get_language_info(code)["name_translated"]))
    except KeyError:
        return code


# The reasons that the rules of a formation can give; communities.wording has those told to the person.
_TELLERS: Mapping[str, Callable[[Mapping[str, Any], Names], str]] = {
    "moved_by_hand": _moved_by_hand,
    "locked": _locked,
    "kept_together": _kept_together,
    "shares_value": _shares_value,
    "adds_value": _adds_value,
    "shares_values": _shares_values,
    "adds_values": _adds_values,
    "similar_number": _similar_number,
    "counts_towards": _counts_towards,
    "placed_by_default": _placed_by_default,
    "fits_size": _fits_size,
    **TELLERS,
}
