"""The signed link by which a person reaches their own invitation and place, without an account."""

from django.urls import reverse

from coppice.accounts.links import Link, make_token, read_token
from coppice.communities.models import Membership

INVITATION = "invitation"


def token_of(membership: Membership) -> str:
    """Return the token of this person's own link."""
    return make_token(INVITATION, person=membership.person, subject_id=membership.pk)


def read(token: str) -> Link:
    """Return the person and membership id behind a token; raises Http404 when it does not hold."""
    return read_token(INVITATION, token)


def place_path(membership: Membership) -> str:
    """Return the path of this person's own page: answer, pause, leave, ask."""
    return reverse("communities:invitation", args=[token_of(membership)])
