"""Whose story a practice is: asked, and answered by each for themself."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.library import practice_notices as notices
from coppice.library.practice_models import Practice, PracticeVoice
from coppice.notifications.actions import take_back

Answer = PracticeVoice.Answer


def set_voices(practice: Practice, people: Iterable[Membership], *, by: Membership) -> bool:
    """Let a practice be the story of these people and no others, and say whether that is new.

    Whoever is new is asked; who writes their own story has said yes by that. Who said no stays: nobody else
    takes a no back. Inside the caller's transaction.
    """
    wanted = {each.pk: each for each in people}
    gone = practice.voices.exclude(membership__in=wanted).exclude(answer=Answer.NO)
    is_other = bool(gone.delete()[0])
    known = set(practice.voices.values_list("membership", flat=True))
    for pk, membership in wanted.items():
        if pk in known:
            continue
        is_other, is_own = True, pk == by.pk
        voice = PracticeVoice.objects.create(
            practice=practice,
            membership=membership,
            answer=Answer.NAMED if is_own else Answer.ASKED,
            answered_at=timezone.now() if is_own else None,
        )
        if not is_own:
            membership.community = practice.community
            notices.voice_asked(voice, by=by)
    return is_other


def tell_of_change(practice: Practice, *, by: Membership) -> None:
    """Tell those who said yes that the words were changed since; inside the caller's transaction."""
    agreed = practice.voices.filter(answer__in=[Answer.NAMED, Answer.NAMELESS]).exclude(membership=by)
    for voice in agreed.select_related("membership__person", "membership__enrollment"):
        voice.practice = practice
        notices.voice_changed(voice, by=by)


@transaction.atomic
def answer(voice: PracticeVoice, *, answer: str) -> PracticeVoice:
    """Record what somebody says to their story being told; they can change it at any time.

    Whatever was shown already with their story in it is a draft again from their no on, and no digest
    tells of it; its writer hears that.
    """
    now = PracticeVoice.objects.select_for_update(of=("self",)).select_related("membership").get(pk=voice.pk)
    if now.answer == answer:
        return now
    now.answer, now.answered_at = answer, timezone.now()
    now.save(update_fields=["answer", "answered_at"])
    practice = (
        Practice.objects.select_for_update(of=("self",))
        .select_related("community__program")
        .get(pk=now.practice_id)
    )
    if answer == Answer.NO:
        if practice.is_shown:
            practice.state, practice.told_at = Practice.State.DRAFT, None
            practice.save(update_fields=["state", "told_at"])
            take_back(practice.object_key)
        notices.not_to_be_told(practice, by=now.membership, at=now.answered_at)
    return now
