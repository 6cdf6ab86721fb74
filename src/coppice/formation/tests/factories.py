"""Real rows for the tests of formation and of the rooms above."""

from typing import Any

from coppice.accounts.models import Person
from coppice.communities.models import Community
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions, tasks
from coppice.formation.models import Formation, Place, Proposal, ProposedCommunity
from coppice.formation.rules import Rule
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
