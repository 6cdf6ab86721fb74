"""One person's panel: why they are here, what every other place would cost, whom to change places with."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from coppice.formation import outcomes
from coppice.formation.facts import missing_of, unsaid_of
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.proposing import Standing
from coppice.formation.queries import rows_of
from coppice.formation.rules import answers_of, rules_of
from coppice.formation.unmet import unmet_sentences
from coppice.formation.views.sights import Sight
from coppice.formation.wording import broken_sentence, reason_sentences
from coppice.programs.models import Enrollment
from engines import grouping

BEST = 6
"""How many other communities are told of with what they would cost; the list to choose from has all."""

FULL_NAMED = 3


@dataclass(frozen=True)
class Option:
    """Another community that a person could go to, or somebody there (`partner`) to change places with.

    `points` is what that does to the score of the two communities together, in hundredths; `why` names the
    rules that it would break. It takes a yes (`needs_yes`) where these are not the usual sizes alone.
    """

    community: ProposedCommunity
    points: int
    people_count: int
    is_full: bool = False
    breaks: bool = False
    leaves_too_few: bool = False
    partner: Place | None = None
    why: tuple[str, ...] = ()
    needs_yes: bool = False

    @property
    def amount(self) -> int:
        return abs(self.points)


def panel_of(sight: Sight, *, beside: Place | None = None) -> dict[str, Any]:
    """Return what the panel shows of the person chosen; `beside` is whom they were carried onto."""
    place = sight.chosen
    if place is None:
        return {"chosen": None}
    named = (person for reason in place.reasons for person in reason.get("parameters", {}).get("people", ()))
    context: dict[str, Any] = {
        "chosen": place,
        "chosen_organizations": _organizations(sight, place),
        "reasons": [*_unmet(sight, place), *reason_sentences(place.reasons, names=sight.names(named))],
        "weighs": bool(sight.formation.outcome["rules"]),
    }
    if sight.stands is not None:
        options = _options(sight.stands, place, sight.communities)
        context |= {
            "missing": _missing(sight.formation, sight.stands, place),
            "options": options,
            "some_break": any(each.breaks for each in options),
            "best": _best(sight, place, options),
            "full": [each for each in options if each.is_full][:FULL_NAMED],
            "swaps": _swaps(sight, sight.stands, place),
            "offer": _offer(sight, sight.stands, place, beside, options) if beside is not None else None,
        }
    return context


def _organizations(sight: Sight, place: Place) -> list[str]:
    if sight.stands is None:
        return [each.name for each in place.enrollment.organizations.order_by("affiliations__pk")]
    return [house.name for house in sight.stands.roster[str(place.enrollment_id)].organizations]


def _missing(formation: Formation, stands: Standing, place: Place) -> str:
    row, rules = stands.roster[str(place.enrollment_id)], rules_of(formation)
    unsaid = unsaid_of(formation, rules, stands.roster.values())
    return ", ".join([*missing_of(answers_of(row), rules), *unsaid(row)])


def _unmet(sight: Sight, place: Place) -> list[str]:
    """What they answered and did not get, from the answers of all who are in the community."""
    if sight.stands is not None:
        group, roster = str(place.proposed_community_id), sight.stands.roster
        here = [row for person, row in roster.items() if sight.stands.assignment[person] == group]
    else:
        here = rows_of(
            Enrollment.objects.current().filter(places__proposed_community=place.proposed_community_id)
        )
    answers = {row.pk: answers_of(row) for row in here}
    if place.enrollment_id not in answers:
        return []
    return unmet_sentences(answers[place.enrollment_id], answers.values(), rules_of(sight.formation))


def _options(stands: Standing, place: Place, communities: list[ProposedCommunity]) -> list[Option]:
    sizes = Counter(stands.assignment.values())
    now, others = stands.board.alternatives(str(place.enrollment_id))
    by_pk = {str(each.pk): each for each in communities}
    here = sizes[str(place.proposed_community_id)]
    return [
        Option(
            community=by_pk[other.group],
            points=_points(sizes, place, other.group, other.total - now),
            people_count=sizes[other.group],
            is_full=sizes[other.group] >= by_pk[other.group].maximum,
            breaks=other.breaks,
            leaves_too_few=here <= by_pk[str(place.proposed_community_id)].minimum,
        )
        for other in others
    ]


def _points(sizes: Mapping[str, int], place: Place, group: str, gain: float) -> int:
    """A gain of the whole as hundredths of the score of the two communities that it changes."""
    two = sizes[str(place.proposed_community_id)] + sizes[group]
    return round(100 * gain * sum(sizes.values()) / two)


def _best(sight: Sight, place: Place, options: list[Option]) -> list[Option]:
    """The communities with room that cost least, those that break nothing first, each with what it breaks."""
    weighed = sorted(
        (each for each in options if not each.is_full), key=lambda each: (each.breaks, -each.points)
    )[:BEST]
    return [
        _told(sight, each, {str(place.enrollment_id): str(each.community.pk)}) if each.breaks else each
        for each in weighed
    ]


def _told(sight: Sight, option: Option, moves: Mapping[str, str]) -> Option:
    """The same with the rules that it would break, each in a sentence."""
    if sight.stands is None:
        return option
    broken = [outcomes.violation_of(sight.stands.draft, each) for each in sight.stands.board.broken(moves)]
    names = sight.names(person for each in broken for person in each["people"])
    told = [broken_sentence(sight.formation, each, names=names, groups=sight.groups) for each in broken]
    return replace(
        option, breaks=bool(broken), why=tuple(dict.fromkeys(told)), needs_yes=outcomes.breaks_rules(broken)
    )


def _swaps(sight: Sight, stands: Standing, place: Place) -> list[Option]:
    """The people to change places with, of all communities, as the engine ranks them, but for the locked."""
    now, found = stands.board.best_swaps(str(place.enrollment_id))
    options = _partners(sight, stands, place, {each.person: each.total - now for each in found})
    return [each for each in options if each.partner is not None and not each.partner.is_locked]


def _partners(sight: Sight, stands: Standing, place: Place, gains: Mapping[str, float]) -> list[Option]:
    sizes = Counter(stands.assignment.values())
    by_pk = {str(each.pk): each for each in sight.communities}
    places = {
        str(each.enrollment_id): each
        for each in sight.formation.places.current()
        .filter(enrollment__in=list(gains))
        .select_related("enrollment")
    }
    return [
        Option(
            community=by_pk[stands.assignment[person]],
            points=_points(sizes, place, stands.assignment[person], gain),
            people_count=sizes[stands.assignment[person]],
            partner=places[person],
        )
        for person, gain in gains.items()
        if person in places
    ]


def _offer(
    sight: Sight, stands: Standing, place: Place, beside: Place, options: list[Option]
) -> dict[str, Option | None] | None:
    """What somebody carried onto another may choose: to change places with them, or to join them."""
    first, second = str(place.enrollment_id), str(beside.enrollment_id)
    if stands.assignment.get(second) in {None, stands.assignment[first]}:
        return None
    moves = {first: stands.assignment[second], second: stands.assignment[first]}
    effect: grouping.Effect = stands.board.effect(moves)
    [swap] = _partners(sight, stands, place, {second: effect.after.total - effect.before.total})
    joined = next(each for each in options if each.community.pk == beside.proposed_community_id)
    return {
        "swap": _told(sight, swap, moves),
        "move": _told(sight, joined, {first: stands.assignment[second]}) if joined.breaks else joined,
    }
