"""Who is in which community by now, for what a manager takes away: tables, lists and badges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db.models import F, QuerySet

from coppice.communities.models import Membership
from coppice.formation.afterwards import members_of
from coppice.formation.answers import EXPERT
from coppice.formation.models import Formation
from coppice.formation.problems import reader_of
from coppice.formation.queries import rows_of
from coppice.formation.rules import RosterRow
from coppice.programs.models import Enrollment

PEOPLE_AT_ONCE = 1_000
"""So many people are on one page to print; the next page has the next communities."""

LEAST_AT_ONCE = 12
BADGES_ON_A_SHEET = 8
SIZES = ((17, ""), (22, "long"), (29, "longer"))
"""So many letters fit into a line of a badge in each size of a name, the largest first."""


@dataclass(frozen=True)
class Seat:
    """One person in a community."""

    row: RosterRow
    email: str
    leads: bool

    @property
    def name(self) -> str:
        return self.row.name or str(Enrollment())

    @property
    def organizations(self) -> list[str]:
        return [each.name for each in self.row.organizations]


@dataclass(frozen=True)
class Gathering:
    """A community with its people, leaders first; `pk` is the proposed community's."""

    pk: int
    name: str
    topic: str
    purpose: str
    seats: Sequence[Seat]


def page_size(formation: Formation) -> int:
    """Return how many communities one page to print holds."""
    return max(LEAST_AT_ONCE, PEOPLE_AT_ONCE // formation.maximum)


def gatherings_of(formation: Formation) -> list[Gathering]:
    """Return every community with its people, in five queries.

    Before publication as proposed; afterwards as they are by now: whoever changed, came later, left or said
    no is where they are. Names and purposes are then those of the communities.
    """
    seated = list(_seated(formation))
    people = Enrollment.objects.filter(pk__in=_seated(formation).values("who"))
    rows = {row.pk: row for row in rows_of(people)}
    emails = dict(people.values_list("pk", "email"))
    seats: dict[int, list[Seat]] = {}
    for each in seated:
        leads = each["leads"] in {True, Membership.Role.LEADER}
        seat = Seat(row=rows[each["who"]], email=emails[each["who"]], leads=leads)
        seats.setdefault(each["column"], []).append(seat)
    communities = formation.proposed_communities.select_related("topic", "community__topic")
    return [
        Gathering(
            pk=column.pk,
            name=each.name,
            topic=each.topic.name if each.topic else "",
            purpose=each.purpose,
            seats=sorted(seats.get(column.pk, ()), key=lambda seat: (not seat.leads, seat.name, seat.row.pk)),
        )
        for column in communities
        for each in [(formation.is_published and column.community) or column]
    ]


def _seated(formation: Formation) -> QuerySet[Any, Any]:
    """Who is in which proposed community, and whether they lead: {"who", "column", "leads"}."""
    if formation.is_published:
        return members_of(formation).values(
            who=F("enrollment"),
            column=F("community__proposed_as"),
            leads=F("role"),
        )
    places = formation.places.current()
    return places.values(who=F("enrollment"), column=F("proposed_community"), leads=F("is_leader"))


@dataclass(frozen=True)
class Badge:
    """What one person wears; `helps_with` is "" where they did not say, or it is not for others to read."""

    name: str
    organization: str
    community: str
    leads: bool
    helps_with: str

    @property
    def size(self) -> str:
        """How large the name is set, on two lines and without breaking a word: "" for most, to "longest"."""
        longest = max(len(self.name) / 2, *map(len, self.name.split()))
        return next((size for letters, size in SIZES if longest <= letters), "longest")


def badges_of(
    formation: Formation, gatherings: Iterable[Gathering], *, with_help: bool
) -> list[tuple[Badge, ...]]:
    """Return the badges of these communities' people by sheets of eight, each community beside the next."""
    gatherings = list(gatherings)
    helps = help_of(formation, gatherings) if with_help else {}
    badges = [
        Badge(
            name=seat.name,
            organization=", ".join(seat.organizations),
            community=gathering.name,
            leads=seat.leads,
            helps_with=helps.get(seat.row.pk, ""),
        )
        for gathering in gatherings
        for seat in gathering.seats
    ]
    return list(batched(badges, BADGES_ON_A_SHEET))


def help_of(formation: Formation, gatherings: Iterable[Gathering]) -> dict[int, str]:
    """Return the topic that each of these people (enrollment ids) knows best, of those who said one."""
    rows = [seat.row for each in gatherings for seat in each.seats]
    reader = reader_of(formation, roster=rows)
    found = {}
    for row in rows:
        known = {topic: level for topic, level in reader.read(row).expertise.items() if level >= EXPERT}
        if known:
            found[row.pk] = max(known, key=lambda topic: known[topic])
    return found
