"""Signed links: what a person can do from a mail without an account."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.http import Http404
from django.utils.crypto import salted_hmac

from coppice.accounts.models import Person

ADDRESS_LINK_AGE = timedelta(days=1)


@dataclass(frozen=True)
class Link:
    """A link that held: the person it was made for and the id of its subject."""

    person: Person
    subject_id: int


def make_token(purpose: str, *, person: Person, subject_id: int) -> str:
    """Return an opaque token that lets `person`, and nobody else, act on one subject for one purpose.

    It holds until the person's `link_secret` is replaced (erasure, or "stop all my links"), and not while
    they are suspended; each page decides for itself when its subject is over. Nothing happens on GET: the
    page behind a token asks, a POST acts.
    """
    return _signer(purpose, person).sign(f"{subject_id}-{person.pk}")


def read_token(purpose: str, token: str) -> Link:
    """Return the link behind a token; raises Http404 when it was not made here for this, or revoked."""
    subject_id, _, rest = token.partition("-")
    person_id, _, _signature = rest.partition(":")
    if not (subject_id.isascii() and subject_id.isdigit() and person_id.isascii() and person_id.isdigit()):
        raise Http404
    if len(subject_id) > 18 or len(person_id) > 18:
        raise Http404
    person = Person.objects.filter(pk=int(person_id), erased_at=None, is_active=True).first()
    if person is None:
        raise Http404
    try:
        _signer(purpose, person).unsign(token)
    except BadSignature:
        raise Http404 from None
    return Link(person=person, subject_id=int(subject_id))


def _signer(purpose: str, person: Person) -> Signer:
    return Signer(salt=f"coppice.link.{purpose}.{person.link_secret}")


@dataclass(frozen=True)
class AddressLink:
    """A link to a new address; `email` is None when it was used, is too old, or was stopped."""

    email: str | None


def make_address_token(person: Person, *, email: str) -> str:
    """Return a token by which `person`, signed in, shows that they read mail to `email`.

    It stops working after a day (ADDRESS_LINK_AGE), with another address and with a new `link_secret`.
    """
    return _address_signer().sign_object({"person": person.pk, "email": email, "from": _state_of(person)})


def read_address_token(person: Person, token: str) -> AddressLink:
    """Return what a link to a new address says; raises Http404 when it was not made here for this person."""
    try:
        said = _address_signer().unsign_object(token)
    except BadSignature:
        raise Http404 from None
    if said["person"] != person.pk:
        raise Http404
    try:
        _address_signer().unsign(token, max_age=ADDRESS_LINK_AGE)
    except SignatureExpired:
        return AddressLink(email=None)
    return AddressLink(email=said["email"] if said["from"] == _state_of(person) else None)


def _address_signer() -> TimestampSigner:
    return TimestampSigner(salt="coppice.address")


def _state_of(person: Person) -> str:
    """Return a digest of what an address link must not outlive."""
    state = f"{person.link_secret}.{person.email}"
    return salted_hmac("coppice.address", state, algorithm="sha256").hexdigest()


def make_sign_in_token(person: Person) -> str:
    """Return a token that signs `person` in once, on whatever device, while it is young.

    It stops working after 15 minutes (ACCOUNT_LOGIN_BY_CODE_TIMEOUT), with the person's next sign-in by any
    means, with a new address and with a new `link_secret`.
    """
    return _sign_in_signer(person).sign(str(person.pk))


def read_sign_in_token(token: str) -> Person | None:
    """Return the person whom a sign-in token still signs in, or None."""
    person_id = token.partition(":")[0]
    if not (person_id.isascii() and person_id.isdigit() and len(person_id) <= 18):
        return None
    person = Person.objects.filter(pk=int(person_id), erased_at=None, is_active=True).first()
    if person is None:
        return None
    try:
        _sign_in_signer(person).unsign(token, max_age=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    except BadSignature:
        return None
    return person


def _sign_in_signer(person: Person) -> TimestampSigner:
    last_login = person.last_login.isoformat() if person.last_login else ""
    return TimestampSigner(salt=f"coppice.sign-in.{person.link_secret}.{person.email}.{last_login}")
