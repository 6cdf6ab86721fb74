"""Real rows for the tests of communities and of the rooms above."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities.models import Community, Membership
from coppice.programs.models import Affiliation, Enrollment, Organization, Program, Provider, Staff

_numbers = count(1)


def make_program(**fields: Any) -> Program:
    """A program of a provider of its own, in the middle of its award period."""
    number = next(_numbers)
    today = timezone.localdate()
    provider = fields.pop("provider", None) or Provider.objects.create(name=f"Provider {number}")
    return Program.objects.create(
        **{
            "provider": provider,
            "name": f"Program {number}",
            "award_starts": today - timedelta(days=30),
            "award_ends": today + timedelta(days=330),
            **fields,
        }
    )


def make_staff(program: Program, name: str = "Rosa Medina") -> Person:
    """Somebody who staffs the program's provider."""
    person = make_person(name)
    Staff.objects.create(provider=program.provider, person=person, name=name, email=person.email or "")
    return person


def make_person(name: str = "", **fields: Any) -> Person:
    number = next(_numbers)
    fields.setdefault("email", f"person{number}@example.org")
    return Person.objects.create_user(name=name or f"Person {number}", **fields)


def enroll(program: Program, name: str = "", *, organization: str = "", **fields: Any) -> Enrollment:
    """Somebody on the program's roster, with an account of their own."""
    person = fields.pop("person", None)
    if person is None:
        person = make_person(name, **({"email": None} if fields.get("email") == "" else {}))
    enrollment = Enrollment.objects.create(
        **{
            "program": program,
            "person": person,
            "name": name or person.name,
            "email": person.email or "",
            **fields,
        }
    )
    if organization:
        Affiliation.objects.create(
            enrollment=enrollment,
            organization=Organization.objects.get_or_create(program=program, name=organization)[0],
        )
    return enrollment


def make_community(program: Program | None = None, **fields: Any) -> Community:
    program = program or make_program()
    today = timezone.localdate()
    return Community.objects.create(
        **{
            "program": program,
            "name": f"Community {next(_numbers)}",
            "starts_on": today,
            "ends_on": today + timedelta(days=182),
            "time_zone": "America/New_York",
            **fields,
        }
    )


def add_member(
    community: Community,
    name: str = "",
    *,
    state: str = Membership.State.ACTIVE,
    role: str = Membership.Role.MEMBER,
    enrollment: Enrollment | None = None,
    **fields: Any,
) -> Membership:
    """Somebody with a place in the community, on its program's roster."""
    enrollment = enrollment or enroll(community.program, name)
    joined = state in {Membership.State.ACTIVE, Membership.State.PAUSED}
    return Membership.objects.create(
        community=community,
        person=enrollment.person,
        enrollment=enrollment,
        state=state,
        role=role,
        joined_at=timezone.now() if joined else None,
        **fields,
    )
