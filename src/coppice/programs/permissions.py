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
)


def is_staff_of(person: Any, provider: Provider) -> bool:
    """Say whether this person works for the provider."""
    return Staff.objects.filter(person=person, provider=provider, is_active=True).exists()


def can_administer(person: Any, provider: Provider) -> bool:
    """Say whether this person may change the provider itself and who works for it."""
    return Staff.objects.filter(
        person=person, provider=provider, is_active=True, role=Staff.Role.ADMIN
    ).exists()


def can_create_program(person: Any) -> bool:
    """Say whether this person works for any provider, and so may create a program there."""
    return Staff.objects.filter(person=person, is_active=True).exists()


def can_run(person: Any, program: Program) -> bool:
    """Say whether this person may run the program: its people, communities, calls and mail."""
    return Program.objects.staffed_by(person).filter(pk=program.pk).exists()


def can_read_summary(person: Any, program: Program) -> bool:
    """Say whether this person may read the program's counts: its staff and its funders."""
    return can_run(person, program) or FunderSeat.objects.filter(person=person, program=program).exists()


def can_read_organization(person: Any, organization: Organization) -> bool:
    """Say whether this person leads the organization or staffs its program."""
    return (
        Affiliation.objects.filter(
            organization=organization,
            is_lead=True,
            enrollment__person=person,
            enrollment__ended_at=None,
        ).exists()
        or Program.objects.staffed_by(person).filter(pk=organization.program_id).exists()
    )


def can_run_program_of(person: Any, thing: Any) -> bool:
    """Say whether this person may run the program that `thing` (with a `program_id`) belongs to."""
    return Program.objects.staffed_by(person).filter(pk=thing.program_id).exists()


def can_edit_enrollment(person: Any, enrollment: Enrollment) -> bool:
    """Say whether this person may change a roster row: the program's staff."""
    return can_run_program_of(person, enrollment)
