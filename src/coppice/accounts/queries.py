"""Reads of accounts that doors use."""

from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from coppice.accounts.links import AddressLink, read_address_token, read_sign_in_token
from coppice.accounts.models import Person
from coppice.accounts.signals import erasure_considered
from coppice.lib.consequences import Consequence


@dataclass(frozen=True)
class SignInLink:
    """A link from a sign-in mail; `person` is None when it has been used, is too old or was never ours."""

    person: Person | None


def sign_in_link_of(person: Any, *, token: str) -> SignInLink:
    """Return what the link of a sign-in mail says; a dead one gets a page that offers a new one."""
    return SignInLink(person=read_sign_in_token(token))


def address_link_of(person: Any, *, token: str) -> AddressLink:
    """Return what the link to a person's new address says; raises Http404 for anybody else's link."""
    return read_address_token(person, token)


def consequences_of_erasure(person: Any) -> list[Consequence]:
    """Return what the rooms above say would follow from erasing somebody."""
    said: list[tuple[Any, Any]] = erasure_considered.send(sender=Person, person=person)
    return [consequence for _receiver, several in said for consequence in several]


def sessions_of(person: Any) -> QuerySet[UserSession]:
    """Return where a person is signed in now, the latest first."""
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return UserSession.objects.filter(Exists(living), user=person).order_by("-created_at")


def session_of(person: Any, *, session_id: int) -> UserSession:
    """Return one of a person's own sessions; raises Http404 for anybody else's."""
    return get_object_or_404(sessions_of(person).select_related("user"), pk=session_id)
