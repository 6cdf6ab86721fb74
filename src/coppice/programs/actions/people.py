"""One person comes onto a roster, or their row is mended."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from coppice.accounts.models import Person
from coppice.history.actions import record
from coppice.programs.actions.organizations import Organizations
from coppice.programs.errors import AddressTaken
from coppice.programs.models import Affiliation, Enrollment, Program


@transaction.atomic
def enroll(
    program: Program, *, name: str, by: Any, email: str = "", organizations: Sequence[str] = (), **fields: Any
) -> Enrollment:
    """Put one person on the roster, with the names of their organizations; raises AddressTaken.

    Somebody whose address Coppice knows keeps the account they have, unchanged.
    """
    email = email.strip().lower()
    person = Person.objects.with_email(email).first() if email else None
    if person is not None and program.enrollments.filter(person=person).exists():
        raise AddressTaken
    if person is None:
        person = Person.objects.create_user(
            email=email or None,
            name=name,
            language=fields.get("language", "") or program.language,
            time_zone=fields.get("time_zone", ""),
        )
    fields.setdefault("contact_mode", contact_mode_for(email=email, phone=fields.get("phone", "")))
    enrollment = Enrollment.objects.create(program=program, person=person, name=name, email=email, **fields)
    _affiliate(enrollment, organizations)
    record("enrollment.added", scope=program.scope, by=by, subject=enrollment, about=person)
    return enrollment


@transaction.atomic
def change_enrollment(
    enrollment: Enrollment, *, by: Any, organizations: Sequence[str], **fields: Any
) -> Enrollment:
    """Mend one row of the roster and record which fields changed; raises AddressTaken.

    The account behind it gets an address only when it has none and no other account has it.
    """
    program = enrollment.program
    email = fields.get("email", enrollment.email).strip().lower()
    if email and program.enrollments.filter(email=email).exclude(pk=enrollment.pk).exists():
        raise AddressTaken
    fields["email"] = email
    changed = sorted(name for name, value in fields.items() if getattr(enrollment, name) != value)
    for name in changed:
        setattr(enrollment, name, fields[name])
    if changed:
        enrollment.save(update_fields=changed)
    person = enrollment.person
    if email and not person.email and not Person.objects.with_email(email).exists():
        person.email = email
        person.save(update_fields=["email"])
    if _affiliate(enrollment, organizations):
        changed.append("organizations")
    if changed:
        record(
            "enrollment.changed",
            scope=program.scope,
            by=by,
            subject=enrollment,
            about=person,
            detail={"changed": changed},
        )
    return enrollment


def contact_mode_for(*, email: str, phone: str) -> str:
    """Return how to reach somebody: by email, else by phone link, else on paper."""
    if email:
        return Enrollment.ContactMode.EMAIL
    return Enrollment.ContactMode.PHONE if phone else Enrollment.ContactMode.PAPER


def _affiliate(enrollment: Enrollment, names: Sequence[str]) -> bool:
    """Make the person belong to just these organizations of the program; say whether anything changed."""
    organizations = Organizations.of(enrollment.program)
    wanted = {organization.name: organization for organization in map(organizations.named, _filled(names))}
    current = set(enrollment.organizations.values_list("name", flat=True))
    if wanted.keys() == current:
        return False
    enrollment.affiliations.exclude(organization__name__in=wanted).delete()
    for name in sorted(wanted.keys() - current):
        organization = wanted[name]
        if organization.pk is None:
            organization.save()
        Affiliation.objects.create(enrollment=enrollment, organization=organization)
    return True


def _filled(names: Sequence[str]) -> list[str]:
    return [name for name in names if name.strip()]
