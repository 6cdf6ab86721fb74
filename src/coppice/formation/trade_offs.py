"""What somebody wins and gives up by changing places: told as it is, and without anybody else's answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from coppice.communities.models import Community, Membership
from coppice.communities.wording import FEWEST_TOGETHER, why
from coppice.formation.afterwards import Circle
from coppice.formation.hours import free_together
from coppice.formation.problems import ABOUT_HOURS
from coppice.formation.rules import rules_of
from coppice.formation.swaps import Exchange

OF_THEIRS = frozenset(
    {"has_wish", "wants_topic", "need_is_met", "meets_need", "shares_need", "shares_value", "stays"}
)
"""The codes of reasons for which a place suits somebody; the others are about the group or the sizes."""

OF_EVERY_GROUP = frozenset({"locked", "moved_by_hand", "counts_towards", "placed_by_default", "fits_size"})
"""The codes of reasons that would be the same in any other community: they speak for none."""

LAST = 1_000
"""The rank of a wish that is none."""


def gains_of(circle: Circle, exchange: Exchange) -> list[str]:
    """Return what of whoever asks speaks for the other place, in kind sentences; not what suits all."""
    there, here = _hours(circle, exchange)
    reasons = circle.told_reasons(_me(exchange), to=exchange.target.pk, without=_leaving(exchange))
    told = _in_words([each for each in reasons if each["code"] not in OF_EVERY_GROUP])
    return [*told, _hours_sentence(there, here)] if there > here else told


def losses_of(circle: Circle, exchange: Exchange) -> list[str]:
    """Return what speaks for the place where they are and not for the other, in kind sentences."""
    home = exchange.request.membership.community_id
    there = {
        _key(each): _worth(each)
        for each in circle.told_reasons(_me(exchange), to=exchange.target.pk, without=_leaving(exchange))
    }
    left = [
        each
        for each in circle.told_reasons(_me(exchange), to=home)
        if each["code"] in OF_THEIRS and _worth(each) > there.get(_key(each), float("-inf"))
    ]
    told = _in_words(left)
    hours_there, hours_here = _hours(circle, exchange)
    return [*told, _hours_sentence(hours_there, hours_here)] if hours_there < hours_here else told


def _in_words(reasons: list[dict[str, Any]]) -> list[str]:
    """Reasons as an invitation tells them, without what its community says of itself."""
    return why(Membership(community=Community(), reasons=reasons))


def _me(exchange: Exchange) -> int:
    return exchange.request.membership.enrollment_id


def _leaving(exchange: Exchange) -> list[int]:
    return [exchange.other.membership.enrollment_id] if exchange.other is not None else []


def _key(reason: Mapping[str, Any]) -> tuple[str, str]:
    """What a reason is about: of several of one kind a place has the better."""
    return reason["code"], str(reason["parameters"].get("attribute") or "")


def _worth(reason: Mapping[str, Any]) -> float:
    """How much a reason says, to compare two of one kind: a better wish, or more people alike."""
    parameters = reason["parameters"]
    if reason["code"] == "has_wish":
        return -float(parameters.get("rank") or LAST)
    return float(parameters.get("count") or 0)


def _hours(circle: Circle, exchange: Exchange) -> tuple[int, int]:
    """In how many of the hours when each group can meet somebody is free, there and here; (0, 0) if untold.

    Nothing is told where few have given their hours: it would be known whose they are.
    """
    rule = next((each for each in rules_of(circle.formation) if each.kind in ABOUT_HOURS), None)
    given = {person.id: person.hours for person in circle.draft.problem.people if person.hours is not None}
    me = str(_me(exchange))
    if rule is None or me not in given:
        return 0, 0
    here, there = str(exchange.request.membership.community_id), str(exchange.target.pk)
    gone = {str(each) for each in _leaving(exchange)}
    beside = {me, *(each for each in _people(circle, there) if each not in gone)}
    groups = [[given[each] for each in group if each in given] for group in (beside, _people(circle, here))]
    if min(map(len, groups)) < FEWEST_TOGETHER:
        return 0, 0
    free = [len(free_together(group, share=rule.share) & given[me]) for group in groups]
    return free[0], free[1]


def _people(circle: Circle, group: str) -> Iterable[str]:
    return [person for person, where in circle.assignment.items() if where == group]


def _hours_sentence(there: int, here: int) -> str:
    told = _("Hours when you are free and that group can meet: %(there)d. With this group: %(here)d.")
    return told % {"there": there, "here": here}
