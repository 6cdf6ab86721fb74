"""The signed links by which a person reaches their own place and commitments, without an account."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from coppice.accounts.links import Link, make_token, read_token
from coppice.communities.charter_models import Charter
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership

INVITATION = "invitation"
COMMITMENT = "commitment"
CHARTER = "charter"


def token_of(membership: Membership) -> str:
    """Return the token of this person's own link."""
    return make_token(INVITATION, person=membership.person, subject_id=membership.pk)


def read(token: str) -> Link:
    """Return the person and membership id behind a token; raises Http404 when it does not hold."""
    return read_token(INVITATION, token)


def place_path(membership: Membership) -> str:
    """Return the path of this person's own page: answer, pause, leave, ask."""
    return reverse("communities:invitation", args=[token_of(membership)])


def commitment_path(
    commitment: Commitment, membership: Membership, *, state: str = "", word: str = ""
) -> str:
    """Return the path where a member says what came of their commitment, with `state` chosen beforehand.

    Or with `word`: whether what somebody else wrote down is right.
    """
    token = make_token(COMMITMENT, person=membership.person, subject_id=commitment.pk)
    path = reverse("communities:own_commitment", args=[token])
    if word:
        return f"{path}?word={word}"
    return f"{path}?state={state}" if state else path


def own_commitment_of(person: Any, *, token: str) -> Commitment:
    """Return the commitment behind a link, whoever is signed in; raises Http404 otherwise.

    Whoever has left reads nothing there any more.
    """
    link = read_token(COMMITMENT, token)
    found = (
        Commitment.objects.select_related(
            "community__program__provider",
            "membership__community__program",
            "membership__enrollment",
            "membership__person",
        )
        .filter(pk=link.subject_id, membership__person=link.person)
        .first()
    )
    if found is None or found.membership.state not in {Membership.State.ACTIVE, Membership.State.PAUSED}:
        raise Http404
    return found


def charter_path(charter: Charter, membership: Membership, *, answer: str = "") -> str:
    """Return the path where a member says what they think of a version, with `answer` chosen beforehand."""
    path = reverse(
        "communities:own_charter",
        args=[make_token(CHARTER, person=membership.person, subject_id=charter.pk)],
    )
    return f"{path}?answer={answer}" if answer else path


def own_charter_of(person: Any, *, token: str) -> tuple[Charter, Membership]:
    """Return the version and the member behind a link, whoever is signed in; raises Http404 otherwise."""
    link = read_token(CHARTER, token)
    charter = (
        Charter.objects.select_related("community__program__provider").filter(pk=link.subject_id).first()
    )
    if charter is None:
        raise Http404
    membership = (
        Membership.objects.taking_part()
        .select_related("community__program", "enrollment", "person")
        .filter(community=charter.community_id, person=link.person)
        .first()
    )
    if membership is None:
        raise Http404
    return charter, membership
