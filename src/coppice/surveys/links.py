"""The signed link by which a person answers a wave, without an account."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from coppice.accounts.links import make_token, read_token
from coppice.surveys.models import Participant

SURVEY = "survey"


def token_of(participant: Participant) -> str:
    """Return the token of this person's own link to one wave."""
    return make_token(SURVEY, person=participant.enrollment.person, subject_id=participant.wave_id)


def answering_path(participant: Participant) -> str:
    """Return the path of the first screen of this person's answers."""
    return reverse("surveys:answering", args=[token_of(participant)])


def participant_of(person: Any, *, token: str, **_place: int) -> Participant:
    """Return who was asked by a link, whoever is signed in; raises Http404 when it does not hold.

    Somebody who was taken off the roster is asked no more.
    """
    link = read_token(SURVEY, token)
    participant = (
        Participant.objects.select_related(
            "wave__program__provider", "wave__instrument", "enrollment__person"
        )
        .filter(wave=link.subject_id, enrollment__person=link.person, enrollment__ended_at=None)
        .first()
    )
    if participant is None:
        raise Http404
    return participant
