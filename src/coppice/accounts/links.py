"""Signed links: what a person can do from a mail without an account."""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.http import Http404

from coppice.accounts.models import Person


@dataclass(frozen=True)
class Link:
    """A link that held: the person it was made for and the id of its subject."""

    person: Person
    subject_id: int


def make_token(purpose: str, *, person: Person, subject_id: int) -> str:
    """Return an opaque token that lets `person`, and nobody else, act on one subject for one purpose.

    It holds until the person's `link_secret` is replaced (erasure, or "stop all my links"); each page decides
    for itself when its subject is over. Nothing happens on GET: the page behind a token asks, a POST acts.
    """
    return _signer(purpose, person).sign(f"{subject_id}-{person.pk}")


def read_token(purpose: str, token: str) -> Link:
    """Return the link behind a token; raises Http404 when it was not made here for this purpose, or revoked."""
    subject_id, _, rest = token.partition("-")
    person_id, _, _signature = rest.partition(":")
    if not (subject_id.isascii() and subject_id.isdigit() and person_id.isascii() and person_id.isdigit()):
        raise Http404
    if len(subject_id) > 18 or len(person_id) > 18:
        raise Http404
    person = Person.objects.filter(pk=int(person_id), erased_at=None).first()
    if person is None:
        raise Http404
    try:
        _signer(purpose, person).unsign(token)
    except BadSignature:
        raise Http404 from None
    return Link(person=person, subject_id=int(subject_id))


def _signer(purpose: str, person: Person) -> Signer:
    return Signer(salt=f"coppice.link.{purpose}.{person.link_secret}")
