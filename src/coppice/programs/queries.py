"""Reads of programs and rosters that several doors use."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from coppice.accounts.models import Person
from coppice.notifications import queries as notifications
from coppice.notifications.inbound_models import AddressStanding, AddressStandingQuerySet
from coppice.notifications.models import Message, MessageQuerySet
from coppice.programs.models import (
    Enrollment,
    FunderSeat,
    Organization,
    Program,
    Provider,
    RosterImport,
    Staff,
)


def provider_of(person: Any, *, provider_id: int) -> Provider:
    """Return a provider that the person works for; raises Http404 otherwise."""
    return get_object_or_404(Provider.objects.visible_to(person), pk=provider_id)


def program_of(person: Any, *, program_id: int) -> Program:
    """Return a program that the person may know of; raises Http404 otherwise."""
    programs = Program.objects.select_related("provider").filter(pk=program_id)
    return programs.staffed_by(person).first() or get_object_or_404(programs.visible_to(person))


def organization_of(person: Any, *, organization_id: int) -> Organization:
    """Return an organization that the person leads or serves; raises Http404 otherwise."""
    return get_object_or_404(
        Organization.objects.visible_to(person).select_related("program__provider"), pk=organization_id
    )


def enrollment_of(person: Any, *, enrollment_id: int) -> Enrollment:
    """Return a roster row that the person may know of; raises Http404 otherwise."""
    return get_object_or_404(
        Enrollment.objects.visible_to(person).select_related("program__provider", "person"), pk=enrollment_id
    )


def roster_import_of(person: Any, *, roster_import_id: int) -> RosterImport:
    """Return a roster import of a program that the person runs, without its content yet; raises Http404
    otherwise."""
    return get_object_or_404(
        RosterImport.objects.visible_to(person).defer("content").select_related("program__provider"),
        pk=roster_import_id,
    )


@dataclass(frozen=True)
class ProgramMessage:
    """One mail of a program, for those who run it."""

    program: Program
    message: Message

    @property
    def program_id(self) -> int:
        return self.program.pk


def message_of(person: Any, *, program_id: int, message_id: int) -> ProgramMessage:
    """Return a mail of a program that the person runs, or of its provider; raises Http404 otherwise."""
    program = get_object_or_404(Program.objects.staffed_by(person).select_related("provider"), pk=program_id)
    return ProgramMessage(program, get_object_or_404(mail_of(program), pk=message_id))


def mail_of(program: Program) -> MessageQuerySet:
    """Return the mail of a program, and what its provider writes to staff."""
    return Message.objects.of(program.scope, program.provider.scope).select_related("recipient")


def failed_mail(program: Program) -> MessageQuerySet:
    """Return the mail of a program and its provider that could not be sent, newest first."""
    return notifications.failed(program.scope, program.provider.scope)


def keepers() -> Iterable[Person]:
    """Return who looks after the installation; where nobody does, the administrators of its providers."""
    present = Person.objects.filter(is_active=True, erased_at=None)
    return present.filter(is_instance_admin=True) or present.filter(
        pk__in=Staff.objects.administering().values("person")
    )


def mail_addresses_of(person: Any) -> set[str]:
    """Return every address by which programs, providers and funders know a person now."""
    known = (
        Enrollment.objects.filter(person=person, ended_at=None),
        Staff.objects.filter(person=person, is_active=True),
        FunderSeat.objects.filter(person=person),
    )
    return {email for rows in known for email in rows.values_list("email", flat=True) if email}


@dataclass(frozen=True)
class ProgramAddress:
    """One address that refuses a program's mail, for those who run it."""

    program: Program
    standing: AddressStanding

    @property
    def program_id(self) -> int:
        return self.program.pk


def paused_addresses(program: Program) -> AddressStandingQuerySet:
    """Return the addresses that this program or its provider wrote to, and that no mail goes to any more."""
    written = Message.objects.of(program.scope, program.provider.scope).filter(
        recipient=OuterRef("person"), to_address__iexact=OuterRef("address")
    )
    paused = AddressStanding.objects.paused().filter(Exists(written))
    return paused.select_related("person").order_by("-paused_at", "pk")


def address_of(person: Any, *, program_id: int, standing_id: int) -> ProgramAddress:
    """Return an address that refuses the mail of a program that the person runs; raises Http404 otherwise."""
    program = get_object_or_404(Program.objects.staffed_by(person).select_related("provider"), pk=program_id)
    return ProgramAddress(program, get_object_or_404(paused_addresses(program), pk=standing_id))


@dataclass(frozen=True)
class KnownAs:
    """Somebody as one program and its provider know them, whatever their account or another program says.

    `enrollment` is the id of their row, when they are or were on the roster.
    """

    name: str = ""
    email: str = ""
    enrollment: int | None = None

    def __str__(self) -> str:
        return self.name or str(_("Somebody who left") if self.enrollment else _("Somebody"))


NOBODY = KnownAs()


def known_as(program: Program, people: Iterable[int | None]) -> dict[int, KnownAs]:
    """Return how the program knows people, by id: as its roster says, else its staff, else its funders.

    People of whom it knows nothing are left out.
    """
    ids = {pk for pk in people if pk is not None}
    seats = FunderSeat.objects.filter(program=program, person__in=ids)
    posts = Staff.objects.filter(provider=program.provider_id, person__in=ids)
    rows = Enrollment.objects.filter(program=program, person__in=ids)
    known = {pk: KnownAs(name, email) for pk, name, email in seats.values_list("person", "name", "email")}
    known |= {pk: KnownAs(name, email) for pk, name, email in posts.values_list("person", "name", "email")}
    return known | {
        row.person_id: KnownAs(row.name, row.email, row.pk) for row in rows.only("person", "name", "email")
    }


def addresses_now(program: Program, messages: Iterable[Message]) -> dict[int, str]:
    """Return where each message would go today: as the program knows its reader, else as it was.

    Whom the roster gives no address is reached at their account's, as when it was written.
    """
    messages = list(messages)
    known = known_as(program, (message.recipient_id for message in messages))
    return {message.pk: address_now(message, known.get(message.recipient_id, NOBODY)) for message in messages}


def address_now(message: Message, reader: KnownAs) -> str:
    """Return where one message would go today, given how the program knows its reader."""
    at_account = message.recipient.email if reader.enrollment else None
    return reader.email or at_account or message.to_address
