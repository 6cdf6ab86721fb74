"""The signed links by which a member answers a decision from a mail, without an account."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from coppice.accounts.links import make_token, read_token
from coppice.communities.models import Membership
from coppice.conversations.decision_models import Decision

ANSWER = "decision-answer"


def answer_path(decision: Decision, membership: Membership) -> str:
    """Return the path where this member says what they think of a decision."""
    token = make_token(ANSWER, person=membership.person, subject_id=decision.pk)
    return reverse("conversations:own_decision", args=[token])


def own_decision_of(person: Any, *, token: str) -> tuple[Decision, Membership]:
    """Return the decision and the member behind a link, whoever is signed in; raises Http404 otherwise."""
    link = read_token(ANSWER, token)
    decision = (
        Decision.objects.select_related("thread__community__program__provider")
        .prefetch_related("options")
        .filter(pk=link.subject_id)
        .first()
    )
    if decision is None:
        raise Http404
    membership = (
        Membership.objects.taking_part()
        .select_related("enrollment", "person", "community__program")
        .filter(community=decision.thread.community_id, person=link.person)
        .first()
    )
    if membership is None:
        raise Http404
    return decision, membership
