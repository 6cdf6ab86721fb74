"""Why this person is in this community, in kind sentences that give away nobody's private answers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.communities.models import Community, Membership
from coppice.programs.wording import attribute_label

MOST = 4

# A number of others is told from here on, and never when it is everybody: fewer, or all, could be named.
FEWEST_COUNTED = 5

FEWEST_TOGETHER = 5
"""In a smaller group nothing is told that follows from what others answered: it could only be one of few."""

COLUMN = "attribute:"
"""What the key of a roster's own column begins with, in the parameters of a reason."""

# Attributes that people of a community see of one another anyway; sharing any other is never told.
OPEN_ATTRIBUTES = frozenset({"organization", "organizations", "area", "kind", "language", "time_zone"})

MIXED: Mapping[str, str | Promise] = {
    "organization": gettext_lazy("We mixed organizations in every group, so that you hear how others do it."),
    "area": gettext_lazy("We mixed areas in every group, so that you hear how it is done elsewhere."),
    "kind": gettext_lazy(
        "We brought different kinds of organization together, so that you see things from another side."
    ),
    "language": gettext_lazy("We brought people of different languages together in every group."),
    "time_zone": gettext_lazy("We brought people of different time zones together in every group."),
}
BROUGHT: Mapping[str, str | Promise] = {
    "organization": gettext_lazy("With you, one more organization has a voice in this group."),
    "area": gettext_lazy("With you, one more area has a voice in this group."),
    "kind": gettext_lazy("With you, one more kind of organization has a voice in this group."),
    "language": gettext_lazy("With you, one more language is at home in this group."),
    "time_zone": gettext_lazy("With you, the group reaches one more time zone."),
}

TOLD = "told"
"""The parameter of a reason about what is not open: the manager chose that its person may read it."""

# Our own fields that people do not see of one another; a roster's columns are such, too.
OWN_ATTRIBUTES: Mapping[str, str | Promise] = {"job_title": gettext_lazy("job title")}

PRESETS: Mapping[str, str | Promise] = {
    Community.Reason.STABLE_TEAM: gettext_lazy(
        "The work between meetings needs a team that stays the same, so we put one together."
    ),
    Community.Reason.AREA: gettext_lazy(
        "You all work in the same area, and people who are near can help one another."
    ),
    Community.Reason.CHOSEN: gettext_lazy(
        "We chose these organizations because we believe that they have much to give one another."
    ),
    Community.Reason.WHOLE_COHORT: gettext_lazy(
        "Everybody in this program is in one group, so that nobody misses what another learns."
    ),
    Community.Reason.OWN_CHOICE: gettext_lazy(
        "People of the program put topics up and chose among them, and this is one of those topics."
    ),
}


def why(membership: Membership) -> list[str]:
    """Return at most four sentences on why this person is here, in the active language.

    The engine's reasons come first, in its order; unknown codes, reasons that would tell of somebody else's
    answers and those about an attribute that is neither open nor told are left out; the community's own
    reason closes.
    """
    told = [_sentence(reason) for reason in membership.reasons if isinstance(reason, dict)]
    preset = PRESETS.get(membership.community.reason)
    sentences = list(dict.fromkeys(sentence for sentence in told if sentence))[: MOST - bool(preset)]
    return [*sentences, str(preset)] if preset else sentences


def is_open(attribute: str) -> bool:
    """Whether people see this attribute of one another anyway; "" is about none, and open."""
    return not attribute or attribute in OPEN_ATTRIBUTES


def follows_from_others(reason: Mapping[str, Any]) -> bool:
    """Whether a reason tells that somebody else here gave a certain answer that others do not see."""
    if reason.get("code") in _FROM_ANSWERS_OF_OTHERS:
        return True
    parameters = reason.get("parameters")
    attribute = parameters.get("attribute") if isinstance(parameters, dict) else ""
    return not is_open(str(attribute or ""))


def _sentence(reason: Mapping[str, Any]) -> str:
    teller = _TELLERS.get(str(reason.get("code", "")))
    parameters = reason.get("parameters")
    return teller(parameters if isinstance(parameters, dict) else {}) if teller else ""


def _locked(parameters: Mapping[str, Any]) -> str:
    return _("Somebody who knows the program chose this place for you.")


def _kept_together(parameters: Mapping[str, Any]) -> str:
    return _("We wanted you and some of the people here to stay together.")


def _has_wish(parameters: Mapping[str, Any]) -> str:
    topic = _topic(parameters)
    if not topic:
        return ""
    if parameters.get("rank") == 1:
        return _("You asked for %(topic)s first of all.") % {"topic": topic}
    return _("You asked for %(topic)s.") % {"topic": topic}


def _wants_topic(parameters: Mapping[str, Any]) -> str:
    topic = _topic(parameters)
    return _("You want to work on %(topic)s.") % {"topic": topic} if topic else ""


def _need_is_met(parameters: Mapping[str, Any]) -> str:
    topic = _topic(parameters)
    return (
        _("You need help with %(topic)s, and somebody here knows about it.") % {"topic": topic}
        if topic
        else ""
    )


def _meets_need(parameters: Mapping[str, Any]) -> str:
    topic = _topic(parameters)
    return _("You know about %(topic)s, and others here can use that.") % {"topic": topic} if topic else ""


def _shares_need(parameters: Mapping[str, Any]) -> str:
    topic = _topic(parameters)
    return _("You are not the only one here who needs %(topic)s.") % {"topic": topic} if topic else ""


def _shares_value(parameters: Mapping[str, Any]) -> str:
    attribute, count = str(parameters.get("attribute") or ""), parameters.get("count")
    if not attribute or not is_open(attribute):
        return _own_answer(parameters)
    if not isinstance(count, int) or count < 1:
        return ""
    return {
        "area": ngettext(
            "One other person here works in your area.",
            "%(count)d other people here work in your area.",
            count,
        ),
        "kind": ngettext(
            "One other person here works in the same kind of organization as you.",
            "%(count)d other people here work in the same kind of organization as you.",
            count,
        ),
        "language": ngettext(
            "One other person here speaks your language.",
            "%(count)d other people here speak your language.",
            count,
        ),
        "time_zone": ngettext(
            "One other person here lives by the same clock as you.",
            "%(count)d other people here live by the same clock as you.",
            count,
        ),
    }.get(
        attribute,
        ngettext(
            "One other person here is from your organization.",
            "%(count)d other people here are from your organization.",
            count,
        ),
    ) % {"count": count}


def _own_answer(parameters: Mapping[str, Any]) -> str:
    """An answer that others do not see, told to whoever gave it, without a hint on who else did."""
    field, value = _private_field(parameters), str(parameters.get("value") or "")
    count, others = parameters.get("count"), parameters.get("others")
    if not field or not value:
        return ""
    if isinstance(count, int) and isinstance(others, int) and FEWEST_COUNTED <= count < others:
        return ngettext(
            "Your answer to “%(field)s” is “%(value)s”, and %(count)d other person here says the same.",
            "Your answer to “%(field)s” is “%(value)s”, and %(count)d other people here say the same.",
            count,
        ) % {"field": field, "value": value, "count": count}
    return _("Your answer to “%(field)s” is “%(value)s”. We kept it in mind when we chose your group.") % {
        "field": field,
        "value": value,
    }


def _private_field(parameters: Mapping[str, Any]) -> str:
    """What is not open, by its name, when the manager chose to tell it; nothing otherwise."""
    if parameters.get(TOLD) is not True:
        return ""
    key = str(parameters.get("attribute") or "")
    if key.startswith(COLUMN):
        return capfirst(attribute_label(key.removeprefix(COLUMN)))
    return capfirst(str(OWN_ATTRIBUTES.get(key, "")))


def _counts_towards(parameters: Mapping[str, Any]) -> str:
    attribute = str(parameters.get("attribute") or "")
    field = _private_field(parameters)
    if attribute and is_open(attribute):
        return str(MIXED.get(attribute, MIXED["organization"]))
    return (
        _("We wanted different answers to “%(field)s” in every group, and yours is one of them.")
        % {"field": field}
        if field
        else ""
    )


def _adds_value(parameters: Mapping[str, Any]) -> str:
    attribute = str(parameters.get("attribute") or "")
    return str(BROUGHT.get(attribute, BROUGHT["organization"])) if attribute and is_open(attribute) else ""


def _shares_hours(parameters: Mapping[str, Any]) -> str:
    return _("You are free when most of the group is free.")


def _stays(parameters: Mapping[str, Any]) -> str:
    return _("You stay with people whom you know from before.")


def _placed_by_default(parameters: Mapping[str, Any]) -> str:
    return _("This group was chosen for you among them all. Tell us if another would suit you better.")


def _fits_size(parameters: Mapping[str, Any]) -> str:
    return _("This group is small enough for everybody to know one another.")


def _topic(parameters: Mapping[str, Any]) -> str:
    return str(parameters.get("topic") or "")


_FROM_ANSWERS_OF_OTHERS = frozenset({"need_is_met", "meets_need", "shares_need", "shares_hours"})

# The codes of engines.grouping.ReasonCode that may be told. Missing on purpose: "kept_apart" (it would name a
# conflict), "only_allowed", "similar_number", "different_number" (numbers of others).
_TELLERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "locked": _locked,
    "moved_by_hand": _locked,
    "kept_together": _kept_together,
    "has_wish": _has_wish,
    "wants_topic": _wants_topic,
    "need_is_met": _need_is_met,
    "meets_need": _meets_need,
    "shares_need": _shares_need,
    "shares_value": _shares_value,
    "adds_value": _adds_value,
    "counts_towards": _counts_towards,
    "shares_hours": _shares_hours,
    "stays": _stays,
    "placed_by_default": _placed_by_default,
    "fits_size": _fits_size,
}
