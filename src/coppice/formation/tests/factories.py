"""Real rows for the tests of formation and of the rooms above."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities import actions as communities
from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions, tasks
from coppice.formation.frames import Frame
from coppice.formation.market_board import Chooser
from coppice.formation.models import (
    Choice,
    Decider,
    Formation,
    Marketplace,
    OfferedTopic,
    Offerer,
    Place,
    Proposal,
    ProposedCommunity,
    SwapRequest,
)
from coppice.formation.rules import Rule
from coppice.formation.swaps import seat_of
from coppice.programs.models import Affiliation, Enrollment, Organization, Program

AREAS = ("North", "South", "West")


def make_roster(program: Program, people: int = 24, *, organizations: int = 6) -> list[Enrollment]:
    """People in organizations of three areas and two types, each with a language and years of experience."""
    for number in range(organizations):
        Organization.objects.create(
            program=program,
            name=f"Organization {number}",
            area=AREAS[number % len(AREAS)],
            kind=("Clinic", "Shelter")[number % 2],
        )
    houses = list(program.organizations.order_by("pk"))
    enrollments = []
    for number in range(people):
        enrollment = enroll(
            program,
            f"Person {number:03}",
            language=("en", "es")[number % 4 == 0],
            attributes={"Years": number % 7, "Wants": "grants" if number % 2 else "volunteers"},
        )
        Affiliation.objects.create(enrollment=enrollment, organization=houses[number % organizations])
        enrollments.append(enrollment)
    return enrollments


def start_formation(program: Program, *, by: Person | None = None, **terms: Any) -> Formation:
    """A formation that waits to be worked out: two sizes, and no rules unless given."""
    rules: list[Rule] = terms.pop("rules", [])
    return actions.start(
        program,
        by=by or make_staff(program),
        rules=rules,
        **{
            "name": "Proposal 1",
            "reason": Community.Reason.STABLE_TEAM,
            "minimum": 7,
            "maximum": 9,
            **terms,
        },
    )


def make_proposal(program: Program | None = None, *, people: int = 24, **terms: Any) -> Formation:
    """A formation as it stands after its job."""
    if program is None:
        program = make_program()
        make_roster(program, people)
    formation = start_formation(program, **terms)
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    return formation


def make_proposal_of(formation: Formation, **more: Any) -> Proposal:
    """A proposal without places, put on the table of a formation; no engine is asked."""
    outcome = {"total": 1.0, "rules": {}, "broken": [], "without_answers": 0, "trials": 1, "seed": 1}
    fields = {"number": 1, "seed": 1, "trials": 1, "objective": 1.0, "outcome": outcome, **more}
    formation.on_table = Proposal.objects.create(
        formation=formation, settings={"terms": formation.terms}, **fields
    )
    formation.save(update_fields=["on_table"])
    return formation.on_table


def columns_of(formation: Formation) -> list[ProposedCommunity]:
    return list(formation.proposed_communities.all())


def people_in(column: ProposedCommunity) -> list[Place]:
    return list(column.places.order_by("pk"))


def make_published(
    program: Program | None = None,
    *,
    people: int = 24,
    days: int | None = 14,
    decided_by: str = Decider.MEMBERS,
    **terms: Any,
) -> Formation:
    """A formation after its publication, with so many days in which people may ask to change."""
    formation = make_proposal(program, people=people, **terms)
    today = timezone.localdate(timezone=formation.program.zone)
    actions.ask_to_publish(
        formation,
        frame=Frame(starts_on=today, ends_on=today + timedelta(days=180)),
        by=formation.created_by,
        swaps_until=None if days is None else today + timedelta(days=days),
        swaps_decided_by=decided_by,
    )
    tasks.publish.call(formation_id=formation.pk)
    return Formation.objects.select_related("program__provider").get(pk=formation.pk)


def founded(formation: Formation) -> list[Community]:
    return [column.community for column in columns_of(formation) if column.community is not None]


def members(community: Community, *, joined: bool = True) -> list[Membership]:
    """The people of a community, by id; everybody has said yes unless told otherwise."""
    rows = list(community.memberships.known_to_members().order_by("pk"))
    if joined:
        rows = [communities.accept(each, by=each.person) for each in rows]
    return rows


def ask(membership: Membership, wanted: Community | None = None, reason: str = "") -> SwapRequest:
    """Somebody asks to change, on their own page."""
    return actions.ask(seat_of(membership), wanted=wanted, by=membership.person, reason=reason)


def make_marketplace(program: Program | None = None, *, people: int = 8, **terms: Any) -> Marketplace:
    """A marketplace that is open for a week, with so many people on its roster; nobody has chosen."""
    if program is None:
        program = make_program()
        make_roster(program, people)
    today = timezone.localdate(timezone=program.zone)
    return actions.open_for_choice(
        program,
        by=make_staff(program),
        **{
            "name": "Launch",
            "minimum": 2,
            "maximum": 4,
            "closes_on": today + timedelta(days=7),
            "offered_by": Offerer.EVERYBODY,
            "waits": 2,
            **terms,
        },
    )


def choosers_of(marketplace: Marketplace) -> list[Chooser]:
    """Everybody on the roster of a marketplace, by their ids."""
    rows = Enrollment.objects.current().filter(program=marketplace.program).select_related("person")
    return [Chooser(marketplace, each) for each in rows.order_by("pk")]


def offer_topics(marketplace: Marketplace, *names: str) -> list[OfferedTopic]:
    """Topics that the staff put up."""
    return [actions.put_up(marketplace, name=name, why="", by=None) for name in names]


def choose(topic: OfferedTopic, *choosers: Chooser) -> list[Choice]:
    """Everybody of these takes a place in a topic."""
    return [actions.join(each, topic=topic, by=each.person) for each in choosers]


def who_is_in(topic: OfferedTopic) -> list[Enrollment]:
    return [each.enrollment for each in topic.choices.places().order_by("since", "pk")]


def waiting_in(topic: OfferedTopic) -> list[Enrollment]:
    return [each.enrollment for each in topic.choices.waiting()]
