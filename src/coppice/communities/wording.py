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

COLUMN = "attribute:"
"""What the key of a roster's own column begins with, in the parameters of a reason."""

# Attributes that people of a community see of one another anyway; sharing any other is never told.
OPEN_ATTRIBUTES: Mapping[str, str | Promise] = {
    "organization": gettext_lazy("organization"),
    "organizations": gettext_lazy("organization"),
    "area": gettext_lazy("area"),
    "kind": gettext_lazy("kind of organization"),
    "language": gettext_lazy("language"),
    "time_zone": gettext_lazy("time zone"),
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


def _sentence(reason: Mapping[str, Any]) -> str:
    teller = _TELLERS.get(str(reason.get("code", "")))
    parameters = reason.get("parameters")
    return teller(parameters if isinstance(parameters, dict) else {}) if teller else ""


def _locked(parameters: Mapping[str, Any]) -> str:
    return _("Somebody who knows the program chose this place for you.")


def _kept_together(parameters: Mapping[str, Any]) -> str:
    return _("Some of the people here and you were to stay together.")


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
    attribute, count = _attribute(parameters), parameters.get("count")
    if not attribute:
        return _own_answer(parameters)
    if not isinstance(count, int) or count < 1:
        return ""
    return ngettext(
        "One other person here has the same %(attribute)s as you.",
        "%(count)d other people here have the same %(attribute)s as you.",
        count,
    ) % {"count": count, "attribute": attribute}


def _own_answer(parameters: Mapping[str, Any]) -> str:
    """An answer that others do not see, told to whoever gave it, without a hint on who else did."""
    field, value = _private_field(parameters), str(parameters.get("value") or "")
    count, others = parameters.get("count"), parameters.get("others")
    if not field or not value:
        return ""
    if isinstance(count, int) and isinstance(others, int) and FEWEST_COUNTED <= count < others:
        return ngettext(
            "%(field)s “%(value)s”: you share it with %(count)d other person here.",
            "%(field)s “%(value)s”: you share it with %(count)d other people here.",
            count,
        ) % {"field": field, "value": value, "count": count}
    return _("%(field)s “%(value)s”: we looked at this when we chose your place.") % {
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
    field = _attribute(parameters) or _private_field(parameters)
    if not field:
        return ""
    return _("Mixed on purpose in every group: %(field)s. You are part of the mix.") % {"field": field}


def _adds_value(parameters: Mapping[str, Any]) -> str:
    attribute = _attribute(parameters)
    return (
        _("You bring another %(attribute)s into the group.") % {"attribute": attribute} if attribute else ""
    )


def _shares_hours(parameters: Mapping[str, Any]) -> str:
    return _("You are free when most of the group is free.")


def _stays(parameters: Mapping[str, Any]) -> str:
    return _("You stay with people whom you know from before.")


def _placed_by_default(parameters: Mapping[str, Any]) -> str:
    return _("You had not told us your wishes, so we chose for you. Tell us if another is better.")


def _fits_size(parameters: Mapping[str, Any]) -> str:
    return _("This group is small enough for everybody to know one another.")


def _topic(parameters: Mapping[str, Any]) -> str:
    return str(parameters.get("topic") or "")


def _attribute(parameters: Mapping[str, Any]) -> str:
    return str(OPEN_ATTRIBUTES.get(str(parameters.get("attribute", "")), ""))


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
