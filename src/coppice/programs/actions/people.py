"""One person comes onto a roster, or their row is mended."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.accounts.models import Person
from coppice.history.actions import record
from coppice.programs.actions.organizations import Organizations
from coppice.programs.errors import AddressTaken, PersonIsErased
from coppice.programs.models import Affiliation, Enrollment, Program
from coppice.programs.signals import enrollment_ended


@transaction.atomic
def enroll(
    program: Program, *, name: str, by: Any, email: str = "", organizations: Sequence[str] = (), **fields: Any
) -> Enrollment:
    """Put one person on the roster, with the names of their organizations; raises AddressTaken.

    Somebody whose address Coppice knows keeps the account they have, unchanged; somebody who was taken off
    this roster comes back to it, with what is said of them now over what was said then.
    """
    email = email.strip().lower()
    person = Person.objects.with_email(email).first() if email else None
    known = program.enrollments.filter(person=person).first() if person is not None else None
    if known is not None:
        if known.ended_at is None:
            raise AddressTaken
        readmit(known, by=by)
        said = {key: value for key, value in fields.items() if value}
        return change_enrollment(known, by=by, organizations=organizations, name=name, email=email, **said)
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


@transaction.atomic
def end_enrollment(enrollment: Enrollment, *, by: Any) -> Enrollment:
    """Take somebody off the roster; their row stays for the counts. Doing it twice changes nothing.

    Announces `enrollment_ended`, so that their invitations and places of this program end with it.
    """
    enrollment = _current(enrollment)
    if enrollment.ended_at is not None:
        return enrollment
    enrollment.ended_at = timezone.now()
    enrollment.save(update_fields=["ended_at"])
    record(
        "enrollment.ended",
        scope=enrollment.program.scope,
        by=by,
        subject=enrollment,
        about=enrollment.person,
    )
    enrollment_ended.send(Enrollment, enrollment=enrollment, by=by)
    return enrollment


@transaction.atomic
def readmit(enrollment: Enrollment, *, by: Any) -> Enrollment:
    """Put somebody back on the roster; communities invite them anew. Doing it twice changes nothing.

    Raises PersonIsErased for somebody who had themself erased.
    """
    enrollment = _current(enrollment)
    if enrollment.ended_at is None:
        return enrollment
    if enrollment.person.erased_at is not None:
        raise PersonIsErased
    enrollment.ended_at = None
    enrollment.save(update_fields=["ended_at"])
    record(
        "enrollment.readmitted",
        scope=enrollment.program.scope,
        by=by,
        subject=enrollment,
        about=enrollment.person,
    )
    return enrollment


def _current(enrollment: Enrollment) -> Enrollment:
    """Return the row as the database has it, locked until the transaction ends."""
    return (
        Enrollment.objects.select_for_update(of=("self",))
        .select_related("program", "person")
        .get(pk=enrollment.pk)
    )


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
