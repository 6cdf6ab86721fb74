"""What a change would do, in the manager's words: the score, the rules that must hold, each aim."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.formation.afterwards import Circle, Outlook
from coppice.formation.rules import rules_of
from coppice.formation.swaps import Exchange
from coppice.formation.wording import broken_sentence, rule_sentence

MOST_AIMS = 3


@dataclass(frozen=True)
class Weighed:
    """An exchange with what it would do: `points` of 100 for the communities concerned, else sentences.

    `broken` are rules that must hold and would not; `aims` the aims that change most, each with its points.
    """

    exchange: Exchange
    points: int
    summary: str
    aims: list[str]
    broken: list[str]


def weigh(circle: Circle, exchange: Exchange) -> Weighed:
    """Return an exchange as the manager reads it before saying yes."""
    outlook = circle.outlook(exchange.moves)
    return Weighed(
        exchange=exchange,
        points=outlook.points,
        summary=points_sentence(outlook.points),
        aims=aim_sentences(circle, outlook),
        broken=broken_sentences(circle, outlook),
    )


def points_sentence(points: int) -> str:
    """Return what a change wins or loses the communities that it touches, in points of 100."""
    if not points:
        return _("No change in the score")
    if points < 0:
        return ngettext("%(points)d point worse", "%(points)d points worse", -points) % {"points": -points}
    return ngettext("%(points)d point better", "%(points)d points better", points) % {"points": points}


def aim_sentences(circle: Circle, outlook: Outlook) -> list[str]:
    """Return the aims that a change touches most, such as "A good mix by area in each: 4 worse"."""
    rules = rules_of(circle.formation)
    most = sorted(outlook.by_rule.items(), key=lambda each: -abs(each[1]))[:MOST_AIMS]
    return [
        _("%(rule)s: %(points)d worse") % {"rule": rule_sentence(rules[place]), "points": -points}
        if points < 0
        else _("%(rule)s: %(points)d better") % {"rule": rule_sentence(rules[place]), "points": points}
        for place, points in most
    ]


def broken_sentences(circle: Circle, outlook: Outlook) -> list[str]:
    """Return the rules that must hold and that a change would break."""
    names: Mapping[str, str] = {person: row.name for person, row in circle.roster.items()}
    groups = {key: str(each.community) for key, each in circle.proposed.items()}
    return [broken_sentence(circle.formation, each, names=names, groups=groups) for each in outlook.broken]
