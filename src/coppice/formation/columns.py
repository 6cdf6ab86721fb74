"""A proposal as columns of people: read in few queries, and no more of it than a page shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse

from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.queries import houses_of
from coppice.programs.models import Enrollment

PEOPLE_ON_A_PAGE = 720
LEAST_COLUMNS = 6
PEOPLE_IN_A_COLUMN = 200
WEAK = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One person in a column; `url` opens their place, `is_sought` marks whom a search found."""

    pk: int
    url: str
    name: str
    organizations: str
    is_leader: bool
    is_locked: bool
    is_sought: bool


@dataclass(frozen=True)
class Column:
    """A proposed community with its people; `hidden` counts those that are too many to show."""

    community: ProposedCommunity
    rows: list[Row]
    people_count: int
    organization_count: int

    @property
    def hidden(self) -> int:
        return self.people_count - len(self.rows)

    @property
    def percent(self) -> int | None:
        score = self.community.score
        return None if score is None else round(100 * score)

    @property
    def tone(self) -> str:
        return "hazel" if self.percent is not None and self.percent < WEAK else "leaf"

    @property
    def is_full(self) -> bool:
        return self.people_count >= self.community.maximum


def page_of(
    formation: Formation,
    communities: Sequence[ProposedCommunity],
    *,
    sought: str = "",
    number: str | None = None,
    showing: Place | None = None,
) -> Page:
    """Return a page of a formation's communities: as many as hold some hundred people.

    `sought` leaves those whose name, or one of whose people, has these letters. Without a `number` it is
    the page that holds the place `showing`.
    """
    if sought:
        holding = set(_sought(formation, sought).values_list("proposed_community", flat=True))
        letters = sought.casefold()
        communities = [each for each in communities if each.pk in holding or letters in each.name.casefold()]
    size = max(LEAST_COLUMNS, PEOPLE_ON_A_PAGE // formation.maximum)
    paginator = Paginator(communities, size)
    if number is None and showing is not None:
        order = [each.pk for each in communities]
        return paginator.get_page(order.index(showing.proposed_community_id) // size + 1)
    return paginator.get_page(number)


def columns_of(
    formation: Formation, communities: Iterable[ProposedCommunity], *, sought: str = ""
) -> list[Column]:
    """Return these communities with their people, leaders first, in two queries (three for a search)."""
    communities = list(communities)
    places = formation.places.current().filter(proposed_community__in=communities)
    found = set(_sought(formation, sought).values_list("pk", flat=True)) if sought else set()
    people = Enrollment.objects.filter(places__in=places.values("pk"))
    houses = houses_of(people)
    prefix = reverse("formation:place", args=[0]).removesuffix("0/")
    rows: dict[int, list[Row]] = {each.pk: [] for each in communities}
    organizations: dict[int, set[int]] = {each.pk: set() for each in communities}
    values = places.order_by("-is_leader", "enrollment__name", "pk").values_list(
        "pk", "proposed_community_id", "enrollment_id", "enrollment__name", "is_leader", "is_locked"
    )
    for pk, community, enrollment, name, is_leader, is_locked in values:
        here = houses.get(enrollment, [])
        organizations[community].update(house.pk for house in here)
        rows[community].append(
            Row(
                pk=pk,
                url=f"{prefix}{pk}/",
                name=name or str(Enrollment()),
                organizations=", ".join(house.name for house in here),
                is_leader=is_leader,
                is_locked=is_locked,
                is_sought=pk in found,
            )
        )
    return [
        Column(
            community=each,
            rows=sorted(rows[each.pk], key=lambda row: not row.is_sought)[:PEOPLE_IN_A_COLUMN],
            people_count=len(rows[each.pk]),
            organization_count=len(organizations[each.pk]),
        )
        for each in communities
    ]


def sought_count(formation: Formation, sought: str) -> int:
    """Return how many people have these letters in their name or their organization's."""
    return _sought(formation, sought).count()


def _sought(formation: Formation, sought: str) -> QuerySet[Place]:
    people = Enrollment.objects.filter(program=formation.program_id).filter(
        Q(name__icontains=sought) | Q(organizations__name__icontains=sought)
    )
    return formation.places.current().filter(enrollment__in=people.values("pk"))
