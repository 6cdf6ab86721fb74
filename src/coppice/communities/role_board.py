"""Who has which role in a community, which are open, whose turn it could be, and who has carried how much."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.communities.role_models import Role, RoleOffer, RoleTerm

ENDS_SOON = timedelta(days=30)
SUGGESTED = 3
DAYS_OF_A_MONTH = 30.4


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a role, and how many minutes they have carried in roles here so far."""

    membership: Membership
    carried: int


@dataclass(frozen=True)
class RoleLine:
    """A role with its term, None where it is open; who offered; and who carried least, when it is time.

    `last` is the term before: its hand-over note is for whoever comes next.
    """

    role: Role
    term: RoleTerm | None
    last: RoleTerm | None
    offers: Sequence[RoleOffer]
    candidates: Sequence[Candidate]
    ends_soon: bool
    is_over: bool

    def is_offered_by(self, membership: Membership | None) -> bool:
        """Say whether this member would take it."""
        return membership is not None and any(each.membership_id == membership.pk for each in self.offers)


def roles_of(
    community: Community, *, people: Sequence[Membership] | None = None, on: date | None = None
) -> list[RoleLine]:
    """Return the roles of a community, open ones first, in three queries.

    `people` is what `people_of` returns, where it is known already.
    """
    today = on or timezone.localdate(timezone=community.zone)
    people = people_of(community) if people is None else people
    terms: dict[int, list[RoleTerm]] = defaultdict(list)
    for term in (
        RoleTerm.objects.filter(role__community=community)
        .select_related("holder__enrollment", "backup__enrollment", "role")
        .order_by("-starts_on", "-pk")
    ):
        terms[term.role_id].append(term)
    carried = carried_by([each for rows in terms.values() for each in rows], on=today)
    offers: dict[int, list[RoleOffer]] = defaultdict(list)
    for offer in RoleOffer.objects.filter(role__community=community).select_related("membership__enrollment"):
        offers[offer.role_id].append(offer)
    lines = [
        _line(role, terms[role.pk], offers[role.pk], people, carried, today)
        for role in community.roles.kept()
    ]
    return sorted(lines, key=lambda line: line.term is not None)


def people_of(community: Community) -> list[Membership]:
    """Return who could hold a role: members who are in, by name."""
    rows = Membership.objects.taking_part().filter(community=community).select_related("enrollment")
    return list(rows.order_by("enrollment__name", "pk"))


def carried_by(terms: Sequence[RoleTerm], *, on: date) -> dict[int, int]:
    """Return how many minutes members have carried in their terms until a day, by the membership's id.

    Minutes a month of the role, by the months of the term (30.4 days); a role without them counts none.
    """
    minutes: dict[int, float] = defaultdict(float)
    for term in terms:
        days = max(0, (min(term.ended_on or on, on) - term.starts_on).days)
        minutes[term.holder_id] += (term.role.minutes_a_month or 0) * days / DAYS_OF_A_MONTH
    return {holder: round(sum_of) for holder, sum_of in minutes.items()}


def _line(
    role: Role,
    terms: Sequence[RoleTerm],
    offers: Sequence[RoleOffer],
    people: Sequence[Membership],
    carried: dict[int, int],
    today: date,
) -> RoleLine:
    term = next((each for each in terms if each.ended_on is None), None)
    last = next((each for each in terms if each.ended_on is not None), None)
    ends_soon = term is not None and term.until is not None and term.until <= today + ENDS_SOON
    return RoleLine(
        role=role,
        term=term,
        last=last,
        offers=offers,
        candidates=_rested(people, carried, without=term) if term is None or ends_soon else [],
        ends_soon=ends_soon,
        is_over=ends_soon and term is not None and term.until is not None and term.until < today,
    )


def _rested(
    people: Sequence[Membership], carried: dict[int, int], *, without: RoleTerm | None
) -> list[Candidate]:
    """Active members who carried least so far; without the holder, and last who leads."""
    holder = without.holder_id if without else None
    others = [each for each in people if each.pk != holder and each.state == Membership.State.ACTIVE]
    ranked = sorted(others, key=lambda each: (each.is_leader, carried.get(each.pk, 0)))
    return [Candidate(each, carried.get(each.pk, 0)) for each in ranked[:SUGGESTED]]
