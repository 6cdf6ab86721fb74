"""The signed link by which somebody says whether their story may be told, without an account."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from coppice.accounts.links import make_token, read_token
from coppice.communities.models import Membership
from coppice.library.practice_models import PracticeVoice

VOICE = "practice-voice"


def voice_path(voice: PracticeVoice) -> str:
    """Return the path of a person's own page about one practice."""
    token = make_token(VOICE, person=voice.membership.person, subject_id=voice.pk)
    return reverse("library:own_practice", args=[token])


def voice_of(person: Any, *, token: str) -> PracticeVoice:
    """Return what somebody is asked behind a link, whoever is signed in; raises Http404 otherwise.

    Whoever has left reads nothing there any more.
    """
    link = read_token(VOICE, token)
    voice = (
        PracticeVoice.objects.select_related(
            "practice__community__program__provider",
            "practice__added_by__enrollment",
            "membership__community__program",
            "membership__enrollment",
            "membership__person",
        )
        .filter(pk=link.subject_id, membership__person=link.person)
        .first()
    )
    if voice is None or voice.membership.state not in {Membership.State.ACTIVE, Membership.State.PAUSED}:
        raise Http404
    return voice
