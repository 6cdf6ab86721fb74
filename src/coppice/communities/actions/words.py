"""An invited person says what moves them, and somebody answers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities import notices
from coppice.communities.actions.rows import current
from coppice.communities.errors import InvitationIsOver, NotHere, NothingSaid, TooManyWords
from coppice.communities.models import InvitationWord, Membership
from coppice.history.actions import record

MOST_AN_HOUR = 5
MOST_WAITING = 20


@transaction.atomic
def say(membership: Membership, *, words: Mapping[str, str], by: Any) -> list[InvitationWord]:
    """Keep what a person wrote, by kind, and tell the program's staff once.

    `words` maps InvitationWord.Kind to text; blank texts and what was said before are left out.
    Raises NothingSaid when every text is blank, NotHere for somebody who said no or left, InvitationIsOver
    when they cannot come any more, and TooManyWords when they wrote MOST_AN_HOUR within the last hour or
    MOST_WAITING wait for an answer.
    """
    membership = current(membership)
    told = {kind: text.strip() for kind, text in words.items() if text.strip()}
    if not told:
        raise NothingSaid
    said_before = set(membership.words.values_list("kind", "text"))
    new = {kind: text for kind, text in told.items() if (str(kind), text) not in said_before}
    if not new:
        return []
    if not membership.is_open:
        raise InvitationIsOver
    if not membership.is_here:
        raise NotHere
    if _has_said_enough(membership):
        raise TooManyWords
    kept = [
        InvitationWord.objects.create(membership=membership, kind=InvitationWord.Kind(kind), text=text)
        for kind, text in new.items()
    ]
    for word in kept:
        _note("invitation_word.said", word, by=by)
    notices.words_said(membership, words=kept)
    return kept


@transaction.atomic
def answer_word(word: InvitationWord, *, answer: str, by: Any) -> InvitationWord:
    """Answer what a person wrote; the answer is mailed to them. The same answer again changes nothing.

    Raises NothingSaid for an empty answer.
    """
    if not answer.strip():
        raise NothingSaid
    if word.answer == answer.strip():
        return word
    word.answer = answer.strip()
    word.answered_by = by
    word.answered_at = timezone.now()
    word.save(update_fields=["answer", "answered_by", "answered_at"])
    _note("invitation_word.answered", word, by=by)
    notices.word_answered(word)
    return word


def _has_said_enough(membership: Membership) -> bool:
    lately = membership.words.filter(created_at__gt=timezone.now() - timedelta(hours=1))
    if lately.count() >= MOST_AN_HOUR:
        return True
    return InvitationWord.objects.unanswered().filter(membership=membership).count() >= MOST_WAITING


def _note(verb: str, word: InvitationWord, *, by: Any) -> None:
    record(
        verb,
        scope=word.membership.community.program.scope,
        by=by,
        subject=word,
        called=str(word.membership.community),
        about=word.membership.person,
        detail={"community": word.membership.community_id, "kind": word.kind},
    )
