"""Reads of formation that several doors use."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.shortcuts import get_object_or_404

from coppice.communities.models import Membership
from coppice.formation.aspects import aspects_of
from coppice.formation.boards import mark_of
from coppice.formation.models import Formation, Marketplace, Place, Proposal, ProposedCommunity
from coppice.formation.problems import Facts
from coppice.formation.rules import House, Kind, RosterRow, rules_of
from coppice.lib.ids import id_in
from coppice.notifications.models import Message
from coppice.programs.models import Affiliation, Enrollment, Topic

HEAVY = ("proposal__settings", "proposal__curve")
"""What a proposal keeps for its history alone."""


def formation_of(person: Any, *, formation_id: int) -> Formation:
    """Return a formation of a program that the person runs; raises Http404 otherwise.

    It has `has_marketplaces`, whether its program ever had one.
    """
    formations = Formation.objects.visible_to(person).select_related("program__provider", "on_table")
    boards = Marketplace.objects.filter(program=OuterRef("program"))
    formations = formations.annotate(has_marketplaces=Exists(boards))
    return get_object_or_404(formations.defer("on_table__settings", "on_table__curve"), pk=formation_id)


def place_of(person: Any, *, place_id: int) -> Place:
    """Return a place in a formation that the person may see; raises Http404 otherwise."""
    place = get_object_or_404(
        Place.objects.current()
        .filter(proposal__formation__in=Formation.objects.visible_to(person).values("pk"))
        .select_related("proposal__formation__program__provider", "proposed_community", "enrollment")
        .defer(*HEAVY),
        pk=place_id,
    )
    return _joined(place)


def communities_of(formation: Formation, *, is_counted: bool = True) -> list[ProposedCommunity]:
    """Return a formation's proposed communities in their order, each with its topic, in one query.

    Each has `moved_count`, the people put into it by hand, and `locked_count`, those who are locked, where
    that is to be counted.
    """
    if not is_counted:
        return list(formation.proposed_communities.select_related("topic"))
    here = Place.objects.current().filter(proposed_community=OuterRef("pk")).order_by()
    return list(
        formation.proposed_communities.select_related("topic").annotate(
            moved_count=_count(here.moved()), locked_count=_count(here.filter(is_locked=True))
        )
    )


def _count(places: QuerySet[Place]) -> Coalesce:
    counted = places.values("proposed_community").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def proposed_community_of(person: Any, *, proposed_community_id: int) -> ProposedCommunity:
    """Return a proposed community of a formation that the person may see; raises Http404 otherwise."""
    proposed_community = get_object_or_404(
        ProposedCommunity.objects.filter(
            proposal__formation__in=Formation.objects.visible_to(person).values("pk")
        )
        .select_related("proposal__formation__program__provider")
        .defer(*HEAVY),
        pk=proposed_community_id,
    )
    return _joined(proposed_community)


def proposal_of(person: Any, *, proposal_id: int) -> Proposal:
    """Return a proposal of a formation that the person may see; raises Http404 otherwise."""
    proposals = Proposal.objects.filter(formation__in=Formation.objects.visible_to(person).values("pk"))
    return get_object_or_404(
        proposals.select_related("formation__program__provider", "continued_from").defer(
            "continued_from__settings", "continued_from__curve", "continued_from__outcome"
        ),
        pk=proposal_id,
    )


def proposals_of(formation: Formation) -> QuerySet[Proposal]:
    """Return a formation's proposals, the newest first, with what a list tells of each, in one query.

    Each has `moved_count`, the people put somewhere by hand, and `weakest`, the lowest score (0 to 1) of a
    community.
    """
    moved = Place.objects.current().filter(proposal=OuterRef("pk"), moved_by_hand=True).order_by()
    counted = moved.values("proposal").annotate(count=Count("pk")).values("count")
    columns = ProposedCommunity.objects.filter(proposal=OuterRef("pk")).order_by().values("proposal")
    return (
        formation.proposals.defer("settings", "curve")
        .annotate(
            moved_count=Coalesce(Subquery(counted), 0),
            weakest=Subquery(columns.annotate(least=Min("score")).values("least")),
        )
        .order_by("-number")
    )


def is_whole(proposal: Proposal) -> bool:
    """Say whether all that the engine was told of people is kept still, so that it can be repeated."""
    kept = proposal.settings
    if "problem" not in kept:
        return False
    counts = proposal.places.asked().aggregate(
        people=Count("pk"), answered=Count("pk", filter=~Q(answers={}))
    )
    return (kept["people"], kept["answered"]) == (counts["people"], counts["answered"])


@dataclass(frozen=True)
class Lines:
    """What the database says of people and of their organizations, in a steady order, not read yet.

    Quick to get, and to compare with what it said before; `rows` takes most of the time.
    """

    people: list[tuple[Any, ...]]
    houses: list[tuple[Any, ...]]

    def rows(self) -> list[RosterRow]:
        """Return what this tells of each person."""
        houses: dict[int, list[House]] = {}
        for enrollment_id, *house in self.houses:
            houses.setdefault(enrollment_id, []).append(House(*house))
        return [
            RosterRow(pk, name, language, zone, title, json.loads(attributes), tuple(houses.get(pk, ())))
            for pk, name, language, zone, title, attributes in self.people
        ]


def roster_of(program_id: int) -> list[RosterRow]:
    """Return the current people of a program with their organizations, in a steady order, in two queries."""
    return lines_of(program_id).rows()


def lines_of(program_id: int) -> Lines:
    """Return what `roster_of` reads, in two queries."""
    return _lines(Enrollment.objects.current().filter(program=program_id))


def rows_of(people: QuerySet[Enrollment]) -> list[RosterRow]:
    """Return what the roster tells of these people, in a steady order, in two queries."""
    return _lines(people).rows()


def _lines(people: QuerySet[Enrollment]) -> Lines:
    house = (f"organization__{name}" for name in ("pk", "name", "area", "kind"))
    houses = Affiliation.objects.filter(enrollment__in=people.values("pk")).order_by("pk")
    told = people.order_by("pk").annotate(as_written=Cast("attributes", TextField()))
    return Lines(
        people=list(
            told.values_list("pk", "name", "language", "time_zone", "job_title", "as_written"),
        ),
        houses=list(houses.values_list("enrollment_id", *house)),
    )


def facts_of(formation: Formation) -> Facts:
    """Return what the program knows beside its roster, in one query for each thing that is asked for.

    Who is in several communities counts for the one that they came into first.
    """
    topics: dict[int, str] = {}
    earlier: dict[int, str] = {}
    rules = rules_of(formation)
    if aspects_of(formation).has_topics:
        topics = dict(Topic.objects.filter(program=formation.program_id).values_list("pk", "name"))
    if any(rule.kind == Kind.STAY for rule in rules):
        earlier = present_communities_of(formation.program_id)
    return Facts(topics=topics, earlier=earlier)


def present_communities_of(program_id: int) -> dict[int, str]:
    """Return the name of the living community that each person (enrollment's id) of a program is in."""
    members = Membership.objects.taking_part().filter(community__program=program_id, community__ended_at=None)
    return dict(members.order_by("-pk").values_list("enrollment_id", "community__name"))


def assignment_of(formation: Formation) -> dict[int, int]:
    """Return the proposed community (id) of everybody who is still on the roster (enrollment id)."""
    places = formation.places.current()
    return dict(places.values_list("enrollment_id", "proposed_community_id"))


def places_of(formation: Formation) -> list[Place]:
    """Return a formation's places with people and organizations, leaders first, in two queries."""
    return list(
        formation.places.current()
        .select_related("enrollment__person", "proposed_community")
        .prefetch_related(_with_organizations("enrollment__affiliations"))
        .order_by("proposed_community__position", "-is_leader", "enrollment__name", "pk")
    )


def sample_place_of(formation: Formation, *, sought: str) -> Place | None:
    """Return the place with this id (text), else the first of somebody whom mail reaches, else the first."""
    places = (
        formation.places.current()
        .select_related("enrollment__person", "proposed_community__topic")
        .select_related("proposal__formation__program__provider")
        .defer(*HEAVY)
        .order_by("proposed_community__position", "-is_leader", "enrollment__name", "pk")
    )
    chosen = places.filter(pk=id_in(sought)).first()
    by_mail = places.filter(enrollment__contact_mode=Enrollment.ContactMode.EMAIL)
    return chosen or by_mail.first() or places.first()


def beside(place: Place) -> list[Place]:
    """Return who else is in the same proposed community, leaders first."""
    return list(
        place.proposed_community.places.current()
        .exclude(pk=place.pk)
        .select_related("enrollment")
        .prefetch_related("enrollment__organizations")
        .order_by("-is_leader", "enrollment__name", "pk")
    )


def places_called(formation: Formation, name: str, *, at_most: int) -> list[Place]:
    """Return places of people whose name holds these letters, by name."""
    return list(
        formation.places.current()
        .filter(enrollment__name__icontains=name)
        .select_related("enrollment", "proposed_community")
        .order_by("enrollment__name", "pk")[:at_most]
    )


def names_of(formation: Formation, enrollment_ids: Iterable[str]) -> dict[str, str]:
    """Return people of a formation's program by enrollment id (text), for sentences that name them."""
    people = Enrollment.objects.filter(program=formation.program_id, pk__in=set(enrollment_ids))
    return {str(each.pk): str(each) for each in people.only("name")}


def mark_on_table(formation: Formation) -> str:
    """Return a mark of what would be published: another one as soon as people, leaders or names differ.

    In two queries.
    """
    places = formation.places.current().order_by("pk")
    columns = formation.proposed_communities.order_by("pk")
    return mark_of(
        formation.on_table_id,
        list(places.values_list("pk", "proposed_community", "is_leader")),
        list(columns.values_list("pk", "name", "topic", "purpose")),
    )


def unplaced_count(formation: Formation) -> int:
    """Return how many current people of the program have no place in this formation."""
    return (
        Enrollment.objects.current()
        .filter(program=formation.program_id)
        .exclude(pk__in=formation.places.values("enrollment"))
        .count()
    )


def placed_elsewhere_count(formation: Formation) -> int:
    """Count people of a proposal who are in, or invited to, a living community of the program already."""
    states = [Membership.State.INVITED, Membership.State.ACTIVE, Membership.State.PAUSED]
    elsewhere = Membership.objects.filter(
        community__program=formation.program_id, community__ended_at=None, state__in=states
    )
    return formation.places.filter(
        enrollment__ended_at=None, enrollment__in=elsewhere.values("enrollment")
    ).count()


def unsettled_marketplaces(formation: Formation) -> list[Marketplace]:
    """Return the program's marketplaces that are open, or on which people have places and wait for a round.

    Each has its `placed`, how many people have a place on it; in one query.
    """
    places = Q(choices__is_waiting=False, choices__enrollment__ended_at=None, choices__topic__hidden_at=None)
    found = (
        Marketplace.objects.unsettled()
        .filter(program=formation.program_id)
        .select_related("program")
        .annotate(placed=Count("choices__enrollment", filter=places, distinct=True))
        .order_by("closes_on", "pk")
    )
    return [each for each in found if each.is_open or each.placed]


@dataclass(frozen=True)
class Mail:
    """How many invitations of a formation have left, still wait, or could not be sent."""

    out: int
    waiting: int
    failed: int

    @property
    def total(self) -> int:
        return self.out + self.waiting + self.failed


def mail_of(formation: Formation) -> Mail:
    """Return where the invitations of a published formation are, in two queries."""
    keys = [
        f"community:{pk}"
        for pk in formation.proposed_communities.exclude(community=None).values_list("community", flat=True)
    ]
    invitations = Message.objects.of(formation.program.scope).filter(
        list_key__in=keys, occasion__startswith="invitation:"
    )
    counts = Counter(dict(invitations.order_by().values_list("state").annotate(Count("pk"))))
    over = counts[Message.State.SENT] + counts[Message.State.WITHHELD]
    failed = counts[Message.State.FAILED]
    return Mail(out=over, waiting=counts.total() - over - failed, failed=failed)


def _joined[T: (Place, ProposedCommunity)](thing: T) -> T:
    """The thing, its formation having its proposal on the table in hand, if that is where the thing is."""
    formation, proposal = thing.formation, thing.proposal
    if formation.on_table_id == proposal.pk:
        formation.on_table = proposal
    return thing


def _with_organizations(path: str) -> Prefetch:
    affiliations = Affiliation.objects.select_related("organization").order_by("pk")
    return Prefetch(path, queryset=affiliations)
