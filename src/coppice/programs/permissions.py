"""Who may do what to a provider, a program, an organization and its roster."""

from typing import Any

from coppice.programs.models import (
    Affiliation,
    Enrollment,
    FunderSeat,
    Organization,
    Program,
    Provider,
    Staff,
    providers_of,
)


def is_staff_of(person: Any, provider: Provider) -> bool:
    """Say whether this person works for the provider."""
    return provider.pk in providers_of(person)


def can_administer(person: Any, provider: Provider) -> bool:
    """Say whether this person may change the provider itself and who works for it."""
    return Staff.objects.filter(
        person=person, provider=provider, is_active=True, role=Staff.Role.ADMIN
    ).exists()


def can_create_program(person: Any) -> bool:
    """Say whether this person works for any provider, and so may create a program there."""
    return bool(providers_of(person))


def can_run(person: Any, program: Program) -> bool:
    """Say whether this person may run the program: its people, communities, calls and mail."""
    return program.provider_id in providers_of(person)


def can_read_summary(person: Any, program: Program) -> bool:
    """Say whether this person may read the program's counts: its staff and its funders."""
    return can_run(person, program) or FunderSeat.objects.filter(person=person, program=program).exists()


def can_read_organization(person: Any, organization: Organization) -> bool:
    """Say whether this person leads the organization or staffs its program."""
    return (
        can_run(person, organization.program)
        or Affiliation.objects.filter(
            organization=organization,
            is_lead=True,
            enrollment__person=person,
            enrollment__ended_at=None,
        ).exists()
    )


def can_run_program_of(person: Any, thing: Any) -> bool:
    """Say whether this person may run the program that `thing` (with a `program`) belongs to."""
    return can_run(person, thing.program)


def can_edit_enrollment(person: Any, enrollment: Enrollment) -> bool:
    """Say whether this person may change a roster row: the program's staff."""
    return can_run_program_of(person, enrollment)


def can_end_enrollment(person: Any, enrollment: Enrollment) -> bool:
    """Say whether this person may take somebody off the roster, and put them back: the program's staff."""
    return can_run_program_of(person, enrollment)
