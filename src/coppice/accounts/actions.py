"""What a person does to their own account."""

from collections.abc import Collection
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from coppice.accounts import notices, privacy
from coppice.accounts.errors import AddressInUse, LinkSpent, StillNeeded
from coppice.accounts.models import Person, new_link_secret
from coppice.accounts.queries import consequences_of_erasure
from coppice.accounts.signals import person_erased, person_renamed
from coppice.history.actions import record
from coppice.notifications import push
from coppice.notifications.wishes import move_mornings
from coppice.search import actions as search


def spend_sign_in_link(person: Person) -> None:
    """Use up a person's sign-in link, so that of two browsers that send it at once only one gets in.

    `person` is as read from the link. Raises LinkSpent when somebody has signed in as them since.
    """
    unchanged = Person.objects.filter(pk=person.pk, last_login=person.last_login, is_active=True)
    if not unchanged.update(last_login=timezone.now()):
        raise LinkSpent


@transaction.atomic
def change_person(person: Person, *, name: str, language: str, time_zone: str, phone: str, by: Any) -> Person:
    """Change what a person says of themself; a new name is announced to the rooms above."""
    before = Person.objects.select_for_update().get(pk=person.pk)
    wanted = {"name": name, "language": language, "time_zone": time_zone, "phone": phone}
    changed = [field for field, value in wanted.items() if getattr(before, field) != value]
    for field in changed:
        setattr(person, field, wanted[field])
    if changed:
        person.save(update_fields=changed)
        _record("person.changed", person, by=by, fields=changed)
    if "time_zone" in changed:
        move_mornings(person)
    if "name" in changed:
        person_renamed.send(sender=Person, person=person)
    return person


@transaction.atomic
def ask_for_address(person: Person, *, email: str, by: Any) -> None:
    """Mail a link to the address with which a person wants to sign in from now on.

    Nothing changes before the link is used. When the address is somebody else's, they are told instead, so
    that nobody learns here who has an account.
    """
    owner = Person.objects.with_email(email).exclude(pk=person.pk).first()
    if owner is None:
        notices.confirm_address(person, email=email.strip().lower())
    else:
        notices.address_in_use(owner)
    _record("person.address_asked", person, by=by)


@transaction.atomic
def change_address(person: Person, *, email: str, by: Any) -> Person:
    """Let a person sign in with another address; the old one is told. Raises AddressInUse.

    Rosters keep the address that they have: what a program knows of somebody is the program's record. Links
    and codes that were mailed for signing in with the old address stop working.
    """
    old = person.email
    person.email = email
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError:
        person.email = old
        raise AddressInUse from None
    EmailAddress.objects.filter(user=person).delete()  # allauth would still let the old one in
    _record("person.address_changed", person, by=by)
    if old:
        notices.address_changed(person, old=old)
    return person


@transaction.atomic
def stop_links(person: Person, *, by: Any) -> None:
    """Make every link that was ever mailed to this person stop working."""
    person.link_secret = new_link_secret()
    person.save(update_fields=["link_secret"])
    _record("person.links_stopped", person, by=by)


@transaction.atomic
def end_sessions(person: Person, *, keep: str = "", by: Any) -> int:
    """Sign a person out everywhere, but for the session with the key `keep`; return how many ended."""
    sessions = UserSession.objects.filter(user=person).exclude(session_key=keep)
    keys = list(sessions.values_list("session_key", flat=True))
    sessions.delete()
    _end(keys)
    if keys:
        _record("person.sessions_ended", person, by=by, count=len(keys))
    return len(keys)


@transaction.atomic
def end_session(session: UserSession, *, by: Any) -> None:
    """Sign a person out on one device."""
    _end([session.session_key])
    _record("person.sessions_ended", session.user, by=by, count=1)
    session.delete()


def _end(session_keys: Collection[str]) -> None:
    """End sessions, and knock no more at the browsers that were given in them."""
    for session in Session.objects.filter(session_key__in=session_keys):
        push.forget_session(session.get_decoded())
        session.delete()


@transaction.atomic
def erase(person: Person, *, by: Any) -> None:
    """Forget who a person was, for good: identity goes, counts stay.

    Every model's `personal` declaration says what becomes of its rows. Sessions, passkeys, links and mail end
    here. The row of the person stays, nameless, so that what others did with them still adds up. Raises
    StillNeeded when they have to hand something over first.
    """
    for consequence in consequences_of_erasure(person):
        if consequence.is_refusal:
            raise StillNeeded(consequence.sentence)
    with search.forgetting(person.pk):
        person_erased.send(sender=Person, person=person)
        end_sessions(person, by=by)
        privacy.erase_rows(person)
    person.refresh_from_db()
    person.link_secret = new_link_secret()
    person.erased_at = timezone.now()
    person.save(update_fields=["link_secret", "erased_at"])
    _record("person.erased", person, by=by)


def _record(verb: str, person: Person, *, by: Any, **detail: Any) -> None:
    record(verb, scope=f"person:{person.pk}", by=by, subject=person, about=person, detail=detail)
