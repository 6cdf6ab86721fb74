"""Who works for a provider, and who funds a program."""

from typing import Any

from django.db import transaction

from coppice.accounts.models import Person
from coppice.history.actions import record
from coppice.programs import notices
from coppice.programs.errors import LastAdministrator
from coppice.programs.models import FunderSeat, Program, Provider, Staff


@transaction.atomic
def add_staff(provider: Provider, *, email: str, name: str, role: str, by: Any) -> Staff:
    """Give somebody a post at the provider, making their account when they have none, and mail them.

    A person who has or had a post gets it (back) with the role, name and address given. Whatever else their
    account says stays unknown here. Raises LastAdministrator when nobody would be left to administer.
    """
    _take_turns(provider)
    email = email.strip().lower()
    known = provider.staff.filter(email=email).select_related("person").first()
    person = known.person if known else _person_with(email, name=name, language=provider.language)
    if role != Staff.Role.ADMIN:
        _refuse_to_lose(provider, person)
    said = {"name": name, "email": email, "role": role, "is_active": True}
    post, _is_new = Staff.objects.update_or_create(provider=provider, person=person, defaults=said)
    record("staff.added", scope=provider.scope, by=by, subject=post, about=person, detail={"role": role})
    notices.staff_added(post)
    return post


@transaction.atomic
def remove_staff(post: Staff, *, by: Any) -> Staff:
    """End somebody's post; raises LastAdministrator when nobody would be left to administer."""
    _take_turns(post.provider)
    _refuse_to_lose(post.provider, post.person)
    post.is_active = False
    post.save(update_fields=["is_active"])
    record("staff.removed", scope=post.provider.scope, by=by, subject=post, about=post.person)
    return post


@transaction.atomic
def seat_funder(program: Program, *, email: str, name: str, by: Any) -> FunderSeat:
    """Let a funder read the program's counts, and mail them; twice only corrects their name and address."""
    email = email.strip().lower()
    known = program.funder_seats.filter(email=email).select_related("person").first()
    person = known.person if known else _person_with(email, name=name, language=program.language)
    seat, is_new = FunderSeat.objects.update_or_create(
        program=program, person=person, defaults={"name": name, "email": email}
    )
    if is_new:
        record("funder.seated", scope=program.scope, by=by, subject=seat, about=person)
        notices.funder_seated(seat)
    return seat


def _take_turns(provider: Provider) -> None:
    """Let nobody else change who works here until the transaction ends: two might take away each other."""
    Provider.objects.select_for_update().get(pk=provider.pk)


def _refuse_to_lose(provider: Provider, person: Person) -> None:
    administrators = set(provider.staff.administering().values_list("person", flat=True))
    if administrators == {person.pk}:
        raise LastAdministrator


def _person_with(email: str, *, name: str, language: str) -> Person:
    known = Person.objects.with_email(email).first()
    return known or Person.objects.create_user(email=email, name=name, language=language)
