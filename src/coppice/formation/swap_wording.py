"""What a change would do, in the manager's words: the score, the rules that must hold, each aim."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.communities.models import Community, Membership
from coppice.formation.afterwards import Circle, Outlook
from coppice.formation.lists import listed
from coppice.formation.models import Swap
from coppice.formation.notices import without_mail
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

    @property
    def is_advised(self) -> bool:
        """Whether it breaks no rule and makes nothing worse on the whole."""
        return not self.broken and self.points >= 0


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


def done_sentence(swap: Swap) -> str:
    """Return that a change is done, and whom a mail tells of it."""
    ways = {swap.request.membership: swap.target}
    if swap.other is not None:
        ways[swap.other.membership] = swap.request.membership.community
    done = _("Done. They have left one and are in the other.")
    return f"{done} {mail_sentence(ways)}"


def undone_sentence(swap: Swap) -> str:
    """Return who is where they were before a change, and whom a mail tells of it."""
    sides = [swap.request, *([swap.other] if swap.other is not None else [])]
    places = Membership.objects.known_to_members().filter(pk__in=[each.membership_id for each in sides])
    back = list(places.select_related("enrollment", "person", "community").order_by("pk"))
    if not back:
        return _("Nobody went back: they have left or moved on since.")
    if len(back) < len(sides):
        told = _("Taken back for %(names)s. Whoever has left or moved on since stays as they are.")
        done = told % {"names": _names(back)}
    else:
        done = _("Taken back. They are where they were.")
    return f"{done} {mail_sentence({each: each.community for each in back})}"


def mail_sentence(ways: Mapping[Membership, Community]) -> str:
    """Return whom a mail tells of the communities where they are now, and whom it does not reach."""
    unreached = without_mail(ways)
    if not unreached:
        return _("A mail tells them.")
    told = {"names": _names(unreached), "others": _names([each for each in ways if each not in unreached])}
    if told["others"]:
        return _("A mail tells %(others)s. No mail reaches %(names)s: tell them by phone or on paper.") % told
    return _("No mail reaches %(names)s: tell them by phone or on paper.") % told


def _names(people: Iterable[Membership]) -> str:
    return listed([str(each.enrollment) for each in people])


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
