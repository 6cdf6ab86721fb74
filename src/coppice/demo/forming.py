"""A program that is about to begin: a roster with answers, one proposal that holds and one that cannot."""

from collections.abc import Sequence

from coppice.accounts.models import Person
from coppice.communities.models import Community
from coppice.demo import cast
from coppice.formation import actions, tasks
from coppice.formation.rules import Kind, Rule
from coppice.programs.models import Affiliation, Enrollment, Organization, Program

TOPICS = ("Crossing guards", "Walking groups", "Bike lessons", "Bus stops")
CHOICE, YEARS = "attribute:First choice", "attribute:Years in the field"
HOUSES = 34


def tell(program: Program, *, names: Sequence[str], host: str, by: Person) -> None:
    """Put these people on the program's roster and form them, as its manager has done so far."""
    _roster(program, names, host)
    apart = Rule(Kind.APART, "organization")
    actions_of = {
        "Everybody of an area together": (Community.Reason.AREA, 11, 13, [Rule(Kind.TOGETHER, "area")]),
        "By what people chose": (
            Community.Reason.STABLE_TEAM,
            11,
            13,
            [
                apart,
                Rule(Kind.ALIKE, CHOICE, is_told=True),
                Rule(Kind.BALANCED, YEARS),
                Rule(Kind.ACCOMPANIED, "language"),
            ],
        ),
    }
    for name, (reason, minimum, maximum, rules) in actions_of.items():
        formation = actions.start(
            program, name=name, reason=reason, minimum=minimum, maximum=maximum, rules=rules, by=by
        )
        tasks.propose.call(formation_id=formation.pk)


def _roster(program: Program, names: Sequence[str], host: str) -> None:
    houses = Organization.objects.bulk_create(
        Organization(
            program=program,
            name=name,
            area=cast.AREAS[place % len(cast.AREAS)],
            kind=cast.KINDS[place % len(cast.KINDS)],
        )
        for place, name in enumerate(cast.organizations(61 + HOUSES)[61:])
    )
    for place, name in enumerate(names):
        email = f"{name.lower().replace(' ', '.')}@{host}" if place % 19 != 7 else ""
        person = Person.objects.create_user(email or None, name=name)
        choice = {} if place % 14 == 5 else {"First choice": TOPICS[(place * 5 + place // 9) % len(TOPICS)]}
        enrollment = Enrollment.objects.create(
            program=program,
            person=person,
            name=name,
            email=email,
            phone="" if email else f"+1 555 020 {place:04d}",
            contact_mode=Enrollment.ContactMode.EMAIL if email else Enrollment.ContactMode.PHONE,
            job_title=cast.TITLES[place * 3 % len(cast.TITLES)],
            language="es" if place % 9 == 4 else "en",
            time_zone=cast.ZONES[place % len(cast.ZONES)],
            attributes={"Years in the field": place * 11 % 23 + 1, **choice},
        )
        Affiliation.objects.create(enrollment=enrollment, organization=houses[place * 7 % HOUSES])
